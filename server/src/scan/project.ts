import type { Files } from '../core/io';
import type { UnreadFile } from '../core/report';
import { findCompanions, readDocument, type DocumentKind, type ManifestDocument } from './document';
import { includeFault, includeTarget, withIncludeFaults } from './includes';

export interface ProjectOptions {
  readonly files: Files;
  /** The folder above which no companion is looked for; `''` for the root of `files`. */
  readonly top: string;
}

/** A file that is a manifest by its own right: by its name, or since somebody named it. */
export interface Entry {
  readonly path: string;
  readonly kind: DocumentKind;
}

/** The manifests of one root with all that they include. */
export interface Project {
  /** Reads these and what they include. Files held already are read anew. */
  load(entries: readonly Entry[]): Promise<void>;
  /** Takes the text as it stands in an editor; what it includes is looked at by `follow`. Synchronous, for the keystroke path. */
  update(entry: Entry, text: string): ManifestDocument;
  /** Reads what a document includes, where that is not held. Says whether anything was added. */
  follow(path: string): Promise<boolean>;
  /** Forgets a file and what only it included. Answers the paths that are gone. */
  remove(path: string): string[];
  document(path: string): ManifestDocument | undefined;
  documents(): readonly ManifestDocument[];
  unread(): readonly UnreadFile[];
}

interface Held {
  readonly document: ManifestDocument;
  /** Why an include cannot be read, by its written target. */
  readonly faults: ReadonlyMap<string, string>;
  /** Whether it is a manifest by its own right, or only there since another file includes it. */
  readonly entry: boolean;
}

export function createProject({ files, top }: ProjectOptions): Project {
  const held = new Map<string, Held>();
  const unread = new Map<string, string>();

  const hold = (document: ManifestDocument, faults: ReadonlyMap<string, string>, entry: boolean) => {
    const whole = { ...document, manifest: withIncludeFaults(document.manifest, faults) };
    held.set(document.path, { document: whole, faults, entry });
    return whole;
  };

  const read = async ({ path, kind }: Entry, entry: boolean, as?: 'constraints') => {
    const companions = await findCompanions(path, kind.reader.companions, files, top);
    // The text comes last and is held at once: a newer one that came meanwhile is not overwritten.
    const file = await files.read(path);
    if (file.state === 'text') {
      unread.delete(path);
      hold(readDocument(path, kind, file.text, companions, as), new Map(), entry);
      return;
    }
    held.delete(path);
    if (file.state === 'unreadable') unread.set(path, file.message);
    else unread.delete(path);
  };

  /** Follows includes breadth first, `-r` before `-c`: a file that is required anywhere is no mere constraint. */
  const close = async (from: readonly string[]): Promise<boolean> => {
    let added = false;
    const queue = [...from];
    for (const kind of ['requirements', 'constraints'] as const) {
      const paths = kind === 'requirements' ? queue : [...held.keys()];
      for (const path of paths) {
        const holder = held.get(path);
        if (!holder) continue;
        for (const include of holder.document.manifest.includes) {
          if (include.kind !== kind) continue;
          const target = includeTarget(path, include);
          if ('fault' in target || held.has(target.path)) continue;
          const { ecosystem, reader } = holder.document;
          await read({ path: target.path, kind: { ecosystem, reader } }, false, kind === 'constraints' ? 'constraints' : undefined);
          unread.delete(target.path);
          if (!held.has(target.path)) continue;
          added = true;
          paths.push(target.path);
        }
      }
    }
    for (const [path, holder] of held) {
      const { includes } = holder.document.manifest;
      if (!includes.length) continue;
      const faults = new Map<string, string>();
      for (const include of includes) {
        const fault = await includeFault(path, include, files);
        if (fault !== undefined) faults.set(include.target, fault);
      }
      if (!sameFaults(faults, holder.faults)) {
        const { document } = holder;
        hold(readDocument(path, document, document.text, document.companions, document.as), faults, holder.entry);
        added = true;
      }
    }
    return added;
  };

  return {
    async load(entries) {
      for (const entry of entries) await read(entry, true);
      await close(entries.map(({ path }) => path));
    },
    update({ path, kind }, text) {
      const before = held.get(path);
      unread.delete(path);
      const document = readDocument(path, kind, text, before?.document.companions ?? [], before?.document.as);
      return hold(document, before?.faults ?? new Map(), before?.entry ?? true);
    },
    follow: (path) => close([path]),
    remove(path) {
      const gone = [path];
      held.delete(path);
      unread.delete(path);
      const included = new Set<string>();
      for (const [from, { document }] of held) {
        for (const include of document.manifest.includes) {
          const target = includeTarget(from, include);
          if ('path' in target) included.add(target.path);
        }
      }
      for (const [other, { entry }] of held) {
        if (entry || included.has(other)) continue;
        held.delete(other);
        gone.push(other);
      }
      return gone;
    },
    document: (path) => held.get(path)?.document,
    documents: () => [...held.values()].map(({ document }) => document).sort((a, b) => (a.path < b.path ? -1 : 1)),
    unread: () => [...unread].map(([path, message]) => ({ path, message })),
  };
}

function sameFaults(a: ReadonlyMap<string, string>, b: ReadonlyMap<string, string>): boolean {
  return a.size === b.size && [...a].every(([target, fault]) => b.get(target) === fault);
}
