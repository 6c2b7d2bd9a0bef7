import assert from 'node:assert/strict';
import { freshRelease } from '../../server/src/checks/freshRelease';
import type { AgeLimit, ReleaseAgeSetting } from '../../server/src/core/releaseAge';
import type { DeclarationSubject } from '../../server/src/core/check';
import { checkFixture } from '../support/caretFixture';
import { checkFix } from '../support/checkFix';
import { advisory, aged, day, hour, lockedPackage, minute, now, policy, subject, type SubjectParts } from '../support/subjects';

const alone = { policy: { rules: { unpinned: 'off', 'unknown-package': 'off' } } } as const;

describe('fresh-release', () => {
  it('names what a requirements file takes, and nothing whose age is not known', () =>
    checkFixture(
      `
fresh-agent==1.1.0
           ^^^^^^^ 💡 fresh-release [warning]: fresh-agent 1.1.0 was published 20 hours ago, 2026-05-31 16:00 UTC: less than the 3 days of merlon.minimumReleaseAge
fresh-agent>=1,<2
           ^^^^^^ 💡 fresh-release [warning]: fresh-agent >=1,<2 admits 1.1.0, which was published 20 hours ago
fresh-agent
^^^^^^^^^^^ 💡 fresh-release [warning]: fresh-agent without a version takes 1.1.0, which was published 20 hours ago
fresh-agent==1.0.0
fresh-agent<1.1
fresh-agent==1.2.0
steady-llm
timeless-kit==1.0.0
tomorrow-kit==1.1.0
tomorrow-kit
`,
      alone,
    ));

  it('names what a pyproject.toml and a package.json take', async () => {
    await checkFixture(
      `
//- pyproject.toml
[project]
dependencies = ["fresh-agent~=1.0", "timeless-kit"]
                            ^^^^^ 💡 fresh-release [warning]: fresh-agent ~=1.0 admits 1.1.0
[build-system]
requires = ["fresh-agent==1.1.0"]
                        ^^^^^^^ 💡 fresh-release: fresh-agent 1.1.0 was published
`,
      alone,
    );
    await checkFixture(
      `
//- package.json
{ "dependencies": { "fresh-agent": "^1.0.0", "plain-util": "latest", "tomorrow-kit": "1.1.0" },
                                    ^^^^^^ 💡 fresh-release [warning]: fresh-agent ^1.0.0 admits 1.1.0
  "devDependencies": { "fresh-agent": "latest" }, "peerDependencies": { "fresh-agent": ">=1" } }
                                       ^^^^^^ 💡 fresh-release: fresh-agent latest admits 1.1.0
`,
      alone,
    );
  });

  it('is silent where no registry was asked, and where every release is malware or out of reach', async () => {
    await checkFixture('fresh-agent==1.1.0\n', { ...alone, registries: 'off' });
    await checkFixture('fresh-agent==1.1.0\n', { ...alone, registries: 'down' });
    assert.deepEqual(told('litellm==1.1', { releases: [aged('1.1', hour)], advisories: [advisory('MAL-1', ['1.1'])] }), []);
    const quarantined = { releases: [aged('1.1', hour)], record: { status: 'quarantined' } } as const;
    assert.deepEqual(told('litellm==1.1', quarantined), []);
    const admitted = { releases: ['1.0', aged('1.1', hour)], advisories: [advisory('MAL-1', ['1.1'])] };
    assert.deepEqual(told('litellm>=1', admitted), [], 'admits-compromised speaks of it');
  });

  it('pins to the newest release that is old enough and clean', async () => {
    await checkFix('fresh-agent>=1,<2\n', 'fresh-agent==1.0.0\n', { ...alone, rule: 'fresh-release', title: 'Pin fresh-agent to 1.0.0' });
    await checkFix('fresh-agent==1.1.0 # new\n', 'fresh-agent==1.0.0 # new\n', {
      rule: 'fresh-release',
      title: 'Go back to fresh-agent 1.0.0',
    });
    const releases = ['1.82.5', '1.82.6', aged('1.82.7', 33 * minute), aged('1.82.8', 20 * minute)];
    const fixes = freshRelease.assess.declaration!(subject('litellm==1.82.8', { releases }), policy)[0]!.fixes!();
    assert.deepEqual(
      fixes.map(({ title, kind }) => `${kind} ${title}`),
      ['pin Go back to litellm 1.82.6 (passes over 1.82.7, only 33 minutes old)'],
    );
    const flawed = { releases, advisories: [advisory('CVE-1', ['1.82.6'])] };
    assert.match(fixTitles(subject('litellm>=1', flawed))[0]!, /^Pin litellm to 1\.82\.5/);
    assert.deepEqual(fixTitles(subject('litellm>=1', { releases: [aged('1.0', hour), aged('1.1', minute)] })), []);
  });

  it('says who published it, in one line whatever they call themselves', () => {
    const by = (publisher: object) => told('a==2', { releases: [{ ...aged('2', 20 * minute), publisher }] })[0]!;
    assert.match(by({ account: 'mallory' }), /20 minutes ago, 2026-06-01 11:40 UTC, by the account mallory: less than/);
    assert.match(by({ trusted: 'github', repository: 'a/b', workflow: 'x.yml' }), /by the trusted publisher github \(a\/b, x\.yml\): less/);
    assert.match(by({ account: 'a\nb\u202e' }), /by the account a b: less/);
    assert.match(by({}), /UTC: less/);
  });

  describe('beside a lockfile', () => {
    const releases = ['1.81.13', '1.82.6', aged('1.82.8', 20 * minute)];

    it('is a hint where that holds an older release', () => {
      const [found] = freshRelease.assess.declaration!(subject('litellm>=1.81,<2', { releases, locked: '1.81.13' }), policy);
      assert.equal(found!.severity, 'hint');
      assert.match(found!.message, /^litellm >=1\.81,<2 admits 1\.82\.8, which was published 20 minutes ago,.*; uv\.lock holds 1\.81\.13$/);
      assert.equal(found!.fixes, undefined);
    });

    it('warns of what is locked itself, by the registry or by the times of the lockfile', () => {
      const message = /^litellm 1\.82\.8, which the lockfile holds, was published 20 minutes ago/;
      const [found] = freshRelease.assess.declaration!(subject('litellm>=1.81,<2', { releases, locked: '1.82.8' }), policy);
      assert.match(found!.message, message);
      assert.equal(found!.severity, undefined);
      assert.deepEqual(found!.related!.length, 1);
      const uploadedAt = new Date(now.getTime() - 20 * minute);
      const lock = { releases: [lockedPackage('litellm', '1.82.8', { uploadedAt })] };
      assert.match(told('litellm>=1.81,<2', { locked: '1.82.8', lock })[0]!, message);
    });

    it('warns where the project is a library, whose users take what the range admits', () => {
      const lock = { library: 'it has [project] and [build-system]' };
      const [found] = freshRelease.assess.declaration!(subject('litellm>=1.81,<2', { releases, locked: '1.81.13', lock }), policy);
      assert.equal(found!.severity, undefined);
      assert.match(found!.message, /; uv\.lock holds 1\.81\.13, which users of this library never see \(it has/);
    });

    it('warns of a range beside an environment, which protects nobody else', () => {
      const [found] = freshRelease.assess.declaration!(subject('litellm>=1.81,<2', { releases, installed: '1.81.13' }), policy);
      assert.match(found!.message, /admits 1\.82\.8/);
      assert.equal(found!.severity, undefined);
    });
  });

  describe("by the project's own limit", () => {
    const parts = (hours: number): SubjectParts => ({ releases: ['1.0', aged('1.1', hours * hour)] });
    const under = (line: string, hours: number, setting: Partial<ReleaseAgeSetting> & { limit?: AgeLimit }) =>
      freshRelease.assess.declaration!({ ...subject(line, parts(hours)), releaseAge: { ...made, ...setting } }, policy);

    it('takes its age, longer or shorter than Merlon’s own', () => {
      assert.match(under('a==1.1', 100, { limit: { ageMs: 7 * day } })[0]!.message, /less than the 7 days of exclude-newer in uv\.toml$/);
      assert.deepEqual(under('a==1.1', 30, { limit: { ageMs: day } }), []);
      assert.equal(under('a==1.1', 30, { limit: { ageMs: 2 * day } }).length, 1);
    });

    it('honours what it excludes, and limits of its own for some', () => {
      const limit = { ageMs: 7 * day };
      assert.deepEqual(under('a==1.1', 1, { limit, exceptions: [{ name: 'a' }] }), []);
      assert.deepEqual(under('a==1.1', 1, { limit, exceptions: [{ name: '*' }] }), []);
      assert.equal(under('a==1.1', 1, { limit, exceptions: [{ name: 'b*' }] }).length, 1);
      assert.equal(under('a==1.1', 1, { limit, exceptions: [{ name: 'a', range: '==1.2' }] }).length, 1);
      assert.deepEqual(under('a==1.1', 1, { limit, exceptions: [{ name: 'a', range: '==1.1' }] }), []);
      assert.deepEqual(under('a==1.1', 30, { limit, exceptions: [{ name: 'a', limit: { ageMs: day } }] }), []);
    });

    it('is a hint for a range where the installing tool itself passes over the release, and not where only a bot does', () => {
      const [found] = under('a>=1', 30, { limit: { ageMs: 7 * day } });
      assert.equal(found!.severity, 'hint');
      assert.match(found!.message, /, so uv passes over it$/);
      const [byBot] = under('a>=1', 30, { tool: 'renovate', key: 'minimumReleaseAge', file: 'renovate.json', limit: { ageMs: 7 * day } });
      assert.equal(byBot!.severity, undefined);
    });

    it('lets a fixed day keep releases out, and measures the others by Merlon’s own age', () => {
      const until = new Date(now.getTime() - 10 * day);
      assert.deepEqual(under('a>=1', 30, { limit: { until } }), [], 'the tool takes 1.0');
      assert.equal(under('a==1.1', 30, { limit: { until } }).length, 1);
      assert.equal(under('a>=1', 30, { limit: { until: now } }).length, 1);
    });

    it('measures by Merlon’s own age where the limit is a mere default', () => {
      const setting = { tool: 'pnpm', limit: { ageMs: day }, byDefault: true } as const;
      assert.equal(under('a>=1', 30, setting)[0]!.severity, undefined);
      assert.match(under('a>=1', 30, setting)[0]!.message, /merlon\.minimumReleaseAge$/);
      assert.equal(under('a>=1', 5, setting)[0]!.severity, 'hint');
    });

    it('says nothing where neither sets one', () => {
      assert.deepEqual(freshRelease.assess.declaration!(subject('a==1.1', parts(1)), { ...policy, minimumReleaseAgeMs: 0 }), []);
    });
  });

  it('takes what the package manager would: npm’s latest, stable before preview, and no yanked release', () => {
    const young = [aged('1.0', 90 * day), aged('1.1', hour), { ...aged('2.0', hour), yanked: true as const }, aged('3.0rc1', hour)];
    assert.match(told('a', { releases: young })[0]!, /^a without a version takes 1\.1,/);
    assert.deepEqual(told('a', { releases: young, record: { latest: '1.0' } }), []);
    assert.match(told('a>1', { releases: young, record: { latest: '1.0' } })[0]!, /takes 1\.1|admits 1\.1/);
    assert.match(told('a', { releases: [aged('3.0rc1', hour)] })[0]!, /takes 3\.0rc1/);
    assert.deepEqual(told('a', { releases: young, tag: 'next' }), []);
    assert.deepEqual(told('a==1.1', { releases: [{ version: '1.1', publishedAt: new Date(Number.NaN) }] }), []);
  });
});

const made: ReleaseAgeSetting = {
  tool: 'uv',
  key: 'exclude-newer',
  file: 'uv.toml',
  span: { start: 0, end: 0 },
  written: '',
  exceptions: [],
};

function told(line: string, parts: SubjectParts): string[] {
  return freshRelease.assess.declaration!(subject(line, parts), policy).map(({ message }) => message);
}

function fixTitles(on: DeclarationSubject): string[] {
  return freshRelease.assess.declaration!(on, policy).flatMap(({ fixes }) => (fixes?.() ?? []).map(({ title }) => title));
}
