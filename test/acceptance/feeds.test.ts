import assert from 'node:assert/strict';
import fs from 'node:fs';
import net from 'node:net';
import path from 'node:path';
import { cliPackages, cliRecords } from '../cli/world';
import { builtPrograms } from '../support/built';
import { merlon, report, scratch, type CliResult, type ReportJson } from '../support/cli';
import { startFakeOsv, type FakeOsv, type FakeOsvMode } from '../support/fakeOsv';
import { startFakeRegistry, type FakeRegistry, type FakeRegistryMode } from '../support/fakeRegistry';

/** How long the program may go on after its first question: the time that it takes to start is the machine's. */
const longestMs = 30_000;
const atFirst = '2026-10-15T12:00:00Z';
const twoHoursLater = '2026-10-15T14:00:00Z';

/** The bundle knows the first as malware; OSV alone knows what is wrong with the second; the third wants a release. */
const requirements = 'litellm==1.82.7\nrequests==2.31.0\nopenai>=1.40\n';

interface Place {
  readonly osv: FakeOsv;
  readonly registry: FakeRegistry;
  run(now: string, ...more: string[]): Promise<CliResult>;
  /** How long the last run went on after its first question. */
  askedMs(): number;
  /** How many files the cache holds. */
  cached(): number;
}

describe('feeds and registries that fail', function () {
  this.timeout(120_000);
  const places: Place[] = [];

  before(builtPrograms);
  after(() => Promise.all(places.flatMap(({ osv, registry }) => [osv.close(), registry.close()])));

  /** A workspace with feeds and a cache of its own. */
  async function place(): Promise<Place> {
    const osv = await startFakeOsv(cliRecords);
    const registry = await startFakeRegistry(cliPackages);
    const cwd = scratch({ 'requirements.txt': requirements });
    const cache = path.join(scratch(), 'cache');
    let first: number | undefined;
    let took = 0;
    osv.modeOf = () => void (first ??= Date.now());
    const one: Place = {
      osv,
      registry,
      async run(now, ...more) {
        first = undefined;
        const args = ['check', '--format', 'json', '--now', now, '--osv-url', osv.url, '--pypi-url', registry.url, ...more];
        const result = await merlon(args, { cwd, env: { MERLON_CACHE_DIR: cache } });
        took = first === undefined ? 0 : Date.now() - first;
        return result;
      },
      askedMs: () => took,
      cached: () =>
        fs.existsSync(cache) ? fs.readdirSync(cache, { recursive: true, withFileTypes: true }).filter((e) => e.isFile()).length : 0,
    };
    places.push(one);
    return one;
  }

  const found = (result: ReportJson) => result.findings.map(({ rule, package: name }) => `${rule} ${name}`);
  const pinned = (result: ReportJson) =>
    result.findings.find(({ package: name }) => name === 'openai')?.fixes.map(({ title }) => title.split(' (')[0]);
  const stateOf = (result: ReportJson, id: string) => result.sources.find((source) => source.id === id)!;

  const whole = ['compromised-release litellm', 'vulnerable-release requests', 'fresh-release openai', 'unpinned openai'];
  const bundleAlone = ['compromised-release litellm', 'unpinned openai'];

  async function assertHealthy(one: Place, now: string): Promise<void> {
    one.osv.mode = 'ok';
    one.registry.mode = 'ok';
    const result = await one.run(now);
    const healthy = report(result);
    assert.deepEqual(found(healthy), whole);
    assert.deepEqual(pinned(healthy), ['Pin openai to 2.0.0']);
    assert.deepEqual([result.code, healthy.complete], [1, true]);
    assert.equal(stateOf(healthy, 'osv').asOf, now.replace('Z', '.000Z'));
  }

  async function assertIncomplete(one: Place, now: string, findings: readonly string[], asOf?: string): Promise<ReportJson> {
    const result = await one.run(now);
    const failed = report(result);
    assert.deepEqual(found(failed), findings);
    assert.deepEqual([result.code, failed.complete], [3, false]);
    assert.ok(one.askedMs() < longestMs, `${one.askedMs()} ms`);
    const osv = stateOf(failed, 'osv');
    if (one.osv.mode !== 'ok') {
      assert.equal(osv.state, 'unavailable');
      // Half an answer is an answer about the names that it has.
      if (one.osv.mode !== 'partial') assert.equal(osv.asOf, asOf?.replace('Z', '.000Z'));
      assert.ok(osv.reason);
    }
    return failed;
  }

  // What takes its whole time limit begins first; the others run a few at a time beside it.
  const both: readonly (readonly [FakeOsvMode, FakeRegistryMode])[] = [
    ['never', 'never'],
    ['stalled', 'stalled'],
    ['busy', 'busy'],
    ['error', 'error'],
    ['garbage', 'garbage'],
    ['truncated', 'truncated'],
    ['half', 'garbage'],
    ['wrongShape', 'garbage'],
    ['huge', 'huge'],
    ['reset', 'reset'],
    ['endless', 'ok'],
    ['partial', 'ok'],
  ];

  // All at once, since silence takes its time; each test then waits for its part.
  let outage: Promise<void>;
  let outageLater: Promise<void>;
  let registryOutage: Promise<void>;
  before(() => {
    outage = few(both, async ([osvMode, registryMode]) => {
      const one = await place();
      one.osv.mode = osvMode;
      one.registry.mode = registryMode;
      const young = registryMode === 'ok' ? ['fresh-release openai'] : [];
      await assertIncomplete(one, atFirst, [bundleAlone[0]!, ...young, bundleAlone[1]!]);
      if (registryMode !== 'ok') assert.equal(one.cached(), 0, `${osvMode}: a failure is not kept`);
      await assertHealthy(one, atFirst);
    });
    outageLater = few(['never', 'error', 'garbage', 'partial', 'truncated'] as const, async (mode) => {
      const one = await place();
      await assertHealthy(one, atFirst);
      one.osv.mode = mode;
      // The records have changed meanwhile, so that an answer of ids alone does not settle it.
      one.osv.records = cliRecords.map((record) => ({ ...record, modified: '2026-10-15T13:00:00Z' }));
      await assertIncomplete(one, twoHoursLater, whole, atFirst);
      await assertHealthy(one, twoHoursLater);
    });
    registryOutage = few(['never', 'error', 'garbage'] as const, async (mode) => {
      const one = await place();
      one.registry.mode = mode;
      const withoutAges = whole.filter((finding) => finding !== 'fresh-release openai');
      const failed = await assertIncomplete(one, atFirst, withoutAges);
      assert.equal(stateOf(failed, 'osv').state, 'ok');
      assert.equal(stateOf(failed, 'pypi').state, 'unavailable');
      assert.deepEqual(pinned(failed), []);
      await assertHealthy(one, atFirst);
    });
    for (const job of [outage, outageLater, registryOutage]) job.catch(() => undefined);
  });

  it('leave what the bundle knows, make the check incomplete, end in time and spoil no cache', () => outage);

  it('leave the last known answers, with their date', () => outageLater);

  it('leave the findings where only the registry is down, without a cure that nobody confirmed', () => registryOutage);

  it('need not answer at all: refused connections are said at once', async () => {
    const one = await place();
    const nobody = `http://127.0.0.1:${await closedPort()}`;
    const result = await one.run(atFirst, '--osv-url', nobody, '--pypi-url', nobody);
    assert.deepEqual(found(report(result)), bundleAlone);
    assert.equal(result.code, 3);
    assert.match(stateOf(report(result), 'osv').reason!, /connection refused$/);
    assert.ok(result.ms < 10_000, `${result.ms} ms`);
    await assertHealthy(one, atFirst);
  });

  it('are waited for while they are slow', async () => {
    const one = await place();
    one.osv.mode = 'slow';
    one.registry.mode = 'slow';
    one.osv.delayMs = one.registry.delayMs = 1000;
    const result = await one.run(atFirst);
    assert.deepEqual(found(report(result)), whole);
    assert.equal(result.code, 1);
  });

  it('are asked in pages, to the end', async () => {
    const one = await place();
    one.osv.pageSize = 1;
    one.osv.tokenOnlyPages = true;
    one.osv.records = [...Array.from({ length: 3 }, (_, i) => ({ ...cliRecords[1], id: `GHSA-0000-0000-pg0${i}` })), ...cliRecords];
    const result = report(await one.run(atFirst));
    assert.equal(result.findings.find(({ package: name }) => name === 'requests')!.advisories.length, 4);
  });

  it('are outvoted by no --fail-on, and not asked where the user switched them off', async () => {
    const one = await place();
    one.osv.mode = 'garbage';
    assert.equal((await one.run(atFirst, '--fail-on', 'never')).code, 3);
    assert.equal((await one.run(atFirst, '--offline', '--fail-on', 'never')).code, 0);
    one.osv.mode = 'ok';
    one.registry.mode = 'garbage';
    assert.equal((await one.run(atFirst, '--no-registries')).code, 1);
  });
});

