import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { Release } from '../../server/src/core/release';
import { hintOf, outlookOf } from '../../server/src/fixes/outlook';
import { versionChoices } from '../../server/src/fixes/versionChoices';
import { advisory, aged, day, hour, minute, now, policy, subject, wholePackage } from '../support/subjects';

const releases: readonly Release[] = [
  aged('1.0', 400 * day),
  aged('1.1', 300 * day),
  { ...aged('1.2', 200 * day), yanked: 'broken' },
  { ...aged('1.3', 100 * day), publisher: { trusted: 'GitHub', repository: 'owner/x', workflow: 'release.yml' }, attested: true },
  { ...aged('2.0', 20 * minute), publisher: { account: 'mallory' }, attested: false },
  aged('3.0b1', 90 * day),
];
const rolesIn = (...args: Parameters<typeof outlookOf>) =>
  outlookOf(...args).map(({ roles, release }) => `${roles.join('+')} ${release.version}`);

describe('the releases worth seeing of a declaration', () => {
  it('are what would be taken, what may be proposed in the range and at all, and the newest', () => {
    assert.deepEqual(rolesIn(subject('x>=1', { releases }), policy), ['admitted+newest 2.0', 'clean-in-range+clean 1.3']);
    assert.deepEqual(rolesIn(subject('x<1.2', { releases }), policy), ['admitted+clean-in-range 1.1', 'clean 1.3', 'newest 2.0']);
    assert.deepEqual(rolesIn(subject('x==1.0', { releases }), policy), ['resolved 1.0', 'clean 1.3', 'newest 2.0']);
    assert.deepEqual(rolesIn(subject('x>=1', { releases, locked: '1.3' }), policy), ['resolved+clean-in-range+clean 1.3', 'newest 2.0']);
  });

  it('say who published them, and what is known against them', () => {
    const [taken, clean] = outlookOf(
      subject('x>=1', { releases, advisories: [advisory('GHSA-1', ['2.0']), advisory('MAL-1', ['1.0'])] }),
      policy,
    );
    assert.deepEqual([taken!.by, taken!.advisories, taken!.malware], ['account mallory', 1, false]);
    assert.deepEqual([clean!.by, clean!.advisories], ['trusted publisher GitHub (owner/x, release.yml)', 0]);
    const [pinned] = outlookOf(subject('x==1.0', { releases, advisories: [advisory('MAL-1', ['1.0'])] }), policy);
    assert.deepEqual([pinned!.malware, pinned!.unlisted], [true, undefined]);
  });

  it('name a pinned release that the registry does not list', () => {
    const [pinned] = outlookOf(subject('x==1.9', { releases, advisories: [advisory('MAL-1', ['1.9'])] }), policy);
    assert.deepEqual([pinned!.unlisted, pinned!.malware, pinned!.release], [true, true, { version: '1.9' }]);
  });

  it('are none where the registry never answered, has no such name, or is not where it comes from', () => {
    assert.deepEqual(outlookOf(subject('x>=1'), policy), []);
    assert.deepEqual(outlookOf(subject('x>=1', { record: { exists: false } }), policy), []);
    assert.deepEqual(outlookOf(subject('x', { releases, source: { kind: 'path', path: '../x' } }), policy), []);
  });

  it('hold no clean one where everything is malware, and no proposal that is blocked', () => {
    assert.deepEqual(rolesIn(subject('x>=1', { releases, advisories: [wholePackage('MAL-1')] }), policy), ['newest 2.0']);
    const blocked = { id: 'x', reason: '', place: { file: 'merlon.toml', span: { start: 0, end: 0 } }, wholePackage: false };
    const team = { blocks: () => [{ ...blocked, listedVersions: ['1.3'], affects: (version: string) => version === '1.3' }] };
    const rows = outlookOf(subject('x==1.3', { releases }), { ...policy, team: team as never });
    assert.deepEqual(
      rows.map(({ release, blocked: is }) => [release.version, is]),
      [
        ['1.3', true],
        ['1.1', false],
        ['2.0', false],
      ],
    );
    assert.ok(
      !versionChoices(subject('x', { releases }), { ...policy, team: team as never }).some(({ release }) => release.version === '1.3'),
    );
  });
});

