import type { Check, ExpectedRelease, InstalledSubject, Subjects } from '../core/check';
import type { PackageId } from '../core/declaration';
import type { Ecosystem } from '../core/ecosystem';
import type { Coverage, EnvironmentReading, NotLooked, Trace, WorkspaceReading } from '../core/environment';
import type { Feed } from '../core/feed';
import { incidentMarks, type Incident } from '../core/incident';
import type { Clock } from '../core/io';
import type { Lookup } from '../core/lookup';
import type { Report, ScannedFile, SourceState } from '../core/report';
import { createPrivacy } from '../policy/privacy';
import type { Rules } from './engine';
import { expectations } from './expected';
import { askedReleases, withheldReleases } from './installedPackages';
import { createKnowledge, type Knowledge } from './knowledge';
import type { LockDocument } from './lockDocument';
import { packageKey } from './packages';
import { createBench, type Bench } from './suppress';
import { undecidedIn, withOpenAdvisories } from './undecided';
import { withheldNames, type WithheldNames } from './withheld';
import { feedState, type DisabledSource } from './sources';

export interface VerifierOptions {
  readonly feeds: readonly Feed[];
  readonly checks: readonly Check[];
  readonly disabled: readonly DisabledSource[];
  readonly clock: Clock;
  readonly ecosystemOf: (id: string) => Ecosystem | undefined;
  readonly onFault: (culprit: { readonly id: string }, error: unknown) => void;
  /** What this machine's own settings keep from everybody. */
  readonly withheld: WithheldNames;
  readonly publicHosts: ReadonlySet<string>;
}

/** One environment as it was read, and how its files are called in the report. */
export interface ReadEnvironment {
  /** What people call it: `.venv`, `web/node_modules`. */
  readonly path: string;
  readonly reading: EnvironmentReading;
  /** The name in the report of a path in the reading. */
  readonly nameOf: (path: string) => string;
  /** The lockfiles of the project that it belongs to, and where its packages stand in them. */
  readonly locks: readonly LockDocument[];
  /** The folder of the project's lockfile as the paths of the reading see it, `''` for the same. */
  readonly project: string;
}

/** A project as it was looked through beside its environments. */
export interface ReadWorkspace {
  readonly path: string;
  readonly reading: WorkspaceReading;
  readonly nameOf: (path: string) => string;
}

export interface Verifier {
  /** Asks the feeds about every installed package by its name. Only an abort rejects. */
  ask(environments: readonly ReadEnvironment[], rules: Rules, signal?: AbortSignal): Promise<void>;
  /** Judges what was read by what is held. */
  report(
    environments: readonly ReadEnvironment[],
    workspaces: readonly ReadWorkspace[],
    incidents: readonly Incident[],
    rules: Rules,
  ): Report;
}

type Subject = Exclude<Subjects[keyof Subjects], Subjects['declaration'] | Subjects['manifest'] | Subjects['locked']>;
/** A subject with the text of its file, as far as positions need it. */
type Placed = readonly [subject: Subject, text: string];

