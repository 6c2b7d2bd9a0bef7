import assert from 'node:assert/strict';
import fs from 'node:fs';
import { toAdvisory } from '../../server/src/advisories/advisory';
import { mergeAdvisories } from '../../server/src/advisories/merge';
import { readOsvRecord } from '../../server/src/advisories/osvRecord';
import type { Advisory } from '../../server/src/core/advisory';
import { corpusJson, corpusPath, corpusRecords, describeCorpus } from '../support/corpus';
import { versionsOf } from '../support/osvRecords';

type Row = readonly [ecosystem: string, name: string, version: string, ids: readonly string[]];

/** Some records do not normalize PyPI names. */
function keyOf({ ecosystem, name }: { readonly ecosystem: string; readonly name: string }): string {
  return `${ecosystem} ${ecosystem === 'PyPI' ? name.toLowerCase().replace(/[-_.]+/g, '-') : name}`;
}

describeCorpus('evaluation of real records', () => {
  const advisories = new Map<string, Advisory[]>();

  before(() => {
    for (const record of corpusRecords<unknown>('adv/dev.jsonl.gz')) {
      const packages = new Map((readOsvRecord(record)?.affected ?? []).map((entry) => [keyOf(entry.package), entry.package]));
      for (const [key, pkg] of packages) {
        const versions = versionsOf(pkg.ecosystem);
        const advisory = versions && toAdvisory(record, pkg, versions, 'corpus');
        if (advisory) advisories.set(key, [...(advisories.get(key) ?? []), advisory]);
      }
    }
  });

  const check = ({ rows }: { rows: readonly Row[] }) => {
    const wrong: string[] = [];
    for (const [ecosystem, name, version, expected] of rows) {
      const known = advisories.get(`${ecosystem} ${name}`) ?? [];
      // One record stands in the corpus twice.
      const found = [...new Set(known.filter((one) => one.affects(version)).map(({ id }) => id))];
      if (found.sort().join() !== [...expected].sort().join())
        wrong.push(`${name} ${version}: ${found.join()} instead of ${expected.join()}`);
      // Merged, every expected id is told by some advisory, and no advisory speaks without one.
      const merged = mergeAdvisories(known).filter((one) => one.affects(version));
      const told = merged.map(({ id, aliases }) => [id, ...aliases]);
      if (!expected.every((id) => told.some((ids) => ids.includes(id))) || !told.every((ids) => ids.some((id) => expected.includes(id)))) {
        wrong.push(`${name} ${version}, merged: ${told.join(' ')} instead of ${expected.join()}`);
      }
    }
    assert.deepEqual(wrong, []);
    return rows.length;
  };

  it('finds every expected id, and no other, at the bounds of ranges', () => {
    assert.equal(check(corpusJson('adv/eval-vectors-dev.json')), 6171);
  });

  it('finds every expected id, and no other, for the pins of real projects', () => {
    assert.ok(check(corpusJson('manifests/match-oracle.json')) > 5000);
  });

  it('gets through records without a package, and through the schema project’s own', () => {
    const records = corpusRecords<unknown>('adv/psf-git-only.jsonl.gz');
    assert.equal(records.length, 132);
    for (const record of records)
      assert.deepEqual(
        readOsvRecord(record)?.affected.flatMap((entry) => entry.ranges),
        [],
      );
    const folder = corpusPath('conformance/osv-schema');
    let read = 0;
    for (const name of fs.readdirSync(folder)) {
      const record = readOsvRecord(corpusJson(`conformance/osv-schema/${name}`));
      for (const { package: pkg } of record?.affected ?? []) {
        const versions = versionsOf(pkg.ecosystem) ?? versionsOf('npm')!;
        const advisory = toAdvisory(record, pkg, versions, 'corpus');
        assert.equal(typeof (advisory?.affects('1.0.0') ?? false), 'boolean');
        read++;
      }
    }
    assert.ok(read > 10);
  });
});
