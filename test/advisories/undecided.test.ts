import assert from 'node:assert/strict';
import fc from 'fast-check';
import { toAdvisory } from '../../server/src/advisories/advisory';
import { evaluate } from '../../server/src/advisories/evaluate';
import { mergeAdvisories } from '../../server/src/advisories/merge';
import { readOsvRecord, type OsvEvent } from '../../server/src/advisories/osvRecord';
import type { Advisory } from '../../server/src/core/advisory';
import { newestClean } from '../../server/src/fixes/cleanReleases';
import { changedAdvisory } from '../support/advisories';
import { corpusRecords, describeCorpus } from '../support/corpus';
import { osvRecord, somePackage, versionsOf, type RecordParts } from '../support/osvRecords';

const pypi = versionsOf('PyPI')!;
const asked = '0.5 1.0 1.5 2.0 3.0'.split(' ');

/** `+` affected, `?` undecided, `-` neither: of 0.5, 1.0, 1.5, 2.0 and 3.0. */
function verdicts(made: Advisory | undefined): string {
  assert.ok(made);
  return asked.map((version) => (made.affects(version) ? '+' : made.undecided?.(version) ? '?' : '-')).join('');
}

const ofParts = (parts: RecordParts) => verdicts(toAdvisory(osvRecord(parts), somePackage, pypi, 'test'));
const ofEvents = (...events: readonly object[]) => ofParts({ ranges: [events] });
const ofEntry = (entry: object) =>
  verdicts(toAdvisory({ id: 'GHSA-x', affected: [{ package: somePackage, ...entry }] }, somePackage, pypi, 'test'));
const ofAffected = (affected: unknown) => verdicts(toAdvisory({ id: 'GHSA-x', affected }, somePackage, pypi, 'test'));

