import fs from 'node:fs';
import { publishIndex, writeWhole } from '../platform/indexFolder';
import { SourceFault } from '../platform/recordFiles';
import { stateFolder } from '../platform/stateFolder';
import { readSettings } from '../policy/settings';
import { printable } from '../render/printable';
import { createIndexAccess } from '../session/indexAccess';
import { buildIndex } from '../session/indexBuild';
import { versionsOf } from '../session/versionsOf';
import type { IndexMeta } from '../offline/format';
import type { DbInvocation, Invocation } from './arguments';
import { exitCodes } from './exitCodes';
import { createProgress } from './progress';
import { dbSync } from './dbSync';
import { UsageError } from './scanPaths';

/** `merlon db`: makes the offline index, and says what it holds. */
export async function db({ db: order, switches }: Invocation): Promise<number> {
  const now = switches.now ?? new Date();
  if (order?.action === 'build') return build(order, order.out ?? switches.db ?? stateFolder('index'), order.out !== undefined, now);
  const place = switches.db ?? stateFolder('index');
  if (order?.action === 'sync') return dbSync(order, place, now);
  if (switches.db !== undefined && !fs.existsSync(switches.db)) throw new UsageError(`${switches.db}: no such file or folder`);
  return status(place, order?.action === 'status' && order.verify, now);
}

async function build({ from }: DbInvocation & { action: 'build' }, place: string, isFile: boolean, now: Date): Promise<number> {
  for (const source of from) if (!fs.existsSync(source)) throw new UsageError(`${source}: no such file or folder`);
  const progress = createProgress(process.stderr);
  try {
    const { index, unreadable, faults } = await buildIndex(from, {
      now,
      onProgress: (records) => progress.show(`building the offline index: ${records.toLocaleString('en-US')} records`),
    });
    progress.show('writing the offline index');
    const there = fs.statSync(place, { throwIfNoEntry: false });
    const intoFolder = there ? there.isDirectory() : !isFile;
    const written = intoFolder ? (await publishIndex(place, index.pieces, new Date(index.meta.asOf))).file : place;
    if (!intoFolder) await writeWhole(place, index.pieces, 0o666);
    progress.clear();
    const size = index.pieces.reduce((sum, piece) => sum + piece.length, 0);
    process.stdout.write(`${printable(written)}: ${described(index.meta)}, ${megabytes(size)}\n`);
    for (const fault of faults) process.stderr.write(`merlon: ${printable(fault)}\n`);
    if (unreadable)
      process.stderr.write(
        `merlon: ${counted(unreadable, 'record')} could not be read, and ${unreadable === 1 ? 'is' : 'are'} not in the index\n`,
      );
    return unreadable ? exitCodes.incomplete : exitCodes.clean;
  } catch (error) {
    progress.clear();
    if (!(error instanceof SourceFault) && (error as NodeJS.ErrnoException).code === undefined) throw error;
    process.stderr.write(`merlon: ${printable((error as Error).message)}: no index was written\n`);
    return exitCodes.incomplete;
  }
}

function status(place: string, verify: boolean, now: Date): number {
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
    `${printable(place)}: ${described(meta)}, ${megabytes(index.size)}`,
    `as of ${asOf.toISOString()} (${ageOf(asOf, now)}), built ${meta.builtAt}`,
    ...(now.getTime() - asOf.getTime() > readSettings({}).feeds.maxAgeMs
      ? ['It is old, older than merlon.feeds.maxAge: merlon db sync renews it']
      : []),
    ...(meta.unreadable ? [`${counted(meta.unreadable, 'record')} of its sources could not be read`] : []),
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

function described({ ecosystems }: IndexMeta): string {
  const parts = Object.entries(ecosystems).map(([id, { names, records, covered }]) =>
    covered ? `${id}: ${counted(records, 'record')} on ${counted(names, 'name')}` : `nothing complete on ${id}`,
  );
  return parts.join(', ');
}

function counted(number: number, what: string): string {
  return `${number.toLocaleString('en-US')} ${what}${number === 1 ? '' : 's'}`;
}

function megabytes(bytes: number): string {
  return `${(bytes / 1e6).toFixed(1)} MB`;
}
