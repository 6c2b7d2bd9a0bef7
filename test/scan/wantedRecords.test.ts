import assert from 'node:assert/strict';
import { checks } from '../../server/src/checks';
import type { Check } from '../../server/src/core/check';
import { shown } from '../../server/src/core/lookup';
import type { Report } from '../../server/src/core/report';
import { kindOf } from '../../server/src/ecosystems';
import { pypiRegistry } from '../../server/src/ecosystems/pypi/registry';
import { readDocument } from '../../server/src/scan/document';
import { createEngine, type EngineOptions } from '../../server/src/scan/engine';
import { asked, fakeFeed, fakeRegistry } from '../support/fakeSources';
import { miniNow } from '../support/miniRegistry';
import { registryWorld } from '../support/registryWorld';
import { advisory, minute } from '../support/subjects';

/** AI by its name; popular by its name; everything else is neither. */
function world(more: Partial<EngineOptions> = {}) {
  const osv = fakeFeed('osv');
  const pypi = fakeRegistry('pypi');
  const engine = createEngine({
    feeds: [osv],
    registries: new Map([['PyPI', pypi]]),
    checks,
    rolesOf: ({ name }) => (name.startsWith('ai-') ? ['llm-sdk'] : []),
    isPopular: ({ name }) => name.startsWith('popular-'),
    clock: { now: () => miniNow },
    disabled: [],
    onFault: (culprit, error) => assert.fail(`${culprit.id}: ${(error as Error).message}`),
    ...more,
  });
  const rules = (privatePackages: readonly string[] = []) => ({
    policy: { rules: {}, unpinnedScope: 'off', minimumReleaseAgeMs: 0 } as const,
    privatePackages,
  });
  const scan = async (text: string, by = rules()): Promise<Report> => {
    const document = readDocument('requirements.txt', kindOf('requirements.txt')!, text, []);
    await engine.ask([{ document, rules: by }]);
    return engine.report([engine.assess(document, by)], []);
  };
  const first = (text: string) => {
    const document = readDocument('requirements.txt', kindOf('requirements.txt')!, text, []);
    return engine.report([engine.assess(document, rules())], []);
  };
  return { engine, osv, pypi, rules, scan, first };
}

const text = 'ai-sdk==1.0\npopular-tool==1.0\nobscure-tool==1.0\nobscure_tool==1.0 ; python_version<"3"\n';
const stateOf = (report: Report) => report.sources.find(({ id }) => id === 'pypi')!;

