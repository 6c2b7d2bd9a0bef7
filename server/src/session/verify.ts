import type { EnvironmentReading, NotLooked, WorkspaceReading } from '../core/environment';
import type { Incident } from '../core/incident';
import type { Report } from '../core/report';
import { ecosystemOf } from '../ecosystems';
import { nameFrom, nearestFiles, workersPerEnvironment, type FoundEnvironment, type FoundPlace } from '../platform/environments';
import type { WorkerClient } from '../platform/worker';
import { bundledIncidents } from '../policy/incidents';
import type { Rules } from '../scan/engine';
import type { LockDocument } from '../scan/lockDocument';
import type { LockReading } from '../scan/lockStore';
import type { ReadEnvironment, ReadWorkspace } from '../scan/verify';
import type { EnvironmentJob, LockJob, TracesJob, VerifyProgress } from './jobs';
import type { Session } from './session';

export interface VerifyOptions {
  /** Absolute: paths in the report are relative to it. */
  readonly base: string;
  readonly rules: Rules;
  /** A new worker; each is disposed of when its work is done. */
  readonly startWorker: () => Pick<WorkerClient, 'run' | 'dispose'>;
  /** Told of files that were verified, of one environment after the other. */
  readonly onProgress?: (environment: string, files: number) => void;
  /** Told when the reading is done and feeds are asked. */
  readonly onAsking?: () => void;
  /** Ends the workers; the promise rejects with the signal's reason. */
  readonly signal?: AbortSignal;
  readonly incidents?: readonly Incident[];
  readonly workers?: number;
}

/**
 * Verifies installed environments: reads them in workers, asks the feeds by name, and judges. This is what `merlon verify`
 * prints and what an editor shows; it never says that something is clean, but what was looked at and what was not.
 */
export async function verifyInstalled(
  session: Pick<Session, 'verifier'>,
  places: readonly FoundPlace[],
  options: VerifyOptions,
): Promise<Report> {
  const { rules, signal, base, incidents = bundledIncidents() } = options;
  const environments: ReadEnvironment[] = [];
  const workspaces: ReadWorkspace[] = [];
  const seen = new Set<string>();
  for (const place of places) {
    const { project } = place;
    for (const environment of place.environments) {
      if (seen.has(environment.path)) continue;
      seen.add(environment.path);
      environments.push(await readOne(environment, incidents, options));
    }
    if (project === undefined || seen.has(project)) continue;
    seen.add(project);
    workspaces.push(await readProject(place, project));
  }
  signal?.throwIfAborted();
  options.onAsking?.();
  await session.verifier.ask(environments, rules, signal);
  return session.verifier.report(environments, workspaces, incidents, rules);

  async function readProject({ links, unlisted, cut }: FoundPlace, project: string): Promise<ReadWorkspace> {
    const path = nameFrom(base, project);
    options.onProgress?.(path, 0);
    const nameOf = namer(path);
    const notes: NotLooked[] = links.map((link) => ({
      what: nameFrom(base, link),
      reason: 'a link to an environment: it is followed where it is named',
    }));
    for (const one of unlisted) notes.push({ what: nameFrom(base, one.path), reason: one.reason, fault: true });
    if (cut) notes.push({ what: 'environments that lie deep in the project', reason: 'there are too many folders to search', fault: true });
    try {
      const reading = await inWorker<WorkspaceReading>(options, 'readTraces', { root: project, incidents } satisfies TracesJob);
      const { coverage } = reading;
      return { path, nameOf, reading: { ...reading, coverage: { ...coverage, notLooked: [...coverage.notLooked, ...notes] } } };
    } catch (error) {
      signal?.throwIfAborted();
      return { path, nameOf, reading: { traces: [], coverage: { looked: [], notLooked: [...notes, failed('the project', error)] } } };
    }
  }
}

async function readOne(environment: FoundEnvironment, incidents: readonly Incident[], options: VerifyOptions): Promise<ReadEnvironment> {
  const { base, onProgress, signal } = options;
  const { ecosystem, root, folder, projects } = environment;
  const path = nameFrom(base, environment.path);
  const nameOf = namer(nameFrom(base, root));
  const shares = ecosystem === 'PyPI' ? (options.workers ?? workersPerEnvironment()) : 1;
  const files = Array.from({ length: shares }, () => 0);
  const locks = readLocks(projects, ecosystem, options);
  onProgress?.(path, 0);
  const readings = await Promise.all(
    files.map(async (_, share): Promise<EnvironmentReading> => {
      const job: EnvironmentJob = { root, ecosystem, question: { folder, share, shares, incidents } };
      try {
        return await inWorker<EnvironmentReading>(options, 'readEnvironment', job, (progress) => {
          files[share] = (progress as VerifyProgress).files;
          onProgress?.(
            path,
            files.reduce((sum, count) => sum + count, 0),
          );
        });
      } catch (error) {
        signal?.throwIfAborted();
        const notLooked = [failed(shares > 1 ? 'a part of the environment' : 'the environment', error)];
        return { ecosystem, releases: [], unowned: [], hooks: [], traces: [], coverage: { looked: [], notLooked } };
      }
    }),
  );
  const { found, faults, folder: lockFolder } = await locks;
  return {
    path,
    nameOf,
    reading: merged(readings, found, faults),
    locks: found,
    project: lockFolder === undefined ? '' : within(root, lockFolder),
  };
}

