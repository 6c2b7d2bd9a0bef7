import fs from 'node:fs';
import { parse } from 'smol-toml';
import type { LockfileReading } from '../../server/src/core/lockfile';
import { pdm } from '../../server/src/ecosystems/pypi/locks/pdm';
import { poetry } from '../../server/src/ecosystems/pypi/locks/poetry';
import { uv } from '../../server/src/ecosystems/pypi/locks/uv';
import { parseToml } from '../../server/src/syntax/toml';
import { corpusJson, corpusPath, corpusPresent } from '../support/corpus';
import { row } from './figures';

// Python's TOML lockfiles: our readers (values, edges, roots, times) against smol-toml alone, which gives plain values. All
// read the same texts in turns, in one process; the figure is the median of the rounds. The bar is 1.5 times.

const rounds = 15;
const readers: Readonly<Record<string, LockfileReading>> = { 'uv-lock': uv, 'poetry-lock': poetry, 'pdm-lock': pdm };

interface LockText {
  readonly kind: string;
  readonly text: string;
}

function median(figures: readonly number[]): number {
  return [...figures].sort((a, b) => a - b)[figures.length >> 1]!;
}

function isToml(text: string): boolean {
  try {
    parse(text);
    return true;
  } catch {
    return false;
  }
}

function compare(title: string, locks: readonly LockText[]): void {
  const ways: Readonly<Record<string, (lock: LockText) => unknown>> = {
    'smol-toml': ({ text }) => parse(text),
    ours: ({ kind, text }) => readers[kind]!.read(text),
    'syntax/toml': ({ text }) => parseToml(text),
  };
  const times = new Map(Object.keys(ways).map((way) => [way, [] as number[]]));
  for (let round = -2; round < rounds; round++) {
    for (const [way, read] of Object.entries(ways)) {
      const start = performance.now();
      for (const lock of locks) read(lock);
      if (round >= 0) times.get(way)!.push(performance.now() - start);
    }
  }
  const alone = median(times.get('smol-toml')!);
  const size = (locks.reduce((sum, { text }) => sum + text.length, 0) / 2 ** 20).toFixed(1);
  const figures = [...times].map(([way, all]) => `${way} ${median(all).toFixed(1)} ms (${(median(all) / alone).toFixed(2)})`);
  row(title, `${locks.length} files, ${size} MiB: ${figures.join('  ')}`);
}

if (corpusPresent) {
  const { files } = corpusJson<{ files: Record<string, { readonly kind: string }> }>('manifests/oracle.json');
  const locks = Object.entries(files)
    .filter(([, { kind }]) => kind in readers)
    .map(([path, { kind }]) => ({ kind, text: fs.readFileSync(corpusPath(`manifests/${path}`), 'utf8') }))
    .filter(({ text }) => isToml(text));
  console.log('Python lockfiles, in parentheses times smol-toml alone');
  for (const kind of Object.keys(readers))
    compare(
      kind,
      locks.filter((lock) => lock.kind === kind),
    );
  compare('all TOML lockfiles', locks);
  const largest = locks.reduce((a, b) => (b.text.length > a.text.length ? b : a));
  compare('the largest', [largest]);
  const reader = readers[largest.kind]!;
  const { packages } = reader.read(largest.text);
  const start = performance.now();
  for (const entry of packages) reader.locate(largest.text, entry);
  row('locate in the largest', `${((performance.now() - start) / packages.length).toFixed(2)} ms an entry, ${packages.length} entries`);
} else console.log('Python lockfiles: skipped, no corpus beside this checkout');