describe('what registries are asked about', () => {
  it('is each AI package, and the existence of each name that few people use; each once, and at first nothing', async () => {
    const w = world();
    const before = w.first(text);
    assert.deepEqual([w.pypi.askedFor, w.pypi.lookedUp], [[], []]);
    assert.deepEqual(
      before.files[0]!.wantsRecords.map(({ package: { name }, what, answer }) => [name, what, answer.state]),
      [
        ['ai-sdk', 'record', 'pending'],
        ['obscure-tool', 'existence', 'pending'],
      ],
    );
    assert.deepEqual([stateOf(before).state, before.complete], ['pending', false]);
    const after = await w.scan(text);
    assert.deepEqual([w.pypi.askedFor, w.pypi.lookedUp], [['ai-sdk'], ['obscure-tool']]);
    assert.deepEqual([stateOf(after).state, after.complete, stateOf(after).asOf], ['ok', true, asked]);
    assert.equal(w.engine.wantsToAsk(after.files), false);
    await w.scan(text);
    assert.deepEqual([w.pypi.askedFor, w.pypi.lookedUp], [['ai-sdk'], ['obscure-tool']], 'warm: none');
  });

  it('is asked again about a release that was not there minutes ago, unless it is malware that was taken away', async () => {
    const {
      context,
      clock,
      asked: requests,
    } = registryWorld(() => ({
      ok: true,
      status: 200,
      headers: {},
      body: JSON.stringify({ meta: { 'api-version': '1.1' }, name: 'ai-sdk', versions: listed, files: [] }),
    }));
    let listed = ['1.0'];
    const registry = pypiRegistry('https://pypi.example', context);
    const w = world({ registries: new Map([['PyPI', registry]]), clock });
    await w.scan('ai-sdk==1.0\n');
    clock.time += minute;
    await w.scan('ai-sdk==1.1\n');
    assert.equal(requests.length, 1, 'what was told a minute ago is believed');
    clock.time += 10 * minute;
    listed = ['1.0', '1.1'];
    const report = await w.scan('ai-sdk==1.1\n');
    assert.equal(requests.length, 2);
    assert.deepEqual(
      shown(report.files[0]!.subjects[0]!.releases)?.map(({ version }) => version),
      ['1.0', '1.1'],
    );
    assert.deepEqual([stateOf(report).state, report.complete], ['ok', true]);
    clock.time += 10 * minute;
    await w.scan('ai-sdk==9.9\n');
    await w.scan('ai-sdk==9.9\n');
    assert.equal(requests.length, 3, 'once in five minutes');
    clock.time += 10 * minute;
    w.osv.after = () => ({ state: 'known', value: [advisory('MAL-2026-1', ['9.9'])], asOf: asked });
    await w.scan('ai-sdk==9.9\n');
    assert.equal(requests.length, 3);
  });

  it('is a popular package that has a finding', async () => {
    const w = world();
    w.osv.after = (name) => ({ state: 'known', value: name.startsWith('ai-') ? [] : [advisory('GHSA-1', ['1.0'])], asOf: asked });
    await w.scan(text);
    assert.deepEqual(w.pypi.askedFor, ['ai-sdk', 'popular-tool', 'obscure-tool']);
  });

  it('is the whole record where what was looked up flags the package', async () => {
    const unknown: Check = {
      ...checks[0]!,
      id: 'test',
      assess: {
        declaration: ({ declaration: { package: pkg, spans } }) =>
          shown(w.pypi.existence(pkg.name)) === false ? [{ message: 'no such name', span: spans.entry }] : [],
      },
    };
    const w = world({ checks: [unknown] });
    w.pypi.after = (name) => ({ state: 'known', value: { exists: name !== 'obscure-tool', releases: [] }, asOf: asked });
    const report = await w.scan(text);
    assert.deepEqual([w.pypi.askedFor, w.pypi.lookedUp], [['ai-sdk', 'obscure-tool'], ['obscure-tool']]);
    assert.equal(report.complete, true, 'nothing that is wanted was left out');
  });

  it('is nothing that is private, local, or from elsewhere', async () => {
    const w = world();
    const report = await w.scan(
      'obscure-tool==1\nai-sdk==1\n./here\nother @ https://x.example/other-1.0.tar.gz\n',
      w.rules(['obscure-*', 'ai-*']),
    );
    assert.deepEqual([w.pypi.askedFor, w.pypi.lookedUp, report.files[0]!.wantsRecords], [[], [], []]);
    assert.equal(report.complete, true);
  });

  it('is nothing where registries are switched off', async () => {
    const report = await world({ registries: new Map(), disabled: [{ id: 'pypi', reason: 'offline' }] }).scan(text);
    assert.deepEqual([report.files[0]!.wantsRecords, stateOf(report).state, report.complete], [[], 'disabled', true]);
  });

  it('leaves a gap where it could not be asked, be it for existence alone', async () => {
    for (const failing of ['ai-sdk', 'obscure-tool']) {
      const w = world();
      w.pypi.after = (name) =>
        name === failing
          ? { state: 'unavailable', reason: 'it is down' }
          : { state: 'known', value: { exists: true, releases: [] }, asOf: asked };
      const report = await w.scan(text);
      assert.deepEqual([stateOf(report).state, stateOf(report).reason, report.complete], ['unavailable', 'it is down', false], failing);
    }
    const w = world();
    w.pypi.after = () => ({ state: 'unavailable', reason: 'it is down' });
    assert.equal((await w.scan('popular-tool==1.0\n')).complete, true, 'nobody wanted to know');
  });

  it('is nobody’s fault when a registry throws, and still a gap', async () => {
    const faults: string[] = [];
    const w = world({ onFault: ({ id }) => void faults.push(id) });
    w.pypi.during = () => {
      throw new Error('a bug');
    };
    const report = await w.scan(text);
    assert.deepEqual([faults, report.complete], [['pypi'], false]);
  });
});
