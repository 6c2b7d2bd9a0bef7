import type { Lookup } from '../core/lookup';
import type { ScannedFile } from '../core/report';
import type { Session } from '../session/session';
import type { Workspace } from './workspace';

/** How long after the last keystroke the network is asked: a half-typed name is nobody's business. */
const quietMs = 400;
/** How often an open workspace looks whether an answer has grown old. */
const patrolMs = 60_000;
/** What could not be asked is asked again after this long, then after twice as long, and so on up to the longest. */
const firstRetryMs = 6000;
const longestRetryMs = 60_000;

export interface Asker {
  /** Texts have changed: asks soon for what was never asked. What could not be asked waits for its next try. */
  soon(): void;
  /** The way to the network has changed: asks at once, also for what could not be asked. */
  again(): void;
  /** Asks at once for whatever is not known, and waits, at the most for so long. */
  now(atMostMs: number): Promise<void>;
  /** Waits for what is being asked or will be soon, at the most for so long; asks nothing by itself. */
  answered(atMostMs: number): Promise<void>;
  readonly asking: boolean;
  dispose(): void;
}

interface Round {
  readonly session: Session;
  readonly controller: AbortController;
  readonly done: Promise<void>;
}

/** The second pass: asks feeds and registries for what the first pass did not hold, then has everything assessed again. */
export function createAsker(workspace: Workspace, session: () => Session, onChange: () => void, onError: (error: unknown) => void): Asker {
  let quiet: NodeJS.Timeout | undefined;
  let retry: NodeJS.Timeout | undefined;
  let retryMs = firstRetryMs;
  let disposed = false;
  let round: Round | undefined;
  /** Rounds that a newer one has overtaken. */
  const overtaken = new Set<Round>();
  const waiting = new Set<() => void>();

  /** Whether an answer about the workspace, its lockfiles included, is in one of these states. */
  const some = (...states: Unanswered[]) => {
    const files = workspace.all().map(({ file }) => file);
    const locked = new Set([...files, ...workspace.locks()].map((one) => one.locked ?? []));
    return files.some((file) => asks(file, states)) || [...locked].some((answers) => answers.some(({ answer }) => is(answer, states)));
  };

  const start = (): Promise<void> => {
    clearTimeout(quiet);
    clearTimeout(retry);
    quiet = undefined;
    if (disposed) return Promise.resolve();
    const current = session();
    const questions = workspace.questions();
    const controller = new AbortController();
    if (round) overtaken.add(round);
    // The newer round waits for the same questions; what is not among them any more is given up when it has its answers.
    for (const old of overtaken) if (old.session !== current) old.controller.abort();
    const asked = (async () => {
      try {
        await current.engine.ask(questions, controller.signal, () => {
          if (round === own) workspace.reassess().catch(onError);
        });
      } catch (error) {
        if (!controller.signal.aborted) onError(error);
      }
    })();
    const own: Round = { session: current, controller, done: asked.then(() => finish(own)) };
    round = own;
    onChange();
    return own.done;
  };

  const finish = async (own: Round): Promise<void> => {
    overtaken.delete(own);
    if (round !== own || disposed) return;
    round = undefined;
    for (const old of overtaken) old.controller.abort();
    overtaken.clear();
    try {
      await workspace.reassess();
      // Who asked again meanwhile has a newer round.
      if (round || disposed) return;
      if (some('pending', 'unavailable')) {
        retry = setTimeout(() => {
          retryMs = Math.min(retryMs * 2, longestRetryMs);
          void start();
        }, retryMs);
      } else retryMs = firstRetryMs;
    } catch (error) {
      onError(error);
    }
    for (const told of [...waiting]) told();
    onChange();
  };

  const patrol = setInterval(() => {
    if (round) return;
    workspace
      .reassess()
      .then(() => (!round && some('pending') ? start() : undefined))
      .catch(onError);
  }, patrolMs);
  patrol.unref();

  const atMost = async (done: Promise<void>, milliseconds: number) => {
    let limit: NodeJS.Timeout | undefined;
    await Promise.race([done, new Promise<void>((resolve) => (limit = setTimeout(resolve, milliseconds)))]);
    clearTimeout(limit);
  };

  return {
    soon() {
      clearTimeout(quiet);
      if (disposed) return;
      quiet = setTimeout(() => {
        quiet = undefined;
        if (some('pending')) void start();
        else if (!round) for (const told of [...waiting]) told();
      }, quietMs);
    },
    again() {
      retryMs = firstRetryMs;
      if (some('pending', 'unavailable')) void start();
    },
    async now(atMostMs) {
      retryMs = firstRetryMs;
      const done = some('pending', 'unavailable') ? start() : round?.done;
      if (done) await atMost(done, atMostMs);
    },
    async answered(atMostMs) {
      if (!round && quiet === undefined) return;
      let told: () => void;
      await atMost(new Promise<void>((resolve) => waiting.add((told = resolve))), atMostMs);
      waiting.delete(told!);
    },
    get asking() {
      return round !== undefined;
    },
    dispose() {
      disposed = true;
      clearTimeout(quiet);
      clearTimeout(retry);
      clearInterval(patrol);
      round?.controller.abort();
      for (const old of overtaken) old.controller.abort();
    },
  };
}

/** `pending`: never asked, or the answer has grown old. `unavailable`: asked in vain. */
type Unanswered = 'pending' | 'unavailable';

function asks(file: ScannedFile, states: readonly Unanswered[]): boolean {
  return (
    file.subjects.some((subject) => subject.advisories.some(({ answer }) => is(answer, states))) ||
    file.wantsRecords.some(({ answer }) => is(answer, states))
  );
}

function is({ state }: Lookup<unknown>, states: readonly Unanswered[]): boolean {
  return (states as readonly string[]).includes(state);
}
