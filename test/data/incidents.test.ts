import assert from 'node:assert/strict';
import Ajv from 'ajv';
import semver from 'semver';
import incidents from '../../server/data/incidents.json';
import schema from '../../server/data/incidents.schema.json';
import { pypiVersions } from '../../server/src/ecosystems/pypi/versions';
import { corpusRecords, describeCorpus } from '../support/corpus';

type Range = { introduced?: string; fixed?: string; lastAffected?: string };
interface Row {
  id: string;
  aliases?: string[];
  ecosystem: string;
  package: string;
  published: string;
  kind?: string;
  versions?: string[] | '*';
  from?: string;
  fixed?: string;
  ranges?: Range[];
  campaign?: string;
  summary: string;
  sources: string[];
}
interface Campaign extends Partial<Row> {
  packages?: Record<string, string[]>;
}

const malware = incidents.incidents as unknown as Row[];
const vulnerabilities = incidents.vulnerabilities as unknown as Row[];
const campaigns = Object.entries(incidents.campaigns as unknown as Record<string, Campaign>);
const bulk: Row[] = campaigns.flatMap(([campaign, { packages = {}, ...row }]) =>
  Object.entries(packages).map(([name, versions]) => ({ ...(row as Row), campaign, package: name, versions })),
);
const all = [...malware, ...bulk, ...vulnerabilities];

