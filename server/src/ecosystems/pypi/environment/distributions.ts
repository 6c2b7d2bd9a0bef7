import type { InstalledEntry, InstalledFiles } from '../../../core/environment';
import type { Span } from '../../../core/span';
import { normalizeName } from '../name';
import { readCoreMetadata } from './coreMetadata';
import { readDirectUrl, type DirectUrl } from './directUrl';

// What lies in a site-packages folder and says that something is installed (packaging.python.org, "Recording installed
// projects"; before it, setuptools' eggs): NAME-VERSION.dist-info/, NAME-VERSION[-pyX.Y].egg-info/ or a file of that name,
// NAME-VERSION-pyX.Y.egg/ with EGG-INFO/ inside, and NAME.egg-link, which points at a folder elsewhere.

export interface Distribution {
  /** `a-1.0.dist-info`, `a-1.0.egg-info`, `a-1.0-py3.9.egg/EGG-INFO`: relative to the site-packages folder. */
  readonly info: string;
  readonly kind: 'dist-info' | 'egg-info' | 'egg';
  /** Normalized; `''` where nothing says. */
  readonly name: string;
  readonly version: string;
  /** METADATA or PKG-INFO, relative to the site-packages folder. */
  readonly metadata: string;
  readonly head: string;
  readonly span: Span;
  readonly installer: string;
  readonly direct?: DirectUrl;
  /** Why METADATA cannot be read, as a clause. */
  readonly fault?: string;
}

const mostMetadata = 256 * 1024;
const mostSmall = 64 * 1024;

/** The distributions of a site-packages folder, in the order of their names. */
export function distributionsIn(files: InstalledFiles, site: string, entries: readonly InstalledEntry[]): Distribution[] {
  return entries.flatMap(({ name, kind }) => {
    const match = /^(.+)\.(dist-info|egg-info|egg)$/.exec(name);
    // pip renames what it is about to remove, and leaves `~ame` where it was interrupted.
    if (!match || name.startsWith('~') || kind === 'other') return [];
    const [, stem, extension] = match;
    if (extension === 'egg' && kind === 'file') return [];
    const info = extension === 'egg' ? `${name}/EGG-INFO` : name;
    const metadata = extension === 'dist-info' ? `${info}/METADATA` : kind === 'file' ? info : `${info}/PKG-INFO`;
    return [distribution(files, site, info, extension as Distribution['kind'], stem!, metadata)];
  });
}

function distribution(
  files: InstalledFiles,
  site: string,
  info: string,
  kind: Distribution['kind'],
  stem: string,
  metadata: string,
): Distribution {
  const read = files.text(within(site, metadata), mostMetadata);
  const text = read.state === 'text' ? read.text : '';
  const { name, version, spans, end } = readCoreMetadata(text);
  const parts = /^(.+?)-(\d[^-]*)(?:-py\d.*)?$/.exec(stem);
  const fault =
    read.state === 'unreadable'
      ? read.message
      : read.state !== 'text'
        ? 'it is missing'
        : name === undefined || version === undefined
          ? 'it names no distribution and version'
          : undefined;
  const direct = small(files, within(site, `${info}/direct_url.json`));
  return {
    info,
    kind,
    name: normalizeName(name ?? parts?.[1] ?? stem),
    version: version ?? parts?.[2] ?? '',
    metadata,
    head: text.slice(0, end),
    span: spans.version ?? spans.name ?? { start: 0, end: 0 },
    installer: (small(files, within(site, `${info}/INSTALLER`)) ?? '').trim().toLowerCase(),
    ...(direct !== undefined && { direct: readDirectUrl(direct) }),
    ...(fault !== undefined && { fault }),
  };
}

function small(files: InstalledFiles, path: string): string | undefined {
  const read = files.text(path, mostSmall);
  return read.state === 'text' ? read.text : undefined;
}

/** A path below a folder, both relative to the root of the files. */
export function within(folder: string, path: string): string {
  return folder === '' ? path : `${folder}/${path}`;
}
