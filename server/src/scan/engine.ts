import type { Check, DeclarationSubject, LockedSubject, ManifestSubject, Policy } from '../core/check';
import type { Declaration, PackageId } from '../core/declaration';
import type { Ecosystem } from '../core/ecosystem';
import type { Lookup } from '../core/lookup';
import type { Companion } from '../core/manifest';
import type { LockedAnswer, Report, ScannedFile, ScannedLock, UnreadFile } from '../core/report';
import type { Suppressing } from '../policy/precedence';
import { createPrivacy, type Privacy } from '../policy/privacy';
import { blockedEntries, withBlocked } from './blockedInLock';
import type { ManifestDocument } from './document';
import { aboutReleaseAge, agesOfLock } from './releaseAge';
import { createBench } from './suppress';
import { apart, settingsOf } from './settingsFindings';
import { sourceStates, type DisabledSource } from './sources';
import { isFromRegistry, packageKey, registryPackages } from './packages';
import { placesFor, publicIndexes, type Indexes } from './indexes';
import { createKnowledge } from './knowledge';
import { createMembers } from './members';
import { lockFor, type LockDocument } from './lockDocument';
import { lockfileSubject } from './lockedPlaces';
import { knownOfLock, type BadEntry, type KnownLock } from './lockKnowledge';
import { lockedRegistryPackages, withheldInLock } from './lockPackages';
import { uploadedWithin, widestAge, withYoung } from './youngInLock';
import { subjectsOf, type LockView, type SubjectSources } from './subjects';
import { undecidedIn, withOpenAdvisories } from './undecided';
import { withUnlisted } from './unlisted';
import { askFor, wantedRecords, type WantedSources } from './wantedRecords';
import { withheldBy, withheldNames, withheldPackages, type WithheldNames } from './withheld';

export interface EngineOptions extends SubjectSources, WantedSources {
  readonly checks: readonly Check[];
  /** Sources that the user switched off, so that the report names them. */
  readonly disabled: readonly DisabledSource[];
  /** Told once of each check that threw, and of each feed or registry that failed in a way that it must not. */
  readonly onFault: (culprit: { readonly id: string }, error: unknown) => void;
  /** What this machine's own settings keep from everybody. */
  readonly withheld?: WithheldNames;
  /** The hosts of public registries and of their mirrors on this machine. */
  readonly publicHosts?: ReadonlySet<string>;
  /** Whether what is bound to this address is no less public than what is bound to none. */
  readonly isPublicIndex?: (address: string) => boolean;
  /** Where packages are looked up; absent: at the public registries. */
  readonly indexes?: Indexes;
}

const noHosts: ReadonlySet<string> = new Set();

/** What decides over one folder's files. */
export interface Rules {
  readonly policy: Policy;
  readonly privatePackages: readonly string[];
  /** Of these, the policy file that names it; what the settings name has none. */
  readonly privateBy?: ReadonlyMap<string, string>;
  /** Of the policy files that hold, nearest first. */
  readonly suppressions?: readonly Suppressing[];
  /** The policy files themselves: findings point into them, and an edit may have to change one. */
  readonly policyFiles?: readonly Companion[];
}

