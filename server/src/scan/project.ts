import type { Files } from '../core/io';
import type { UnreadFile } from '../core/report';
import {
  companionReader,
  findCompanions,
  findInstalled,
  readDocument,
  type DocumentKind,
  type FoundInstalled,
  type ManifestDocument,
} from './document';
import { constrained, sameConstraints, sharedConstraints, type Constraint } from './constraints';
import { includeTarget, withIncludeFaults, type IncludeTarget } from './includes';
import { sharedIndexOptions } from './indexOptions';
import type { Include, IndexOption, Manifest } from '../core/manifest';

export interface ProjectOptions {
  readonly files: Files;
  /** The folder above which no companion is looked for; `''` for the root of `files`. */
  readonly top: string;
  /** The one name of a file that can be named in several ways (`../here/a.txt` and `a.txt`). */
  readonly canonical?: (path: string) => string;
}

/** A file that is a manifest by its own right: by its name, or since somebody named it. */
export interface Entry {
  readonly path: string;
  readonly kind: DocumentKind;
}

/** The manifests of one root with all that they include. */
export interface Project {
  /** Reads these and what is included. What is held already is read anew, and forgotten where it is no more. */
  load(entries: readonly Entry[]): Promise<void>;
  /** Takes the text as it stands in an editor; what it includes is looked at by `follow`. Synchronous, for the keystroke path. */
  update(entry: Entry, text: string): ManifestDocument;
  /** Reads what documents include, where that is not held, and forgets what none includes any more. Says whether anything has changed. */
  follow(): Promise<boolean>;
  /** Forgets a file and what only it included, unless another file includes it. Answers the paths that are gone. */
  remove(path: string): string[];
  document(path: string): ManifestDocument | undefined;
  documents(): readonly ManifestDocument[];
  unread(): readonly UnreadFile[];
}

interface Held {
  readonly document: ManifestDocument;
  /** As the file alone reads. */
  readonly alone: Manifest;
  readonly constraints: readonly Constraint[];
  /** Why an include cannot be read, by its written target. */
  readonly faults: ReadonlyMap<string, string>;
  /** What is installed, as it was when the file was last read. */
  readonly found: FoundInstalled;
  /** Whether it is a manifest by its own right, or only there since another file includes it. */
  readonly entry: boolean;
}

