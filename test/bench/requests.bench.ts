import fs from 'node:fs';
import http from 'node:http';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import type esbuild from 'esbuild';
import semver from 'semver';
import { isPopular, popularNames } from '../../server/src/policy/popular';
import { rolesOf } from '../../server/src/policy/catalogue';
import { merlon, scratch } from '../support/cli';
import { startFakeOsv } from '../support/fakeOsv';
import { startFakeRegistry, type FakeNpmPackage } from '../support/fakeRegistry';
import { row } from './figures';

// What a project of 300 direct dependencies costs the services that are asked: counted at the door of one loopback server, for
// Merlon and for bun-osv-scanner. Names are real, everything else is invented; sizes are of the order of real ones.

const now = '2026-10-15T12:00:00Z';
const size = 300;
/** Packages that many people use and that are not AI; of AI all that many people use, and the rest few people know. */
const plainCount = 220;
const releasesEach = 60;
/** Of every so many packages one has advisories, and one of these a great many. */
const flawedEach = 12;

interface Count {
  requests: number;
  up: number;
  down: number;
}

async function main(): Promise<void> {
  const project = invent();
  const osv = await startFakeOsv(project.records);
  osv.pageSize = 20;
  const registry = await startFakeRegistry({ npm: project.packages });
  const door = await startDoor({ '/v1/': osv.url, '/': registry.url });
  const names = Object.keys(project.dependencies);
  const flawed = new Set(project.flawed);
  const wanted = names.filter((name) => rolesOf(npm(name)).length > 0 || flawed.has(name) || !isPopular(npm(name)));
  console.log(
    `a project of ${names.length} npm dependencies: ${names.filter((name) => rolesOf(npm(name)).length > 0).length} AI, ` +
      `${names.filter((name) => !isPopular(npm(name))).length} that few people use, ${flawed.size} with advisories (${project.records.length})`,
  );
  console.log(`  at most ${wanted.length} registry requests are due, and ${flawed.size} questions beside the querybatch and its pages`);

  const cwd = scratch({ 'package.json': JSON.stringify({ private: true, dependencies: project.dependencies }, undefined, 2) });
  const cache = path.join(scratch(), 'cache');
  for (const [title, time] of [
    ['merlon, cold', now],
    ['merlon, warm', now],
    ['merlon, two hours later', '2026-10-15T14:00:00Z'],
    ['merlon, nine days later', '2026-10-24T12:00:00Z'],
  ] as const) {
    door.counts.clear();
    const args = ['check', '--format', 'json', '--now', time, '--osv-url', door.url, '--npm-registry', door.url];
    const { code, stdout, stderr } = await merlon(args, { cwd, env: { MERLON_CACHE_DIR: cache } });
    const { complete, findings } = JSON.parse(stdout || '{}') as { complete?: boolean; findings?: { advisories: unknown[] }[] };
    if (complete !== true) console.log(`  incomplete: exit ${code} ${stderr}`);
    show(title, door.counts, `${(findings ?? []).filter(({ advisories }) => advisories.length > 0).length} packages flagged`);
  }

  door.counts.clear();
  const found = await bunScan(names.map((name) => ({ name, version: project.dependencies[name]! })), `${door.url}/v1`); // prettier-ignore
  if (found !== undefined)
    show('bun-osv-scanner, every time', door.counts, `${found} packages flagged; it keeps nothing, and reads no second page`);
  await Promise.all([door.close(), osv.close(), registry.close()]);
}

const npm = (name: string) => ({ ecosystem: 'npm', name });

function invent() {
  const popular = [...popularNames('npm')];
  const ai = popular.filter((name) => rolesOf(npm(name)).length > 0).slice(0, 40);
  const plain = popular.filter((name) => rolesOf(npm(name)).length === 0).slice(0, plainCount);
  const obscure = Array.from({ length: size - ai.length - plain.length }, (_, i) => `bench-obscure-${i}`);
  const all = [...ai, ...plain, ...obscure];
  const packages: Record<string, FakeNpmPackage> = {};
  for (const name of all) packages[name] = packageOf(name, all);
  const flawed = all.filter((_, i) => i % flawedEach === 3);
  const records = flawed.flatMap((name, i) =>
    Array.from({ length: i === 0 ? 45 : 1 + (i % 4) }, (_, n) => ({
      schema_version: '1.7.5',
      id: `GHSA-bnch-${String(i).padStart(4, '0')}-${String(n).padStart(4, '0')}`,
      modified: '2026-05-01T00:00:00Z',
      published: '2026-05-01T00:00:00Z',
      summary: `An invented flaw of ${name}`,
      details: 'Lorem ipsum. '.repeat(150),
      affected: [{ package: npm(name), ranges: [{ type: 'SEMVER', events: [{ introduced: '0' }, { fixed: '9.0.0' }] }] }],
      severity: [{ type: 'CVSS_V3', score: 'CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H' }],
      database_specific: { severity: 'HIGH' },
    })),
  );
  return { dependencies: Object.fromEntries(all.map((name) => [name, `1.${releasesEach - 1}.0`])), packages, records, flawed };
}