/** The one sentence: read → resolve → gather → assess → policy. Two passes: `assess` at once from what is held, `ask` for the rest. */
export interface Engine {
  /** Everything that can be said now. Synchronous, no I/O. */
  assess(document: ManifestDocument, rules: Rules, locks?: readonly LockDocument[]): ScannedFile;
  /** One declaration with all that is held about it. Judges nothing. */
  about(question: Question & { readonly document: ManifestDocument }, declaration: Declaration): DeclarationSubject;
  /** Asks for all that can be known of one declaration's package, whoever wants it: somebody looks at it. Only an abort rejects. */
  askAbout(question: Question & { readonly document: ManifestDocument }, declaration: Declaration, signal?: AbortSignal): Promise<void>;
  /** Works out what `assess` wants to know of a lockfile, in portions, so that it need not do so at one go. */
  prepare(lock: LockDocument, rules: Rules): Iterable<undefined>;
  /**
   * What a lockfile itself deserves: a finding on each entry that is malware; and on every bad entry where it speaks for no
   * manifest (`spokenFor` is empty), since no declaration is there to say it. `around`: manifests that tell what is set up.
   */
  assessLock(lock: LockDocument, rules: Rules, spokenFor?: readonly ManifestDocument[], around?: readonly ManifestDocument[]): ScannedLock;
  /** Whether `ask` has anything to ask for these documents. */
  wantsToAsk(files: readonly ScannedFile[]): boolean;
  /**
   * Asks the feeds about every package, and the registries for what they are wanted for. Only an abort rejects. `onFeeds` is told when
   * the feeds have answered and registries have not: what feeds say need not wait for them.
   */
  ask(questions: readonly Question[], signal?: AbortSignal, onFeeds?: () => void): Promise<void>;
  report(files: readonly ScannedFile[], unread: readonly UnreadFile[], locks?: readonly ScannedLock[]): Report;
}

/** What sources are to be asked about: a document with the lockfiles that lie around it, or lockfiles alone. */
export interface Question {
  readonly document?: ManifestDocument;
  readonly rules: Rules;
  readonly locks?: readonly LockDocument[];
  /** Manifests that are not judged: what they keep secret is kept. */
  readonly around?: readonly ManifestDocument[];
}

