import type { AnyCheck, ManifestSubject, Policy } from '../core/check';
import type { PackageId } from '../core/declaration';
import type { Finding } from '../core/finding';
import type { Report, ScannedFile, UnreadFile } from '../core/report';
import { createPrivacy, type Privacy } from '../policy/privacy';
import { assess } from './assess';
import type { ManifestDocument } from './document';
import { sourceStates, type DisabledSource } from './sources';
import { createSubjects, isFromRegistry, packageKey, type SubjectSources } from './subjects';
import { wantedReleases } from './wantedReleases';

export interface EngineOptions extends SubjectSources {
  readonly checks: readonly AnyCheck[];
  /** Sources that the user switched off, so that the report names them. */
  readonly disabled: readonly DisabledSource[];
  /** Told once of each check that threw. */
  readonly onFault: (check: AnyCheck, error: unknown) => void;
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
  const faults = new Map<string, string>();

  const privacyOf = (rules: Rules): Privacy => {
    let privacy = privacies.get(rules.privatePackages);
    if (!privacy) privacies.set(rules.privatePackages, (privacy = createPrivacy(rules.privatePackages)));
    return privacy;
  };
  const onFault = (check: AnyCheck, error: unknown) => {
    if (faults.has(check.id)) return;
    faults.set(check.id, error instanceof Error ? error.message : String(error));
    options.onFault(check, error);
  };

  const engine: Engine = {
    assess(document, rules) {
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
      findings.sort((a, b) => a.span.start - b.span.start || (a.rule < b.rule ? -1 : 1));
      return {
        path: document.path,
        ecosystem: document.ecosystem.id,
        text: document.text,
        manifest: document.manifest,
        companions: document.companions,
        subjects,
        findings,
        wantsReleases: [...wants.values()],
      };
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
      const packages = new Map<string, PackageId>();
      for (const { document, rules } of documents) {
        const privacy = privacyOf(rules);
        for (const declaration of document.manifest.declarations) {
          if (isFromRegistry(declaration) && privacy.withheld(declaration) === undefined) {
            packages.set(packageKey(declaration.package), declaration.package);
          }
        }
      }
      const all = [...packages.values()];
      await Promise.all(options.feeds.filter((feed) => feed.network).map((feed) => feed.advisoriesFor(all, signal)));
      signal?.throwIfAborted();

      const wanted = new Map<string, PackageId>();
      for (const { document, rules } of documents) {
        for (const [pkg, lookup] of wantedReleases(engine.assess(document, rules))) {
          if (lookup.state === 'pending' || lookup.state === 'unavailable') wanted.set(packageKey(pkg), pkg);
        }
      }
      await Promise.all([...wanted.values()].map((pkg) => options.registries.get(pkg.ecosystem)?.releasesOf(pkg.name, signal)));
    },

    report(files, unread) {
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
