import assert from 'node:assert/strict';
import { builtPrograms } from '../support/built';
import { merlon, report, scratch, type FindingJson } from '../support/cli';
import { corpusJson, corpusRecords, describeCorpus } from '../support/corpus';
import { startFakeOsv, type FakeOsv } from '../support/fakeOsv';

// Every exact pin of real projects, and versions at the bounds of real advisories, as manifests on disk: what `merlon
// check` says of them with a loopback OSV that pages, against what packaging and node-semver say.

type Row = readonly [ecosystem: string, name: string, version: string, ids: readonly string[]];

describeCorpus('merlon check on real advisories', function () {
  this.timeout(180_000);
  let osv: FakeOsv;

  before(async () => {
    await builtPrograms();
    osv = await startFakeOsv(corpusRecords<object>('adv/dev.jsonl.gz'));
    osv.pageSize = 7;
    osv.tokenOnlyPages = true;
  });
  after(() => osv.close());

  it('tells every expected id at the bounds of ranges, and no other', async () => {
    assert.equal(await judged(corpusJson<{ rows: Row[] }>('adv/eval-vectors-dev.json').rows), 6171);
  });

  it('tells every expected id of the pins of real projects, and no other', async () => {
    assert.ok((await judged(corpusJson<{ rows: Row[] }>('manifests/match-oracle.json').rows)) > 5000);
  });

  async function judged(rows: readonly Row[]): Promise<number> {
    const { files, places } = workspaceOf(rows);
    const cwd = scratch(files);
    const check = async (...more: string[]) => {
      const result = await merlon(['check', '--format', 'json', '--no-registries', '--fail-on', 'never', ...more], { cwd });
      assert.deepEqual([result.code, result.stderr], [0, '']);
      const told = new Map<string, FindingJson>();
      for (const finding of report(result).findings) {
        if (finding.advisories.length === 0) continue;
        const place = placeOf(finding.file, finding.range.start.line);
        assert.ok(!told.has(place), `${place}: two findings`);
        told.set(place, finding);
      }
      return told;
    };
    const bundled = await check('--offline');
    const told = await check('--osv-url', osv.url);
    const wrong: string[] = [];
    for (const [place, [, name, version, expected]] of places) {
      const found = (told.get(place)?.advisories ?? []).map(({ id, aliases }) => [id, ...aliases]);
      const ofBundle = new Set((bundled.get(place)?.advisories ?? []).flatMap(({ id, aliases }) => [id, ...aliases]));
      const missing = expected.filter((id) => !found.some((ids) => ids.includes(id)));
      const more = found.filter((ids) => !ids.some((id) => expected.includes(id) || ofBundle.has(id)));
      if (missing.length || more.length) wrong.push(`${name} ${version}: missing ${missing.join()}; more ${more.map(([id]) => id).join()}`);
    }
    assert.deepEqual(wrong, []);
    assert.deepEqual(
      [...told.keys()].filter((place) => !places.has(place)),
      [],
    );
    return places.size;
  }
});

/** Each row as one line of a manifest; a name stands in a file once, so there is a folder for each of its versions. */
function workspaceOf(rows: readonly Row[]): { files: Record<string, string>; places: ReadonlyMap<string, Row> } {
  const lines = new Map<string, string[]>();
  const places = new Map<string, Row>();
  const seen = new Map<string, number>();
  for (const row of rows) {
    const [ecosystem, name, version] = row;
    const nth = seen.get(`${ecosystem} ${name}`) ?? 0;
    seen.set(`${ecosystem} ${name}`, nth + 1);
    const file = `${nth}/${ecosystem === 'npm' ? 'package.json' : 'requirements.txt'}`;
    if (!lines.has(file)) lines.set(file, ecosystem === 'npm' ? ['{ "dependencies": {'] : []);
    const held = lines.get(file)!;
    places.set(placeOf(file, held.length), row);
    held.push(ecosystem === 'npm' ? `${JSON.stringify(name)}: ${JSON.stringify(version)},` : `${name}==${version}`);
  }
  const files = [...lines].map(([file, held]) => {
    const text = held.join('\n');
    return [file, file.endsWith('.json') ? `${text.replace(/,$/, '')}\n} }\n` : `${text}\n`];
  });
  return { files: Object.fromEntries(files) as Record<string, string>, places };
}

function placeOf(file: string, line: number): string {
  return `${file}:${line + 1}`;
}
