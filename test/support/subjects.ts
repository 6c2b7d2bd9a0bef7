import type { Advisory } from '../../server/src/core/advisory';
import type { Brought, DeclarationLock, DeclarationSubject, ManifestSubject, Policy } from '../../server/src/core/check';
import type { LockedPackage } from '../../server/src/core/lockfile';
import type { Declaration, Source } from '../../server/src/core/declaration';
import { mapLookup, type Lookup } from '../../server/src/core/lookup';
import type { IndexOption, Manifest } from '../../server/src/core/manifest';
import type { PackageRecord, Release, Resolution } from '../../server/src/core/release';
import { pypiVersions } from '../../server/src/ecosystems/pypi/versions';

// Subjects made by hand, for tests of one check or one cure. What is written is `name` and a PEP 440 range, as in a
// requirements file; an edit writes the whole line anew.

export const now = new Date('2026-06-01T12:00:00Z');

export const policy: Policy = { rules: {}, unpinnedScope: 'ai', minimumReleaseAgeMs: 3 * 86_400_000 };

export interface SubjectParts {
  readonly advisories?: readonly Advisory[];
  /** Versions (old ones), or releases; absent where the registry was not asked. */
  readonly releases?: readonly (string | Release)[];
  /** What the registry says beyond its releases. */
  readonly record?: Partial<PackageRecord>;
  readonly locked?: string;
  /** What the lockfile says beyond `locked`. */
  readonly lock?: Partial<DeclarationLock>;
  readonly brings?: readonly Brought[];
  readonly installed?: string;
  readonly roles?: readonly string[];
  readonly tag?: string;
  readonly source?: Source;
  readonly declaration?: Partial<Declaration>;
}

export function subject(line: string, parts: SubjectParts = {}): DeclarationSubject {
  const name = /^[\w.-]*/.exec(line)![0];
  const specifier = parts.tag ?? line.slice(name.length);
  const source = parts.source ?? { kind: 'registry', range: parts.tag ? '' : specifier, ...(parts.tag ? { tag: parts.tag } : {}) };
  const declaration: Declaration = {
    package: { ecosystem: 'PyPI', name },
    writtenName: name,
    source,
    group: 'runtime',
    section: '',
    specifier: source.kind === 'registry' ? specifier : '',
    spans: {
      entry: { start: 0, end: line.length },
      ...(name ? { name: { start: 0, end: name.length } } : {}),
      ...(source.kind === 'registry' && specifier ? { range: { start: name.length, end: line.length } } : {}),
    },
    extras: [],
    hashes: [],
    notes: [],
    ...parts.declaration,
  };
  const known = parts.advisories ?? [];
  const registry = recordOf(parts);
  const write = (newText: string) => [{ file: 'requirements.txt', span: declaration.spans.entry, newText }];
  return {
    kind: 'declaration',
    brings: parts.brings ?? [],
    ...((parts.locked !== undefined || parts.lock) && { lock: lockOf(name, parts) }),
    file: 'requirements.txt',
    declaration,
    resolution: resolutionOf(declaration, parts),
    roles: parts.roles ?? ['llm-sdk'],
    advisories: [{ source: 'test', answer: { state: 'known', value: known, asOf: now } }],
    known,
    registry,
    releases: mapLookup(registry, ({ releases }) => releases),
    versions: pypiVersions,
    edit: {
      pin: (version) => write(`${name}==${version}`),
      exclude: (versions) => write([`${name}${specifier}`, ...versions.map((version) => `!=${version}`)].join(specifier ? ',' : '')),
      remove: () => write(''),
    },
    now,
  };
}

function lockOf(name: string, { locked, lock }: SubjectParts): DeclarationLock {
  const releases = locked === undefined ? [] : [lockedPackage(name, locked)];
  const locate = () => ({ start: 7, end: 9 });
  return { file: 'uv.lock', releases, conflicts: [], relock: 'uv lock', locate, ...lock };
}

export function lockedPackage(name: string, version: string, more: Partial<LockedPackage> = {}): LockedPackage {
  const pkg = { ecosystem: 'PyPI', name };
  return {
    key: `${name} ${version}`,
    package: pkg,
    version,
    source: 'registry',
    hashes: ['sha256:aa'],
    own: false,
    dependencies: [],
    ...more,
  };
}

export function manifestSubject(
  indexes: readonly IndexOption[],
  declarations: readonly Declaration[] = [],
  subjects: readonly DeclarationSubject[] = [],
): ManifestSubject {
  const manifest: Manifest = { declarations, problems: [], indexes, includes: [] };
  return { kind: 'manifest', file: 'requirements.txt', ecosystem: 'PyPI', manifest, subjects, text: '' };
}

/** An advisory on versions listed one by one, or on a range with its end. */
export function advisory(id: string, affected: readonly string[] | string, more: Partial<Advisory> = {}): Advisory {
  const listed = typeof affected === 'string' ? [] : affected;
  const fixed = typeof affected === 'string' ? [...affected.matchAll(/<([^,|=]+)/g)].map((match) => match[1]!) : [];
  return {
    id,
    aliases: [],
    kind: id.startsWith('MAL-') ? 'malware' : 'vulnerability',
    summary: '',
    url: `https://advisories.example/${id}`,
    sources: ['test'],
    affects: (version) =>
      typeof affected === 'string' ? pypiVersions.satisfies(version, affected) : listed.some((other) => pypiVersions.equal(version, other)),
    wholePackage: false,
    listedVersions: listed,
    fixedIn: fixed,
    overBroad: false,
    ...more,
  };
}

/** An advisory on every release, past and future. */
export function wholePackage(id: string): Advisory {
  return advisory(id, [], { affects: () => true, wholePackage: true });
}

export function aged(version: string, milliseconds: number): Release {
  return { version, publishedAt: new Date(now.getTime() - milliseconds) };
}

export const minute = 60_000;
export const hour = 60 * minute;
export const day = 24 * hour;

function resolutionOf({ source }: Declaration, { locked, installed }: SubjectParts): Resolution {
  const exact = source.kind === 'registry' ? pypiVersions.exact(source.range) : undefined;
  if (exact !== undefined) return { version: exact, from: 'exact-range' };
  if (locked !== undefined) return { version: locked, from: 'lockfile' };
  if (installed !== undefined) return { version: installed, from: 'installed' };
  return { reason: 'nothing says' };
}

function recordOf({ releases, record }: SubjectParts): Lookup<PackageRecord> {
  if (!releases && !record) return { state: 'unavailable', reason: 'the registry is down' };
  const listed = (releases ?? []).map((release) => (typeof release === 'string' ? aged(release, 100 * day) : release));
  return { state: 'known', value: { exists: true, releases: listed, ...record }, asOf: now };
}