export function createEngine(options: EngineOptions): Engine {
  const knowledge = createKnowledge(options.feeds);
  const indexes = options.indexes ?? publicIndexes(options.registries);
  /** What is known of a lockfile's releases, until a source has answered anew. */
  let locksKnown = new WeakMap<LockDocument, { readonly rules: Rules; readonly known: KnownLock }>();
  const privacies = new WeakMap<readonly string[], Privacy>();
  const members = createMembers();
  /** Of an assessed file, the checks that threw on it, with what they threw. */
  const faultsOf = new WeakMap<ScannedFile, Map<string, string>>();
  const told = new Set<string>();

  const privacyOf = (rules: Rules): Privacy => {
    let privacy = privacies.get(rules.privatePackages);
    if (!privacy)
      privacies.set(rules.privatePackages, (privacy = createPrivacy(rules.privatePackages, options.isPublicIndex, rules.privateBy)));
    return privacy;
  };
  /** By the settings of a folder, what its manifests keep to themselves. */
  const kept = new WeakMap<readonly string[], Map<string, string>>();
  const keptUnder = (rules: Rules): Map<string, string> => {
    let names = kept.get(rules.privatePackages);
    if (!names) kept.set(rules.privatePackages, (names = new Map(options.withheld)));
    return names;
  };
  const keepSecret = (document: ManifestDocument, rules: Rules) => {
    const names = keptUnder(rules);
    const before = names.size;
    for (const [key, reason] of withheldBy(document, privacyOf(rules))) names.set(key, reason);
    // What was known of lockfiles rests on who may be asked.
    if (names.size !== before) locksKnown = new WeakMap();
  };
  const secretOf = (lock: LockDocument, rules: Rules) =>
    withheldInLock(lock, privacyOf(rules), keptUnder(rules), { hosts: options.publicHosts ?? noHosts, is: options.isPublicIndex });
  /** What is known of a lockfile, in portions unless it is held already. */
  function* knownInPortions(lock: LockDocument, rules: Rules): Generator<undefined, KnownLock> {
    const before = locksKnown.get(lock);
    if (before?.rules.privatePackages === rules.privatePackages) return before.known;
    const generation = locksKnown;
    const known = yield* knownOfLock(lock, knowledge, secretOf(lock, rules));
    // What was begun before a source answered is no more worth keeping.
    if (generation === locksKnown) locksKnown.set(lock, { rules, known });
    return known;
  }
  const knownOf = (lock: LockDocument, rules: Rules): KnownLock => {
    const work = knownInPortions(lock, rules);
    for (;;) {
      const step = work.next();
      if (step.done) return step.value;
    }
  };
  const lockView = (document: ManifestDocument, rules: Rules, locks: readonly LockDocument[]): LockView | undefined => {
    const choice = locks.length ? lockFor(document, locks) : undefined;
    return choice && { ...choice, ...knownOf(choice.chosen, rules) };
  };
  const tell = (culprit: { readonly id: string }, error: unknown) => {
    if (told.has(culprit.id)) return;
    told.add(culprit.id);
    options.onFault(culprit, error);
  };

  const benchOf = (rules: Rules, { versions }: Ecosystem, onFault: (check: Check, error: unknown) => void) =>
    createBench({ checks: options.checks, rules, versions, now: options.clock.now(), onFault });

  /** What decides on the declarations of a document: the lockfile that speaks for it, what is kept secret, who may be asked. */
  const around = (document: ManifestDocument, rules: Rules, locks: readonly LockDocument[]) => {
    keepSecret(document, rules);
    const view = lockView(document, rules, locks);
    const secret = withheldPackages(document.manifest.declarations, privacyOf(rules), keptUnder(rules));
    return { view, secret, placeOf: placesFor(document, indexes, secret, privacyOf(rules)) };
  };
  // Sources answer failures as values. One that throws nevertheless is left unanswered, and the others are still heard.
  const guarded = async (source: { readonly id: string }, question: () => Promise<unknown>, signal?: AbortSignal) => {
    try {
      await question();
    } catch (error) {
      if (!signal?.aborted) tell(source, error);
    }
  };

  const engine: Engine = {
    assess(document, rules, locks = []) {
      const faults = new Map<string, string>();
      const onFault = (check: Check, error: unknown) => {
        faults.set(check.id, error instanceof Error ? error.message : String(error));
        tell(check, error);
      };
      const { view, secret, placeOf } = around(document, rules, locks);
      const { team } = rules.policy;
      const declared = subjectsOf(document, options, knowledge, secret, placeOf, view, members(document, rules.privatePackages));
      const ages = { policy: rules.policy, now: options.clock.now(), placeOf };
      const subjects = withYoung(withBlocked(declared, view?.chosen, team), view?.chosen, ages);
      // A name that everybody knows is no secret: what is called so elsewhere may be the public package.
      for (const { lock, declaration } of subjects)
        if (lock?.exempt === 'own' && !options.isFamiliar?.(declaration.package))
          keptUnder(rules).set(packageKey(declaration.package), 'a member of the workspace');
      const bench = benchOf(rules, document.ecosystem, onFault);
      const assessed = subjects.map((subject) => {
        const found = bench.judge(subject);
        return { subject, flagged: found || team?.wantsRecord(subject.declaration.package) === true };
      });
      const whole: ManifestSubject = {
        kind: 'manifest',
        subjects,
        text: document.text,
        similarTo: (name) => options.similarTo?.({ ecosystem: document.ecosystem.id, name }),
        file: document.path,
        ecosystem: document.ecosystem.id,
        manifest: document.manifest,
        ...aboutReleaseAge(document, view?.chosen),
      };
      bench.judge(whole);
      const file: ScannedFile = {
        path: document.path,
        ecosystem: document.ecosystem.id,
        text: document.text,
        manifest: withUnlisted(document, subjects),
        // Findings point into the lockfile, so its text is one that positions are wanted of.
        companions: [...document.companions, ...(view ? [view.chosen] : []), ...(rules.policyFiles ?? [])],
        subjects,
        ...apart(bench.verdict(), document.path),
        wantsRecords: wantedRecords(assessed, placeOf, options),
        ...(view && { locked: view.answers }),
      };
      faultsOf.set(file, faults);
      return file;
    },

    about({ document, rules, locks = [] }, declaration) {
      const { view, secret, placeOf } = around(document, rules, locks);
      const alone = { ...document, manifest: { ...document.manifest, declarations: [declaration] } };
      return subjectsOf(alone, options, knowledge, secret, placeOf, view, members(document, rules.privatePackages))[0]!;
    },

    async askAbout(question, declaration, signal) {
      const { document, rules, locks = [] } = question;
      const { package: pkg } = declaration;
      if (!isFromRegistry(declaration) || engine.about(question, declaration).lock?.exempt === 'own') return;
      const { secret, placeOf } = around(document, rules, locks);
      const place = placeOf(declaration);
      const feeds = secret.has(packageKey(pkg)) ? options.feeds.filter(({ network }) => !network) : options.feeds;
      await Promise.all([
        ...feeds.map((feed) => guarded(feed, () => feed.advisoriesFor([pkg], signal), signal)),
        ...('registry' in place ? [guarded(place.registry, () => place.registry.recordOf(pkg.name, signal), signal)] : []),
      ]);
      signal?.throwIfAborted();
      locksKnown = new WeakMap();
    },

    prepare: knownInPortions,

    assessLock(lock, rules, spokenFor, around = spokenFor ?? []) {
      const alone = spokenFor?.length === 0;
      const age = alone && agesOfLock(lock, around, options.clock.now());
      const bench = benchOf(rules, lock.ecosystem, tell);
      const judge = ({ entry, advisories }: Pick<BadEntry, 'entry' | 'advisories'>, undecided?: LockedSubject['undecided']) => {
        const span = () => lock.reader.locate(lock.text, entry) ?? { start: 0, end: 0 };
        bench.judge({ kind: 'locked', file: lock.path, entry, advisories, ...(age && { age }), ...(undecided && { undecided }), span });
      };
      const { bad, open, answers, known } = knownOf(lock, rules);
      const isHeard = ({ advisories }: BadEntry) => alone || advisories[0]?.kind === 'malware';
      const speaking = bad.filter(isHeard);
      const undecided = open.filter(isHeard);
      const { team } = rules.policy;
      const blocked = (team ? blockedEntries(lock, team) : []).filter(({ index }) => !speaking.some((one) => one.index === index));
      const entries = new Map(
        [...undecided.map((one) => ({ ...one, advisories: [] })), ...speaking, ...blocked].map((one) => [one.index, one]),
      );
      for (const one of entries.values()) judge(one, undecided.find(({ index }) => index === one.index)?.advisories);
      bench.judge(lockfileSubject(lock, around, options));
      for (const { index, entry } of age ? uploadedWithin(lock.lock, widestAge(age.releaseAge, rules.policy), age.now) : [])
        if (!entries.has(index)) judge({ entry, advisories: [] });
      return {
        path: lock.path,
        ecosystem: lock.ecosystem.id,
        text: lock.text,
        lock: lock.lock,
        ...bench.verdict(),
        locked: answers,
        known,
      };
    },

    wantsToAsk(files) {
      return files.some(
        (file) =>
          file.subjects.some(({ advisories }) => advisories.some(({ answer }) => isOpen(answer))) ||
          file.locked?.some(({ answer }) => isOpen(answer)) ||
          file.wantsRecords.some(({ answer }) => isOpen(answer)),
      );
    },

    async ask(questions, signal, onFeeds) {
      // What lies on this machine is held: then there is nobody to be asked, and each look at a document would be one too many.
      if (options.registries.size === 0 && options.feeds.every(({ network }) => !network)) return;
      const all = new Map<string, PackageId>();
      const open = new Map<string, PackageId>();
      // What each document keeps to itself is known when all have been looked at.
      for (const { rules, around = [] } of questions) for (const one of around) keepSecret(one, rules);
      for (const { document, rules, locks } of questions) if (document) engine.assess(document, rules, locks);
      for (const lock of new Set(questions.flatMap(({ locks = [] }) => locks))) {
        const { rules } = questions.find(({ locks }) => locks?.includes(lock))!;
        const secret = secretOf(lock, rules);
        for (const [key, pkg] of lockedRegistryPackages(lock.lock)) {
          all.set(key, pkg);
          if (!secret.has(key)) open.set(key, pkg);
        }
      }
      for (const { document, rules } of questions) {
        if (!document) continue;
        const { declarations } = document.manifest;
        const secret = withheldPackages(declarations, privacyOf(rules), keptUnder(rules));
        for (const [key, pkg] of registryPackages(declarations)) {
          all.set(key, pkg);
          if (!secret.has(key)) open.set(key, pkg);
        }
      }
      const asked = new Map<string, Promise<void>>();
      const numbers = new Map<unknown, number>();
      const numberOf = (registry: unknown) => numbers.get(registry) ?? numbers.set(registry, numbers.size).size - 1;
      /** What is wanted and was not asked yet; whether there was any. */
      const askRegistries = (): boolean => {
        const before = asked.size;
        for (const { document, rules, locks } of questions) {
          if (!document) continue;
          for (const wanted of engine.assess(document, rules, locks).wantsRecords) {
            const { registry } = wanted.place;
            const key = `${wanted.what} ${numberOf(registry)} ${packageKey(wanted.package)}`;
            if (asked.has(key) || !isOpen(wanted.answer)) continue;
            asked.set(
              key,
              guarded(registry, () => askFor(wanted, signal), signal),
            );
          }
        }
        return asked.size > before;
      };
      // For what is known to be wanted already: a feed that does not answer and a registry that does not must not cost one wait after the other.
      askRegistries();
      await Promise.all(
        options.feeds.map((feed) => guarded(feed, () => feed.advisoriesFor([...(feed.network ? open : all).values()], signal), signal)),
      );
      signal?.throwIfAborted();
      locksKnown = new WeakMap();
      // What registries answer may flag more, such as a name that was only to be looked up: these are asked for whole.
      const wait = askRegistries() || asked.size > 0;
      if (wait) onFeeds?.();
      for (let more = wait; more; more = askRegistries()) {
        await Promise.all(asked.values());
        signal?.throwIfAborted();
      }
    },

    report(files, unread, locks = []) {
      const faults = new Map(files.flatMap((file) => [...(faultsOf.get(file) ?? [])]));
      const locked = new Set([...files, ...locks].flatMap((file) => (file.locked ? [file.locked] : [])));
      const lockedAnswers = [...locked].flat();
      const sources = sourceStates(files, lockedAnswers, options, faults);
      const undecided = undecidedIn([...files, ...locks]);
      const withheld = withheldNames(answersIn(files, lockedAnswers), options.isFamiliar);
      const complete =
        unread.length === 0 &&
        sources.every(({ state, beside }) => beside || (state !== 'unavailable' && state !== 'pending')) &&
        files.every((file) => file.manifest.problems.every((problem) => problem.kind !== 'unreadable')) &&
        locks.every(({ lock }) => lock.problems.every((problem) => problem.kind !== 'unreadable')) &&
        undecided.length === 0;
      const settings = settingsOf(files);
      return {
        sources: withOpenAdvisories(sources, undecided),
        files,
        locks,
        ...(settings.length && { settings }),
        unread,
        withheld: withheld.length,
        withheldNames: withheld,
        complete,
      };
    },
  };
  return engine;
}

/** What feeds have answered: of each package of a lockfile, and of each declaration. */
function* answersIn(files: readonly ScannedFile[], locked: readonly LockedAnswer[]): Iterable<Pick<LockedAnswer, 'package' | 'answer'>> {
  yield* locked;
  for (const { subjects } of files)
    for (const { declaration, advisories } of subjects) for (const { answer } of advisories) yield { package: declaration.package, answer };
}

/** Whether a source is to be asked for this. */
function isOpen({ state }: Lookup<unknown>): boolean {
  return state === 'pending' || state === 'unavailable';
}
