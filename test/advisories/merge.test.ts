import assert from 'node:assert/strict';
import { toAdvisory } from '../../server/src/advisories/advisory';
import { mergeAdvisories } from '../../server/src/advisories/merge';
import type { Advisory } from '../../server/src/core/advisory';
import { changedAdvisory } from '../support/advisories';
import { osvRecord, somePackage, versionsOf, type RecordParts } from '../support/osvRecords';

function advisory(parts: RecordParts, source = 'osv'): Advisory {
  return toAdvisory(osvRecord({ versions: ['1'], ...parts }), somePackage, versionsOf('PyPI')!, source)!;
}

const severity = (word: string) => ({ database_specific: { severity: word } });
const ids = (list: readonly Advisory[]) => list.map(({ id, aliases }) => [id, ...aliases].join(' '));

describe('merging advisories', () => {
  it('joins what shares an id, directly or over others', () => {
    const merged = mergeAdvisories([
      advisory({ id: 'PYSEC-2026-1', aliases: ['CVE-2026-1'] }),
      advisory({ id: 'OTHER-1' }),
      advisory({ id: 'GHSA-1', aliases: ['CVE-2026-2'] }),
      advisory({ id: 'ZZZ-1', aliases: ['CVE-2026-2', 'CVE-2026-1'] }),
    ]);
    assert.deepEqual(ids(merged), ['GHSA-1 CVE-2026-1 CVE-2026-2 PYSEC-2026-1 ZZZ-1', 'OTHER-1']);
  });

  it('is the same whatever the order', () => {
    const list = [
      advisory({ id: 'A-1', aliases: ['B-1'] }),
      advisory({ id: 'C-1', aliases: ['D-1'] }),
      advisory({ id: 'D-1', aliases: ['A-1'] }),
      advisory({ id: 'E-1' }),
    ];
    const expected = ids(mergeAdvisories(list));
    for (let turn = 1; turn < list.length; turn++)
      assert.deepEqual(ids(mergeAdvisories([...list.slice(turn), ...list.slice(0, turn)])), expected);
  });

  it('affects what any part affects, and is fixed where none does', () => {
    const [merged] = mergeAdvisories([
      advisory({ id: 'GHSA-1', aliases: ['CVE-1'], versions: [], ranges: [[{ introduced: '1' }, { fixed: '1.2' }]] }),
      advisory({ id: 'PYSEC-1', aliases: ['CVE-1'], versions: ['3'], ranges: [[{ introduced: '1' }, { fixed: '1.3' }]] }),
    ]);
    assert.deepEqual(
      ['0.9', '1', '1.2', '1.3', '3'].filter((version) => merged!.affects(version)),
      ['1', '1.2', '3'],
    );
    assert.deepEqual(merged?.fixedIn, ['1.3']);
    assert.deepEqual(merged.listedVersions, ['3']);
  });

  it('gives an unrated record the severity of its alias, the worst of several', () => {
    const merged = mergeAdvisories([
      advisory({ id: 'PYSEC-1', aliases: ['GHSA-1'] }),
      advisory({ id: 'GHSA-1', more: severity('MODERATE') }),
      advisory({ id: 'GHSA-2', aliases: ['GHSA-1'], more: severity('HIGH') }),
    ]);
    assert.deepEqual(
      merged.map((one) => one.severity),
      ['high'],
    );
  });

  it('puts malware first, then the worst, then by id', () => {
    const merged = mergeAdvisories([
      advisory({ id: 'GHSA-5' }),
      advisory({ id: 'GHSA-3', more: severity('LOW') }),
      advisory({ id: 'GHSA-2', more: severity('CRITICAL') }),
      advisory({ id: 'GHSA-1', more: severity('LOW') }),
      advisory({ id: 'MAL-2026-1' }),
    ]);
    assert.deepEqual(ids(merged), ['MAL-2026-1', 'GHSA-2', 'GHSA-1', 'GHSA-3', 'GHSA-5']);
  });

  it('shows the id whose page tells most', () => {
    const best = (...parts: RecordParts[]) => mergeAdvisories(parts.map((one) => advisory(one)))[0]!.id;
    assert.equal(best({ id: 'PYSEC-1', aliases: ['GHSA-1', 'CVE-1'] }), 'PYSEC-1');
    assert.equal(best({ id: 'PYSEC-1', aliases: ['CVE-1'] }, { id: 'CVE-1' }), 'CVE-1');
    assert.equal(best({ id: 'CVE-1', aliases: ['GHSA-1'] }, { id: 'GHSA-1' }), 'GHSA-1');
    assert.equal(best({ id: 'GHSA-1', aliases: ['MAL-2026-1'] }), 'MAL-2026-1');
    assert.equal(best({ id: 'x_MERLON-2026-1', aliases: ['GHSA-1'] }), 'GHSA-1');
    assert.equal(best({ id: 'x_MERLON-2026-1' }), 'x_MERLON-2026-1');
  });

  it('names every feed that said so once, and keeps one record from two feeds one', () => {
    const merged = mergeAdvisories([
      advisory({ id: 'MAL-2026-1' }, 'bundled'),
      advisory({ id: 'MAL-2026-1', versions: ['1', '2'] }, 'osv'),
      advisory({ id: 'GHSA-1', aliases: ['MAL-2026-1'] }, 'osv'),
    ]);
    assert.equal(merged.length, 1);
    assert.deepEqual(merged[0]?.sources, ['bundled', 'osv']);
    assert.deepEqual(merged[0].listedVersions, ['1', '2']);
    assert.equal(merged[0].url, 'https://osv.dev/vulnerability/MAL-2026-1');
  });

  it('lets listed releases of malware speak against an open range of its aliases, whichever they are', () => {
    for (const open of [{ id: 'GHSA-1' }, { id: 'GHSA-1', more: { summary: 'Malware in some-package' } }, { id: 'MAL-2026-2' }]) {
      const [merged] = mergeAdvisories([
        advisory({ id: 'MAL-2026-1', aliases: [open.id], versions: ['4.1.1'] }),
        advisory({ ...open, versions: [], ranges: [[{ introduced: '0' }]] }),
      ]);
      assert.equal(merged?.kind, 'malware');
      assert.equal(merged.severity, undefined);
      assert.equal(merged.overBroad, true);
      assert.equal(merged.wholePackage, false);
      assert.ok(merged.affects('4.1.1'));
      assert.ok(!merged.affects('4.1.0') && !merged.affects('5'));
    }
  });

  it('takes one of our own ids for the published record of the same incident', () => {
    const own = { id: 'x_MERLON-2026-0001', versions: ['1', '1.0.1'], more: { database_specific: { cwe_ids: ['CWE-506'] } } };
    const merged = mergeAdvisories([advisory(own, 'bundled'), advisory({ id: 'MAL-2026-1', versions: ['1', '1.0.1', '2'] })]);
    assert.deepEqual(ids(merged), ['MAL-2026-1 x_MERLON-2026-0001']);
    assert.deepEqual(merged[0]!.sources.toSorted(), ['bundled', 'osv']);
    const apart = mergeAdvisories([advisory(own, 'bundled'), advisory({ id: 'MAL-2026-1', versions: ['1'] })]);
    assert.deepEqual(ids(apart), ['MAL-2026-1', 'x_MERLON-2026-0001']);
    const flaw = mergeAdvisories([advisory(own, 'bundled'), advisory({ id: 'CVE-2026-1', versions: ['1', '1.0.1'] })]);
    assert.equal(flaw.length, 2);
  });

  it('merges what is merged already, and what was made by hand', () => {
    const list = [advisory({ id: 'GHSA-1', aliases: ['CVE-1'] }), advisory({ id: 'PYSEC-1', aliases: ['CVE-1'], versions: ['2'] })];
    const once = mergeAdvisories(list);
    assert.deepEqual(ids(mergeAdvisories(once)), ids(once));
    const twice = mergeAdvisories([...once, ...list]);
    assert.deepEqual(ids(twice), ids(once));
    assert.ok(twice[0]!.affects('2'));
    const byHand = changedAdvisory(list[0]!, {
      id: 'MAL-2026-1',
      kind: 'malware',
      aliases: ['PYSEC-1'],
      wholePackage: true,
      affects: () => true,
    });
    const [merged] = mergeAdvisories([byHand, list[1]!]);
    assert.equal(merged?.overBroad, true);
    assert.ok(merged.affects('2') && !merged.affects('3'));
  });
});
