import { spawn, spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { ecosystems } from '../../server/src/ecosystems';
import { locateIndex, publishIndex } from '../../server/src/platform/indexFolder';
import { applyChanges, buildIndex } from '../../server/src/session/indexBuild';
import { builtPrograms } from '../support/built';
import { corpusPresent, corpusRecords } from '../support/corpus';
import { percentiles, row } from './figures';
import { layOutDump, measureThread, serveFolder, startServing, type ThreadFigures, type ThreadOrder } from './indexThread';
import { measure, type Measured, type Question, type Way } from './indexWays';
import { dumpRecords, fullScale, writeDump, type DumpRecord } from './osvDump';

// The offline index on a dump of 253,800 records: building, opening, looking up, changing, and a whole check. Beside it, on the
// real records of the corpus, @renovatebot/osv-offline-db and a Map filled from JSON. Whatever is opened and asked is so in a
// process of its own, so that nobody's memory or warmth is another's; a question is a name looked up and one release judged.

const opens = 7;
const bars = {
  openMs: 10,
  openMiB: 20,
  mixedMs: 5,
  pypiMs: 20,
  share: 10,
  buildS: 60,
  buildMB: 500,
  changeS: 2,
  checkMs: 100,
  standsMs: 50,
};

async function main(): Promise<void> {
  if (process.argv[2] === 'measure') return measure(JSON.parse(process.argv[3]!) as Way);
  if (process.argv[2] === 'thread') return measureThread(JSON.parse(process.argv[3]!) as ThreadOrder);
  if (process.argv[2] === 'serve') return serveFolder(process.argv[3]!);
  const { cli, worker } = await builtPrograms();
  const scratch = fs.mkdtempSync(path.join(os.tmpdir(), 'merlon-bench-'));
  const within = (name: string) => path.join(scratch, name);
  try {
    console.log('the offline index, of a dump with the shape of OSV’s');
    const names = writeDumps(within);
    const index = within('osv.merlondb');
    build(cli, [within('npm.zip'), within('PyPI.zip')], index, names.bytes);
    const mixed = questions(names.npm, names.pypi, 1000, 0.3);
    const pypi = questions([], names.pypi, 1000, 1);
    showOpened(ask({ kind: 'merlon', place: index, rounds: [] }, opens));
    showAnswers('1,000 names, 300 with records', ask({ kind: 'merlon', place: index, rounds: mixed }, 3), bars.mixedMs);
    showAnswers('1,000 PyPI names with records', ask({ kind: 'merlon', place: index, rounds: pypi }, 3), bars.pypiMs);
    await change(within('folder'), index);
    await thread(worker, scratch, names.rows);
    wholeProcess(cli, index, within('project'), mixed[0]!);
    await besidePeers(within);
  } finally {
    fs.rmSync(scratch, { recursive: true, force: true });
  }
}

interface Named {
  readonly name: string;
  readonly affected: string;
}

interface Dumped {
  readonly npm: Named[];
  readonly pypi: Named[];
  readonly bytes: number;
  /** Of the lists of changes. */
  readonly rows: { readonly npm: string[]; readonly PyPI: string[] };
}

function writeDumps(within: (name: string) => string): Dumped {
  const named = { npm: new Map<string, Named>(), PyPI: new Map<string, Named>() };
  const rows = { npm: [] as string[], PyPI: [] as string[] };
  function* only(ecosystem: DumpRecord['ecosystem']): Generator<DumpRecord> {
    for (const record of dumpRecords(fullScale)) {
      if (record.ecosystem !== ecosystem) continue;
      if (!named[ecosystem].has(record.name)) named[ecosystem].set(record.name, record);
      rows[ecosystem].push(`${/"modified":"([^"]+)"/.exec(record.json)![1]},${record.id}`);
      yield record;
    }
  }
  const npm = writeDump(within('npm.zip'), only('npm'));
  const pypi = writeDump(within('PyPI.zip'), only('PyPI'));
  const bytes = npm.bytes + pypi.bytes;
  row('the dump', `${npm.records + pypi.records} records, ${mebibytes(bytes)} of JSON, ${named.npm.size + named.PyPI.size} names`);
  return { npm: [...named.npm.values()], pypi: [...named.PyPI.values()], bytes, rows };
}

/** In a process of its own, through the command line, so that the peak of its memory is its own. */
function build(cli: string, from: readonly string[], out: string, bytes: number): void {
  const watcher = `${out}.watch.cjs`;
  fs.writeFileSync(watcher, `process.on('exit', () => process.stderr.write('peak ' + process.resourceUsage().maxRSS + '\\n'));`);
  const started = performance.now();
  const run = spawnSync(process.execPath, ['--require', watcher, cli, 'db', 'build', ...from, '--out', out], { encoding: 'utf8' });
  const seconds = (performance.now() - started) / 1000;
  if (run.status !== 0) throw new Error(run.stderr);
  const peak = Number(/peak (\d+)/.exec(run.stderr)![1]) / 1000;
  row('built', `${seconds.toFixed(1)} s (bar ${bars.buildS}), ${peak.toFixed(0)} MB at the most (bar ${bars.buildMB})`);
  const { size } = fs.statSync(out);
  row('size', `${mebibytes(size)}, ${((100 * size) / bytes).toFixed(1)} % of the JSON (bar ${bars.share})`);
}

/**
 * Several rounds, each of other names with records as far as there are enough, so that no round finds its versions read by the
 * round before.
 */
function questions(npm: readonly Named[], pypi: readonly Named[], count: number, share: number): Question[][] {
  const pick = (list: readonly Named[], ecosystem: string, wanted: number, round: number): Question[] =>
    Array.from({ length: wanted }, (_, i) => {
      const { name, affected } = list[(Math.floor((i * list.length) / wanted) + round * 7) % list.length]!;
      return { ecosystem, name, version: affected };
    });
  return Array.from({ length: 20 }, (_, round) => {
    const withRecords = Math.round(count * share);
    const fromNpm = npm.length ? withRecords / 2 : 0;
    const known = [...pick(npm, 'npm', fromNpm, round), ...pick(pypi, 'PyPI', withRecords - fromNpm, round)];
    const clean = Array.from({ length: count - withRecords }, (_, i) => ({
      ecosystem: i % 2 ? 'npm' : 'PyPI',
      name: `clean-${round}-${i}`,
      version: `1.${i}.0`,
    }));
    return [...known, ...clean];
  });
}

/** Has a process of its own measure a way, several times over. */
function ask(way: Way, processes: number): Measured[] {
  return Array.from({ length: processes }, () => {
    const order = `${os.tmpdir()}/merlon-bench-way-${process.pid}.json`;
    fs.writeFileSync(order, JSON.stringify(way));
    try {
      const args = ['--expose-gc', __filename, 'measure', JSON.stringify({ ...way, rounds: order })];
      const run = spawnSync(process.execPath, args, { encoding: 'utf8', maxBuffer: 1 << 26, cwd: process.env.MERLON_ROOT });
      if (run.status !== 0) throw new Error(run.stderr);
      return JSON.parse(run.stdout) as Measured;
    } finally {
      fs.rmSync(order, { force: true });
    }
  });
}

function showOpened(all: readonly Measured[], what = 'opened'): void {
  const memory = all.map(({ openMiB }) => openMiB).sort((a, b) => a - b);
  row(what, `${percentiles(all.map(({ openMs }) => openMs))}; resident memory grows by ${memory[memory.length >> 1]!.toFixed(1)} MiB`);
}

function showAnswers(what: string, all: readonly Measured[], bar?: number): void {
  const warm = all.flatMap(({ roundMs }) => roundMs.slice(5));
  const first = all.map(({ roundMs }) => roundMs[0]!.toFixed(1)).join(', ');
  const { hits, records, affecting } = all[0]!;
  row(what, `${percentiles(warm)}${bar === undefined ? '' : ` (bar ${bar} ms)`}; the first round ${first} ms`);
  row('', `${hits} with ${records} records, ${affecting} of which affect the release`);
}

async function change(folder: string, index: string): Promise<void> {
  await publishIndex(folder, [fs.readFileSync(index)], new Date());
  const changed: object[] = [];
  let n = 0;
  for (const { json } of dumpRecords(fullScale)) {
    if (n++ % 507 !== 0) continue;
    const record = { ...(JSON.parse(json) as object), modified: '2026-06-01T00:00:00Z' };
    changed.push(changed.length % 5 ? record : { ...record, withdrawn: '2026-06-01T00:00:00Z' });
    if (changed.length === 500) break;
  }
  const held = locateIndex(folder);
  if (!held || 'fault' in held) throw new Error('there is no index');
  const before = fs.readFileSync(held.file);
  const reader = fs.openSync(held.file, 'r');
  const times: number[] = [];
  for (let round = 0; round < 5; round++) {
    // What is as it was would change nothing.
    const records = changed.map((record) => ({ ...record, summary: `It has changed ${round + 1} times` }));
    const started = performance.now();
    const outcome = await applyChanges(folder, { records }, { now: new Date(), asOf: new Date() });
    times.push(performance.now() - started);
    if (outcome.state !== 'published') throw new Error(JSON.stringify(outcome));
  }
  const after = Buffer.alloc(before.length);
  fs.readSync(reader, after, 0, after.length, 0);
  fs.closeSync(reader);
  row(
    '500 changed records',
    `${percentiles(times)} (bar ${bars.changeS} s); what a reader holds open is ${after.equals(before) ? 'as it was' : 'WRITTEN OVER'}`,
  );
}

/** What the editor feels meanwhile: the thread that answers it has the network alone to do, a worker all the rest. */
async function thread(program: string, scratch: string, rows: Readonly<Record<string, readonly string[]>>): Promise<void> {
  layOutDump(scratch, rows);
  const dump = await startServing(__filename, path.join(scratch, 'dump'));
  try {
    const order: ThreadOrder = { program, scratch, url: dump.url };
    const child = spawn(process.execPath, [__filename, 'thread', JSON.stringify(order)], { stdio: ['ignore', 'pipe', 'inherit'] });
    let said = '';
    child.stdout.on('data', (text: Buffer) => void (said += String(text)));
    const code = await new Promise((resolve) => child.once('close', resolve));
    if (code !== 0) throw new Error(`it ended with ${String(code)}`);
    console.log(`  how long the thread that answers the editor stands still (bar: never ${bars.standsMs} ms)`);
    for (const { what, seconds, p50, p99, max, own } of JSON.parse(said) as ThreadFigures[]) {
      const waiting = own === undefined ? '' : `, ${own.toFixed(1)} ms without waiting for a processor`;
      row('', `${what}, ${seconds.toFixed(1)} s: p50 ${p50.toFixed(1)} ms  p99 ${p99.toFixed(1)} ms  max ${max.toFixed(1)} ms${waiting}`);
    }
  } finally {
    dump.end();
  }
}

/** A project of 1,000 pins, of which 300 have records, against Node alone, by turns. */
function wholeProcess(cli: string, index: string, folder: string, pins: readonly Question[]): void {
  fs.mkdirSync(folder, { recursive: true });
  const of = (ecosystem: string) => pins.filter((pin) => pin.ecosystem === ecosystem);
  const dependencies = Object.fromEntries(of('npm').map(({ name, version }) => [name, version]));
  const manifests = {
    'package.json': `${JSON.stringify({ dependencies }, undefined, 2)}\n`,
    'requirements.txt': `${of('PyPI')
      .map(({ name, version }) => `${name}==${version}`)
      .join('\n')}\n`,
  };
  for (const [name, text] of Object.entries(manifests)) fs.writeFileSync(path.join(folder, name), text);
  const files = JSON.stringify(Object.keys(manifests));
  const ways: Readonly<Record<string, readonly string[]>> = {
    'node, which reads the files': ['-e', `for (const name of ${files}) require('fs').readFileSync(name, 'utf8')`],
    'merlon check --offline': [cli, 'check', '--offline', '--db', index, '--fail-on', 'never', '--format', 'json'],
    'the same without an index': [cli, 'check', '--offline', '--fail-on', 'never', '--format', 'json'],
  };
  const times = new Map(Object.keys(ways).map((way) => [way, [] as number[]]));
  const env = { ...process.env, MERLON_CACHE_DIR: path.join(folder, 'cache') };
  for (let round = -1; round < 12; round++) {
    for (const [way, args] of Object.entries(ways)) {
      const started = performance.now();
      const run = spawnSync(process.execPath, args, { cwd: folder, env, stdio: ['ignore', 'pipe', 'pipe'], maxBuffer: 1 << 28 });
      if (run.status !== 0) throw new Error(String(run.stderr));
      if (round >= 0) times.get(way)!.push(performance.now() - started);
    }
  }
  const least = Math.min(...times.get('node, which reads the files')!);
  console.log(`  a project of ${pins.length} pins, whole process (bar: ${bars.checkMs} ms above node)`);
  for (const [way, all] of times) row(way, `${percentiles(all)}; at best ${(Math.min(...all) - least).toFixed(0)} ms above node`);
}

/** The same questions to what others do, on real records. */
async function besidePeers(within: (name: string) => string): Promise<void> {
  if (!corpusPresent)
    return console.log('  beside others: not measured, there is no corpus beside this checkout (MERLON_CORPUS names its folder)');
  const files = ['adv/dev.jsonl.gz', 'adv/sample-ai.jsonl.gz', 'adv/psf-git-only.jsonl.gz'];
  const records = files.flatMap((file) =>
    corpusRecords<{ affected?: { package?: { ecosystem?: string; name?: string; purl?: string }; versions?: string[] }[] }>(file),
  );
  const folder = within('peers');
  fs.mkdirSync(folder);
  const names = { npm: new Map<string, Named>(), PyPI: new Map<string, Named>() };
  const lines: Record<string, string[]> = { npm: [], PyPI: [] };
  for (const record of records) {
    for (const ecosystem of ecosystems) {
      let own = false;
      for (const { package: pkg, versions } of record.affected ?? []) {
        if (pkg?.ecosystem !== ecosystem.id || !pkg.name) continue;
        // The peer answers for records alone that name the package by its purl.
        pkg.purl = `pkg:${ecosystem.purlType}/${pkg.name.startsWith('@') ? `%40${pkg.name.slice(1)}` : pkg.name}`;
        names[ecosystem.id as 'npm' | 'PyPI'].set(pkg.name, { name: pkg.name, affected: versions?.[0] ?? '1.0.0' });
        own = true;
      }
      if (own) lines[ecosystem.id]!.push(JSON.stringify(record));
    }
  }
  for (const [ecosystem, own] of Object.entries(lines))
    fs.writeFileSync(path.join(folder, `${ecosystem.toLowerCase()}.nedb`), `${own.join('\n')}\n`);
  const jsonl = path.join(folder, 'all.jsonl');
  fs.writeFileSync(jsonl, `${records.map((record) => JSON.stringify(record)).join('\n')}\n`);
  const { index } = await buildIndex([jsonl], { now: new Date() });
  const place = path.join(folder, 'osv.merlondb');
  fs.writeFileSync(place, Buffer.concat(index.pieces));
  const rounds = questions([...names.npm.values()], [...names.PyPI.values()], 1000, 0.3);
  console.log(
    `  beside others, on the corpus: ${records.length} records, ${mebibytes(fs.statSync(jsonl).size)} of JSON; the index takes ${mebibytes(fs.statSync(place).size)}`,
  );
  const ways: Readonly<Record<string, Way>> = {
    merlon: { kind: 'merlon', place, rounds },
    'osv-offline-db': { kind: 'osv-offline-db', place: folder, rounds },
    'a Map from JSON': { kind: 'map', place: jsonl, rounds },
  };
  const median = new Map<string, number>();
  for (const [name, way] of Object.entries(ways)) {
    const all = ask(way, 5);
    showOpened(all, `${name}, opened`);
    showAnswers(`${name}, asked`, all);
    const warm = all.flatMap(({ roundMs }) => roundMs.slice(5)).sort((a, b) => a - b);
    median.set(name, warm[warm.length >> 1]!);
  }
  const own = median.get('merlon')!;
  row('times as long', [...median].map(([name, ms]) => `${name} ${(ms / own).toFixed(1)}`).join('  '));
}

function mebibytes(bytes: number): string {
  return `${(bytes / 2 ** 20).toFixed(1)} MiB`;
}

void main();
