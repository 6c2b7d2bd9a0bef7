import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { Advisory } from '../../server/src/core/advisory';
import type { Release } from '../../server/src/core/release';
import { pypiVersions } from '../../server/src/ecosystems/pypi/versions';
import {
  cleanByAdvisories,
  lastCleanBefore,
  lowestCleanAfter,
  newestClean,
  type Proposal,
  type Shelf,
} from '../../server/src/fixes/cleanReleases';
import { advisory, aged, day, hour, now } from '../support/subjects';

function shelf(releases: readonly (string | Release)[], advisories: readonly Advisory[] = []): Shelf {
  return {
    releases: releases.map((release) => (typeof release === 'string' ? aged(release, 100 * day) : release)),
    advisories,
    versions: pypiVersions,
    minimumAgeMs: 3 * day,
    now,
  };
}

describe('the newest clean release', () => {
  it('is the highest that the range admits, whatever the order of the list', () => {
    assert.equal(newestClean(shelf(['1.9', '1.10', '2.0', '1.2']), '<2')?.version, '1.10');
    assert.equal(newestClean(shelf(['1.9', '1.10', '2.0', '1.2']), '')?.version, '2.0');
  });

  it('is touched by no advisory and not yanked', () => {
    const advisories = [advisory('CVE-1', '>=1.3,<1.4'), advisory('MAL-2026-1', ['1.5'])];
    assert.equal(newestClean(shelf(['1.2', '1.3', { version: '1.4', yanked: 'broken' }, '1.5'], advisories), '')?.version, '1.2');
  });

  it('passes over a younger one, and says which', () => {
    const proposal = newestClean(shelf(['1.0', aged('1.1', 2 * day), aged('1.2', hour)]), '');
    assert.equal(proposal?.version, '1.0');
    assert.equal(proposal?.passedOver?.version, '1.2');
  });

  it('is nothing where every release is too young', () => {
    assert.equal(newestClean(shelf([aged('1.0', hour)]), ''), undefined);
  });

  it('does not know releases that a clock set back has not seen', () => {
    const proposal = newestClean(shelf(['1.0', aged('1.1', -day)]), '');
    assert.deepEqual([proposal?.version, proposal?.passedOver], ['1.0', undefined]);
  });

  it('is stable while there is a stable one, and a pre-release only where the range has nothing else', () => {
    assert.equal(newestClean(shelf(['1.9', '2.0rc1']), '>=1.0rc1')?.version, '1.9');
    assert.equal(newestClean(shelf(['1.9', '2.0rc1']), '>=2.0rc1')?.version, '2.0rc1');
    assert.equal(newestClean(shelf(['0.1b0', '0.2b0']), '')?.version, '0.2b0');
  });

  it('is deprecated only where every other is', () => {
    assert.equal(newestClean(shelf(['1.0', { version: '1.1', deprecated: 'moved' }]), '')?.version, '1.0');
    assert.equal(newestClean(shelf([{ version: '1.1', deprecated: 'moved' }]), '')?.version, '1.1');
  });
});

describe('the nearest clean release', () => {
  const litellm = [advisory('MAL-1', ['1.82.7', '1.82.8']), advisory('CVE-1', '>=1.81.16,<1.83.7'), advisory('CVE-2', '<1.84.0')];

  it('is free of all advisories, not of the one at hand', () => {
    const story = shelf(['1.80.0', '1.82.6', '1.82.7', '1.82.8', '1.83.0', '1.83.7', '1.84.0', '1.85.0'], litellm);
    assert.equal(lowestCleanAfter(story, '1.82.7')?.version, '1.84.0');
    assert.equal(lastCleanBefore(story, '1.82.7'), undefined);
  });

  it('stays inside the range where it can', () => {
    const bad = [advisory('CVE-1', ['1.5', '1.6'])];
    assert.equal(lowestCleanAfter(shelf(['1.5', '1.6', '1.7', '2.0'], bad), '1.5', '>=2,!=1.7')?.version, '2.0');
    assert.equal(lowestCleanAfter(shelf(['1.5', '1.6', '1.7', '2.0'], bad), '1.5', '<1.7')?.version, '1.7');
  });

  it('is young only where nothing else cures, and says so', () => {
    const proposal = lowestCleanAfter(shelf(['1.0', aged('1.1', hour)]), '1.0');
    assert.deepEqual([proposal?.version, proposal?.young], ['1.1', true]);
    assert.equal(lowestCleanAfter(shelf(['1.0', aged('1.1', hour), '1.2']), '1.0')?.version, '1.2');
    const inside = lowestCleanAfter(shelf(['1.0', aged('1.1', hour), aged('2.0', hour)]), '1.0', '<2');
    assert.equal(inside?.version, '1.1');
  });

  it('does not lead from a stable release to a pre-release', () => {
    assert.equal(lowestCleanAfter(shelf(['1.0', '1.1rc1']), '1.0'), undefined);
    assert.equal(lowestCleanAfter(shelf(['1.0rc1', '1.0rc2', '1.1rc1']), '1.0rc1')?.version, '1.0rc2');
  });

  it('is told by the advisories alone where no registry can be asked', () => {
    assert.deepEqual(cleanByAdvisories(litellm, pypiVersions), ['1.84.0']);
    assert.deepEqual(cleanByAdvisories([advisory('CVE-3', '<2.0rc1')], pypiVersions), []);
  });
});

