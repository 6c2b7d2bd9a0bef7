import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { lockKindOf } from '../../server/src/ecosystems';
import { corpusPath, corpusPresent } from '../support/corpus';
import { startLspClient, type LspClient } from '../support/lspClient';
import { percentiles, row } from './figures';

// A workspace of many projects is opened: how long until something is shown, how long the server's main thread is held up at
// a time, and what it keeps in memory. Local knowledge only, so that no network is in the figures. The thread is watched twice:
// from outside, by a request every 10 ms that needs no work; from inside, by the gaps of a 1 ms timer, without the pipe's share.

const pingEveryMs = 10;
const bounds = { blockMs: 50, residentMiB: 300 };

/** Loaded into the server before its own code: tells when a 1 ms timer came late, and by how much. */
const watcher = `
const { isMainThread } = require('node:worker_threads');
if (isMainThread && process.env.MERLON_BENCH_GAPS) {
  const gaps = [];
  let last = performance.now();
  setInterval(() => {
    const now = performance.now();
    if (now - last > 5) gaps.push([Date.now(), now - last]);
    last = now;
  }, 1).unref();
  process.on('exit', () => require('node:fs').writeFileSync(process.env.MERLON_BENCH_GAPS, JSON.stringify(gaps)));
}
`;

async function main(): Promise<void> {
  if (!corpusPresent)
    return console.log('workspace: not measured, there is no corpus beside this checkout (MERLON_CORPUS names its folder)');
  const scratch = fs.mkdtempSync(path.join(os.tmpdir(), 'merlon-bench-'));
  const workspace = path.join(scratch, 'workspace');
  fs.cpSync(corpusPath('manifests'), workspace, {
    recursive: true,
    filter: (place) => !/(?:^|[\\/])(?:oracle|match-oracle|index)\.json$/.test(place),
  });
  const files = fs.readdirSync(workspace, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  const locks = files.filter(({ parentPath, name }) => lockKindOf(path.join(parentPath, name).split(path.sep).join('/')) !== undefined);
  const bytes = locks.reduce((sum, { parentPath, name }) => sum + fs.statSync(path.join(parentPath, name)).size, 0);
  console.log(`open a workspace: ${files.length} files, of them ${locks.length} lockfiles of ${(bytes / 2 ** 20).toFixed(1)} MiB`);

  const preload = path.join(scratch, 'watch.cjs');
  fs.writeFileSync(preload, watcher);
  const gapsFile = path.join(scratch, 'gaps.json');
  const started = performance.now();
  const client = await startLspClient({
    folders: [pathToFileURL(workspace).href],
    initializationOptions: { feeds: { mode: 'local' }, registries: { enabled: false } },
    env: {
      ...process.env,
      MERLON_CACHE_DIR: path.join(scratch, 'cache'),
      MERLON_BENCH_GAPS: gapsFile,
      NODE_OPTIONS: [process.env.NODE_OPTIONS, `--require ${preload}`].filter(Boolean).join(' '),
    },
  });
  const since = Date.now();
  const opened = await watch(client);
  row('first diagnostics', `${(opened.firstAt - started).toFixed(0)} ms after the start`);
  row('last diagnostics', `${(opened.lastAt - started).toFixed(0)} ms after the start, ${client.history.length} published`);
  row('answers while it reads', percentiles(opened.answers));
  row('memory, at its peak', `${memoryMiB(client.pid, 'VmHWM')} MiB`);
  // The worker ends when it has had nothing to do for 20 s; with it goes what it held.
  await pause(24_000);
  const resident = memoryMiB(client.pid, 'VmRSS');
  row('memory, when settled', `${resident} MiB (bar: ${bounds.residentMiB})`);
  row('answers at rest', percentiles(await pings(client, 100)));
  await client.stop();
  const gaps = (JSON.parse(fs.readFileSync(gapsFile, 'utf8')) as [number, number][]).filter(([at]) => at > since);
  // What began before the first answer counts from there: loading the program holds up nobody.
  const longest = gaps.map(([at, gap]) => Math.min(gap, at - since)).sort((a, b) => b - a);
  row(
    'main thread held up',
    `${longest
      .slice(0, 8)
      .map((gap) => gap.toFixed(0))
      .join(', ')} ms, ${longest.filter((gap) => gap > bounds.blockMs).length} over ${bounds.blockMs} ms`,
  );
  fs.rmSync(scratch, { recursive: true, force: true });
}

/** Asks until nothing has been published for two seconds. */
async function watch(client: LspClient): Promise<{ answers: number[]; firstAt: number; lastAt: number }> {
  const answers: number[] = [];
  let published = 0;
  let firstAt = 0;
  let lastAt = performance.now();
  while (performance.now() - lastAt < 2000 || (published === 0 && performance.now() - lastAt < 30_000)) {
    answers.push(...(await pings(client, 1)));
    if (client.history.length === published) continue;
    published = client.history.length;
    lastAt = performance.now();
    firstAt ||= lastAt;
  }
  return { answers, firstAt, lastAt };
}

async function pings(client: LspClient, count: number): Promise<number[]> {
  const answers: number[] = [];
  for (let n = 0; n < count; n++) {
    const asked = performance.now();
    // Nobody knows the method; that is said at once, by the thread that all else is said by.
    await client.request('$/ping').catch(() => undefined);
    answers.push(performance.now() - asked);
    await pause(pingEveryMs);
  }
  return answers;
}

function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}

function memoryMiB(pid: number, field: 'VmRSS' | 'VmHWM'): number | string {
  try {
    return Math.round(Number(new RegExp(`${field}:\\s+(\\d+)`).exec(fs.readFileSync(`/proc/${pid}/status`, 'utf8'))![1]) / 1024);
  } catch {
    return '?';
  }
}

void main();
