import fs from 'node:fs';
import type { AgeLimit } from '../core/feed';
import { isIndexFile } from '../platform/indexFolder';
import { stateFolder } from '../platform/stateFolder';
import { readSettings } from '../policy/settings';
import { countedText, holdingsText } from '../render/indexText';
import { printable } from '../render/printable';
import { progressText } from '../render/syncText';
import { ageLimitOf } from '../session/ageLimit';
import { createIndexAccess } from '../session/indexAccess';
import { buildFiles, type BuildFilesOptions } from '../session/sync/buildFiles';
import { directWork } from '../session/sync/work';
import { versionsOf } from '../session/versionsOf';
import type { Invocation } from './arguments';
import { exitCodes } from './exitCodes';
import { createProgress } from './progress';
import { dbSync } from './dbSync';
import { UsageError } from './scanPaths';

/** `merlon db`: makes the offline index, and says what it holds. */
export async function db({ db: order, switches }: Invocation): Promise<number> {
  const now = switches.now ?? new Date();
  if (order?.action === 'build')
    return build(order.from, destination(order.out ?? switches.db ?? stateFolder('index'), order.out !== undefined), now);
  const place = switches.db ?? stateFolder('index');
  const limit = ageLimitOf({ maxAgeMs: switches.maxAgeMs, setting: { ms: readSettings({}).feeds.maxAgeMs }, place });
  if (order?.action === 'sync') return dbSync(order, place, now, limit.ms);
  if (switches.db !== undefined && !fs.existsSync(switches.db)) throw new UsageError(`${switches.db}: no such file or folder`);
  return status(place, order?.action === 'status' && order.verify, now, limit);
}

async function build(from: readonly string[], into: BuildFilesOptions['into'], now: Date): Promise<number> {
  for (const source of from) if (!fs.existsSync(source)) throw new UsageError(`${source}: no such file or folder`);
  const progress = createProgress(process.stderr);
  const outcome = await buildFiles({
    sources: from,
    into,
    now,
    work: directWork,
    onProgress: (step) => progress.show(progressText(step)),
  });
  progress.clear();
  if (outcome.state !== 'built') {
    process.stderr.write(`merlon: ${printable(outcome.message)}: no index was written\n`);
    return exitCodes.incomplete;
  }
  const { file, meta, size, unreadable, faults } = outcome;
  process.stdout.write(`${printable(file)}: ${holdingsText(meta.ecosystems)}, ${megabytes(size)}\n`);
  for (const fault of faults) process.stderr.write(`merlon: ${printable(fault)}\n`);
  if (unreadable)
    process.stderr.write(
      `merlon: ${countedText(unreadable, 'record')} could not be read, and ${unreadable === 1 ? 'is' : 'are'} not in the index\n`,
    );
  return unreadable ? exitCodes.incomplete : exitCodes.clean;
}

/** A folder that is there, or one that is to be made; `isFile`: somebody named a file, whatever its name is like. */
function destination(place: string, isFile: boolean): BuildFilesOptions['into'] {
  return isIndexFile(place) || (isFile && !fs.existsSync(place)) ? { file: place } : { folder: place };
}

function status(place: string, verify: boolean, now: Date, limit: AgeLimit): number {
  const access = createIndexAccess({ place, versionsOf, named: false });
  const current = access.current();
  if (current.state === 'absent') {
    process.stdout.write(`There is no offline index at ${printable(place)}. merlon db sync or merlon db build makes one.\n`);
    return exitCodes.clean;
  }
  if (current.state === 'unreadable') {
    process.stdout.write(`${printable(place)}: ${current.reason}\n`);
    return exitCodes.incomplete;
  }
  const { index, asOf } = current;
  const { meta } = index;
  const lines = [
    `${printable(place)}: ${holdingsText(meta.ecosystems)}, ${megabytes(index.size)}`,
    `as of ${asOf.toISOString()} (${ageOf(asOf, now)}), built ${meta.builtAt}`,
    ...(now.getTime() - asOf.getTime() > limit.ms ? [`It is old, older than ${limit.text}: ${limit.renewal}`] : []),
    ...(meta.unreadable ? [`${countedText(meta.unreadable, 'record')} of its sources could not be read`] : []),
    ...meta.attribution.map((owner) => `from ${printable(owner)}`),
  ];
  const faults = verify ? index.verify() : [];
  if (verify)
    lines.push(
      faults.length ? 'It is damaged:' : 'Every part of it is sound.',
      ...faults.slice(0, 20).map((fault) => `  ${printable(fault)}`),
    );
  process.stdout.write(`${lines.join('\n')}\n`);
  access.close();
  return faults.length ? exitCodes.incomplete : exitCodes.clean;
}

function ageOf(asOf: Date, now: Date): string {
  const hours = Math.max(0, Math.floor((now.getTime() - asOf.getTime()) / 3_600_000));
  if (hours < 48) return `${hours} hour${hours === 1 ? '' : 's'} ago`;
  return `${Math.floor(hours / 24)} days ago`;
}

function megabytes(bytes: number): string {
  return `${(bytes / 1e6).toFixed(1)} MB`;
}
