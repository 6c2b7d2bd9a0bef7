import assert from 'node:assert/strict';
import { toAdvisory } from '../../server/src/advisories/advisory';
import { checks } from '../../server/src/checks';
import type { Policy } from '../../server/src/core/check';
import type { Finding } from '../../server/src/core/finding';
import type { PackageId } from '../../server/src/core/declaration';
import { partsOf, type Report } from '../../server/src/core/report';
import { kindOf, lockKindOf } from '../../server/src/ecosystems';
import { readPolicy } from '../../server/src/policy/merlonToml';
import { gapLines } from '../../server/src/render/gaps';
import { hoverPlain } from '../../server/src/render/hover';
import { reportJson } from '../../server/src/render/json';
import { plainStyle, reportText } from '../../server/src/render/text';
import { readDocument } from '../../server/src/scan/document';
import { createEngine, type Rules } from '../../server/src/scan/engine';
import type { LockDocument } from '../../server/src/scan/lockDocument';
import { fakeFeed, asked } from '../support/fakeSources';
import { miniNow } from '../support/miniRegistry';
import { known } from '../support/scanPolicies';
import { osvRecord, versionsOf, type RecordParts } from '../support/osvRecords';

// A record of which a range cannot be read says of some releases neither that they are affected nor that they are not.

const openRange: RecordParts = { ranges: [[{ introduced: '1.0.0' }, { fixed: '2019-09-12' }]] };

function rules(more: Partial<Rules> = {}, policy: Partial<Policy> = {}): Rules {
  return { policy: { rules: {}, unpinnedScope: 'off', minimumReleaseAgeMs: 0, ...policy }, privatePackages: [], ...more };
}

interface Texts {
  readonly manifest?: string;
  readonly lock?: string;
}

/** A check of some files of npm; `some-package` has this record. */
function check({ manifest, lock }: Texts, parts: RecordParts, by = rules()): Report {
  const osv = fakeFeed('osv');
  const pkg: PackageId = { ecosystem: 'npm', name: 'some-package' };
  const advisory = toAdvisory(osvRecord({ ecosystem: 'npm', ...parts }), pkg, versionsOf('npm')!, 'osv');
  osv.before = (name) => ({ state: 'known', value: name === pkg.name && advisory ? [advisory] : [], asOf: asked });
  const engine = createEngine({
    feeds: [osv],
    registries: new Map(),
    checks,
    rolesOf: () => [],
    clock: { now: () => miniNow },
    disabled: [],
    onFault: (_, error) => {
      throw error as Error;
    },
  });
  const locks: LockDocument[] = [];
  if (lock !== undefined) {
    const { ecosystem, reader } = lockKindOf('package-lock.json')!;
    locks.push({ path: 'package-lock.json', ecosystem, reader, text: lock, lock: reader.read(lock) });
  }
  const documents = manifest === undefined ? [] : [readDocument('package.json', kindOf('package.json')!, manifest, [])];
  return engine.report(
    documents.map((document) => engine.assess(document, by, locks)),
    [],
    locks.map((one) => engine.assessLock(one, by, documents)),
  );
}

const asks = (dependencies: Record<string, string>) => JSON.stringify({ name: 'p', private: true, dependencies });
const holds = (root: Record<string, string>, packages: Record<string, object>) =>
  JSON.stringify({ name: 'p', lockfileVersion: 3, packages: { '': { name: 'p', dependencies: root }, ...packages } });
const pinned = { manifest: asks({ 'some-package': '1.5.0' }) };
const said = (report: Report) => partsOf(report).flatMap(({ findings }) => findings.map(line));
const line = ({ rule, severity, message }: Finding) => `${rule} [${severity}]: ${message}`;

