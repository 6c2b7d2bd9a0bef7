import type { CancellationToken, Connection } from 'vscode-languageserver';
import type { Ledger } from '../platform/ledger';
import type { WorkerClient } from '../platform/worker';
import type { Report } from '../core/report';
import { ledgerCsv, ledgerJson, ledgerMarkdown } from '../render/ledgerText';
import type { Session } from '../session/session';
import { buildIndex } from './features/buildIndex';
import type { IndexWorkParts } from './features/indexWork';
import { syncIndex } from './features/syncIndex';
import {
  BUILD_INDEX,
  CLEAR_CACHE,
  EXPORT_LEDGER,
  LEDGER,
  SYNC_INDEX,
  type BuildIndexParams,
  type ExportLedgerParams,
  type SyncIndexParams,
} from './messages';

export interface OfflineParts {
  readonly connection: Connection;
  readonly ledger: Ledger;
  readonly session: () => Session | undefined;
  readonly report: () => Report;
  readonly mode: () => 'online' | 'local' | 'off';
  /** Forgets what is in memory, and judges and asks anew. */
  readonly renew: () => Promise<void>;
  readonly startWorker: () => WorkerClient;
  readonly answer: <T>(work: () => T | Promise<T>) => Promise<T>;
  readonly onError: (error: unknown) => void;
}

/** How often it is looked whether another window, or the command line, has synced the index: two glances at the disk. */
const lookMs = 3000;

/** What is kept on this machine, and what leaves it: the offline index, the cache, and the ledger. Ends when it is disposed of. */
export function registerOffline(parts: OfflineParts): { dispose(): void } {
  const { connection, ledger, session, report, mode, renew, answer, onError } = parts;
  const ended = new AbortController();
  let renewing = false;

  const look = async (): Promise<void> => {
    if (renewing || !session()?.index.isReplaced()) return;
    renewing = true;
    try {
      await renew();
    } finally {
      renewing = false;
    }
  };
  const watch = setInterval(() => void look().catch(onError), lookMs);
  watch.unref();

  connection.onRequest(LEDGER, () => answer(() => ledgerMarkdown(ledger.state(), report().withheldNames ?? [], mode())));
  connection.onRequest(EXPORT_LEDGER, (params: ExportLedgerParams | null) =>
    answer(() => (params?.format === 'csv' ? ledgerCsv(ledger.state()) : ledgerJson(ledger.state(), report().withheldNames ?? [], mode()))),
  );
  const newIndex = <T>(make: (parts: IndexWorkParts) => Promise<T>): Promise<T> =>
    answer(async () => {
      const result = await make({ ...parts, session: session()!, ended: ended.signal });
      await look();
      return result;
    });
  connection.onRequest(SYNC_INDEX, (params: SyncIndexParams | null, token: CancellationToken) =>
    newIndex((own) => syncIndex(params ?? {}, token, own)),
  );
  connection.onRequest(BUILD_INDEX, (params: BuildIndexParams, token: CancellationToken) =>
    newIndex((own) => buildIndex(params, token, own)),
  );
  connection.onRequest(CLEAR_CACHE, () =>
    answer(async () => {
      await session()!.clearCache();
      await renew();
      return null;
    }),
  );
  return {
    dispose() {
      clearInterval(watch);
      ended.abort();
    },
  };
}
