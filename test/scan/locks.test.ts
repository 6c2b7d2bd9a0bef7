import assert from 'node:assert/strict';
import { checks } from '../../server/src/checks';
import { kindOf, lockKindOf } from '../../server/src/ecosystems';
import { readDocument } from '../../server/src/scan/document';
import { createEngine, type Engine, type Question, type Rules } from '../../server/src/scan/engine';
import type { LockDocument } from '../../server/src/scan/lockDocument';
import { asked, fakeFeed, fakeRegistry } from '../support/fakeSources';
import { miniNow } from '../support/miniRegistry';
import { advisory } from '../support/subjects';

// What a lockfile brings is asked about, judged and waited for as what a manifest names.

function world() {
  const osv = fakeFeed('osv');
  const npm = fakeRegistry('npm-registry');
  const engine = createEngine({
    feeds: [osv],
    registries: new Map([['npm', npm]]),
    checks,
    rolesOf: () => [],
    clock: { now: () => miniNow },
    disabled: [],
    onFault: (_, error) => {
      throw error;
    },
  });
  return { engine, osv };
}

const rules = (...privatePackages: string[]): Rules => ({
  policy: { rules: {}, unpinnedScope: 'off', minimumReleaseAgeMs: 0 },
  privatePackages,
});

/** A manifest and its package-lock, as npm writes it with `omit-lockfile-registry-resolved`: no entry says where it comes from. */
function project(
  dependencies: Record<string, string>,
  transitive: Record<string, string>,
  npmrc = '',
  folder = '',
): Omit<Question, 'rules'> {
  const manifest = JSON.stringify({ name: 'p', dependencies });
  const companions = npmrc === '' ? [] : [{ path: '.npmrc', text: npmrc }];
  const document = readDocument(`${folder}package.json`, kindOf('package.json')!, manifest, companions);
  const packages: Record<string, unknown> = { '': { name: 'p', dependencies } };
  for (const [name, version] of Object.entries(dependencies)) packages[`node_modules/${name}`] = { version, dependencies: transitive };
  for (const [name, version] of Object.entries(transitive)) packages[`node_modules/${name}`] = { version };
  const text = JSON.stringify({ name: 'p', lockfileVersion: 3, packages });
  const path = `${folder}package-lock.json`;
  const { ecosystem, reader } = lockKindOf(path)!;
  const lock: LockDocument = { path, ecosystem, reader, text, lock: reader.read(text) };
  return { document, locks: [lock] };
}

function reported(engine: Engine, by: Rules, { document, locks }: Omit<Question, 'rules'>) {
  return engine.report([engine.assess(document!, by, locks)], []);
}

describe('the engine: what a lockfile brings', () => {
  it('is asked about, and found', async () => {
    const { engine, osv } = world();
    osv.after = (name) => ({ state: 'known', value: name === 'below' ? [advisory('MAL-2026-1', ['1.0.0'])] : [], asOf: asked });
    const one = project({ top: '1.0.0' }, { below: '1.0.0' });
    await engine.ask([{ ...one, rules: rules() }]);
    assert.deepEqual(osv.askedFor.sort(), ['below', 'top']);
    const report = reported(engine, rules(), one);
    assert.equal(report.complete, true);
    assert.equal(report.files[0]!.findings.length, 1);
    assert.deepEqual(
      engine.assessLock(one.locks![0]!, rules()).findings.map(({ package: name }) => name),
      ['below'],
    );
  });

  it('is not complete while nobody has answered, nor when nobody does', async () => {
    const { engine, osv } = world();
    osv.before = (name) =>
      name === 'top' ? { state: 'known', value: [], asOf: asked } : { state: 'pending', reason: 'it was not asked yet' };
    osv.after = (name) =>
      name === 'top' ? { state: 'known', value: [], asOf: asked } : { state: 'unavailable', reason: 'one page was lost' };
    const one = project({ top: '1.0.0' }, { below: '1.0.0' });
    const first = reported(engine, rules(), one);
    assert.equal(first.complete, false);
    assert.equal(engine.wantsToAsk(first.files), true);
    await engine.ask([{ ...one, rules: rules() }]);
    const second = reported(engine, rules(), one);
    assert.deepEqual(second.sources[0], { id: 'osv', state: 'unavailable', asOf: asked, reason: 'one page was lost' });
    assert.equal(second.complete, false);
    assert.equal(
      engine.report([], [], [engine.assessLock(one.locks![0]!, rules())]).complete,
      false,
      'a lockfile without a manifest as well',
    );
  });

  it('keeps private names: by pattern, by entry, and the scopes that an index of its own serves', async () => {
    const { engine, osv } = world();
    const one = project(
      { '@corp/direct': '1.0.0', 'acme-lib': '1.0.0', open: '1.0.0' },
      { '@corp/below': '1.0.0', 'acme-below': '1.0.0', below: '1.0.0', '@other/x': '1.0.0' },
      '@corp:registry=https://npm.corp.example/\n',
    );
    const by = rules('acme-*');
    reported(engine, by, one);
    await engine.ask([{ ...one, rules: by }]);
    assert.deepEqual([...osv.shown].sort(), ['@other/x', 'below', 'open']);
    assert.deepEqual(osv.askedFor.sort(), ['@other/x', 'below', 'open']);
    const report = reported(engine, by, one);
    assert.deepEqual([report.withheld, report.complete], [4, true]);
    assert.equal(engine.wantsToAsk(report.files), false);
  });

  it('keeps what any manifest around it keeps', async () => {
    const { engine, osv } = world();
    const one = project({ '@corp/direct': '1.0.0' }, { '@corp/below': '1.0.0' }, '@corp:registry=https://npm.corp.example/\n');
    const other = {
      document: readDocument('other/package.json', kindOf('package.json')!, '{"dependencies":{"open":"1.0.0"}}', []),
      locks: one.locks!,
    };
    const by = rules();
    await engine.ask([
      { ...other, rules: by },
      { ...one, rules: by },
    ]);
    assert.deepEqual(osv.askedFor, ['open']);
    assert.equal(reported(engine, by, other).complete, true);
    assert.equal(reported(engine, by, one).complete, true);
  });
});
