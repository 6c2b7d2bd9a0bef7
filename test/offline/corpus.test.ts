import assert from 'node:assert/strict';
import { toAdvisory } from '../../server/src/advisories/advisory';
import { mergeAdvisories } from '../../server/src/advisories/merge';
import { readOsvRecord } from '../../server/src/advisories/osvRecord';
import type { Advisory } from '../../server/src/core/advisory';
import { shown } from '../../server/src/core/lookup';
import { ecosystemOf } from '../../server/src/ecosystems';
import { corpusJson, corpusRecords, describeCorpus } from '../support/corpus';
import { builtOf, bytesOf, indexFeed, opened, said } from '../support/offlineIndex';
import { versionsOf } from '../support/osvRecords';

type Row = readonly [ecosystem: string, name: string, version: string, ids: readonly string[]];

describeCorpus('the offline index of real records', () => {
  let records: object[];
  let bytes: Buffer;

  before(() => {
    records = corpusRecords<object>('adv/dev.jsonl.gz');
    bytes = bytesOf(builtOf(records));
  });

  it('names every expected id, and no other', () => {
    const feed = indexFeed(bytes);
    const rows = ['adv/eval-vectors-dev.json', 'manifests/match-oracle.json'].flatMap((file) => corpusJson<{ rows: Row[] }>(file).rows);
    assert.ok(rows.length > 11_000);
    const answers = feed.held(rows.map(([ecosystem, name]) => ({ ecosystem, name })));
    assert.ok(answers.every(({ state }) => state === 'known'));
    const wrong = rows.filter(([, , version, expected], i) => {
      const found = shown(answers[i]!)!.filter((one) => one.affects(version));
      return (
        found
          .map(({ id }) => id)
          .sort()
          .join() !== [...expected].sort().join()
      );
    });
    assert.deepEqual(wrong, []);
  });

  it('says of every package what the records say, alone and merged', () => {
    const feed = indexFeed(bytes);
    const youngest = new Map<string, object>();
    for (const record of records) {
      const { id, modified } = readOsvRecord(record)!;
      const before = youngest.get(id);
      if (!before || Date.parse(readOsvRecord(before)!.modified) <= Date.parse(modified)) youngest.set(id, record);
    }
    const byPackage = new Map<string, { ecosystem: string; name: string; advisories: Advisory[]; versions: Set<string> }>();
    for (const record of youngest.values()) {
      for (const { package: written, versions: listed, ranges } of readOsvRecord(record)!.affected) {
        const ecosystem = ecosystemOf(written.ecosystem);
        if (!ecosystem) continue;
        const pkg = { ecosystem: ecosystem.id, name: ecosystem.normalizeName(written.name) };
        const key = `${pkg.ecosystem} ${pkg.name}`;
        if (!byPackage.has(key)) byPackage.set(key, { ...pkg, advisories: [], versions: new Set(['0.0.0', '9999.0.0', 'not a version']) });
        const own = byPackage.get(key)!;
        for (const version of [...listed, ...ranges.flatMap(({ events }) => events.flatMap((event): string[] => Object.values(event)))])
          for (const near of [version, `${version}.0`, `${version}.1`, `${version}rc1`, `${version}-a`]) own.versions.add(near);
        const advisory = toAdvisory(record, pkg, versionsOf(pkg.ecosystem)!, 'index');
        if (advisory && !own.advisories.some(({ id }) => id === advisory.id)) own.advisories.push(advisory);
      }
    }
    let compared = 0;
    for (const { ecosystem, name, advisories, versions } of byPackage.values()) {
      const kept = shown(feed.held([{ ecosystem, name }])[0]!)!;
      const asked = [...versions].slice(0, 100);
      const byId = (list: readonly Advisory[]) => [...list].sort((a, b) => (a.id < b.id ? -1 : 1)).map((one) => said(one, asked));
      assert.deepEqual(byId(kept), byId(advisories), name);
      assert.deepEqual(
        mergeAdvisories(kept).map((one) => said(one, asked)),
        mergeAdvisories(advisories).map((one) => said(one, asked)),
        name,
      );
      compared += kept.length;
    }
    assert.ok(compared > 3000, `${compared} advisories`);
  }).timeout(120_000);

  it('is sound, and a tenth of the records', () => {
    const index = opened(bytes);
    assert.deepEqual(index.verify(), []);
    const json = records.reduce((sum: number, record) => sum + JSON.stringify(record).length, 0);
    assert.ok(bytes.length < json / 10, `${bytes.length} of ${json}`);
  });
});