/** Judges installed environments by the same feeds, merging and policy as manifests. */
export function createVerifier(options: VerifierOptions): Verifier {
  const knowledge = createKnowledge(options.feeds);

  return {
    async ask(environments, rules, signal) {
      const all = new Map<string, PackageId>();
      const open = new Map<string, PackageId>();
      const privacy = createPrivacy(rules.privatePackages, undefined, rules.privateBy);
      for (const { reading, locks } of environments) {
        const secret = withheldReleases(reading, locks, privacy, options.withheld, options.publicHosts);
        for (const [key, pkg] of askedReleases(reading)) {
          all.set(key, pkg);
          if (!secret.has(key)) open.set(key, pkg);
        }
      }
      if (all.size === 0) return;
      await Promise.all(
        options.feeds.map(async (feed) => {
          try {
            await feed.advisoriesFor([...(feed.network ? open : all).values()], signal);
          } catch (error) {
            if (!signal?.aborted) options.onFault(feed, error);
          }
        }),
      );
      signal?.throwIfAborted();
    },

    report(environments, workspaces, incidents, rules) {
      const faults = new Map<string, string>();
      const answers = new Map<string, Lookup<unknown>[]>(options.feeds.map(({ id }) => [id, []]));
      const told: { readonly package: PackageId; readonly answer: Lookup<unknown> }[] = [];
      const files = new Map<string, JudgedFile>();
      const now = options.clock.now();
      const coverage: Coverage[] = [];

      const onFault = (check: Check, error: unknown) => {
        if (!faults.has(check.id)) options.onFault(check, error);
        faults.set(check.id, error instanceof Error ? error.message : String(error));
      };
      const judge = ([subject, text]: Placed, ecosystem: string) => {
        const known = files.get(subject.file);
        const versions = options.ecosystemOf(ecosystem)?.versions;
        const bench = known?.bench ?? createBench({ checks: options.checks, rules, versions, now, onFault });
        if (!bench.judge(subject)) return;
        if (!known) files.set(subject.file, { text, ecosystem, bench });
        else if (text.length > known.text.length) known.text = text;
      };

      for (const environment of environments) {
        const { reading, path } = environment;
        const installed = installedSubjects(environment, knowledge, rules, options);
        for (const { advisories, release } of installed) {
          for (const { source, answer } of advisories) {
            answers.get(source)?.push(answer);
            told.push({ package: release.package, answer });
          }
        }
        const placed: Placed[] = [
          ...installed.map((subject): Placed => [subject, subject.release.head]),
          ...fileSubjects(environment),
          ...startupSubjects(environment, incidents),
          ...traceSubjects(reading.traces, environment.nameOf, reading, incidents),
        ];
        for (const one of placed) judge(one, reading.ecosystem);
        coverage.push({
          path,
          ...reading.coverage,
          looked: options.feeds.length ? [...reading.coverage.looked, 'advisories'] : reading.coverage.looked,
          notLooked: notesOf([...reading.coverage.notLooked, ...notAsked(reading, options.feeds)], environment.nameOf),
        });
      }
      for (const { path, reading, nameOf } of workspaces) {
        for (const one of traceSubjects(reading.traces, nameOf, undefined, incidents)) judge(one, '');
        coverage.push({ path, ...reading.coverage, notLooked: notesOf(reading.coverage.notLooked, nameOf) });
      }

      const sources: SourceState[] = [
        ...options.feeds.map((feed) => feedState(feed, answers.get(feed.id) ?? [], options.clock.now())),
        ...options.disabled.map(({ id, reason }): SourceState => ({ id, state: 'disabled', reason })),
        ...[...faults].map(([id, reason]): SourceState => ({ id: `check ${id}`, state: 'unavailable', reason })),
      ];
      const judged = scannedFiles(files);
      const undecided = undecidedIn(judged);
      const withheld = withheldNames(told);
      const complete =
        sources.every(({ state }) => state !== 'unavailable' && state !== 'pending') &&
        coverage.every(({ notLooked }) => notLooked.every(({ fault }) => !fault)) &&
        undecided.length === 0;
      return {
        sources: withOpenAdvisories(sources, undecided),
        files: judged,
        locks: [],
        unread: [],
        coverage,
        withheld: withheld.length,
        withheldNames: withheld,
        complete,
      };
    },
  };
}

function installedSubjects(
  { reading, nameOf, locks, project }: ReadEnvironment,
  knowledge: Knowledge,
  rules: Rules,
  { ecosystemOf, withheld, publicHosts }: VerifierOptions,
): InstalledSubject[] {
  const secret = withheldReleases(reading, locks, createPrivacy(rules.privatePackages, undefined, rules.privateBy), withheld, publicHosts);
  const held = knowledge(askedReleases(reading), secret);
  const { versions } = ecosystemOf(reading.ecosystem)!;
  const expectedOf = expectations(reading, locks, project, nameOf);
  return reading.releases.map((release) => {
    const known = release.source === 'registry' ? held.get(packageKey(release.package)) : undefined;
    const expected: readonly ExpectedRelease[] = expectedOf(release);
    return {
      kind: 'installed',
      file: nameOf(release.file),
      release,
      advisories: known?.advisories ?? [],
      known: known?.known ?? [],
      expected,
      versions,
    };
  });
}

