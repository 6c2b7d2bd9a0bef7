import assert from 'node:assert/strict';
import fc from 'fast-check';
import { evaluate } from '../../server/src/advisories/evaluate';
import { readOsvRecord, type OsvEvent, type OsvRange } from '../../server/src/advisories/osvRecord';
import { toAdvisory } from '../../server/src/advisories/advisory';
import type { Versions } from '../../server/src/core/versions';
import { somePackage, versionsOf } from '../support/osvRecords';

// OSV's algorithm once more, word for word from the schema's pseudo code, without any preparation.
function naive(version: string, affected: { versions: readonly string[]; ranges: readonly OsvRange[] }, order: Versions): boolean {
  if (affected.versions.some((listed) => listed === version || order.equal(listed, version))) return true;
  return affected.ranges.some((range) => {
    const limits = range.events.flatMap((event) => ('limit' in event ? [event.limit] : []));
    if (limits.length > 0 && !limits.some((limit) => limit === '*' || order.compare(version, limit) < 0)) return false;
    const of = (event: OsvEvent) => Object.values(event)[0] as string;
    const isZero = (event: OsvEvent) => 'introduced' in event && event.introduced === '0';
    const sorted = range.events
      .filter((event) => !('limit' in event))
      .sort((a, b) => (isZero(a) || isZero(b) ? Number(isZero(b)) - Number(isZero(a)) : order.compare(of(a), of(b))));
    let affectedNow = false;
    for (const event of sorted) {
      if ('introduced' in event && (event.introduced === '0' || order.compare(version, event.introduced) >= 0)) affectedNow = true;
      else if ('fixed' in event && order.compare(version, event.fixed) >= 0) affectedNow = false;
      else if ('last_affected' in event && order.compare(version, event.last_affected) > 0) affectedNow = false;
    }
    return affectedNow;
  });
}

const small = fc.integer({ min: 0, max: 4 });
const pypiVersion = fc.tuple(small, small, fc.constantFrom('', 'a1', '.post1', '.dev0', '+cu1')).map(([a, b, tail]) => `${a}.${b}${tail}`);
const npmVersion = fc.tuple(small, small, fc.constantFrom('', '-rc.1', '-0')).map(([a, b, tail]) => `${a}.${b}.0${tail}`);

function affectedOf(version: fc.Arbitrary<string>) {
  const event: fc.Arbitrary<OsvEvent> = fc.oneof(
    fc.constant({ introduced: '0' }),
    version.map((introduced) => ({ introduced })),
    version.map((fixed) => ({ fixed })),
    version.map((last_affected) => ({ last_affected })),
    fc.oneof({ weight: 4, arbitrary: version }, { weight: 1, arbitrary: fc.constant('*') }).map((limit) => ({ limit })),
  );
  // `fixed` and `last_affected` in one range too, which the schema forbids and databases publish.
  const range = fc.array(event, { maxLength: 7 }).map((events): OsvRange => ({ type: 'ECOSYSTEM', events }));
  return fc.record({ versions: fc.array(version, { maxLength: 3 }), ranges: fc.array(range, { maxLength: 3 }) });
}

describe('evaluation, by properties', () => {
  for (const [name, version] of [
    ['PyPI', pypiVersion],
    ['npm', npmVersion],
  ] as const) {
    const order = versionsOf(name)!;
    it(`agrees with the schema's pseudo code on ${name}`, () => {
      fc.assert(
        fc.property(affectedOf(version), fc.array(version, { minLength: 1, maxLength: 8 }), (affected, asked) => {
          const { affects } = evaluate(affected, false, order);
          for (const one of asked) assert.equal(affects(one), naive(one, affected, order), `${one} in ${JSON.stringify(affected)}`);
        }),
        { numRuns: 1500 },
      );
    });

    it(`never says fixed of an affected release on ${name}`, () => {
      fc.assert(
        fc.property(affectedOf(version), fc.boolean(), (affected, malware) => {
          const { affects, fixedIn, listedVersions } = evaluate(affected, malware, order);
          assert.ok(fixedIn.every((fixed) => !affects(fixed)));
          assert.ok(listedVersions.every((listed) => affects(listed)));
          for (let i = 1; i < fixedIn.length; i++) assert.ok(order.compare(fixedIn[i - 1]!, fixedIn[i]!) < 0);
        }),
        { numRuns: 500 },
      );
    });
  }

  it('reads any JSON without throwing', () => {
    const key = fc.constantFrom(
      'id',
      'affected',
      'package',
      'ecosystem',
      'name',
      'versions',
      'ranges',
      'events',
      'introduced',
      'severity',
      'aliases',
      'database_specific',
    );
    const { tree } = fc.letrec((tie) => ({
      tree: fc.oneof(
        { depthSize: 'small' },
        fc.constantFrom<unknown>('PyPI', 'some-package', '0', 'SEMVER', null, 1, ''),
        fc.array(tie('tree'), { maxLength: 3 }),
        fc.dictionary(key, tie('tree'), { maxKeys: 6 }),
      ),
    }));
    fc.assert(
      fc.property(tree, (json) => {
        const record = readOsvRecord(json);
        if (record) assert.deepEqual(readOsvRecord(JSON.parse(JSON.stringify(record))), record);
        toAdvisory(
          { id: 'x', affected: [{ package: somePackage, ...(json as object) }] },
          somePackage,
          versionsOf('PyPI')!,
          'test',
        )?.affects('1');
      }),
      { numRuns: 500 },
    );
  });
});
