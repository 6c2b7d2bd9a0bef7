import { LSPErrorCodes, ResponseError, type CancellationToken, type Connection } from 'vscode-languageserver';
import type { WorkerClient } from '../../platform/worker';
import { agoText } from '../../render/ages';
import { progressText } from '../../render/syncText';
import type { Session } from '../../session/session';
import type { SyncOptions, SyncProgress } from '../../session/sync/syncIndex';
import { workerWork } from '../../session/sync/workerWork';

export interface IndexWorkParts {
  readonly connection: Pick<Connection, 'window'>;
  readonly session: Session;
  readonly mode: () => 'online' | 'local' | 'off';
  readonly startWorker: () => WorkerClient;
  /** The server ends. */
  readonly ended: AbortSignal;
}

/** A client draws so often at most. */
const progressMs = 100;

/** Has a new index made in a thread of its own, with a bar that says how far it is, and ends it when it is cancelled. */
export async function withIndexWork<T>(
  { workDoneToken, begin }: { readonly workDoneToken: string | number | undefined; readonly begin: string },
  token: CancellationToken,
  { connection, startWorker, ended }: IndexWorkParts,
  run: (how: Pick<SyncOptions, 'work' | 'onProgress' | 'signal'>) => Promise<T>,
): Promise<T> {
  const controller = new AbortController();
  if (token.isCancellationRequested) controller.abort();
  const listening = token.onCancellationRequested(() => controller.abort());
  const bar = workDoneToken === undefined ? undefined : connection.window.attachWorkDoneProgress(workDoneToken);
  let told = 0;
  const onProgress = (step: SyncProgress) => {
    const now = performance.now();
    if (now - told < progressMs && step.done !== undefined && step.done !== step.all) return;
    told = now;
    const message = progressText(step);
    if (step.done !== undefined && step.all) bar?.report(Math.min(100, Math.floor((100 * step.done) / step.all)), message);
    else bar?.report(message);
  };
  bar?.begin('Merlon', 0, begin, true);
  const signal = AbortSignal.any([controller.signal, ended]);
  try {
    return await run({ work: workerWork(startWorker), onProgress, signal });
  } catch (error) {
    if (signal.aborted) throw new ResponseError(LSPErrorCodes.RequestCancelled, 'the request was cancelled');
    throw error;
  } finally {
    listening.dispose();
    bar?.done();
  }
}

/** ` The index is as it was.`, where there is one. */
export function asItWas({ session }: Pick<IndexWorkParts, 'session'>, { state }: { readonly state: 'failed' | 'busy' }): string {
  return session.index.state().asOf && state === 'failed' ? ' The index is as it was.' : '';
}

/** `as of 2026-09-01 10:00 UTC, 2 hours ago` */
export function indexAge(asOf: Date, { clock }: Session): string {
  return `as of ${asOf.toISOString().slice(0, 16).replace('T', ' ')} UTC, ${agoText(asOf, clock.now())}`;
}
