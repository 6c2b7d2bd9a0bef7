import { spawn } from 'node:child_process';
import fs from 'node:fs';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { createHttp } from '../../server/src/platform/http';
import { createLedger } from '../../server/src/platform/ledger';
import { createWorkerClient } from '../../server/src/platform/worker';
import { buildFiles } from '../../server/src/session/sync/buildFiles';
import { syncIndex } from '../../server/src/session/sync/syncIndex';
import { workerWork } from '../../server/src/session/sync/workerWork';
import { dumpRecords, fullScale } from './osvDump';

// How long the thread that answers the editor stands still while a worker makes an index. The dump is served by a process of its own,
// and what is measured is one of its own too: nothing else is on its thread.

export interface ThreadOrder {
  /** The program that workers are started from. */
  readonly program: string;
  /** Holds `dump/`, and `later/` with the lists that take their place for the second sync. */
  readonly scratch: string;
  readonly url: string;
}

export interface ThreadFigures {
  readonly what: string;
  readonly seconds: number;
  readonly p50: number;
  readonly p99: number;
  readonly max: number;
  /** The longest turn without the time in which the thread could have gone on and had no processor; absent where the system does not tell. */
  readonly own?: number;
}

const changedRecords = 500;
const now = new Date('2026-06-10T00:00:00Z');

/** Lays out what a dump's bucket serves, from its zips and rows `time,id`; the lists of later begin with records that have changed. */
export function layOutDump(scratch: string, rows: Readonly<Record<string, readonly string[]>>): void {
  const changed: Record<string, string[]> = { npm: [], PyPI: [] };
  const place = (...names: string[]) => {
    const file = path.join(scratch, ...names);
    fs.mkdirSync(path.dirname(file), { recursive: true });
    return file;
  };
  let n = 0;
  const step = Math.floor((rows.npm!.length + rows.PyPI!.length) / changedRecords);
  for (const { id, ecosystem, json } of dumpRecords(fullScale)) {
    if (n++ % step !== 0 || changed.npm!.length + changed.PyPI!.length === changedRecords) continue;
    const modified = new Date(now.getTime() - 3_600_000 - n).toISOString();
    fs.writeFileSync(place('dump', ecosystem, `${id}.json`), JSON.stringify({ ...(JSON.parse(json) as object), modified }));
    changed[ecosystem]!.push(`${modified},${id}`);
  }
  for (const [ecosystem, own] of Object.entries(rows)) {
    const sorted = [...own].sort().reverse();
    fs.linkSync(path.join(scratch, `${ecosystem}.zip`), place('dump', ecosystem, 'all.zip'));
    fs.writeFileSync(place('dump', ecosystem, 'modified_id.csv'), `${sorted.join('\n')}\n`);
    fs.writeFileSync(place('later', ecosystem, 'modified_id.csv'), `${[...changed[ecosystem]!, ...sorted].join('\n')}\n`);
  }
}

/** Serves a folder until its process is ended, and prints its address. */
export function serveFolder(folder: string): void {
  const server = http.createServer((request, response) => {
    const file = path.join(folder, decodeURIComponent(request.url ?? '/'));
    const stat = fs.statSync(file, { throwIfNoEntry: false });
    if (!stat?.isFile()) return void response.writeHead(404).end();
    response.writeHead(200, { 'content-length': stat.size, 'last-modified': now.toUTCString() });
    fs.createReadStream(file).pipe(response);
  });
  server.listen(0, '127.0.0.1', () => process.stdout.write(`http://127.0.0.1:${(server.address() as AddressInfo).port}\n`));
}

/** Serves a folder from a process of its own, that `self` starts. */
export async function startServing(self: string, folder: string): Promise<{ readonly url: string; end(): void }> {
  const child = spawn(process.execPath, [self, 'serve', folder], { stdio: ['ignore', 'pipe', 'inherit'] });
  const url = await new Promise<string>((resolve) => child.stdout.once('data', (text: Buffer) => resolve(String(text).trim())));
  return { url, end: () => child.kill() };
}

/** Makes indexes as the language server does, in this process, and prints the figures. */
export async function measureThread({ program, scratch, url }: ThreadOrder): Promise<void> {
  const folder = path.join(scratch, 'synced');
  const work = workerWork(() => createWorkerClient(program));
  const settings = { noProxy: [], strictSsl: true, timeoutMs: 10_000 };
  const sync = async (at: Date) => {
    const client = createHttp({ ledger: createLedger(), settings });
    const told: string[] = [];
    const options = { http: client, dump: { shown: url, url }, folder, ecosystems: ['npm', 'PyPI'], now: at, work };
    const outcome = await syncIndex({ ...options, onProgress: ({ text }) => void told.push(text) });
    if (outcome.state !== 'synced') throw new Error(outcome.message);
    return outcome.how === 'full' ? 'whole dumps' : `${outcome.changed} records, lists read whole`;
  };
  const figures: ThreadFigures[] = [];
  const measured = async (what: string, run: () => Promise<string>) => {
    const delay = monitorEventLoopDelay({ resolution: 1 });
    // What the timer needs to start is not what is measured.
    await new Promise((resolve) => setTimeout(resolve, 50));
    delay.enable();
    const turns = watchTurns();
    const started = performance.now();
    const how = await run();
    const seconds = (performance.now() - started) / 1000;
    delay.disable();
    const own = turns.end();
    const [p50, p99, max] = [delay.percentile(50), delay.percentile(99), delay.max].map((ns) => ns / 1e6) as [number, number, number];
    figures.push({ what: `${what}: ${how}`, seconds, p50, p99, max, ...(own !== undefined && { own }) });
  };
  await measured('sync', () => sync(now));
  for (const ecosystem of ['npm', 'PyPI']) {
    const list = path.join(ecosystem, 'modified_id.csv');
    fs.renameSync(path.join(scratch, 'later', list), path.join(scratch, 'dump', list));
  }
  await measured('sync', () => sync(new Date(now.getTime() + 8 * 86_400_000)));
  await measured('build', async () => {
    const sources = ['npm', 'PyPI'].map((ecosystem) => path.join(scratch, `${ecosystem}.zip`));
    const outcome = await buildFiles({ sources, into: { folder }, now, work, onProgress: () => undefined });
    if (outcome.state !== 'built') throw new Error(outcome.message);
    return 'from files';
  });
  process.stdout.write(JSON.stringify(figures));
}

/** Other work on the machine makes a thread wait; Linux tells how long, by thread: run, waited, in nanoseconds. */
function watchTurns(): { end(): number | undefined } {
  const place = `/proc/self/task/${process.pid}/schedstat`;
  if (!fs.existsSync(place)) return { end: () => undefined };
  const waited = () => Number(fs.readFileSync(place, 'utf8').split(' ')[1]) / 1e6;
  let longest = 0;
  let last = { at: performance.now(), waited: waited() };
  const timer = setInterval(() => {
    const next = { at: performance.now(), waited: waited() };
    longest = Math.max(longest, next.at - last.at - (next.waited - last.waited));
    last = next;
  }, 1);
  return {
    end() {
      clearInterval(timer);
      return longest;
    },
  };
}
