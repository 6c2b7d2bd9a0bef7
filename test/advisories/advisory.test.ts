import assert from 'node:assert/strict';
import { toAdvisory } from '../../server/src/advisories/advisory';
import { readOsvRecord } from '../../server/src/advisories/osvRecord';
import type { Advisory } from '../../server/src/core/advisory';
import { osvRecord, somePackage, versionsOf, type RecordParts } from '../support/osvRecords';

const pypi = versionsOf('PyPI')!;

function advisory(parts: RecordParts): Advisory {
  const pkg = { ecosystem: parts.ecosystem ?? 'PyPI', name: 'some-package' };
  const made = toAdvisory(osvRecord(parts), pkg, versionsOf(pkg.ecosystem)!, 'test');
  assert.ok(made);
  return made;
}

function affected(parts: RecordParts, versions: string): string {
  const made = advisory(parts);
  return versions
    .split(' ')
    .filter((version) => made.affects(version))
    .join(' ');
}

describe('evaluation of an OSV record', () => {
  it('walks introduced and fixed', () => {
    const ranges = [[{ introduced: '1.0' }, { fixed: '1.5' }, { introduced: '2.0' }, { fixed: '2.0.3' }]];
    assert.equal(affected({ ranges }, '0.9 1.0 1.0.0 1.4.9 1.5 1.9 2.0.0 2.0.2 2.0.3 3'), '1.0 1.0.0 1.4.9 2.0.0 2.0.2');
  });

  it('includes what was last affected, and nothing behind it', () => {
    assert.equal(affected({ ranges: [[{ introduced: '0' }, { last_affected: '1.5' }]] }, '0.1 1.5 1.5.0 1.5.1'), '0.1 1.5 1.5.0');
  });

  it('takes the events in the order of versions, whatever the order of the record', () => {
    const ranges = [[{ fixed: '2.0.3' }, { introduced: '2.0' }, { fixed: '1.5' }, { introduced: '0' }]];
    assert.equal(affected({ ranges }, '0.0.1 1.5 2.0 2.0.3'), '0.0.1 2.0');
  });

  it('lets the later event decide where two stand at one version', () => {
    assert.equal(affected({ ranges: [[{ introduced: '1' }, { last_affected: '2' }, { fixed: '2' }]] }, '1 2 3'), '1');
    assert.equal(affected({ ranges: [[{ introduced: '1' }, { fixed: '2' }, { introduced: '2' }, { fixed: '3' }]] }, '1 2 3'), '1 2');
    assert.equal(affected({ ranges: [[{ introduced: '2' }, { fixed: '2' }]] }, '1 2 3'), '');
  });

  it('takes introduced 0 for before everything, pre-releases too', () => {
    assert.equal(affected({ ranges: [[{ introduced: '0' }, { fixed: '1.0' }]] }, '0a1 0.dev1 1.0rc1 1.0'), '0a1 0.dev1 1.0rc1');
    assert.equal(
      affected({ ecosystem: 'npm', ranges: [[{ introduced: '0' }, { fixed: '1.0.0' }]] }, '0.0.0-a 1.0.0-rc.1 1.0.0'),
      '0.0.0-a 1.0.0-rc.1',
    );
  });

  it('ends at the limit; at any of several; at none where one is *', () => {
    assert.equal(affected({ ranges: [[{ introduced: '1' }, { limit: '2' }]] }, '1 1.9 2 3'), '1 1.9');
    assert.equal(affected({ ranges: [[{ introduced: '1' }, { limit: '2' }, { limit: '3' }]] }, '1 2 3'), '1 2');
    assert.equal(affected({ ranges: [[{ introduced: '1' }, { limit: '2' }, { limit: '*' }]] }, '1 2 3'), '1 2 3');
  });

  it('finds nothing in a range without introduced', () => {
    assert.equal(affected({ versions: ['9'], ranges: [[{ fixed: '2' }]] }, '1 2 9'), '9');
  });

  it('honours versions and ranges both, when they contradict each other too', () => {
    assert.equal(
      affected({ versions: ['0.5', '4.0'], ranges: [[{ introduced: '1' }, { fixed: '2' }]] }, '0.5 1.5 2 4 4.0.0'),
      '0.5 1.5 4 4.0.0',
    );
  });

  it('knows a version by any of its spellings', () => {
    assert.equal(affected({ versions: ['1.0-RC1', '2.0'] }, '1.0rc1 1.0.0rc1 v2 2.0.0 2.0.post1'), '1.0rc1 1.0.0rc1 v2 2.0.0');
  });

  it('compares versions that are none to the letter', () => {
    const parts = { versions: ['2004d', '1.0'], ranges: [[{ introduced: '0' }, { fixed: '3000' }]] };
    assert.equal(affected(parts, '2004d 2004e 1.0 2005'), '2004d 1.0 2005');
    assert.equal(affected({ ranges: [[{ introduced: '0' }]], id: 'MAL-2026-1' }, 'whatever'), 'whatever');
  });

  it('leaves local versions to PEP 440: behind the release that they build on', () => {
    assert.equal(affected({ ranges: [[{ introduced: '0' }, { fixed: '2.4.0' }]] }, '2.3.9+cu121 2.4.0+cu121'), '2.3.9+cu121');
  });

  it('gathers several entries about one package, and passes over others and over GIT', () => {
    const record = {
      id: 'GHSA-xxxx-xxxx-xxxx',
      affected: [
        { package: { ecosystem: 'PyPI', name: 'Some.Package' }, versions: ['1'] },
        { package: { ecosystem: 'PyPI', name: 'some_package' }, versions: ['2'], ranges: [{ type: 'GIT', events: [{ introduced: '0' }] }] },
        { package: { ecosystem: 'PyPI', name: 'other' }, versions: ['3'] },
        { package: { ecosystem: 'npm', name: 'some-package' }, versions: ['4'] },
      ],
    };
    const made = toAdvisory(record, somePackage, pypi, 'test');
    assert.deepEqual(made?.listedVersions, ['1', '2']);
    assert.equal(made.affects('5'), false);
    assert.equal(toAdvisory(record, { ecosystem: 'npm', name: 'Some-Package' }, versionsOf('npm')!, 'test'), undefined);
  });

  it('is nothing where the record is withdrawn, names no release, or is no record', () => {
    const ranges = [[{ introduced: '0' }]];
    assert.equal(toAdvisory(osvRecord({ ranges, more: { withdrawn: '2026-01-01T00:00:00Z' } }), somePackage, pypi, 'test'), undefined);
    assert.equal(toAdvisory(osvRecord({}), somePackage, pypi, 'test'), undefined);
    for (const garbage of [
      undefined,
      null,
      1,
      'x',
      [],
      {},
      { id: 5 },
      { id: 'x' },
      { id: 'x', affected: null },
      { id: 'x', affected: [{ ranges: [{ type: 'GIT', events: [{ introduced: '0' }] }] }] },
    ]) {
      assert.equal(toAdvisory(garbage, somePackage, pypi, 'test'), undefined);
    }
  });

  it('names the ends of ranges that are free of it, ascending', () => {
    const ranges = [
      [{ introduced: '0' }, { fixed: '1.10' }, { introduced: '2' }, { fixed: '2.1' }],
      [{ introduced: '1.10' }, { fixed: '1.12' }],
      [{ introduced: '5' }],
    ];
    assert.deepEqual(advisory({ ranges }).fixedIn, ['1.12', '2.1']);
    assert.deepEqual(advisory({ ranges: [[{ introduced: '0' }, { last_affected: '3' }]] }).fixedIn, []);
  });
});

