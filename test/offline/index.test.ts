import assert from 'node:assert/strict';
import fc from 'fast-check';
import { toAdvisory } from '../../server/src/advisories/advisory';
import type { Advisory } from '../../server/src/core/advisory';
import { shown } from '../../server/src/core/lookup';
import { ecosystems } from '../../server/src/ecosystems';
import { openIndex } from '../../server/src/offline/reader';
import { updateIndex } from '../../server/src/offline/update';
import { crc32 } from '../../server/src/platform/indexFile';
import { builtOf, bytesOf, indexedAt, indexFeed, opened, said, sourceOf } from '../support/offlineIndex';
import { osvRecord, versionsOf } from '../support/osvRecords';

const versions = ['0', '1.0', '1.0.0', '1.0rc1', '1.2.3', '2.0.0', '2.0.0-beta.1', '10.0', '1!1.0', '2004d', '', 'ü', '01.2'];
const names = ['some-package', 'Some_Package', '@scope/part', 'x', 'pâté', 'a'.repeat(300)];
const ids = [
  'MAL-2026-1',
  'MAL-0000-1',
  'GHSA-2345-cfgh-jmpq',
  'PYSEC-2024-0012',
  'CVE-2026-1234',
  'x_LOCAL-1',
  'CVE-1980-7',
  'GHSA-aaaa-1',
  'ö',
];

const version = fc.constantFrom(...versions);
const event = fc.oneof(
  fc.record({ introduced: fc.oneof(fc.constant('0'), version) }),
  fc.record({ fixed: version }),
  fc.record({ last_affected: version }),
  fc.record({ limit: fc.oneof({ weight: 4, arbitrary: version }, fc.constant('*')) }),
);
const record = fc.record(
  {
    id: fc.constantFrom(...ids),
    aliases: fc.uniqueArray(fc.constantFrom(...ids), { maxLength: 3 }),
    modified: fc.constantFrom('2026-01-01T00:00:00Z', '2026-03-01T00:00:00.123456789Z', '0001-01-01T00:00:00Z', 'soon'),
    published: fc.constantFrom('2025-01-01T00:00:00Z', '1970-01-01T00:00:00Z'),
    withdrawn: fc.constantFrom('2026-02-01T00:00:00Z', ''),
    summary: fc.constantFrom(
      'Malicious code in some-package (PyPI)',
      'A flaw',
      'Prose of many words, some ünusual, \0 even; and so on…',
      '',
    ),
    details: fc.string({ maxLength: 400 }),
    severity: fc.constantFrom([], [{ type: 'CVSS_V3', score: 'CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H' }]),
    database_specific: fc.constantFrom({}, { severity: 'LOW' }, { malicious: true }, { kind: 'unmaintained' }),
    references: fc.constantFrom([], [{ type: 'WEB', url: 'https://example.org/1' }]),
    affected: fc.array(
      fc.record({
        package: fc.record({ ecosystem: fc.constantFrom('npm', 'PyPI', 'PyPI:x', 'Go'), name: fc.constantFrom(...names) }),
        versions: fc.array(version, { maxLength: 5 }),
        ranges: fc.array(fc.record({ type: fc.constantFrom('SEMVER', 'ECOSYSTEM', 'GIT'), events: fc.array(event, { maxLength: 5 }) }), {
          maxLength: 3,
        }),
      }),
      { maxLength: 3 },
    ),
  },
  { requiredKeys: ['id', 'affected'] },
);
const records = fc.uniqueArray(record, { selector: ({ id }) => id, maxLength: 8 });

const packages = ecosystems.flatMap(({ id: ecosystem, normalizeName }) =>
  [...new Set(names.map((name) => normalizeName(name)))].map((name) => ({ ecosystem, name })),
);
/** Something that each ecosystem is in by itself, so that nobody is told that the index holds nothing on it. */
const covering = ecosystems.map(({ id }) => osvRecord({ id: `OTHER-${id}`, ecosystem: id, name: 'covered', versions: ['1'] }));

function byId(list: readonly Advisory[]): object[] {
  return [...list].sort((a, b) => (a.id < b.id ? -1 : 1)).map((one) => said(one, versions));
}

