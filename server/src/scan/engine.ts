import type { Check, ManifestSubject, Policy } from '../core/check';
import type { PackageId } from '../core/declaration';
import type { Finding } from '../core/finding';
import type { Report, ScannedFile, UnreadFile } from '../core/report';
import { createPrivacy, type Privacy } from '../policy/privacy';
import { assess } from './assess';
import type { ManifestDocument } from './document';
import { sourceStates, type DisabledSource } from './sources';
import { isFromRegistry, packageKey, registryPackages } from './packages';
import { createSubjects, type SubjectSources } from './subjects';
import { wantedReleases } from './wantedReleases';
import { withheldPackages } from './withheld';

export interface EngineOptions extends SubjectSources {
  readonly checks: readonly Check[];
  /** Sources that the user switched off, so that the report names them. */
  readonly disabled: readonly DisabledSource[];
  /** Told once of each check that threw, and of each feed or registry that failed in a way that it must not. */
  readonly onFault: (culprit: { readonly id: string }, error: unknown) => void;
}

/** What decides over one folder's files. */
export interface Rules {
  readonly policy: Policy;
  readonly privatePackages: readonly string[];
}

/** The one sentence: read → resolve → gather → assess → policy. Two passes: `assess` at once from what is held, `ask` for the rest. */
export interface Engine {
  /** Everything that can be said now. Synchronous, no I/O. */
  assess(document: ManifestDocument, rules: Rules): ScannedFile;
  /** Whether `ask` has anything to ask for these documents. */
  wantsToAsk(files: readonly ScannedFile[]): boolean;
  /** Asks the feeds about every package, then the registries for the declarations that have findings. Only an abort rejects. */
  ask(documents: readonly { readonly document: ManifestDocument; readonly rules: Rules }[], signal?: AbortSignal): Promise<void>;
  report(files: readonly ScannedFile[], unread: readonly UnreadFile[]): Report;
}

export function createEngine(options: EngineOptions): Engine {
  const subjectsOf = createSubjects(options);
  const privacies = new WeakMap<readonly string[], Privacy>();
  /** Of an assessed file, the checks that threw on it, with what they threw. */
  const faultsOf = new WeakMap<ScannedFile, Map<string, string>>();
  const told = new Set<string>();

  const privacyOf = (rules: Rules): Privacy => {
    let privacy = privacies.get(rules.privatePackages);
    if (!privacy) privacies.set(rules.privatePackages, (privacy = createPrivacy(rules.privatePackages)));
    return privacy;
  };
  const tell = (culprit: { readonly id: string }, error: unknown) => {
    if (told.has(culprit.id)) return;
    told.add(culprit.id);
    options.onFault(culprit, error);
  };

  const engine: Engine = {
    assess(document, rules) {
      const faults = new Map<string, string>();
      const onFault = (check: Check, error: unknown) => {
        faults.set(check.id, error instanceof Error ? error.message : String(error));
        tell(check, error);
      };
      const subjects = subjectsOf(document, privacyOf(rules));
      const findings: Finding[] = [];
      const wants = new Map<string, PackageId>();
      for (const subject of subjects) {
        const found = assess(subject, options.checks, rules.policy, onFault);
        findings.push(...found);
        if (found.length && isFromRegistry(subject.declaration))
          wants.set(packageKey(subject.declaration.package), subject.declaration.package);
      }
      const whole: ManifestSubject = {
        kind: 'manifest',
        file: document.path,
        ecosystem: document.ecosystem.id,
        manifest: document.manifest,
      };
      findings.push(...assess(whole, options.checks, rules.policy, onFault));
      findings.sort((a, b) => a.span.start - b.span.start || (a.rule < b.rule ? -1 : a.rule > b.rule ? 1 : 0));
      const file: ScannedFile = {
        path: document.path,
        ecosystem: document.ecosystem.id,
        text: document.text,
        manifest: document.manifest,
        companions: document.companions,
        subjects,
        findings,
        wantsReleases: [...wants.values()],
      };
      faultsOf.set(file, faults);
      return file;
    },

    wantsToAsk(files) {
      return files.some(
        (file) =>
          file.subjects.some((subject) =>
            subject.advisories.some(({ answer }) => answer.state === 'pending' || answer.state === 'unavailable'),
          ) || wantedReleases(file).some(([, lookup]) => lookup.state === 'pending' || lookup.state === 'unavailable'),
      );
    },

    async ask(documents, signal) {
      // Sources answer failures as values. One that throws nevertheless is left unanswered, and the others are still heard.
      const guarded = async (source: { readonly id: string }, question: () => Promise<unknown>) => {
        try {
          await question();
        } catch (error) {
          if (!signal?.aborted) tell(source, error);
        }
      };
      const all = new Map<string, PackageId>();
      const open = new Map<string, PackageId>();
      for (const { document, rules } of documents) {
        const { declarations } = document.manifest;
        const secret = withheldPackages(declarations, privacyOf(rules));
        for (const [key, pkg] of registryPackages(declarations)) {
          all.set(key, pkg);
          if (!secret.has(key)) open.set(key, pkg);
        }
      }
      await Promise.all(
        options.feeds.map((feed) => guarded(feed, () => feed.advisoriesFor([...(feed.network ? open : all).values()], signal))),
      );
      signal?.throwIfAborted();

      const wanted = new Map<string, PackageId>();
      for (const { document, rules } of documents) {
        for (const [pkg, lookup] of wantedReleases(engine.assess(document, rules))) {
          if (lookup.state === 'pending' || lookup.state === 'unavailable') wanted.set(packageKey(pkg), pkg);
        }
      }
      await Promise.all(
        [...wanted.values()].map(async (pkg) => {
          const registry = options.registries.get(pkg.ecosystem);
          if (registry) await guarded(registry, () => registry.releasesOf(pkg.name, signal));
        }),
      );
      signal?.throwIfAborted();
    },

    report(files, unread) {
      const faults = new Map(files.flatMap((file) => [...(faultsOf.get(file) ?? [])]));
      const sources = sourceStates(files, options, faults);
      const withheld = new Set<string>();
      for (const file of files) {
        for (const subject of file.subjects) {
          if (subject.advisories.some(({ answer }) => answer.state === 'withheld')) withheld.add(packageKey(subject.declaration.package));
        }
      }
      const complete =
        unread.length === 0 &&
        sources.every(({ state }) => state !== 'unavailable' && state !== 'pending') &&
        files.every((file) => file.manifest.problems.every((problem) => problem.kind !== 'unreadable'));
      return { sources, files, unread, withheld: withheld.size, complete };
    },
  };
  return engine;
}