describe('the cache', function () {
  this.timeout(60_000);
  let osv: FakeOsv;
  let registry: FakeRegistry;
  before(async () => {
    await builtPrograms();
    osv = await startFakeOsv(cliRecords);
    registry = await startFakeRegistry(cliPackages);
  });
  after(() => Promise.all([osv.close(), registry.close()]));

  it('lies where MERLON_CACHE_DIR says, answers for an hour, and is left alone by --no-cache', async () => {
    const cwd = scratch({ 'requirements.txt': requirements });
    const home = scratch();
    const cache = path.join(home, 'own', 'place');
    const run = async (now: string, ...more: string[]) => {
      const before = osv.requests.length + registry.requests.length;
      const args = ['check', '--now', now, '--osv-url', osv.url, '--pypi-url', registry.url, ...more];
      const env = { HOME: home, USERPROFILE: home, LOCALAPPDATA: home, XDG_CACHE_HOME: undefined, MERLON_CACHE_DIR: cache };
      assert.equal((await merlon(args, { cwd, env })).code, 1);
      return osv.requests.length + registry.requests.length - before;
    };
    assert.ok((await run(atFirst, '--no-cache')) > 0);
    assert.deepEqual(fs.readdirSync(home), [], 'nothing was written');
    const asked = await run(atFirst);
    assert.ok(asked > 0);
    assert.deepEqual(fs.readdirSync(home), ['own']);
    assert.equal(await run('2026-10-15T12:59:00Z'), 0, 'fresh for an hour');
    assert.equal(await run('2026-10-15T12:59:00Z', '--no-cache'), asked, 'nor was anything read');
    assert.ok((await run('2026-10-15T13:01:00Z')) > 0);
  });

  it('that is damaged costs a question, not an answer', async () => {
    const cwd = scratch({ 'requirements.txt': requirements });
    const cache = scratch();
    const run = () =>
      merlon(['check', '--format', 'json', '--now', atFirst, '--osv-url', osv.url, '--pypi-url', registry.url], {
        cwd,
        env: { MERLON_CACHE_DIR: cache },
      });
    const first = await run();
    for (const entry of fs.readdirSync(cache, { recursive: true, withFileTypes: true })) {
      if (entry.isFile()) fs.writeFileSync(path.join(entry.parentPath, entry.name), '{"format":1,"key":');
    }
    const second = await run();
    assert.deepEqual([second.code, report(second)], [first.code, report(first)]);
  });

  it('that cannot be written costs nothing but time', async () => {
    const cwd = scratch({ 'requirements.txt': requirements, 'not-a-folder': '' });
    const args = ['check', '--now', atFirst, '--osv-url', osv.url, '--pypi-url', registry.url];
    const { code, stderr } = await merlon(args, { cwd, env: { MERLON_CACHE_DIR: path.join(cwd, 'not-a-folder') } });
    assert.deepEqual([code, stderr], [1, '']);
  });
});

/** All of them, in their order, three at a time: there may be two cores. */
async function few<T>(items: readonly T[], work: (item: T) => Promise<void>): Promise<void> {
  const left = [...items];
  await Promise.all(
    Array.from({ length: 3 }, async () => {
      for (let item = left.shift(); item !== undefined; item = left.shift()) await work(item);
    }),
  );
}

async function closedPort(): Promise<number> {
  const server = net.createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as net.AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}