function fileSubjects({ reading, nameOf }: ReadEnvironment): Placed[] {
  const nobody = { ecosystem: reading.ecosystem, name: '' };
  return [
    ...reading.releases.flatMap(({ faults, package: pkg, version }) =>
      faults.map((fault): Placed => [{ kind: 'installed-file', file: nameOf(fault.path), fault, package: pkg, version }, '']),
    ),
    ...reading.unowned.map((fault): Placed => [{ kind: 'installed-file', file: nameOf(fault.path), fault, package: nobody }, '']),
  ];
}

function startupSubjects({ reading, nameOf }: ReadEnvironment, incidents: readonly Incident[]): Placed[] {
  return reading.hooks.map((hook): Placed => {
    const marks = incidentMarks(hook, incidents);
    return [{ kind: 'startup', file: nameOf(hook.path), hook, ...ownerOf(hook.owner, reading), marks }, hook.text];
  });
}

function traceSubjects(
  traces: readonly Trace[],
  nameOf: (path: string) => string,
  reading: EnvironmentReading | undefined,
  incidents: readonly Incident[],
): Placed[] {
  // A start-up hook is judged as one.
  const hooks = new Set(reading?.hooks.map(({ path }) => path));
  return traces
    .filter(({ path }) => !hooks.has(path))
    .map((trace): Placed => [
      { kind: 'trace', file: nameOf(trace.path), trace, ...ownerOf(trace.owner, reading), marks: incidentMarks(trace, incidents) },
      trace.text,
    ]);
}

function ownerOf(owner: string, reading: EnvironmentReading | undefined) {
  const version = reading?.releases.find(({ package: pkg }) => pkg.name === owner)?.version;
  return { package: { ecosystem: reading?.ecosystem ?? '', name: owner }, ...(owner !== '' && version !== undefined && { version }) };
}

/** Releases that were not asked about, since they come from no registry. */
function notAsked({ releases }: EnvironmentReading, feeds: readonly Feed[]): NotLooked[] {
  if (feeds.length === 0) return [{ what: 'advisories', reason: 'every feed is switched off' }];
  return releases
    .filter(({ source }) => source !== 'registry')
    .map(({ package: pkg, version, origin, source }) => ({
      what: `${pkg.name} ${version}: advisories`,
      reason: `it comes from ${origin ?? (source === 'path' ? 'a folder' : source === 'git' ? 'a git repository' : 'an address')}, not from a registry`,
    }));
}

/** Notes in the words of the report. */
function notesOf(notes: readonly NotLooked[], nameOf: (path: string) => string): Coverage['notLooked'] {
  return notes.map(({ path, what, reason, fault }) => ({
    what: [path === undefined ? '' : nameOf(path), what ?? ''].filter((part) => part !== '').join(': '),
    reason,
    ...(fault && { fault }),
  }));
}

const nothing = { declarations: [], problems: [], indexes: [], includes: [] };

/** A file with findings, and the longest of its texts: positions are worked out from it. */
interface JudgedFile {
  text: string;
  readonly ecosystem: string;
  readonly bench: Bench;
}

function scannedFiles(files: ReadonlyMap<string, JudgedFile>): ScannedFile[] {
  return [...files]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([path, { text, ecosystem, bench }]) => ({
      path,
      ecosystem,
      text,
      manifest: nothing,
      companions: [],
      subjects: [],
      ...bench.verdict(),
      wantsRecords: [],
    }));
}
