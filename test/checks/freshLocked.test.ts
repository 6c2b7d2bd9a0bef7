import assert from 'node:assert/strict';
import { freshRelease } from '../../server/src/checks/freshRelease';
import type { Policy } from '../../server/src/core/check';
import type { Registry } from '../../server/src/core/ecosystem';
import type { Lock } from '../../server/src/core/lockfile';
import { checks } from '../../server/src/checks';
import { ecosystems, kindOf, lockKindOf } from '../../server/src/ecosystems';
import { createEngine } from '../../server/src/scan/engine';
import { createLockStore, readLock } from '../../server/src/scan/lockStore';
import { uploadedWithin } from '../../server/src/scan/youngInLock';
import { createProject } from '../../server/src/scan/project';
import { checkFixture, findingsOf } from '../support/caretFixture';
import { miniNow } from '../support/miniRegistry';
import { advisory, hour, lockedPackage, minute, now, policy, subject } from '../support/subjects';
import { scanTexts } from '../support/scanTexts';
import { corpusJson, corpusText, describeCorpus } from '../support/corpus';
import { dspyProject, uvLockOf } from '../support/uvLock';

// What a lockfile tells of ages by itself: uv.lock and pylock.toml have the time of each file's upload.

const ago = (ms: number) => new Date(miniNow.getTime() - ms).toISOString();

const uvLock = (sdist: string, wheel = sdist) => uvLockOf('litellm', '1.82.7', { sdist, wheel });

const fresh = async (files: Readonly<Record<string, string>>, more: Partial<Policy> = {}) =>
  findingsOf(await scanTexts(new Map(Object.entries(files)), { registries: 'off', policy: more })).filter(
    ({ rule }) => rule === 'fresh-release',
  );

describe('fresh-release of what comes along by the lockfile', () => {
  it('speaks without any registry, with the way and the time that the lockfile tells', async () => {
    await checkFixture(
      `
//- pyproject.toml
${dspyProject().replace('"dspy>=3"]\n', `"dspy>=3"]\n                     ^^^ fresh-release [warning]: dspy 3.0.3 brings litellm 1.82.7 by dspy → litellm, which was published 20 minutes ago,\n`)}
//- uv.lock
${uvLock(ago(20 * minute))}`,
      { registries: 'off' },
    );
    const [found, ...more] = await fresh({ 'pyproject.toml': dspyProject(), 'uv.lock': uvLock(ago(20 * minute)) });
    assert.deepEqual(more, []);
    assert.match(found!.message, /20 minutes ago, \S+ \S+ UTC, as uv\.lock says: less than the 3 days of merlon\.minimumReleaseAge$/);
    assert.deepEqual([found!.package, found!.version, found!.via, found!.resolvedBy], ['litellm', '1.82.7', ['dspy@3.0.3'], 'lockfile']);
    assert.deepEqual(
      found!.related.map(({ file, message }) => [file, message]),
      [['uv.lock', 'litellm 1.82.7 stands here']],
    );
    assert.deepEqual(found!.fixes, []);
  });

  it('goes by the first file, as the registry does: one that was added later makes no release young', async () => {
    const files = (sdist: string, wheel: string) => ({ 'pyproject.toml': dspyProject(), 'uv.lock': uvLock(sdist, wheel) });
    assert.deepEqual(await fresh(files(ago(100 * 24 * hour), ago(minute))), []);
    assert.deepEqual(await fresh(files(ago(minute), ago(100 * 24 * hour))), []);
    assert.equal((await fresh(files(ago(2 * minute), ago(minute))))[0]?.message.includes('2 minutes ago'), true);
  });

  it('is silent of the future, of what nobody dates, and of times that are none', async () => {
    for (const time of [ago(-hour), '', 'soon', '0001-01-01T00:00:00Z', '9'.repeat(400)]) {
      assert.deepEqual(await fresh({ 'pyproject.toml': dspyProject(), 'uv.lock': uvLock(time) }), [], time);
    }
  });

  it("keeps to the project's own limit, and to what that excludes", async () => {
    const under = (setting: string, ms: number) =>
      fresh({ 'pyproject.toml': dspyProject(`[tool.uv]\n${setting}\n`), 'uv.lock': uvLock(ago(ms)) });
    assert.match(
      (await under('exclude-newer = "7 days"', 100 * hour))[0]!.message,
      /less than the 7 days of exclude-newer in pyproject\.toml$/,
    );
    assert.deepEqual(await under('exclude-newer = "1 day"', 30 * hour), []);
    assert.deepEqual(await under('exclude-newer = "7 days"\nexclude-newer-package = { litellm = false }', hour), []);
    assert.equal((await under('exclude-newer = "1 day"\nexclude-newer-package = { litellm = "7 days" }', 100 * hour)).length, 1);
    assert.deepEqual(await fresh({ 'pyproject.toml': dspyProject(), 'uv.lock': uvLock(ago(minute)) }, { minimumReleaseAgeMs: 0 }), []);
  });

  it('reads pylock.toml too, and speaks of a declared release by its times, exact range or not', async () => {
    const pylock = `lock-version = "1.0"
created-by = "uv"

[[packages]]
name = "dspy"
version = "3.0.3"
sdist = { name = "dspy-3.0.3.tar.gz", url = "https://files.pythonhosted.org/dspy-3.0.3.tar.gz", upload-time = ${ago(40 * minute)}, hashes = { sha256 = "aa" } }
`;
    for (const range of ['>=3', '==3.0.3']) {
      const [found] = await fresh({ 'pyproject.toml': dspyProject().replace('>=3', range), 'pylock.toml': pylock });
      assert.match(found!.message, /^dspy 3\.0\.3.* was published 40 minutes ago, .*, as pylock\.toml says: less than/);
    }
  });

  it('leaves malware to the finding that says so, and counts what else is young', () => {
    const brought = (name: string, ms: number) => {
      const publishedAt = new Date(now.getTime() - ms);
      const entry = lockedPackage(name, '1.82.7', { uploadedAt: publishedAt });
      const path = ['dspy 3.0.3', `${name} 1.82.7`];
      return {
        package: entry.package,
        version: entry.version,
        path,
        entry,
        advisories: [],
        known: [],
        publishedAt,
        toldBy: 'lockfile' as const,
      };
    };
    const [a, b, c] = [brought('litellm', minute), brought('tiktoken', hour), brought('ujson', 2 * hour)] as const;
    const judge = (brings: (typeof a)[], bad: (typeof a)[] = []) =>
      freshRelease.assess.declaration!(
        {
          ...subject('dspy', { locked: '3.0.3', brings: bad.map((one) => ({ ...one, advisories: [advisory('MAL-1', ['1.82.7'])] })) }),
          bringsYoung: brings,
        },
        policy,
      ).map(({ message }) => message);
    assert.match(judge([a, b, c])[0]!, /^dspy 3\.0\.3 brings litellm .*; and two other young releases$/);
    assert.match(judge([a, b], [a])[0]!, /^dspy 3\.0\.3 brings tiktoken .* merlon\.minimumReleaseAge$/);
    assert.deepEqual(judge([a], [a]), []);
  });

  it('says it in the lockfile where that speaks for no manifest', async () => {
    const { engine, rules, locks } = await engineOn({ 'uv.lock': uvLock(ago(20 * minute)) });
    const { findings } = engine.assessLock(locks[0]!, rules, []);
    assert.deepEqual(
      findings.filter(({ rule }) => rule === 'fresh-release').map(({ message, version }) => [message.slice(0, 55), version]),
      [['litellm 1.82.7 is locked and was published 20 minutes a', '1.82.7']],
    );
    assert.deepEqual(engine.assessLock(locks[0]!, rules).findings, []);
  });

  it('believes a registry before the lockfile, wherever one has told', async () => {
    const told = async (publishedAt: Date | undefined) => {
      const record = { exists: true, releases: [{ version: '1.82.7', ...(publishedAt && { publishedAt }) }] };
      const { engine, rules, locks, documents } = await engineOn(
        { 'pyproject.toml': dspyProject(), 'uv.lock': uvLock(ago(20 * minute)) },
        (name) =>
          name === 'litellm' ? { state: 'known', value: record, asOf: miniNow } : { state: 'pending', reason: 'it is being asked' },
      );
      const { findings } = engine.assess(documents[0]!, rules, locks);
      return findings.filter(({ rule }) => rule === 'fresh-release').map(({ message }) => message);
    };
    assert.deepEqual(await told(new Date(miniNow.getTime() - 100 * 24 * hour)), []);
    const [said] = await told(new Date(miniNow.getTime() - hour));
    assert.match(said!, /1 hour ago/);
    assert.doesNotMatch(said!, /uv\.lock/);
    assert.match((await told(undefined))[0]!, /20 minutes ago.*as uv\.lock says/);
  });
});

