import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { createIndexAccess } from '../../server/src/session/indexAccess';
import { applyChanges, buildIndex } from '../../server/src/session/indexBuild';
import { publishIndex } from '../../server/src/platform/indexFolder';
import { indexedAt } from '../support/offlineIndex';
import { osvRecord, versionsOf } from '../support/osvRecords';
import { temporaryFolder } from '../support/temporaryFolder';
import { zipOf } from '../support/zip';

const pypi = (n: number, more: object = {}) => osvRecord({ id: `PYSEC-2026-${n}`, name: `package-${n}`, versions: ['1'], ...more });
const npm = (n: number) => osvRecord({ id: `MAL-2026-${n}`, ecosystem: 'npm', name: `package-${n}`, versions: ['1.0.0'] });
const when = { now: indexedAt, asOf: indexedAt };

describe('the index on this machine', () => {
  let root: string;
  let remove: () => void;
  beforeEach(() => {
    const made = temporaryFolder();
    root = made.path;
    remove = () => made.remove();
  });
  afterEach(() => remove());

  const write = (name: string, content: string | Buffer) => {
    fs.writeFileSync(path.join(root, name), content);
    return path.join(root, name);
  };
  const jsonl = (records: readonly object[]) => records.map((record) => JSON.stringify(record)).join('\n');
  const open = (place: string, named = false) => createIndexAccess({ place, versionsOf, named, lookAgainMs: 0 });
  const idsOf = (place: string, ecosystem: string, name: string) => {
    const access = open(place);
    const current = access.current();
    assert.ok(current.state === 'open', JSON.stringify(current));
    const found = current.index.find(ecosystem, name);
    assert.ok('records' in found);
    const ids = found.records.map(({ id }) => id);
    access.close();
    return ids;
  };

  it('is built of all kinds of files at once, and bad records cost themselves alone', async () => {
    const zip = write(
      'npm.zip',
      zipOf({ 'MAL-2026-1.json': JSON.stringify(npm(1)), 'bad.json': '{', 'other.json': '[]', 'MAL-2026-2.json': JSON.stringify(npm(2)) }),
    );
    const lines = write('pypi.jsonl', `${jsonl([pypi(1)])}\n{"summary":"no id"}\nnot json\n${jsonl([pypi(2)])}`);
    const { index, unreadable, faults } = await buildIndex([zip, lines], { now: indexedAt });
    assert.equal(unreadable, 3);
    assert.deepEqual(faults, [`${zip}, bad.json: it is not JSON`, `${lines}, line 2: it has no id`, `${lines}, line 3: it is not JSON`]);
    assert.deepEqual([index.meta.records, index.meta.names, index.meta.unreadable], [4, 4, 3]);
    await publishIndex(path.join(root, 'index'), index.pieces, indexedAt);
    assert.deepEqual(idsOf(path.join(root, 'index'), 'npm', 'package-2'), ['MAL-2026-2']);
    assert.deepEqual(idsOf(path.join(root, 'index'), 'PyPI', 'package-1'), ['PYSEC-2026-1']);
  });

  it('says of a bad record where it stands, which it is, and what is wrong with it', async () => {
    const named = { package: { ecosystem: 'PyPI', name: 'some-package' } };
    const bad = [
      { id: 'GHSA-1', schema_version: '1.6.0', affected: 'all' },
      { id: 'GHSA-2', affected: [named, 'some-package'] },
      { id: 'GHSA-3', affected: [named, { package: { ecosystem: 'npm' } }] },
      { id: `GHSA-${'4'.repeat(500)}`, affected: {} },
    ];
    const faultsOf = async (source: string) => (await buildIndex([source], { now: indexedAt })).faults;
    const what = [
      'GHSA-1: its affected could not be read',
      'GHSA-2: an entry of its affected does not tell its package',
      'GHSA-3: an entry of its affected does not tell its package',
      `GHSA-${'4'.repeat(75)}…: its affected could not be read`,
    ];
    const lines = write('r.jsonl', `\n${jsonl(bad)}\n`);
    assert.deepEqual(
      await faultsOf(lines),
      what.map((one, at) => `${lines}, line ${at + 2}: ${one}`),
    );
    const list = write('list.json', JSON.stringify([pypi(1), ...bad, null, 7]));
    assert.deepEqual(
      await faultsOf(list),
      [...what, 'it is no OSV record', 'it is no OSV record'].map((one, at) => `${list}, record ${at + 2}: ${one}`),
    );
    fs.mkdirSync(path.join(root, 'records', 'deep'), { recursive: true });
    const inFolder = write('records/deep/GHSA-1.json', JSON.stringify(bad[0]));
    assert.deepEqual(await faultsOf(path.join(root, 'records')), [`${inFolder}: ${what[0]}`]);
    const zip = write('r.zip', zipOf({ 'PyPI/GHSA-1.json': JSON.stringify(bad[0]) }));
    assert.deepEqual(await faultsOf(zip), [`${zip}, PyPI/GHSA-1.json: ${what[0]}`]);
  });

  it('is as of its youngest record that is not of the future, and says whose data it is', async () => {
    const file = write('a.jsonl', jsonl([pypi(1, { modified: '2026-03-01T10:00:00Z' }), pypi(2, { modified: '2026-02-01T00:00:00Z' })]));
    const { index } = await buildIndex([file], { now: indexedAt });
    assert.equal(index.meta.asOf, '2026-03-01T10:00:00.000Z');
    assert.equal(index.meta.ecosystems.PyPI!.highWater, '2026-03-01T10:00:00Z');
    // Each ecosystem counts as of its own youngest, the index as of the one that lags behind.
    const tomorrow = write('b.jsonl', jsonl([npm(1), { ...npm(2), modified: '2126-01-01T00:00:00Z' }]));
    const both = (await buildIndex([file, tomorrow], { now: indexedAt })).index;
    assert.deepEqual([both.meta.asOf, both.meta.ecosystems.npm!.highWater], ['2026-01-01T00:00:00.000Z', '2126-01-01T00:00:00Z']);
    const undated = write('c.jsonl', jsonl([pypi(1, { modified: 'one day' })]));
    assert.equal((await buildIndex([undated], { now: indexedAt })).index.meta.asOf, '1970-01-01T00:00:00.000Z');
    assert.deepEqual(index.meta.attribution, ['PyPA Advisory Database, CC-BY-4.0, https://github.com/pypa/advisory-database']);
  });

  it('is not built from what cannot be read to its end', async () => {
    const file = write('npm.zip', zipOf({ 'a.json': JSON.stringify(npm(1)) }).subarray(0, 100));
    await assert.rejects(buildIndex([file], { now: indexedAt }), /npm\.zip: it is no zip archive, or it is truncated/);
  });

  it('is opened anew when another has come, and not before', async () => {
    const place = path.join(root, 'index');
    const publish = async (records: readonly object[]) => {
      const { index } = await buildIndex([write('a.jsonl', jsonl(records))], { now: indexedAt });
      await publishIndex(place, index.pieces, indexedAt);
    };
    const access = open(place);
    assert.equal(access.current().state, 'absent');
    await publish([pypi(1)]);
    const first = open(place);
    const before = first.current();
    assert.ok(before.state === 'open');
    assert.equal(first.current(), before);
    await publish([pypi(2)]);
    const after = first.current();
    assert.ok(after.state === 'open' && after.index !== before.index);
    assert.equal(after.index.meta.records, 1);
    // Who held the old one is told that it is gone, and not that nothing is known.
    const found = before.index.find('PyPI', 'package-1');
    assert.ok('fault' in found || found.records.length === 1);
    first.close();
    access.close();
  });

  it('that somebody named and is not there could not be read', () => {
    assert.equal(open(path.join(root, 'none')).current().state, 'absent');
    const current = open(path.join(root, 'none'), true).current();
    assert.deepEqual(current, { state: 'unreadable', reason: 'the offline index could not be read: there is none' });
    assert.equal(open(write('text', 'this is no index at all, whatever its name says')).current().state, 'unreadable');
  });

  it('takes changes into a new generation', async () => {
    const place = path.join(root, 'index');
    assert.deepEqual(await applyChanges(place, { records: [] }, when), { state: 'unusable', reason: 'there is none' });
    const { index } = await buildIndex([write('a.jsonl', jsonl([...Array(50).keys()].flatMap((n) => [pypi(n), npm(n)])))], {
      now: indexedAt,
    });
    await publishIndex(place, index.pieces, indexedAt);
    const gone = { withdrawn: '2026-05-01T00:00:00Z' };
    const later = new Date('2026-09-03T00:00:00Z');
    const outcome = await applyChanges(
      place,
      { records: [pypi(1, { name: 'renamed' }), pypi(2, { more: gone }), pypi(99), 'junk'], removed: ['MAL-2026-3', 'unknown'] },
      { now: later, asOf: later },
    );
    assert.ok(outcome.state === 'published');
    assert.deepEqual([outcome.index.unreadable, outcome.index.meta.records], [1, 99]);
    assert.deepEqual(idsOf(place, 'PyPI', 'package-1'), []);
    assert.deepEqual(idsOf(place, 'PyPI', 'renamed'), ['PYSEC-2026-1']);
    assert.deepEqual(idsOf(place, 'PyPI', 'package-2'), []);
    assert.deepEqual(idsOf(place, 'PyPI', 'package-99'), ['PYSEC-2026-99']);
    assert.deepEqual(idsOf(place, 'npm', 'package-3'), []);
    assert.deepEqual(idsOf(place, 'npm', 'package-4'), ['MAL-2026-4']);
    const current = open(place).current();
    assert.ok(current.state === 'open' && current.asOf.getTime() === later.getTime());
  });

  it('asks for records again whose list it left out, when malware comes beside them', async () => {
    const place = path.join(root, 'index');
    const listed = pypi(1, { aliases: ['GHSA-2222-3333-4444'], versions: ['1.5'], ranges: [[{ introduced: '1' }, { fixed: '2' }]] });
    const { index } = await buildIndex([write('a.jsonl', jsonl([listed]))], { now: indexedAt });
    await publishIndex(place, index.pieces, indexedAt);
    const malware = osvRecord({ id: 'MAL-2026-1', aliases: ['GHSA-2222-3333-4444'], name: 'package-1', versions: ['1.7'] });
    assert.deepEqual(await applyChanges(place, { records: [malware] }, when), { state: 'wanting', ids: ['PYSEC-2026-1'] });
    assert.deepEqual(idsOf(place, 'PyPI', 'package-1'), ['PYSEC-2026-1']);
    assert.equal((await applyChanges(place, { records: [malware, listed] }, when)).state, 'published');
    assert.deepEqual(idsOf(place, 'PyPI', 'package-1'), ['MAL-2026-1', 'PYSEC-2026-1']);
  });

  it('that is damaged takes no changes', async () => {
    const place = path.join(root, 'index');
    const { index } = await buildIndex([write('a.jsonl', jsonl([pypi(1), pypi(2)]))], { now: indexedAt });
    const { file } = await publishIndex(place, index.pieces, indexedAt);
    const bytes = fs.readFileSync(file);
    bytes[bytes.length - 3]! ^= 1;
    fs.writeFileSync(file, bytes);
    assert.deepEqual(await applyChanges(place, { records: [] }, when), { state: 'unusable', reason: 'a part of it is damaged' });
  });
});
