import fs from 'node:fs';
import { ecosystems } from '../ecosystems';
import { isIndexFile } from '../platform/indexFolder';
import { createHttp } from '../platform/http';
import { createLedger } from '../platform/ledger';
import { userAddress } from '../platform/userIndexes';
import { readSettings } from '../policy/settings';
import { printable } from '../render/printable';
import { agoText } from '../render/ages';
import { countedText } from '../render/indexText';
import { progressText } from '../render/syncText';
import { syncIndex } from '../session/sync/syncIndex';
import { directWork } from '../session/sync/work';
import type { DbInvocation } from './arguments';
import { exitCodes } from './exitCodes';
import { createProgress } from './progress';
import { UsageError } from './scanPaths';

/** `merlon db sync`: brings the index of a folder up to OSV's dump, or a mirror of it. */
export async function dbSync({ dumpUrl }: DbInvocation & { action: 'sync' }, folder: string, now: Date, maxAgeMs: number): Promise<number> {
  if (isIndexFile(folder)) throw new UsageError(`${folder}: db sync keeps its index in a folder: name one, or make a file with db build`);
  const there = fs.existsSync(folder);
  const settings = readSettings({});
  const url = dumpUrl ?? settings.feeds.dumpUrl;
  const dump = userAddress(url) ?? { shown: url, url };
  const http = createHttp({
    ledger: createLedger(),
    settings: { noProxy: [], strictSsl: true, timeoutMs: settings.http.timeoutMs },
  });
  const progress = createProgress(process.stderr);
  const outcome = await syncIndex({
    http,
    dump,
    folder,
    ecosystems: ecosystems.map(({ id }) => id),
    now,
    work: directWork,
    onProgress: (one) => progress.show(progressText(one)),
  });
  progress.clear();
  if (outcome.state !== 'synced') {
    const inUse = there && outcome.state === 'failed' ? '; the index is as it was' : '';
    process.stderr.write(`merlon: ${printable(outcome.message)}${inUse}\n`);
    return exitCodes.incomplete;
  }
  for (const note of outcome.notes) process.stderr.write(`merlon: ${printable(note)}\n`);
  const told = {
    full: `built from the dumps of ${printable(dump.shown)}${outcome.why === undefined ? '' : ` (${printable(outcome.why)})`}`,
    changes: `${countedText(outcome.changed, 'changed record')} taken, ${outcome.removed} removed`,
    nothing: 'nothing has changed',
  }[outcome.how];
  const age = `as of ${outcome.asOf.toISOString()}`;
  process.stdout.write(`${printable(folder)}: ${told}; ${age}\n`);
  if (now.getTime() - outcome.asOf.getTime() > maxAgeMs)
    process.stderr.write(`merlon: the dump itself was last changed ${agoText(outcome.asOf, now)}\n`);
  return exitCodes.clean;
}