function packageOf(name: string, all: readonly string[]): FakeNpmPackage {
  const dependencies = Object.fromEntries(all.slice(0, 8).map((other) => [other, '^1.0.0']));
  return {
    license: 'MIT',
    releases: Array.from({ length: releasesEach }, (_, i) => ({
      version: `1.${i}.0`,
      published: new Date(Date.parse('2024-01-01T00:00:00Z') + i * 10 * 86_400_000).toISOString(),
      dependencies,
      attested: true,
      scripts: { build: 'tsc', test: 'mocha' },
      publisher: `owner-of-${name}`,
    })),
  };
}

/** Hands requests on, and counts them by what they are. */
async function startDoor(routes: Readonly<Record<string, string>>) {
  const counts = new Map<string, Count>();
  const server = http.createServer((request, response) => {
    const asked = request.url ?? '/';
    const kind = /^\/v1\/(querybatch|query|vulns)/.exec(asked)?.[1] ?? 'registry';
    const count = counts.get(kind) ?? { requests: 0, up: 0, down: 0 };
    counts.set(kind, count);
    count.requests++;
    const [, target] = Object.entries(routes).find(([prefix]) => asked.startsWith(prefix))!;
    const onward = http.request(target + asked, { method: request.method, headers: { ...request.headers, host: new URL(target).host } });
    request.on('data', (data: Buffer) => (count.up += data.length));
    request.pipe(onward);
    onward.on('response', (answer) => {
      answer.on('data', (data: Buffer) => (count.down += data.length));
      response.writeHead(answer.statusCode!, answer.headers);
      answer.pipe(response);
    });
    onward.on('error', () => response.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const close = () => new Promise<void>((resolve) => (server.close(() => resolve()), server.closeAllConnections()));
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, counts, close };
}

function show(title: string, counts: ReadonlyMap<string, Count>, more: string): void {
  const parts = [...counts].map(([kind, { requests, up, down }]) => `${kind} ${requests} (${kilobytes(up)} up, ${kilobytes(down)} down)`);
  const all = [...counts.values()].reduce((sum, count) => ({ n: sum.n + count.requests, bytes: sum.bytes + count.up + count.down }), { n: 0, bytes: 0 }); // prettier-ignore
  row(title, `${all.n} requests, ${kilobytes(all.bytes)}; ${more}${parts.length ? `: ${parts.join(', ')}` : ''}`);
}

function kilobytes(bytes: number): string {
  return `${(bytes / 1024).toFixed(bytes < 10_240 ? 1 : 0)} kB`;
}

/** Bundles the scanner's TypeScript, with what it takes from Bun put in its place, and runs it. How many packages it found something for. */
async function bunScan(
  packages: readonly { readonly name: string; readonly version: string }[],
  osvUrl: string,
): Promise<number | undefined> {
  const root = process.env.MERLON_ROOT!;
  const entry = path.join(root, 'node_modules', 'bun-osv-scanner', 'src', 'index.ts');
  if (!fs.existsSync(entry)) {
    console.log('  bun-osv-scanner is not installed, and was not counted');
    return undefined;
  }
  const { build } = createRequire(path.join(root, 'package.json'))('esbuild') as typeof esbuild;
  const outfile = path.join(scratch(), 'scanner.mjs');
  await build({ entryPoints: [entry], outfile, bundle: true, platform: 'node', format: 'esm', target: 'node20', logLevel: 'error' });
  const satisfies = (version: string, range: string) => semver.satisfies(version, range);
  Object.assign(globalThis, { Bun: { env: { OSV_API_BASE_URL: osvUrl }, semver: { satisfies } } });
  process.env.OSV_LOG_LEVEL = 'error';
  const { scanner } = (await import(pathToFileURL(outfile).href)) as {
    scanner: { scan(what: { packages: readonly object[] }): Promise<readonly { readonly package: string }[]> };
  };
  return new Set((await scanner.scan({ packages })).map(({ package: name }) => name)).size;
}

void main();