describe('a hint', () => {
  it('is the resolved release, or the newest that the range admits, with its age', () => {
    const of = (...args: Parameters<typeof subject>) => {
      const found = hintOf(subject(...args));
      return found && [found.version, found.by, found.publishedAt && now.getTime() - found.publishedAt.getTime()];
    };
    assert.deepEqual(of('x>=1', { releases }), ['2.0', 'newest', 20 * minute]);
    assert.deepEqual(of('x==1.0', { releases }), ['1.0', 'exact-range', 400 * day]);
    assert.deepEqual(of('x>=1', { releases, locked: '1.1' }), ['1.1', 'lockfile', 300 * day]);
    assert.deepEqual(of('x>=1', { locked: '1.1' }), ['1.1', 'lockfile', undefined], 'nobody was asked');
    assert.deepEqual(of('x>=1', { releases, installed: '1.1' }), ['1.1', 'installed', 300 * day]);
    assert.equal(of('x>=1'), undefined);
    assert.equal(of('x>=1', { releases, advisories: [advisory('MAL-1', ['2.0'])] }), undefined, 'malware is no hint');
    assert.equal(of('x', { releases, source: { kind: 'git', url: 'https://a.example/x' } }), undefined);
  });
});

describe('the versions to choose from', () => {
  const versions = (...args: Parameters<typeof subject>) => versionChoices(subject(...args), policy).map(({ release }) => release.version);

  it('begin with what a fix would propose, and leave out what is yanked or compromised', () => {
    assert.deepEqual(versions('x', { releases }), ['1.3', '1.1', '1.0', '2.0', '3.0b1']);
    assert.deepEqual(versions('x', { releases, advisories: [advisory('MAL-1', ['1.3'])] }), ['1.1', '1.0', '2.0', '3.0b1']);
    assert.deepEqual(versions('x', { releases, advisories: [advisory('GHSA-1', '<1.3')] }), ['1.3', '2.0', '1.1', '1.0', '3.0b1']);
    assert.deepEqual(versions('x', { releases: [{ ...aged('2', 9 * day), deprecated: 'no' }, aged('1', 9 * day)] }), ['1', '2']);
    assert.deepEqual(versions('x', { releases: [aged('2', -hour), aged('1', 9 * day)] }), ['1'], 'of the future');
    assert.deepEqual(versions('x', { releases, advisories: [wholePackage('MAL-1')] }), []);
    assert.deepEqual(versions('x', { releases, record: { status: 'quarantined' } }), []);
    assert.deepEqual(versions('x'), []);
  });

  it('hold no compromised, yanked or future release, whatever the registry lists, each release once', () => {
    const release = fc.record({
      version: fc.tuple(fc.nat(4), fc.nat(4)).map(([a, b]) => `${a}.${b}`),
      age: fc.integer({ min: -2, max: 30 }),
      yanked: fc.boolean(),
    });
    fc.assert(
      fc.property(
        fc.uniqueArray(release, { selector: ({ version }) => version, maxLength: 12 }),
        fc.subarray(['0.0', '1.1', '2.2', '3.0']),
        (list, bad) => {
          const all = list.map(({ version, age, yanked }): Release => ({ ...aged(version, age * day), ...(yanked && { yanked: true }) }));
          const found = versions('x', { releases: all, advisories: [advisory('MAL-1', bad)] });
          const right = list
            .filter(({ version, age, yanked }) => !bad.includes(version) && age >= 0 && !yanked)
            .map(({ version }) => version);
          assert.deepEqual([...found].sort(), right.sort());
        },
      ),
      { numRuns: 300 },
    );
  });
});