describe('a release that an advisory leaves open', () => {
  it('is told at the declaration, and the check is not complete', () => {
    const report = check(pinned, openRange);
    assert.deepEqual(said(report), [
      'undecided-advisory [warning]: some-package 1.5.0 may be affected by PYSEC-2026-1, whose range could not be read',
    ]);
    assert.equal(report.complete, false);
    assert.deepEqual(gapLines(report), [
      'not decided package.json:1: some-package 1.5.0 may be affected by PYSEC-2026-1, whose range could not be read',
    ]);
    assert.match(reportText(report, plainStyle), /1 warning \(1 declaration in 1 file\); not everything could be checked/);
  });

  it('is named by its source, which has answered nevertheless', () => {
    const { sources } = reportJson(check(pinned, openRange)) as { sources: object[] };
    const reason = 'which releases PYSEC-2026-1 affects could not be read';
    assert.deepEqual(sources, [{ id: 'osv', state: 'ok', asOf: asked.toISOString(), reason }]);
  });

  it('is shown by the hover, which does not call it affected', () => {
    const [subject] = check(pinned, openRange).files[0]!.subjects;
    assert.match(hoverPlain(subject!), /PYSEC-2026-1.*Which releases it affects could not be read: this one may be\./);
  });

  it('is none where the range cannot hold it, where it is affected, and where all of the range is read', () => {
    const below = check({ manifest: asks({ 'some-package': '0.9.0' }) }, openRange);
    assert.deepEqual([said(below), below.complete], [[], true]);
    const listed = check(pinned, { ...openRange, versions: ['1.5.0'] });
    assert.deepEqual([said(listed).map((one) => one.split(' ')[0]), listed.complete], [['vulnerable-release'], true]);
    const sound = check(pinned, { ranges: [[{ introduced: '2.0.0' }, { fixed: '3.0.0' }]] });
    assert.deepEqual([said(sound), sound.complete], [[], true]);
  });

  it('is an error where it may be malware, of a range too that stands for no release', () => {
    const malware = { ...openRange, id: 'MAL-2026-1' };
    assert.deepEqual(said(check(pinned, malware)), [
      'undecided-advisory [error]: some-package 1.5.0 may be malware by MAL-2026-1, whose range could not be read',
    ]);
    const open = { manifest: asks({ 'some-package': '^1.0.0' }) };
    assert.deepEqual(said(check(open, malware)), [
      'undecided-advisory [error]: some-package ^1.0.0 may admit malware by MAL-2026-1, whose range could not be read',
    ]);
    const flaw = check(open, openRange);
    assert.deepEqual([said(flaw), flaw.complete], [[], true], 'of what else may come no rule speaks');
  });

  it('is told where it comes along, and by a lockfile alone', () => {
    const lock = holds(
      { top: '1.0.0' },
      {
        'node_modules/top': { version: '1.0.0', dependencies: { 'some-package': '1.5.0' } },
        'node_modules/some-package': { version: '1.5.0' },
      },
    );
    const brought = check({ manifest: asks({ top: '1.0.0' }), lock }, openRange);
    assert.deepEqual(said(brought), [
      'undecided-advisory [warning]: top 1.0.0 brings some-package 1.5.0, which may be affected by PYSEC-2026-1, whose range could not be read, by top → some-package',
    ]);
    assert.equal(brought.complete, false);
    const alone = check({ lock }, openRange);
    assert.deepEqual(said(alone), [
      'undecided-advisory [warning]: some-package 1.5.0 is locked and may be affected by PYSEC-2026-1, whose range could not be read',
    ]);
    assert.equal(alone.complete, false);
  });

  it('is settled by a team that suppresses the advisory, or switches the rule off', () => {
    const text =
      '[[suppress]]\nadvisory = "PYSEC-2026-1"\npackage = "some-package"\nversions = "1.5.0"\nreason = "a date: ours is younger"\n';
    const policy = readPolicy(text, 'merlon.toml', known);
    const by = rules({ suppressions: policy.suppressions.map((entry) => ({ file: 'merlon.toml', base: '', entry })) });
    const report = check(pinned, openRange, by);
    assert.deepEqual([said(report), report.complete], [[], true]);
    assert.deepEqual(report.files[0]!.suppressed.map(line), said(check(pinned, openRange)));
    const off = check(pinned, openRange, rules({}, { rules: { 'undecided-advisory': 'off' } }));
    assert.deepEqual([said(off), off.complete], [[], true]);
  });
});
