import type { Session } from '../session/session';
import type { Workspace } from './workspace';

/** How long after the last keystroke the network is asked: a half-typed name is nobody's business. */
const quietMs = 400;
/** How often an open workspace looks whether an answer has grown stale, or whether a feed that was down can be asked again. */
const patrolMs = 60_000;

export interface Asker {
  /** Asks soon for whatever is not held; an earlier round that is under way is given up. */
  soon(): void;
  /** Asks at once and waits, at the most for so long. */
  now(atMostMs?: number): Promise<void>;
  readonly asking: boolean;
  dispose(): void;
}

/** The second pass: asks feeds and registries for what the first pass did not hold, then has everything assessed again. */
export function createAsker(workspace: Workspace, session: () => Session, onChange: () => void, onError: (error: unknown) => void): Asker {
  let timer: NodeJS.Timeout | undefined;
  let round: { readonly controller: AbortController; readonly done: Promise<void> } | undefined;

  const start = (): Promise<void> => {
    clearTimeout(timer);
    const { engine } = session();
    const all = workspace.all();
    if (!engine.wantsToAsk(all.map(({ file }) => file))) return round?.done ?? Promise.resolve();
    const before = round;
    const controller = new AbortController();
    const documents = all.flatMap(({ folder, path }) => {
      const document = folder.project.document(path);
      return document ? [{ document, rules: workspace.rulesOf(folder) }] : [];
    });
    const done = (async () => {
      try {
        await engine.ask(documents, controller.signal);
      } catch (error) {
        if (!controller.signal.aborted) onError(error);
      }
      if (round?.controller !== controller) return;
      round = undefined;
      workspace.reassess();
      onChange();
    })();
    round = { controller, done };
    // The new round has joined whatever the old one was waiting for, so giving that up loses no answer.
    before?.controller.abort();
    onChange();
    return done;
  };

  const patrol = setInterval(() => {
    if (round) return;
    workspace.reassess();
    void start();
  }, patrolMs);
  patrol.unref();

  return {
    soon() {
      clearTimeout(timer);
      timer = setTimeout(() => void start(), quietMs);
    },
    async now(atMostMs) {
      const done = start();
      if (atMostMs === undefined) return done;
      let limit: NodeJS.Timeout | undefined;
      await Promise.race([done, new Promise<void>((resolve) => (limit = setTimeout(resolve, atMostMs)))]);
      clearTimeout(limit);
    },
    get asking() {
      return round !== undefined;
    },
    dispose() {
      clearTimeout(timer);
      clearInterval(patrol);
      round?.controller.abort();
    },
  };
}