export function createProject({ files, top, canonical = (path) => path }: ProjectOptions): Project {
  const held = new Map<string, Held>();
  const unread = new Map<string, string>();
  /** Of one reading of files, however many there are. */
  let companionAt = companionReader(files);

  const targetOf = (from: string, include: Include): IncludeTarget => {
    const target = includeTarget(from, include);
    return 'path' in target ? { path: canonical(target.path) } : target;
  };

  const hold = (
    document: ManifestDocument,
    faults: ReadonlyMap<string, string>,
    entry: boolean,
    found = held.get(document.path)?.found ?? nothingInstalled,
  ) => {
    const constraints = held.get(document.path)?.constraints ?? [];
    const whole = {
      ...document,
      manifest: inProject(document, faults, constraints),
      installed: found.installed.size > 0 ? found.installed : undefined,
      unlisted: found.unlisted.length > 0 ? found.unlisted : undefined,
      indexOptions: held.get(document.path)?.document.indexOptions,
    };
    held.set(document.path, { document: whole, alone: document.manifest, constraints, faults, found, entry });
    return whole;
  };

  /** Whether a file stays, or becomes, one by its own right: what was included and matches no pattern is read anew as what it was. */
  const isEntry = ({ path, kind }: Entry): boolean => {
    const before = held.get(path);
    return !before || before.entry || kind.reader.matches(path);
  };

  /** Answers why the file cannot be read, as a clause. */
  const read = async ({ path, kind }: Entry, entry: boolean, as?: 'constraints'): Promise<string | undefined> => {
    const companions = await findCompanions(path, kind.reader, companionAt, top);
    // The text comes last and is held at once: a newer one that came meanwhile is not overwritten.
    const file = await files.read(path);
    if (file.state === 'text') {
      unread.delete(path);
      const document = readDocument(path, kind, file.text, companions, as);
      hold(document, held.get(path)?.faults ?? new Map(), entry);
      const found = await findInstalled(document, files, top);
      const now = held.get(path);
      // Another text may have come meanwhile; what is installed is the same for it.
      if (now && [found, now.found].some(({ installed, unlisted }) => installed.size + unlisted.length > 0))
        hold({ ...now.document, manifest: now.alone }, now.faults, now.entry, found);
      return undefined;
    }
    held.delete(path);
    if (entry && file.state === 'unreadable') unread.set(path, file.message);
    else if (file.state === 'absent') unread.delete(path);
    return file.state === 'absent' ? 'there is no such file' : file.message;
  };

  /** Reads every include that is not held. A file that is required anywhere is no mere constraint, so all `-r` come before any `-c`. */
  const readIncludes = async (): Promise<{ added: boolean; faults: Map<string, string> }> => {
    const faults = new Map<string, string>();
    const open = [...held.keys()];
    const constraints: { readonly path: string; readonly kind: DocumentKind }[] = [];
    let added = false;
    const take = async (entry: Entry, as?: 'constraints') => {
      const fault = await read(entry, false, as);
      if (fault !== undefined) return void faults.set(entry.path, fault);
      added = true;
      open.push(entry.path);
    };
    for (;;) {
      for (const path of open) {
        const from = held.get(path)?.document;
        for (const include of from?.manifest.includes ?? []) {
          const target = targetOf(path, include);
          if ('fault' in target || faults.has(target.path)) continue;
          const wanted = { path: target.path, kind: { ecosystem: from!.ecosystem, reader: from!.reader } };
          const before = held.get(target.path);
          if (include.kind === 'constraints') constraints.push(wanted);
          else if (!before || (!before.entry && before.document.as === 'constraints')) await take(wanted);
        }
      }
      open.length = 0;
      const next = constraints.pop();
      if (!next) return { added, faults };
      if (!held.has(next.path) && !faults.has(next.path)) await take(next, 'constraints');
    }
  };

  /** Marks in every file which of its includes cannot be read. */
  const mark = (unreadable: ReadonlyMap<string, string>): boolean => {
    let changed = false;
    for (const [path, { document, faults: before, entry }] of [...held]) {
      const faults = new Map<string, string>();
      for (const include of document.manifest.includes) {
        const target = targetOf(path, include);
        const fault = 'fault' in target ? target.fault : held.has(target.path) ? undefined : unreadable.get(target.path);
        if (fault !== undefined) faults.set(include.target, fault);
      }
      if (sameFaults(faults, before)) continue;
      hold(readDocument(path, document, document.text, document.companions, document.as), faults, entry);
      changed = true;
    }
    return changed;
  };

  /** Forgets what no manifest includes any more, be it directly or not. */
  const prune = (): string[] => {
    const reached = new Set([...held].filter(([, { entry }]) => entry).map(([path]) => path));
    for (const path of reached) {
      for (const include of held.get(path)?.document.manifest.includes ?? []) {
        const target = targetOf(path, include);
        if ('path' in target) reached.add(target.path);
      }
    }
    const gone = [...held.keys()].filter((path) => !reached.has(path));
    for (const path of gone) held.delete(path);
    return gone;
  };

  /** Tells every file under which index options and constraints it is installed. */
  const share = (): boolean => {
    const documents = [...held.values()].map(({ document }) => document);
    const shared = sharedIndexOptions(documents, targetOf);
    // By what each file says itself: what narrows one is no constraint on another.
    const bounds = sharedConstraints(
      [...held.values()].map(({ document, alone }) => ({ ...document, manifest: alone })),
      targetOf,
    );
    let changed = false;
    for (const [path, one] of [...held]) {
      const constraints = bounds.get(path) ?? [];
      if (sameConstraints(constraints, one.constraints)) continue;
      const manifest = inProject({ ...one.document, manifest: one.alone }, one.faults, constraints);
      held.set(path, { ...one, constraints, document: { ...one.document, manifest } });
      changed = true;
    }
    for (const [path, one] of [...held]) {
      const indexOptions = shared.get(path);
      const same = (options: readonly IndexOption[] = []) => options.map(({ kind, value }) => `${kind} ${value}`).join('\n');
      if (same(indexOptions) === same(one.document.indexOptions)) continue;
      held.set(path, { ...one, document: { ...one.document, indexOptions } });
      changed = true;
    }
    return changed;
  };

  const settle = async (): Promise<boolean> => {
    const gone = prune();
    const { added, faults } = await readIncludes();
    const marked = mark(faults);
    return share() || marked || added || gone.length > 0;
  };

  return {
    async load(entries) {
      companionAt = companionReader(files);
      const named = new Set(entries.map(({ path }) => path));
      for (const entry of entries) await read(entry, isEntry(entry), isEntry(entry) ? undefined : held.get(entry.path)?.document.as);
      for (const [path, { document, entry }] of [...held])
        if (!entry && !named.has(path)) await read({ path, kind: document }, false, document.as);
      await settle();
    },
    update(entry, text) {
      const before = held.get(entry.path);
      unread.delete(entry.path);
      const document = readDocument(entry.path, entry.kind, text, before?.document.companions ?? [], before?.document.as);
      return hold(document, before?.faults ?? new Map(), isEntry(entry));
    },
    follow() {
      companionAt = companionReader(files);
      return settle();
    },
    remove(path) {
      const before = held.get(path);
      unread.delete(path);
      if (!before) return [path];
      held.set(path, { ...before, entry: false });
      const gone = prune();
      return gone;
    },
    document: (path) => held.get(path)?.document,
    documents: () => [...held.values()].map(({ document }) => document).sort((a, b) => (a.path < b.path ? -1 : 1)),
    unread: () => [...unread].map(([path, message]) => ({ path, message })),
  };
}

const nothingInstalled: FoundInstalled = { installed: new Map(), unlisted: [] };

/** What a file says, with what the files that it includes make of that. */
function inProject(document: ManifestDocument, faults: ReadonlyMap<string, string>, constraints: readonly Constraint[]): Manifest {
  const { manifest } = document;
  const declarations = constrained(document, manifest.declarations, constraints);
  return withIncludeFaults(declarations === manifest.declarations ? manifest : { ...manifest, declarations }, faults);
}

function sameFaults(a: ReadonlyMap<string, string>, b: ReadonlyMap<string, string>): boolean {
  return a.size === b.size && [...a].every(([target, fault]) => b.get(target) === fault);
}