function merged(readings: readonly EnvironmentReading[], locks: readonly LockDocument[], faults: readonly NotLooked[]): EnvironmentReading {
  const all = <T>(part: (reading: EnvironmentReading) => readonly T[]): T[] => readings.flatMap(part);
  const [first] = readings as [EnvironmentReading];
  const sum = (part: (reading: EnvironmentReading) => number | undefined) =>
    readings.reduce((total, reading) => total + (part(reading) ?? 0), 0);
  const looked = readings.find(({ coverage }) => coverage.looked.length)?.coverage.looked ?? [];
  return {
    ...first,
    releases: all(({ releases }) => releases).sort((a, b) => (a.file < b.file ? -1 : 1)),
    unowned: all(({ unowned }) => unowned),
    hooks: all(({ hooks }) => hooks),
    traces: all(({ traces }) => traces),
    coverage: {
      looked: [...looked, ...locks.slice(0, 1).map(({ path }) => path)],
      notLooked: [...all(({ coverage }) => coverage.notLooked), ...faults],
      packages: sum(({ coverage }) => coverage.packages),
      files: sum(({ coverage }) => coverage.files),
    },
  };
}

interface Locks {
  readonly found: readonly LockDocument[];
  readonly folder?: string;
  readonly faults: readonly NotLooked[];
}

/** The lockfiles of the nearest folder that has any, in the order of the ecosystem's list. */
async function readLocks(projects: readonly string[], ecosystemId: string, options: VerifyOptions): Promise<Locks> {
  const ecosystem = ecosystemOf(ecosystemId)!;
  const near = nearestFiles(projects, (name) => ecosystem.lockfiles.some((reader) => reader.matches(name)));
  const none = { what: 'a lockfile', reason: 'there is none beside the environment: what is installed was compared with none' };
  if (!near) return { found: [], faults: [none] };
  const found: LockDocument[] = [];
  const faults: NotLooked[] = [];
  for (const reader of ecosystem.lockfiles) {
    for (const name of near.names.filter((candidate) => reader.matches(candidate))) {
      const path = nameFrom(options.base, `${near.folder}/${name}`);
      const job: LockJob = { root: near.folder, name, ecosystem: ecosystem.id, reader: reader.id };
      try {
        const reading = await inWorker<LockReading>(options, 'readLock', job);
        if (reading === undefined) continue;
        const problem = 'fault' in reading ? reading.fault : reading.lock.problems.find(({ kind }) => kind === 'unreadable')?.message;
        if (problem !== undefined) faults.push({ what: path, reason: problem, fault: true });
        else if (!('fault' in reading)) found.push({ path, ecosystem, reader, text: reading.text, lock: reading.lock });
      } catch (error) {
        options.signal?.throwIfAborted();
        faults.push({ ...failed(path, error) });
      }
    }
  }
  return { found, faults, folder: near.folder };
}

/** A worker of its own for one job, ended with it or by the signal. */
async function inWorker<T>(
  { startWorker, signal }: VerifyOptions,
  job: string,
  input: unknown,
  onProgress?: (progress: unknown) => void,
): Promise<T> {
  signal?.throwIfAborted();
  const worker = startWorker();
  const abort = () => worker.dispose();
  signal?.addEventListener('abort', abort, { once: true });
  try {
    return await worker.run<T>(job, input, onProgress);
  } finally {
    signal?.removeEventListener('abort', abort);
    worker.dispose();
  }
}

function failed(what: string, error: unknown) {
  return { what, reason: error instanceof Error ? error.message : String(error), fault: true as const };
}

/** The name in the report of a path below a folder. */
function namer(folder: string): (path: string) => string {
  return (path) => (path === '' ? folder : folder === '.' ? path : `${folder}/${path}`);
}

/** A folder as paths below the root see it; both absolute. */
function within(root: string, folder: string): string {
  const name = nameFrom(root, folder);
  return name === '.' ? '' : name;
}