describe('the offline index', () => {
  it('says what the records say, whatever they are', () => {
    fc.assert(
      fc.property(records, (list) => {
        const feed = indexFeed(bytesOf(builtOf([...covering, ...list])));
        for (const [i, answer] of feed.held(packages).entries()) {
          const pkg = packages[i]!;
          const expected = list.map((one) => toAdvisory(one, pkg, versionsOf(pkg.ecosystem)!, 'index')).filter((one) => one !== undefined);
          assert.deepEqual(byId(shown(answer)!), byId(expected));
        }
      }),
      { numRuns: 300 },
    );
  });

  it('says of a record that cannot be read whole what the record says online', () => {
    const pkg = { ecosystem: 'npm', name: 'some-package' };
    const end = (fixed: unknown) => [{ type: 'SEMVER', events: [{ introduced: '1.0.0' }, { fixed: '2.0.0' }, { last_affected: fixed }] }];
    for (const own of [{ ranges: end('a date') }, { ranges: end(['3.0.0']) }, { ranges: 'all' }, { versions: [1, '1.0.0'] }]) {
      const record = { id: 'GHSA-x', modified: '2026-01-01T00:00:00Z', affected: [{ package: pkg, ...own }] };
      const [answer] = indexFeed(bytesOf(builtOf([...covering, record]))).held([pkg]);
      const online = toAdvisory(record, pkg, versionsOf('npm')!, 'index')!;
      assert.equal(online.undecided?.('1.2.3') || online.undecided?.('2.0.0'), true);
      assert.deepEqual(byId(shown(answer!)!), byId([online]));
    }
    const other = { package: pkg, versions: ['1.0.0'] };
    for (const affected of ['all', [other, null], [other, { package: 'x' }]]) {
      const built = builtOf([...covering, { id: 'GHSA-x', modified: '2026-01-01T00:00:00Z', affected }]);
      assert.equal(built.meta.unreadable, 1, 'nobody can ask for what has no name');
      const [advisory] = shown(indexFeed(bytesOf(built)).held([pkg])[0]!)!;
      assert.equal(advisory?.undecided?.('2.0.0'), affected === 'all' ? undefined : true);
    }
  });

  it('is the same after changes as when it is built anew', () => {
    fc.assert(
      fc.property(records, records, fc.subarray(ids), (before, changed, removed) => {
        const old = opened(bytesOf(builtOf([...covering, ...before])));
        const changes = { records: changed, removed: removed.filter((id) => !changed.some((one) => one.id === id)) };
        const options = { ecosystems, crc32, now: indexedAt, asOf: indexedAt };
        let updated = updateIndex(old, changes, options);
        // What a list was left out of is handed in again.
        const again = before.filter((one) => updated.wanted.includes(one.id));
        if (again.length) updated = updateIndex(old, { ...changes, records: [...changed, ...again] }, options);
        assert.deepEqual(updated.wanted, []);
        const kept = before.filter(({ id }) => !changed.some((one) => one.id === id) && !changes.removed.includes(id));
        const anew = indexFeed(bytesOf(builtOf([...covering, ...kept, ...changed])));
        const bytes = bytesOf(updated);
        assert.deepEqual(opened(bytes).verify(), []);
        assert.deepEqual(
          indexFeed(bytes)
            .held(packages)
            .map((answer) => byId(shown(answer)!)),
          anew.held(packages).map((answer) => byId(shown(answer)!)),
        );
      }),
      { numRuns: 200 },
    );
  });

  it('is the same byte by byte after changes that change nothing, and counts those that do', () => {
    fc.assert(
      fc.property(
        records,
        fc.array(fc.constantFrom('1.0', '2.0', undefined), { maxLength: 8 }),
        fc.subarray(ids),
        (before, added, some) => {
          const old = opened(bytesOf(builtOf([...covering, ...before])));
          const options = { ecosystems, crc32, now: indexedAt, asOf: indexedAt };
          const absent = ids.filter((id) => !before.some((one) => one.id === id));
          const idle = updateIndex(old, { records: before, removed: absent }, options);
          if (idle.wanted.length === 0) assert.deepEqual([idle.isSame, idle.changed, idle.removed], [true, 0, 0]);

          // Another summary for some records; some others leave.
          const changed = before.flatMap((one, at) => (added[at] === undefined ? [] : [{ ...one, summary: `changed to ${added[at]}` }]));
          const removed = some.filter((id) => !changed.some((one) => one.id === id));
          const { wanted, ...updated } = updateIndex(old, { records: changed, removed }, options);
          if (wanted.length) return;
          const isHeld = (id: string) =>
            packages.some((pkg) => {
              const found = old.find(pkg.ecosystem, pkg.name);
              return 'records' in found && found.records.some((one) => one.id === id);
            });
          const [otherwise, gone] = [changed.filter(({ id }) => isHeld(id)).length, removed.filter(isHeld).length];
          assert.deepEqual([updated.changed, updated.removed, updated.isSame], [otherwise, gone, otherwise + gone === 0]);
        },
      ),
      { numRuns: 200 },
    );
  });

  it('takes the youngest of several records with one id, also where that one says nothing', () => {
    const record = (modified: string, more: object) => osvRecord({ id: 'PYSEC-1', modified, versions: ['1'], more });
    const told = (...list: object[]) =>
      shown(indexFeed(bytesOf(builtOf(list))).held([{ ecosystem: 'PyPI', name: 'some-package' }])[0]!)!.map(({ summary }) => summary);
    const [old, young] = [record('2026-01-01T00:00:00Z', { summary: 'old' }), record('2026-01-02T00:00:00Z', { summary: 'young' })];
    assert.deepEqual(told(old, young), ['young']);
    assert.deepEqual(told(young, old), ['young']);
    const withdrawn = record('2026-01-03T00:00:00Z', { withdrawn: '2026-01-03T00:00:00Z' });
    assert.deepEqual(told(withdrawn, young), []);
  });

  it('leaves out a list that the ranges hold, and keeps the others', () => {
    const kept = (parts: object) => {
      const [name] = opened(bytesOf(builtOf([osvRecord(parts)]))).bucket(0).names;
      return name!.records.map(({ affected, listLeftOut }) => [affected.versions.length, listLeftOut]);
    };
    const ranges = [[{ introduced: '1' }, { fixed: '2' }]];
    assert.deepEqual(kept({ versions: ['1.0', '1.5'], ranges }), [[0, true]]);
    assert.deepEqual(kept({ versions: ['1.0', '2.0'], ranges }), [[2, false]]);
    assert.deepEqual(kept({ versions: ['1.0', 'oddity'], ranges }), [[2, false]]);
    assert.deepEqual(kept({ id: 'MAL-2026-1', versions: ['1.0', '1.5'], ranges }), [[2, false]]);
    assert.deepEqual(kept({ aliases: ['MAL-2026-1'], versions: ['1.0', '1.5'], ranges }), [[2, false]]);
  });

  it('reads for a name its own part alone, and nothing for a name that it does not know', () => {
    const many = Array.from({ length: 4000 }, (_, n) => osvRecord({ id: `PYSEC-2026-${n}`, name: `package-${n}`, versions: ['1'] }));
    const bytes = bytesOf(builtOf(many));
    const reads: number[] = [];
    const index = openIndex(
      sourceOf(bytes, (_, length) => reads.push(length)),
      versionsOf,
    );
    assert.ok(!('fault' in index));
    reads.length = 0;
    for (let n = 0; n < 4000; n += 40) {
      const found = index.find('PyPI', `package-${n}`);
      assert.ok('records' in found && found.records.length === 1);
    }
    assert.equal(reads.length, 100);
    assert.ok(Math.max(...reads) < 2000, `${Math.max(...reads)} bytes`);
    reads.length = 0;
    for (let n = 0; n < 1000; n++) assert.deepEqual(index.find('PyPI', `unknown-${n}`), { records: [] });
    assert.ok(reads.length < 120, `${reads.length} reads`);
  });

  it('says that it holds nothing on an ecosystem that it was not built for, though a record names it by the way', () => {
    const both = osvRecord({
      id: 'GHSA-1',
      ecosystem: 'npm',
      versions: ['1'],
      more: {
        affected: [
          { package: { ecosystem: 'npm', name: 'x' }, versions: ['1'] },
          { package: { ecosystem: 'PyPI', name: 'x' }, versions: ['1'] },
        ],
      },
    });
    const feed = indexFeed(bytesOf(builtOf([covering[0]!, both])));
    const [npm, pypi, other] = feed.held(['npm', 'PyPI', 'Go'].map((ecosystem) => ({ ecosystem, name: 'x' })));
    assert.equal(npm!.state, 'known');
    assert.ok(pypi?.state === 'unavailable' && pypi.reason.includes('holds nothing on PyPI'));
    assert.equal(other!.state, 'disabled');
  });

  it('hands on the same list as long as it is the same index', () => {
    const feed = indexFeed(bytesOf(builtOf([osvRecord({ versions: ['1'] })])));
    const ask = () => shown(feed.held([{ ecosystem: 'PyPI', name: 'some-package' }])[0]!);
    assert.equal(ask(), ask());
  });
});
