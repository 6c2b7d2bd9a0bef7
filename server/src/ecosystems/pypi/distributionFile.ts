import { normalizeName } from './name';
import { formatVersion, parseVersion } from './version';

/** What the name of a distribution file says. */
export interface DistributionFile {
  readonly kind: 'wheel' | 'sdist';
  /** Normalized. */
  readonly name: string;
  /** In normal form (PEP 440). */
  readonly version: string;
}

/**
 * Wheels (`name-version[-build]-python-abi-platform.whl`) and source archives (`name-version.tar.gz`, `.zip`) as the
 * binary and source distribution formats name them; undefined for anything else, such as eggs and installers. Of an
 * old source archive whose version holds a dash, `project` (normalized) says where its name ends.
 */
export function parseDistributionFile(fileName: string, project?: string): DistributionFile | undefined {
  if (fileName.endsWith('.whl')) return parseWheel(fileName.slice(0, -4));
  const stem = ['.tar.gz', '.zip', '.tar.bz2', '.tgz'].find((suffix) => fileName.endsWith(suffix));
  return stem === undefined ? undefined : parseSdist(fileName.slice(0, -stem.length), project);
}

function parseWheel(stem: string): DistributionFile | undefined {
  const parts = stem.split('-');
  if (parts.length !== 5 && parts.length !== 6) return undefined;
  const [name, version] = parts as [string, string];
  if (name === '' || name.includes('__') || !/^[\p{L}\p{N}_.]+$/u.test(name)) return undefined;
  if (parts.length === 6 && !/^[0-9]/.test(parts[2]!)) return undefined;
  return distribution('wheel', name, version.replaceAll('_', '-'));
}

function parseSdist(stem: string, project: string | undefined): DistributionFile | undefined {
  if (project !== undefined) {
    for (let dash = stem.indexOf('-'); dash > 0; dash = stem.indexOf('-', dash + 1)) {
      if (normalizeName(stem.slice(0, dash)) !== project) continue;
      const known = distribution('sdist', stem.slice(0, dash), stem.slice(dash + 1));
      if (known) return known;
    }
  }
  const last = stem.lastIndexOf('-');
  return last > 0 ? distribution('sdist', stem.slice(0, last), stem.slice(last + 1)) : undefined;
}

function distribution(kind: DistributionFile['kind'], name: string, written: string): DistributionFile | undefined {
  const version = parseVersion(written);
  return version && { kind, name: normalizeName(name), version: formatVersion(version) };
}