describe('any proposal', () => {
  const version = fc.tuple(fc.nat(3), fc.nat(3), fc.constantFrom('', '', '', 'rc1', '.post1')).map(([a, b, c]) => `${a}.${b}${c}`);
  const release: fc.Arbitrary<Release> = fc
    .tuple(version, fc.option(fc.integer({ min: -day, max: 10 * day })), fc.constantFrom(undefined, undefined, true as const), fc.boolean())
    .map(([name, age, yanked, old]) => ({
      version: name,
      ...(age === null ? {} : aged(name, old ? 100 * day : age)),
      ...(yanked ? { yanked } : {}),
    }));
  const flaw = fc.oneof(
    fc.array(version, { minLength: 1, maxLength: 3 }).map((listed) => advisory('MAL-2026-1', listed)),
    fc.tuple(version, version).map(([from, to]) => advisory('CVE-1', `>=${from},<${to}`)),
  );
  const range = fc.oneof(
    fc.constant(''),
    version.map((bound) => `>=${bound}`),
    version.map((bound) => `<${bound}`),
  );

  const check = (
    find: (shelf: Shelf, from: string, range: string) => Proposal | undefined,
    holds: (found: Proposal, from: string, range: string) => boolean,
  ) =>
    fc.assert(
      fc.property(
        fc.uniqueArray(release, { selector: (r) => r.version, maxLength: 12 }),
        fc.array(flaw, { maxLength: 3 }),
        version,
        range,
        (releases, flaws, from, within) => {
          const found = find(shelf(releases, flaws), from, within);
          if (!found) return;
          const chosen = releases.find((other) => other.version === found.version)!;
          const age = chosen.publishedAt ? now.getTime() - chosen.publishedAt.getTime() : Infinity;
          assert.ok(!chosen.yanked, 'not yanked');
          assert.ok(!flaws.some((other) => other.affects(found.version)), 'not affected');
          assert.ok(found.young ? age >= 0 && age < 3 * day : age >= 3 * day, 'old enough, or said to be young');
          assert.ok(holds(found, from, within));
        },
      ),
      { numRuns: 500 },
    );

  it('is clean, not yanked, and old enough or said to be young', () => {
    check(
      (s, _, within) => newestClean(s, within),
      (found, _, within) => within === '' || pypiVersions.satisfies(found.version, within),
    );
    check(lowestCleanAfter, (found, from) => pypiVersions.compare(found.version, from) > 0);
    check(lastCleanBefore, (found, from) => pypiVersions.compare(found.version, from) < 0);
  });

  it('is the newest: no stable clean old release of the range lies above it', () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(release, { selector: (r) => r.version, maxLength: 12 }),
        fc.array(flaw, { maxLength: 3 }),
        range,
        (releases, flaws, within) => {
          const stable = releases.filter(
            (other) =>
              !other.yanked &&
              !pypiVersions.isPrerelease(other.version) &&
              (within === '' || pypiVersions.satisfies(other.version, within)) &&
              !flaws.some((one) => one.affects(other.version)) &&
              (!other.publishedAt || now.getTime() - other.publishedAt.getTime() >= 3 * day),
          );
          if (stable.length === 0) return;
          const best = stable.reduce((a, b) => (pypiVersions.compare(a.version, b.version) > 0 ? a : b));
          assert.equal(newestClean(shelf(releases, flaws), within)?.version, best.version);
        },
      ),
      { numRuns: 500 },
    );
  });
});
