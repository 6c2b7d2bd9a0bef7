import assert from 'node:assert/strict';
import type { Brought, DeclarationSubject, LockedSubject } from '../../server/src/core/check';
import type { Observation } from '../../server/src/core/finding';
import { checks } from '../../server/src/checks';
import { advisory, lockedPackage, policy, subject } from '../support/subjects';

function assess(id: string, on: DeclarationSubject): Observation[] {
  return checks.find((check) => check.id === id)!.assess.declaration!(on, policy);
}

const malware = advisory('MAL-2026-2144', ['1.82.7', '1.82.8']);
const flaw = advisory('CVE-2026-42208', '<1.83.7', { severity: 'critical' });

function brings(name: string, version: string, advisories: Brought['advisories'], way: readonly string[]): Brought {
  const entry = lockedPackage(name, version);
  return { package: entry.package, version, path: [...way, `${name} ${version}`], entry, advisories, known: advisories };
}

const bad = brings('litellm', '1.82.7', [malware, flaw], ['dspy 3.0.3']);
const weak = brings('urllib3', '1.26.0', [advisory('CVE-2026-1', '<2', { severity: 'medium' })], ['dspy 3.0.3', 'requests 2.0']);

describe('what comes along by the lockfile', () => {
  it('malware is said on the line that brings it, with the way to it and the lockfile line', () => {
    const [found] = assess('compromised-release', subject('dspy', { locked: '3.0.3', brings: [bad, weak] }));
    assert.equal(found!.message, 'dspy 3.0.3 brings litellm 1.82.7, which is malware (MAL-2026-2144), by dspy → litellm');
    assert.deepEqual(found!.package, { ecosystem: 'PyPI', name: 'litellm' });
    assert.equal(found!.version, '1.82.7');
    assert.deepEqual(found!.via, ['dspy@3.0.3']);
    assert.deepEqual(found!.related, [{ file: 'uv.lock', span: { start: 7, end: 9 }, message: 'litellm 1.82.7 stands here' }]);
    assert.deepEqual(assess('vulnerable-release', subject('dspy', { locked: '3.0.3', brings: [bad, weak] })), []);
  });

  it('vulnerable releases are one finding, the worst first, as severe as that', () => {
    const worse = brings('litellm', '1.83.0', [flaw], ['dspy 3.0.3']);
    const [found, ...more] = assess('vulnerable-release', subject('dspy', { locked: '3.0.3', brings: [worse, weak] }));
    assert.equal(
      found!.message,
      'dspy 3.0.3 brings litellm 1.83.0, which has one known vulnerability, critical (CVE-2026-42208), by dspy → litellm, and one other vulnerable release',
    );
    assert.equal(found!.severity, 'error');
    assert.deepEqual(more, []);
  });

  it('the release of the line itself and what it brings are one finding, the worse of them', () => {
    const own = [advisory('CVE-2026-2', '<4', { severity: 'critical' })];
    const [mine, ...more] = assess('vulnerable-release', subject('dspy', { locked: '3.0.3', advisories: own, brings: [weak] }));
    assert.match(mine!.message, /^dspy 3\.0\.3, which the lockfile holds, has one known vulnerability, critical/);
    assert.deepEqual(more, []);
    const low = [advisory('CVE-2026-2', '<4', { severity: 'low' })];
    assert.match(
      assess('vulnerable-release', subject('dspy', { locked: '3.0.3', advisories: low, brings: [weak] }))[0]!.message,
      /^dspy 3\.0\.3 brings urllib3/,
    );
  });

  it('a lockfile entry that is malware is said in the lockfile', () => {
    const locked: LockedSubject = {
      kind: 'locked',
      file: 'uv.lock',
      entry: bad.entry,
      advisories: [malware, flaw],
      span: () => ({ start: 1, end: 2 }),
    };
    const check = checks.find(({ id }) => id === 'compromised-release')!;
    assert.deepEqual(
      check.assess.locked!(locked, policy).map(({ message, span }) => [message, span]),
      [['litellm 1.82.7 is malware (MAL-2026-2144)', { start: 1, end: 2 }]],
    );
  });
});

describe('unpinned beside a lockfile', () => {
  it('is quiet in an application whose lockfile holds release and hashes', () => {
    assert.deepEqual(assess('unpinned', subject('openai>=1', { locked: '1.4.0' })), []);
  });

  it('speaks in a library, and says why it is one', () => {
    const [found] = assess('unpinned', subject('openai>=1', { locked: '1.4.0', lock: { library: 'it has [project] and [build-system]' } }));
    assert.equal(
      found!.message,
      'openai is not pinned: the next install may take any release that >=1 admits; uv.lock holds 1.4.0, which users of this library never see (it has [project] and [build-system])',
    );
  });

  it('speaks where the lockfile holds no hash', () => {
    const releases = [lockedPackage('openai', '1.4.0', { hashes: [] })];
    assert.match(
      assess('unpinned', subject('openai>=1', { locked: '1.4.0', lock: { releases } }))[0]!.message,
      /uv\.lock holds 1\.4\.0, without hashes$/,
    );
  });
});

describe('lock-drift', () => {
  const messages = (on: DeclarationSubject) => assess('lock-drift', on).map(({ message }) => message);

  it('says that an entry is missing, or outside the range', () => {
    assert.deepEqual(messages(subject('openai>=2', { lock: { releases: [] } })), [
      'openai is missing from uv.lock: uv lock writes it anew',
    ]);
    assert.deepEqual(messages(subject('openai>=2', { locked: '1.4.0' })), [
      'uv.lock holds openai 1.4.0, which >=2 does not admit: uv lock writes it anew',
    ]);
  });

  it('is silent where the lockfile was written for this very range, for peers, and without a lockfile', () => {
    assert.deepEqual(messages(subject('openai>=2', { locked: '1.4.0', lock: { asked: '>=2' } })), []);
    assert.deepEqual(messages(subject('openai>=2', { lock: { releases: [] }, declaration: { group: 'peer' } })), []);
    assert.deepEqual(messages(subject('openai>=2')), []);
    assert.deepEqual(messages(subject('openai>=1', { locked: '1.4.0' })), []);
  });
});

describe('lock-conflict', () => {
  it('names both lockfiles and releases', () => {
    const conflicts = [{ file: 'poetry.lock', version: '1.3.0' }];
    assert.deepEqual(
      assess('lock-conflict', subject('openai>=1', { locked: '1.4.0', lock: { conflicts } })).map(({ message }) => message),
      ['uv.lock holds openai 1.4.0, but poetry.lock 1.3.0: what is installed depends on the tool'],
    );
    assert.deepEqual(assess('lock-conflict', subject('openai>=1', { locked: '1.4.0' })), []);
  });
});
