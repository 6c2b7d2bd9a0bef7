import { LSPErrorCodes, ResponseError, type CancellationToken, type Connection } from 'vscode-languageserver';
import type { WorkerClient } from '../../platform/worker';
import { agoText } from '../../render/ages';
import { printable } from '../../render/printable';
import { progressText } from '../../render/syncText';
import type { Session } from '../../session/session';
import type { SyncProgress } from '../../session/sync/syncIndex';
import { workerWork } from '../../session/sync/workerWork';
import type { SyncIndexParams, SyncIndexResult } from '../messages';

export interface SyncIndexParts {
  readonly connection: Pick<Connection, 'window'>;
  readonly session: Session;
  readonly mode: () => 'online' | 'local' | 'off';
  readonly startWorker: () => WorkerClient;
  /** The server ends. */
  readonly ended: AbortSignal;
}

/** A client draws so often at most. */
const progressMs = 100;

/** Brings the offline index up to the dump, as `merlon db sync` does. What takes long is done in a thread of its own. */
export async function syncIndex(
  { workDoneToken }: SyncIndexParams,
  token: CancellationToken,
  { connection, session, mode, startWorker, ended }: SyncIndexParts,
): Promise<SyncIndexResult> {
  const controller = new AbortController();
  if (token.isCancellationRequested) controller.abort();
  const listening = token.onCancellationRequested(() => controller.abort());
  const bar = workDoneToken === undefined ? undefined : connection.window.attachWorkDoneProgress(workDoneToken);
  let told = 0;
  const tell = (step: SyncProgress) => {
    const now = performance.now();
    if (now - told < progressMs && step.done !== undefined && step.done !== step.all) return;
    told = now;
    const message = progressText(step);
    if (step.done !== undefined && step.all) bar?.report(Math.min(100, Math.floor((100 * step.done) / step.all)), message);
    else bar?.report(message);
  };
  bar?.begin('Merlon', 0, `asking ${new URL(session.index.dump).host}`, true);
  const signal = AbortSignal.any([controller.signal, ended]);
  try {
    const outcome = await session.index.sync({ work: workerWork(startWorker), onProgress: tell, signal });
    if (outcome.state !== 'synced') {
      const old = session.index.state().asOf && outcome.state === 'failed' ? ' The index is as it was.' : '';
      return { ok: false, text: `The offline index was not synced: ${printable(outcome.message)}.${old}` };
    }
    const { how, asOf, changed, removed, notes } = outcome;
    const what = {
      full: 'was built from whole dumps',
      changes: `took ${changed} changed records, and ${removed} left it`,
      nothing: 'is up to date: nothing has changed',
    }[how];
    const only = mode() === 'local' ? ' Nothing else is sent: the mode is local.' : mode() === 'off' ? ' Advisories are switched off.' : '';
    const more = notes.slice(0, 3).map((note) => ` ${printable(note)}.`);
    const age = `as of ${asOf.toISOString().slice(0, 16).replace('T', ' ')} UTC, ${agoText(asOf, session.clock.now())}`;
    return { ok: true, text: `The offline index ${what} (${age}).${more.join('')}${only}`, asOf: asOf.toISOString() };
  } catch (error) {
    if (signal.aborted) throw new ResponseError(LSPErrorCodes.RequestCancelled, 'the request was cancelled');
    throw error;
  } finally {
    listening.dispose();
    bar?.done();
  }
}
