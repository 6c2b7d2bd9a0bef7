import fs from 'node:fs';
import path from 'node:path';
import { parseNpmLockV2Project, parsePnpmProject, parseYarnLockV1Project, parseYarnLockV2Project } from 'snyk-nodejs-lockfile-parser';
import type { LockfileReader } from '../../server/src/core/lockfile';
import { npm } from '../../server/src/ecosystems/npm';
import { corpusPath, corpusPresent } from '../support/corpus';
import { percentiles, row } from './figures';

// Reading the npm family's lockfiles into a graph, next to snyk-nodejs-lockfile-parser doing the same, round about in one run; then all
// of them next to the least that anybody must do: reading the bytes, and parsing the JSON among them.

const rounds = 12;
const warmUps = 2;

interface LockText {
  readonly file: string;
  readonly text: string;
  readonly manifest: string;
}

type Parse = (manifest: string, text: string) => Promise<unknown>;

const options = { includeDevDeps: true, includeOptionalDeps: true, strictOutOfSync: false, pruneCycles: true, includePeerDeps: false };

const peers: Readonly<Record<string, Parse>> = {
  'package-lock': (manifest, text) => parseNpmLockV2Project(manifest, text, { ...options, honorAliases: true }),
  pnpm: (manifest, text) => parsePnpmProject(manifest, text, { ...options, pruneWithinTopLevelDeps: true }),
  yarn: (manifest, text) =>
    text.includes('__metadata:')
      ? parseYarnLockV2Project(manifest, text, { ...options, pruneWithinTopLevelDeps: true })
      : parseYarnLockV1Project(manifest, text, { ...options, includePeerDeps: false, pruneLevel: 'withinTopLevelDeps' }),
};

function locksOf(reader: LockfileReader): LockText[] {
  const root = corpusPath('manifests');
  return fs
    .readdirSync(root, { recursive: true, encoding: 'utf8' })
    .filter((file) => reader.matches(file.split(path.sep).join('/')))
    .map((file) => {
      const beside = path.join(root, path.dirname(file), 'package.json');
      const manifest = fs.existsSync(beside) ? fs.readFileSync(beside, 'utf8') : '{}';
      return { file: path.join(root, file), text: fs.readFileSync(path.join(root, file), 'utf8'), manifest };
    });
}

/** Those that the peer can read at all. */
async function readable(locks: readonly LockText[], parse: Parse): Promise<LockText[]> {
  const found: LockText[] = [];
  for (const lock of locks) {
    try {
      await parse(lock.manifest, lock.text);
      found.push(lock);
    } catch {
      // Counted by the caller.
    }
  }
  return found;
}

/** Twice, and the second time counts: the first pays for the garbage that the other side left behind. */
async function timed(work: () => unknown): Promise<number> {
  await work();
  const started = performance.now();
  await work();
  return performance.now() - started;
}

const median = (figures: readonly number[]) => figures.toSorted((a, b) => a - b)[figures.length >> 1]!;

async function sideBySide(reader: LockfileReader, parse: Parse): Promise<void> {
  const all = locksOf(reader);
  const locks = await readable(all, parse);
  const ours: number[] = [];
  const theirs: number[] = [];
  for (let round = 0; round < rounds + warmUps; round++) {
    const mine = await timed(() => locks.forEach(({ text }) => reader.read(text)));
    const peer = await timed(async () => {
      for (const { manifest, text } of locks) await parse(manifest, text);
    });
    if (round < warmUps) continue;
    ours.push(mine);
    theirs.push(peer);
  }
  const size = locks.reduce((sum, { text }) => sum + text.length, 0);
  console.log(`${reader.id}: ${locks.length} files of ${all.length} that both read, ${(size / 1048576).toFixed(1)} MiB`);
  row('merlon', percentiles(ours));
  row('snyk', percentiles(theirs));
  row('times as fast', (median(theirs) / median(ours)).toFixed(1));
}

async function againstTheLeast(): Promise<void> {
  const readers = npm.lockfiles.map((reader) => ({ reader, locks: locksOf(reader) }));
  const least: number[] = [];
  const ours: number[] = [];
  const withBytes: number[] = [];
  for (let round = 0; round < rounds + warmUps; round++) {
    const bytes = await timed(() => readers.forEach(({ locks }) => locks.forEach(({ file }) => fs.readFileSync(file, 'utf8'))));
    const json = await timed(() =>
      readers.forEach(({ reader, locks }) => {
        if (reader.id === 'package-lock') locks.forEach(({ text }) => JSON.parse(text) as unknown);
      }),
    );
    const read = await timed(() => readers.forEach(({ reader, locks }) => locks.forEach(({ text }) => reader.read(text))));
    if (round < warmUps) continue;
    least.push(bytes + json);
    ours.push(read);
    withBytes.push(bytes + read);
  }
  const count = readers.reduce((sum, { locks }) => sum + locks.length, 0);
  console.log(`all ${count} npm, pnpm, Yarn and Bun lockfiles against reading the bytes and JSON.parse of package-lock.json`);
  row('bytes and JSON.parse', percentiles(least));
  row('merlon', percentiles(ours));
  row('merlon with the bytes', percentiles(withBytes));
  row('times as long', (median(withBytes) / median(least)).toFixed(1));
}

async function main(): Promise<void> {
  if (!corpusPresent) {
    console.log('npm lockfiles: skipped, no corpus beside this checkout (MERLON_CORPUS names its folder)');
    return;
  }
  for (const reader of npm.lockfiles) {
    const parse = peers[reader.id];
    if (parse) await sideBySide(reader, parse);
  }
  await againstTheLeast();
}

void main();