describe('a range with an event that cannot be read', () => {
  it('leaves open what it may hold, and nothing else', () => {
    assert.equal(ofEvents({ introduced: '1.0' }, { fixed: '2019-09-12' }), '-????');
    assert.equal(ofEvents({ introduced: '1.0' }, { last_affected: 'the last one' }), '-????');
    assert.equal(ofEvents({ introduced: '0' }, { fixed: 'abc' }), '?????');
    assert.equal(ofEvents({ introduced: 'abc' }, { fixed: '2.0' }), '???--', 'what begins somewhere ends where it ends');
    assert.equal(ofEvents({ introduced: 'abc' }), '?????');
    assert.equal(ofEvents({ introduced: 'abc' }, { introduced: '1.0' }, { fixed: '2.0' }), '?????', 'another beginning has no end');
    assert.equal(ofEvents({ introduced: 'abc' }, { fixed: 'def' }), '?????');
    assert.equal(ofEvents({ introduced: '1.0' }, { fixed: '2.0' }, { limit: 'abc' }), '-??--');
    assert.equal(ofEvents({ introduced: '1.0' }, { limit: '2.0' }, { fixed: 'abc' }), '-??--', 'at a limit it ends for sure');
    assert.equal(ofEvents({ fixed: 'abc' }), '-----', 'nothing is ever introduced');
  });

  it('is no reason to doubt what other ranges, or the list, say', () => {
    const broken = [{ introduced: '1.0' }, { fixed: 'abc' }];
    assert.equal(ofParts({ ranges: [broken, [{ introduced: '0' }, { fixed: '1.1' }]] }), '++???');
    assert.equal(ofParts({ versions: ['1.5.0', '0.5'], ranges: [broken] }), '+?+??');
    assert.equal(ofParts({ id: 'MAL-2026-1', versions: ['1.5'], ranges: [broken] }), '-?+??');
  });

  it('is read like any other where all is well, in any order', () => {
    assert.equal(ofEvents({ fixed: '2.0' }, { introduced: '0' }, { limit: '*' }), '+++--');
    assert.equal(ofEvents({ introduced: 1 }, { fixed: 2 }), '-++--', 'whole numbers are what they are meant to be');
    assert.equal(ofEvents({ introduced: 0 }, { fixed: 1.1 }), '?????', '1.10 and 1.1 are one number');
  });

  it('decides nothing about a release that is no version', () => {
    const made = toAdvisory(osvRecord({ ranges: [[{ introduced: '1.0' }, { fixed: 'abc' }]] }), somePackage, pypi, 'test');
    assert.equal(made?.undecided?.('2004d'), true);
    const sound = toAdvisory(osvRecord({ ranges: [[{ introduced: '1.0' }, { fixed: '2.0' }]] }), somePackage, pypi, 'test');
    assert.deepEqual([sound?.unreadable, sound?.undecided?.('2004d')], [false, false], 'of a sound one the list alone counts');
  });

  it('offers no release as free of it', () => {
    const made = toAdvisory(
      osvRecord({ ranges: [[{ introduced: '0' }, { fixed: '1.2' }, { introduced: '2' }, { fixed: 'abc' }]] }),
      somePackage,
      pypi,
      'test',
    )!;
    assert.deepEqual(made.fixedIn, ['1.2'], 'between the stretches nothing is open');
    const releases = ['0.5', '1.5', '3.0'].map((version) => ({ version }));
    const shelf = { releases, advisories: [made], versions: pypi, minimumAgeMs: 0, now: new Date(0) };
    assert.equal(newestClean(shelf, '')?.version, '1.5');
  });

  it('stays open where advisories of one flaw are merged, be they records or not', () => {
    const broken = toAdvisory(
      osvRecord({ aliases: ['GHSA-x'], ranges: [[{ introduced: '1.0' }, { fixed: 'abc' }]] }),
      somePackage,
      pypi,
      'a',
    )!;
    const sound = toAdvisory(osvRecord({ id: 'GHSA-x', ranges: [[{ introduced: '1.0' }, { fixed: '2.0' }]] }), somePackage, pypi, 'b')!;
    const byHand = changedAdvisory(sound, { sources: ['b'] });
    for (const other of [sound, byHand]) {
      const [merged, ...more] = mergeAdvisories([broken, other]);
      assert.equal(more.length, 0);
      assert.equal(verdicts(merged), '-++??');
      assert.equal(merged!.unreadable, true);
    }
  });

  it('is undecided wherever some reading of it would hold the release', () => {
    const version = fc.tuple(fc.integer({ min: 0, max: 4 }), fc.integer({ min: 0, max: 2 })).map((parts) => parts.join('.'));
    const kind = fc.constantFrom('fixed', 'last_affected', 'limit') as fc.Arbitrary<'fixed'>;
    const event = fc.tuple(fc.oneof(fc.constant('introduced' as const), kind), fc.option(version)).map(([key, of]) => ({ [key]: of }));
    fc.assert(
      fc.property(fc.array(event, { maxLength: 5 }), fc.array(version, { minLength: 5, maxLength: 5 }), version, (events, fills, one) => {
        // A beginning without an end of its own after it is the one reading that is not looked for.
        const begins = events.filter((event) => 'introduced' in event && Object.values(event)[0] === null);
        if (begins.length) return;
        const filled = events.map(
          (event, i) => ({ [Object.keys(event)[0]!]: Object.values(event)[0] ?? fills[i]! }) as unknown as OsvEvent,
        );
        const written = events.map((event) => ({ [Object.keys(event)[0]!]: Object.values(event)[0] ?? 'abc' }) as unknown as OsvEvent);
        const read = evaluate({ versions: [], ranges: [{ events: written }] }, false, pypi);
        if (!evaluate({ versions: [], ranges: [{ events: filled }] }, false, pypi).affects(one)) return;
        assert.ok(read.affects(one) || read.undecided(one), `${one} in ${JSON.stringify(written)}, as ${JSON.stringify(filled)}`);
      }),
      { numRuns: 2000 },
    );
  });
});