describeCorpus('what real lockfiles tell of ages', () => {
  it('is which releases were uploaded within a time, youngest first', () => {
    const rows = corpusJson<readonly { readonly file: string; readonly path: string }[]>('manifests/index.json');
    let dated = 0;
    for (const { file, path } of rows.filter((row) => row.path.endsWith('uv.lock'))) {
      const { lock } = readLock({ state: 'text', text: corpusText(`manifests/${file}`) }, lockKindOf(path)!) as { lock: Lock };
      const times = lock.packages.flatMap(({ uploadedAt, own }) => (uploadedAt && !own ? uploadedAt.getTime() : []));
      if (!times.length) continue;
      dated++;
      const newest = Math.max(...times);
      const at = new Date(newest + 20 * minute);
      const found = uploadedWithin(lock, 3 * 24 * hour, at).map(({ time }) => time);
      const expected = times.filter((time) => at.getTime() - time < 3 * 24 * hour).sort((a, b) => b - a);
      assert.ok(found[0] === newest, file);
      assert.deepEqual(found, expected, file);
    }
    assert.ok(dated > 15, String(dated));
  });
});

async function engineOn(texts: Readonly<Record<string, string>>, held?: Registry['held']) {
  const read = (path: string) =>
    Promise.resolve(texts[path] === undefined ? { state: 'absent' as const } : { state: 'text' as const, text: texts[path] });
  const project = createProject({ files: { read }, top: '' });
  await project.load(Object.keys(texts).flatMap((path) => (kindOf(path) ? [{ path, kind: kindOf(path)! }] : [])));
  const locks = createLockStore(async (path, kind) => readLock(await read(path), kind));
  await locks.load(Object.keys(texts).flatMap((path) => (lockKindOf(path) ? [{ path, kind: lockKindOf(path)! }] : [])));
  const nothing = { state: 'disabled', reason: 'a test' } as const;
  const registry: Registry | undefined = held && {
    id: 'pypi',
    held,
    recordOf: (name) => Promise.resolve(held(name)),
    existence: () => nothing,
    knowExistence: () => Promise.resolve(nothing),
  };
  const engine = createEngine({
    checks,
    feeds: [],
    registries: new Map(registry ? ecosystems.map(({ id }) => [id, registry]) : []),
    rolesOf: () => [],
    clock: { now: () => miniNow },
    disabled: [],
    onFault: (check, error) => {
      throw new Error(`${check.id} threw`, { cause: error });
    },
  });
  const rules = { policy: { ...policy, rules: { 'release-age-setting': 'off' as const } }, privatePackages: [] };
  return { engine, rules, locks: locks.documents(), documents: project.documents() };
}