describe('what a record is about', () => {
  const kind = (parts: RecordParts) => advisory({ versions: ['1'], ...parts }).kind;

  it('tells malware by its assigned id, its alias, its weakness, its mark, or its summary', () => {
    assert.equal(kind({ id: 'MAL-2026-12' }), 'malware');
    assert.equal(kind({ id: 'GHSA-aaaa-bbbb-cccc', aliases: ['MAL-2024-9'] }), 'malware');
    assert.equal(kind({ id: 'GHSA-aaaa-bbbb-cccc', more: { database_specific: { cwe_ids: ['CWE-79', 'CWE-506'] } } }), 'malware');
    assert.equal(kind({ id: 'x_1', more: { database_specific: { malicious: true } } }), 'malware');
    assert.equal(kind({ id: 'GHSA-aaaa-bbbb-cccc', more: { summary: 'Malware in some-package' } }), 'malware');
    assert.equal(kind({ id: 'GHSA-aaaa-bbbb-cccc', more: { summary: 'Malicious PDF runs JavaScript' } }), 'vulnerability');
    assert.equal(kind({ id: 'PYSEC-2026-1' }), 'vulnerability');
    const attack = {
      summary: undefined,
      details: 'Two releases were uploaded with a stolen token, containing malware that reads credentials.',
    };
    assert.equal(kind({ id: 'PYSEC-2026-1', more: attack }), 'malware');
    assert.equal(kind({ id: 'GHSA-aaaa-bbbb-cccc', more: attack }), 'vulnerability');
    const flaw = { summary: undefined, details: 'The scanner passes over archives that contain malware. Versions before 2 are affected.' };
    assert.equal(kind({ id: 'PYSEC-2026-1', more: flaw }), 'vulnerability');
  });

  it('does not listen to malware ids that nobody has assigned', () => {
    for (const id of ['MAL-0000-some-package', 'MAL-0000-1', 'MAL-2021-1', 'MAL-2026-', 'MAL-2026-1x']) {
      assert.equal(toAdvisory(osvRecord({ id, versions: ['1'] }), somePackage, pypi, 'test'), undefined, id);
    }
    assert.equal(kind({ id: 'GHSA-aaaa-bbbb-cccc', aliases: ['MAL-0000-1'] }), 'vulnerability');
  });

  it('believes local records about their kind, and no others', () => {
    assert.equal(kind({ id: 'x_MERLON-2026-1', more: { database_specific: { kind: 'unmaintained' } } }), 'unmaintained');
    assert.equal(kind({ id: 'PYSEC-2026-1', more: { database_specific: { kind: 'malware' } } }), 'vulnerability');
    assert.equal(kind({ id: 'RUSTSEC-2026-1', more: { database_specific: { informational: 'unmaintained' } } }), 'unmaintained');
  });

  it('judges malware with listed releases and an open range by the list and by what is bounded', () => {
    const made = advisory({
      id: 'MAL-2026-1',
      versions: ['4.1.1', '4.1.2'],
      ranges: [[{ introduced: '0' }], [{ introduced: '2' }, { fixed: '2.1' }, { introduced: '4' }]],
    });
    assert.equal(made.overBroad, true);
    assert.equal(made.wholePackage, false);
    assert.deepEqual(made.listedVersions, ['4.1.1', '4.1.2']);
    assert.deepEqual(
      ['1', '2.0.5', '2.1', '4.1.0', '4.1.1', '4.1.2', '4.2'].filter((version) => made.affects(version)),
      ['2.0.5', '4.1.1', '4.1.2'],
    );
    const flaw = advisory({ versions: ['4.1.1'], ranges: [[{ introduced: '0' }]] });
    assert.equal(flaw.overBroad, false);
    assert.ok(flaw.affects('9'));
  });

  it('takes an open range without any list for the whole package', () => {
    const made = advisory({ id: 'MAL-2026-1', ranges: [[{ introduced: '0' }]] });
    assert.equal(made.wholePackage, true);
    assert.equal(made.overBroad, false);
    assert.ok(made.affects('0.0.1') && made.affects('99'));
    assert.equal(advisory({ ranges: [[{ introduced: '0' }]] }).wholePackage, false);
    assert.equal(advisory({ id: 'MAL-2026-1', ranges: [[{ introduced: '0' }, { fixed: '2' }]] }).wholePackage, false);
  });

  it('names the releases that a range of malware must hold', () => {
    assert.deepEqual(advisory({ id: 'MAL-2026-1', ranges: [[{ introduced: '1.0.16' }]] }).listedVersions, ['1.0.16']);
    assert.deepEqual(advisory({ id: 'MAL-2026-1', ranges: [[{ introduced: '1.2' }, { last_affected: '1.2' }]] }).listedVersions, ['1.2']);
    assert.deepEqual(advisory({ ranges: [[{ introduced: '1.0.16' }]] }).listedVersions, []);
  });

  it('rates by CVSS, newest standard first, and by the word of the database where there is none', () => {
    const v2 = { type: 'CVSS_V2', score: 'AV:N/AC:L/Au:N/C:C/I:C/A:C' };
    const v3 = { type: 'CVSS_V3', score: 'CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:L/I:L/A:N' };
    const v4 = { type: 'CVSS_V4', score: 'CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:H/VA:H/SC:N/SI:N/SA:N' };
    const severity = (list: object[], word?: string) =>
      advisory({ versions: ['1'], more: { severity: list, ...(word !== undefined && { database_specific: { severity: word } }) } })
        .severity;
    assert.equal(severity([v2]), 'high');
    assert.equal(severity([v2, v3]), 'medium');
    assert.equal(severity([v3, v2, v4]), 'critical');
    assert.equal(severity([], 'MODERATE'), 'medium');
    assert.equal(severity([v3], 'CRITICAL'), 'medium');
    assert.equal(severity([]), undefined);
    for (const score of [
      '',
      '9.8',
      'CVSS:3.1/AV:N',
      'CVSS:3.1/AV:X/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H',
      'CVSS:3.1/'.repeat(1000),
      'nonsense',
    ]) {
      assert.equal(severity([{ type: 'CVSS_V3', score }], 'LOW'), 'low', score.slice(0, 40));
    }
    assert.equal(severity([{ type: 'CVSS_V3', score: v4.score }]), undefined);
  });

  it('never rates malware', () => {
    const more = { database_specific: { severity: 'CRITICAL' } };
    assert.equal(advisory({ id: 'MAL-2026-1', versions: ['1'], more }).severity, undefined);
  });

  it('says it in one short line', () => {
    const summary = (more: object) => advisory({ versions: ['1'], more }).summary;
    assert.equal(summary({ summary: ' One\nTwo' }), 'One');
    assert.equal(summary({ summary: null, details: '\n## Head\nBody' }), 'Head');
    assert.equal(summary({ summary: 'x'.repeat(1000) }).length, 300);
    assert.equal(summary({ summary: 5 }), '');
  });

  it('reads what it has read as itself', () => {
    const record = readOsvRecord(
      osvRecord({
        versions: ['1'],
        ranges: [[{ introduced: '0' }, { fixed: '2' }]],
        more: { details: 'x', severity: [{ type: 'CVSS_V3', score: 'y' }] },
      }),
    );
    assert.deepEqual(readOsvRecord(JSON.parse(JSON.stringify(record))), record);
  });
});