describe('incidents.json', () => {
  it('fits its schema', () => {
    const validate = new Ajv({ strictTypes: false, strictRequired: false, allErrors: true }).compile(schema);
    assert.ok(validate(incidents), JSON.stringify(validate.errors, undefined, 2));
  });

  it('is read by a schema that refuses what it should', () => {
    const validate = new Ajv({ strictTypes: false, strictRequired: false }).compile(schema);
    const litellm = incidents.incidents.find((row) => row.package === 'litellm')!;
    for (const change of [
      { sources: [] },
      { versions: [] },
      { versions: ['3.0.0 (reported)'] },
      { id: 'MAL-0000-x' },
      { published: '2026-13-01' },
      { from: '1.0' },
    ]) {
      assert.equal(validate({ ...incidents, incidents: [{ ...litellm, ...change }] }), false, JSON.stringify(change));
    }
  });

  it('names packages as feeds do: PyPI names normalized, npm names as the registry has them', () => {
    for (const row of all) {
      if (row.ecosystem === 'PyPI') assert.equal(row.package, row.package.toLowerCase().replace(/[-_.]+/g, '-'));
      else assert.match(row.package, /^(@[a-z0-9~-][a-z0-9._~-]*\/)?[a-z0-9~-][a-z0-9._~-]*$/);
    }
  });

  it('holds only versions that its ecosystem knows, ascending', () => {
    const isValid = (row: Row, version: string) =>
      row.ecosystem === 'npm' ? semver.valid(version) === version : pypiVersions.isValid(version);
    const compare = (row: Row) => (row.ecosystem === 'npm' ? semver.compare : pypiVersions.compare);
    for (const row of all) {
      const listed = Array.isArray(row.versions) ? row.versions : [];
      const named = [...listed, row.from, row.fixed, ...(row.ranges ?? []).flatMap((range) => Object.values(range))];
      for (const version of named) if (version !== undefined) assert.ok(isValid(row, version), `${row.package} ${version}`);
      assert.deepEqual(listed, [...listed].sort(compare(row)), row.package);
      if (row.fixed !== undefined) assert.ok(compare(row)(listed.at(-1)!, row.fixed) < 0, row.package);
      for (const { introduced, fixed, lastAffected } of row.ranges ?? []) {
        if (introduced !== undefined) assert.ok(compare(row)(introduced, (fixed ?? lastAffected)!) <= 0, row.package);
      }
    }
  });

  it('says each thing once', () => {
    const seen = new Set<string>();
    for (const row of all) {
      const key = `${row.ecosystem} ${row.package} ${row.id}`;
      assert.ok(!seen.has(key), key);
      seen.add(key);
      assert.ok(!row.aliases?.includes(row.id), key);
    }
    const own = new Set(malware.map((row) => `${row.ecosystem} ${row.package}`));
    for (const row of bulk) assert.ok(!own.has(`${row.ecosystem} ${row.package}`), `${row.package} has a row of its own`);
    const packagesOf = new Map<string, Set<string>>();
    for (const row of all)
      for (const id of [row.id, ...(row.aliases ?? [])])
        packagesOf.set(id, (packagesOf.get(id) ?? new Set()).add(`${row.ecosystem} ${row.package}`));
    for (const row of malware) {
      // A MAL record is about one package; an advisory of an event may be about several.
      if (row.id.startsWith('MAL-')) assert.equal(packagesOf.get(row.id)?.size, 1, row.id);
    }
  });

  it('uses an own id only where no published one stands', () => {
    const own = all.filter((row) => row.id.startsWith('x_'));
    for (const row of own) assert.equal(row.aliases, undefined, row.package);
    assert.deepEqual([...new Set(own.map((row) => row.id))].sort(), ['x_MERLON-2024-0001', 'x_MERLON-2025-0001', 'x_MERLON-2026-0001']);
    for (const row of own) assert.equal(row.id.slice(9, 13), row.published.slice(0, 4), row.id);
    // Without a page of the id itself, the first source is where people are sent.
    for (const row of own) assert.match(row.sources[0]!, /^https:\/\//, row.id);
  });

  it('knows nothing of what came after its date', () => {
    for (const row of all) assert.ok(row.published <= incidents.date, `${row.package} ${row.published}`);
  });

  it('is in order, so that a change shows as a change', () => {
    const order = (row: Row) => `${row.ecosystem}\n${row.package}\n${row.id}`;
    for (const rows of [malware, vulnerabilities]) {
      const keys = rows.map(order);
      assert.deepEqual(keys, [...keys].sort());
    }
    for (const [name, campaign] of campaigns) {
      const names = Object.keys(campaign.packages ?? {});
      assert.deepEqual(names, [...names].sort(), name);
    }
  });

  it('stays small enough to ship', () => {
    assert.ok(JSON.stringify(incidents).length < 150_000);
  });
});

describeCorpus('incidents.json against published records', () => {
  interface Osv {
    id: string;
    aliases?: string[];
    withdrawn?: string;
    affected: {
      package?: { ecosystem: string; name: string };
      versions?: string[];
      ranges?: { type: string; events: Record<string, string>[] }[];
    }[];
  }
  const records = new Map<string, Osv>();

  before(() => {
    for (const record of corpusRecords<Osv>('adv/dev.jsonl.gz')) records.set(record.id, record);
  });

  it('agrees with every record that is at hand: aliases, and the releases that it lists', () => {
    let compared = 0;
    for (const row of malware) {
      const record = records.get(row.id);
      if (!record) continue;
      compared++;
      assert.equal(record.withdrawn, undefined, row.id);
      for (const alias of record.aliases ?? []) assert.ok(row.aliases?.includes(alias), `${row.id}: ${alias}`);
      const affected = record.affected.find((part) => part.package?.name === row.package && part.package.ecosystem === row.ecosystem);
      assert.ok(affected, row.id);
      if (Array.isArray(row.versions) && affected.versions)
        assert.deepEqual([...row.versions].sort(), [...affected.versions].sort(), row.id);
      const open = (affected.ranges ?? []).some((range) => range.events.length === 1 && range.events[0]!.introduced === (row.from ?? '0'));
      if (row.versions === '*' || row.from !== undefined) assert.ok(open, row.id);
    }
    assert.ok(compared >= 6, `${compared} rows have a record`);
  });

  it('agrees with the lists of incident responders, release by release', () => {
    const listed = new Map<string, Set<string>>();
    for (const row of [...malware, ...bulk]) {
      if (Array.isArray(row.versions)) listed.set(`${row.ecosystem} ${row.package}`, new Set(row.versions));
    }
    let compared = 0;
    for (const record of records.values()) {
      if (!record.id.startsWith('x_DDIOC-')) continue;
      for (const { package: pkg, versions = [] } of record.affected) {
        if (!pkg) continue;
        const known = listed.get(`${pkg.ecosystem} ${pkg.name}`);
        if (!known) continue;
        compared++;
        for (const version of versions) assert.ok(known.has(version), `${pkg.name} ${version}`);
      }
    }
    assert.ok(compared > 400, `${compared} packages compared`);
  });
});
