import type { Ecosystem, InstalledVersion } from '../core/ecosystem';
import type { Files, FolderFiles } from '../core/io';
import { withoutSecrets } from '../core/withoutSecrets';
import type { Companion, IndexOption, Manifest, ManifestReader, ReadContext } from '../core/manifest';
import type { UnreadFile } from '../core/report';

/** A manifest as it stands, with what was read in it. */
export interface ManifestDocument {
  /** Forward slashes; relative to the root of the scan. */
  readonly path: string;
  readonly ecosystem: Ecosystem;
  readonly reader: ManifestReader;
  readonly text: string;
  readonly companions: readonly Companion[];
  readonly as?: 'constraints';
  readonly manifest: Manifest;
  /** The index options of all files that are installed together with it; absent where it stands alone. */
  readonly indexOptions?: readonly IndexOption[] | undefined;
  /** What is installed of what it asks for, by normalized name, as it was when the file was last read. */
  readonly installed?: ReadonlyMap<string, InstalledVersion> | undefined;
  /** Folders that may hold what it asks for, and could not be looked into; then too. */
  readonly unlisted?: readonly UnreadFile[] | undefined;
}

export interface DocumentKind {
  readonly ecosystem: Ecosystem;
  readonly reader: ManifestReader;
}

/** Reads a manifest's text. `companions` are those of an earlier reading, or what {@link findCompanions} found. */
export function readDocument(
  path: string,
  kind: DocumentKind,
  text: string,
  companions: readonly Companion[],
  as?: 'constraints',
): ManifestDocument {
  const manifest = readSafely(kind.reader, text, { path, companions, ...(as && { as }) });
  return { path, ecosystem: kind.ecosystem, reader: kind.reader, text, companions, ...(as && { as }), manifest };
}

/** Readers do not throw. Should one do, this file was not checked, and the others still are. */
function readSafely(reader: ManifestReader, text: string, context: ReadContext): Manifest {
  try {
    const manifest = reader.read(text, context);
    // What a reader quotes of a line may hold a password.
    return { ...manifest, problems: manifest.problems.map((problem) => ({ ...problem, message: withoutSecrets(problem.message) })) };
  } catch (error) {
    const message = `Merlon failed to read it (${error instanceof Error ? error.message : String(error)})`;
    return { declarations: [], problems: [{ kind: 'unreadable', span: { start: 0, end: 0 }, message }], indexes: [], includes: [] };
  }
}

/**
 * The files of these base names from the manifest's folder up to `top`, nearest first, of each name all; then those at `top`
 * itself. `read` may know them already: many manifests share one.
 */
export async function findCompanions(
  path: string,
  { companions: names, rootCompanions = [] }: Pick<ManifestReader, 'companions' | 'rootCompanions'>,
  read: (path: string) => Promise<Companion | undefined>,
  top: string,
): Promise<Companion[]> {
  const folders = names.length ? foldersUp(path, top) : [];
  const places = [
    ...folders.flatMap((folder) => names.map((name) => ({ folder, name }))),
    ...rootCompanions.map((name) => ({ folder: top, name })),
  ].map(({ folder, name }) => (folder === '' ? name : `${folder}/${name}`));
  const found = await Promise.all(places.filter((candidate) => candidate !== path).map(read));
  return found.filter((companion) => companion !== undefined);
}

/** Reads a companion once, however many manifests ask for it. */
export function companionReader(files: Files): (path: string) => Promise<Companion | undefined> {
  const known = new Map<string, Promise<Companion | undefined>>();
  return (path) => {
    let companion = known.get(path);
    if (!companion) {
      companion = files.read(path).then((file) => (file.state === 'text' ? { path, text: file.text } : undefined));
      known.set(path, companion);
    }
    return companion;
  };
}

/** What was found installed, and which folders could not be looked into: what lies in them is not known. */
export interface FoundInstalled {
  readonly installed: ReadonlyMap<string, InstalledVersion>;
  readonly unlisted: readonly UnreadFile[];
}

/** What is installed of what a manifest asks for without saying which release: in the nearest environment that has it, up to `top`. */
export async function findInstalled(
  { path, ecosystem, manifest }: Pick<ManifestDocument, 'path' | 'ecosystem' | 'manifest'>,
  files: Files,
  top: string,
): Promise<FoundInstalled> {
  const wanted = new Set<string>();
  for (const { package: pkg, source } of manifest.declarations)
    if (pkg.name !== '' && source.kind === 'registry' && ecosystem.versions.exact(source.range) === undefined) wanted.add(pkg.name);
  const found = new Map<string, InstalledVersion>();
  const unlisted = new Map<string, string>();
  const listed: FolderFiles = {
    read: (file) => files.read(file),
    async list(folder) {
      const names = (await files.list?.(folder)) ?? [];
      if (typeof names !== 'string') return names;
      unlisted.set(folder, names);
      return [];
    },
  };
  for (const folder of foldersUp(path, top)) {
    if (wanted.size === 0) break;
    for (const [name, installed] of await ecosystem.installedIn(folder, wanted, listed)) {
      found.set(name, installed);
      wanted.delete(name);
    }
  }
  return { installed: found, unlisted: [...unlisted].map(([folder, message]) => ({ path: folder, message })) };
}

/** The folder of a path and those above it, down to `top`: a folder, `''` for the root, `..` and `../..` for those above it. */
function foldersUp(path: string, top: string): string[] {
  const folders: string[] = [];
  const above = /^\.\.(?:\/\.\.)*$/;
  let folder = dirname(path);
  for (;;) {
    folders.push(folder);
    if (folder === top || (folder === '' && !above.test(top)) || (above.test(folder) && folder.length >= top.length)) return folders;
    folder = folder === '' ? '..' : above.test(folder) ? `${folder}/..` : dirname(folder);
  }
}

export function dirname(path: string): string {
  const slash = path.lastIndexOf('/');
  return slash < 0 ? '' : path.slice(0, slash);
}