describe('a record of which a part cannot be read', () => {
  it('leaves every release open that the rest does not decide', () => {
    const sound = { type: 'ECOSYSTEM', events: [{ introduced: '1.0' }, { fixed: '2.0' }] };
    assert.equal(ofEntry({ versions: 'all', ranges: [sound] }), '?++??');
    assert.equal(ofEntry({ versions: ['0.5', 1.5] }), '+????');
    assert.equal(ofEntry({ ranges: { ...sound } }), '?????');
    assert.equal(ofEntry({ ranges: [null, sound] }), '?++??');
    assert.equal(ofEntry({ ranges: [{ events: sound.events }] }), '?????');
    assert.equal(ofEntry({ ranges: [{ type: 'SEMVER' }] }), '?????');
    assert.equal(ofEntry({ ranges: [{ type: 'SEMVER', events: [{ introduced: '1.0' }, 'fixed'] }] }), '?????');
    assert.equal(ofEntry({ ranges: [{ type: 'SEMVER', events: [{ introduced: '1.0' }, { fixed: ['2.0'] }] }] }), '-????');
    assert.equal(ofEntry({ ranges: [{ type: 'SEMVER', events: [{ introduced: '1.0' }, { repaired: '2.0' }] }] }), '?????');
  });

  it('may be about whichever package is asked for, where it does not tell which', () => {
    const one = { versions: ['1.0'] };
    assert.equal(ofAffected('all'), '?????');
    assert.equal(ofAffected({ package: somePackage, ...one }), '?????');
    assert.equal(ofAffected([null]), '?????');
    assert.equal(ofAffected([{ package: 'some-package', ...one }]), '?????', 'and what it lists is not held against this one');
    assert.equal(
      ofAffected([
        { package: { ecosystem: 'PyPI', name: 7 }, ...one },
        { package: somePackage, versions: ['3.0'] },
      ]),
      '????+',
    );
    const other = { id: 'GHSA-x', affected: [{ package: { ecosystem: 'Go', name: 7 }, ...one }] };
    assert.equal(toAdvisory(other, somePackage, pypi, 'test'), undefined);
  });

  it('is none where there is nothing to be read: commits, types to come, other ecosystems, withdrawn', () => {
    const broken = [{ package: somePackage, ranges: 'all' }];
    const git = { type: 'GIT', events: [{ introduced: '0' }, { fixed: 'deadbeef' }] };
    for (const record of [
      { id: 'GHSA-x', affected: [{ package: somePackage, ranges: [git] }] },
      { id: 'GHSA-x', affected: [{ package: somePackage, ranges: [{ type: 'CALVER', events: [{ introduced: 'x' }] }] }] },
      { id: 'GHSA-x', affected: [{ package: { ecosystem: 'Go', name: 'x' }, ranges: 'all' }] },
      { id: 'GHSA-x', affected: [{ ranges: [git] }] },
      { id: 'GHSA-x', withdrawn: '2026-01-01T00:00:00Z', affected: broken },
      { id: 'MAL-0000-1', affected: broken },
    ])
      assert.equal(toAdvisory(record, somePackage, pypi, 'test'), undefined, JSON.stringify(record));
  });

  it('is stored and read again as it was', () => {
    for (const affected of ['all', [null], [{ package: 3 }], [{ package: somePackage, versions: [1], ranges: [null] }]]) {
      const record = readOsvRecord({ id: 'x', affected });
      assert.deepEqual(readOsvRecord(JSON.parse(JSON.stringify(record))), record);
    }
  });
});

describeCorpus('undecided releases of real records', () => {
  it('are those of one record alone, whose end is a date', () => {
    const found = ['adv/dev.jsonl.gz', 'adv/sample-ai.jsonl.gz', 'adv/psf-git-only.jsonl.gz'].flatMap((file) =>
      corpusRecords<unknown>(file).flatMap((json) => {
        const record = readOsvRecord(json)!;
        return record.affected.flatMap(({ package: pkg }) => {
          const versions = versionsOf(pkg.ecosystem);
          const advisory = versions && toAdvisory(json, pkg, versions, 'corpus');
          return advisory?.unreadable || pkg.name === '' ? [`${record.id} ${pkg.name}`] : [];
        });
      }),
    );
    assert.deepEqual(found, ['PYSEC-2019-125 steam']);
  });
});
