import assert from 'node:assert/strict';
import type { Policy } from '../../server/src/core/check';
import type { Observation } from '../../server/src/core/finding';
import { checks } from '../../server/src/checks';
import { speaksOfMalware } from '../../server/src/fixes/malwareWords';
import { quoted } from '../../server/src/fixes/wording';
import {
  advisory,
  aged,
  day,
  hour,
  lockedPackage,
  manifestSubject,
  now,
  policy,
  subject,
  wholePackage,
  type SubjectParts,
} from '../support/subjects';

function found(id: string, line: string, parts: SubjectParts, under: Policy = policy): Observation[] {
  return checks.find((check) => check.id === id)!.assess.declaration!(subject(line, parts), under);
}

const said = (id: string, line: string, parts: SubjectParts, under?: Policy) => found(id, line, parts, under).map(({ message }) => message);
const ago = (milliseconds: number) => new Date(now.getTime() - milliseconds);
const off = (rule: string): Policy => ({ ...policy, rules: { [rule]: 'off' } });

describe('quarantined-package', () => {
  const id = 'quarantined-package';
  const record = { status: 'quarantined' } as const;
  const locked = (uploadedAt?: Date) => ({
    locked: '1.81.13',
    lock: { releases: [lockedPackage('litellm', '1.81.13', uploadedAt ? { uploadedAt } : {})] },
  });
  const head =
    'PyPI has quarantined litellm and hides all of its releases, so installs fail: do not work around it by another index or a mirror, wait for what comes to be known';

  it('says what the locked release is, as far as that is known', () => {
    assert.deepEqual(said(id, 'litellm>=1', { record }), [head]);
    assert.deepEqual(said(id, 'litellm>=1', { record, ...locked() }), [head]);
    assert.deepEqual(said(id, 'litellm>=1', { record, ...locked(ago(40 * day)) }), [
      `${head}; your locked 1.81.13 predates whatever was published since 2026-04-22, when it was uploaded`,
    ]);
    assert.deepEqual(said(id, 'litellm==1.81.13', { record, ...locked(ago(3 * hour)) }), [
      `${head}; your locked 1.81.13 was uploaded on 2026-06-01, only 3 hours before, and may be the reason`,
    ]);
    const malware = [advisory('MAL-2026-2144', ['1.82.8', '1.82.7'])];
    assert.deepEqual(said(id, 'litellm>=1', { record, ...locked(), advisories: malware }), [
      `${head}; your locked 1.81.13 predates the compromised 1.82.7 and 1.82.8 (MAL-2026-2144)`,
    ]);
    assert.deepEqual(said(id, 'litellm>=1', { record: { ...record, statusSince: ago(2 * day) }, ...locked(ago(40 * day)) }), [
      `${head.replace('litellm and', 'litellm since 2026-05-30 and')}; your locked 1.81.13 predates it by 38 days`,
    ]);
  });

  it('claims nothing of a locked release that lies between bad ones, or is younger than the answer', () => {
    const malware = [advisory('MAL-2026-1', ['1.80.0', '1.82.8'])];
    assert.deepEqual(said(id, 'litellm>=1', { record, ...locked(), advisories: malware }), [head]);
    assert.deepEqual(said(id, 'litellm>=1', { record, ...locked(ago(-hour)) }), [head]);
  });

  it('points at the line of the lockfile, and offers nothing', () => {
    const [one] = found(id, 'litellm>=1', { record, ...locked() });
    assert.deepEqual(one!.related, [{ file: 'uv.lock', span: { start: 7, end: 9 }, message: 'litellm 1.81.13 stands here' }]);
    assert.equal(one!.fixes, undefined);
  });

  it('says nothing beside malware, of names that do not exist, of another source, and where nobody could be asked', () => {
    const malware = { advisories: [advisory('MAL-1', ['1.0'])], record };
    assert.deepEqual(said(id, 'x==1.0', malware), []);
    assert.equal(said(id, 'x==1.0', malware, off('compromised-release')).length, 1);
    assert.deepEqual(said(id, 'x', { record: { exists: false } }), []);
    assert.deepEqual(said(id, 'x', {}), []);
    assert.deepEqual(said(id, 'x', { record, source: { kind: 'git', url: 'https://git.example/x' } }), []);
    assert.deepEqual(said(id, 'x>=1', { record, lock: { exempt: 'own' } }), []);
  });

  it('silences what there is to say of ranges and pins', () => {
    assert.deepEqual(said('unpinned', 'x>=1', { record }), []);
    assert.equal(said('unpinned', 'x>=1', { record }, off(id)).length, 1);
    const [range] = found('admits-compromised', 'x>=1', {
      record,
      advisories: [advisory('MAL-1', ['1.1'], { fixedIn: ['1.2'] })],
      locked: '1.0',
    });
    assert.deepEqual(
      range!.fixes!().map(({ kind }) => kind),
      ['exclude'],
    );
  });

  it('shows the words of the registry, and the day of a last answer', () => {
    const value = { exists: true, releases: [], status: 'quarantined', statusReason: 'a\n\u202eb' } as const;
    const on = { ...subject('x'), registry: { state: 'unavailable', reason: 'down', last: { value, asOf: ago(day) } } as const };
    const [one] = checks.find((check) => check.id === id)!.assess.declaration!(on, policy);
    assert.match(one!.message, /^PyPI has quarantined x, “a b” and hides all of its releases \(as of 2026-05-31\), so/);
  });
});

describe('unknown-package', () => {
  const id = 'unknown-package';
  const record = { exists: false } as const;

  it('speaks where every index answered, and only then', () => {
    assert.equal(said(id, 'x', { record }).length, 1);
    assert.match(said(id, 'x>=1', { record, locked: '1.2' })[0]!, /and has none, though uv\.lock holds 1\.2\. Whoever/);
    assert.deepEqual(said(id, 'x', {}), []);
    const last = { value: { exists: false, releases: [] }, asOf: now };
    for (const state of ['unavailable', 'pending', 'withheld', 'disabled'] as const) {
      const on = { ...subject('x'), registry: { state, reason: 'why', last } };
      assert.deepEqual(checks.find((check) => check.id === id)!.assess.declaration!(on, policy), [], state);
    }
    assert.deepEqual(found(id, 'x', { record })[0]!.fixes, undefined);
  });

  it('names the index that was asked, and who may take the name there', () => {
    const judge = checks.find((check) => check.id === id)!.assess.declaration!;
    const on = { ...subject('x', { record }), index: 'pypi.corp.example' };
    assert.match(
      judge(on, policy)[0]!.message,
      /: pypi\.corp\.example was asked on \S+ and has none\. Whoever takes the name there decides/,
    );
    const place = { private: true, parts: [], registry: undefined! };
    assert.match(judge({ ...on, place }, policy)[0]!.message, /and has none\. It is looked for nowhere else, so installs fail$/);
  });

  it('leaves the workspace’s own, bounds of others, and malware alone', () => {
    const judge = checks.find((check) => check.id === id)!.assess.declaration!;
    assert.deepEqual(judge({ ...subject('x', { record }), member: true }, policy), []);
    assert.deepEqual(said(id, 'x', { record, declaration: { group: 'constraint' } }), []);
    assert.deepEqual(said(id, 'x', { record, declaration: { group: 'override' } }), []);
    assert.deepEqual(said(id, 'x', { record, advisories: [wholePackage('MAL-1')] }), []);
    assert.deepEqual(said('unpinned', 'x', { record }), []);
  });
});

describe('unknown-package of a whole file', () => {
  const judge = checks.find((check) => check.id === 'unknown-package')!.assess.manifest!;
  const down = (name: string, more: object = {}) => ({ ...subject(name), ...more });

  it('names those of which nobody knows whether they exist', () => {
    const last = { value: { exists: true, releases: [] }, asOf: now };
    const subjects = [
      down('popular', { familiar: true }),
      down('locked', { lock: subject('locked', { locked: '1.0' }).lock }),
      down('asked-before', { registry: { state: 'unavailable', reason: 'x', last } }),
      down('private', { registry: { state: 'withheld', reason: 'x' } }),
      down('a'),
      down('b'),
      down('a'),
    ];
    assert.deepEqual(
      judge(manifestSubject([], [], subjects), policy).map(({ message, severity }) => [message, severity]),
      [['Whether two packages exist (a and b) could not be asked: the registry is down', 'information']],
    );
    assert.deepEqual(judge(manifestSubject([], [], subjects.slice(0, 4)), policy), []);
  });
});

describe('lookalike-name', () => {
  const judge = checks.find((check) => check.id === 'lookalike-name')!.assess.declaration!;
  const like = (parts: SubjectParts, more: object = {}, line = 'openaii>=1') =>
    judge({ ...subject(line, parts), similar: () => ({ name: 'openai', by: 'letter', meant: 'openai', ...more }) }, policy).map(
      ({ message }) => message,
    );
  const many = ['1.0', '1.1', '1.2'];

  it('wants a second sign, and names it', () => {
    assert.deepEqual(like({ releases: many }), []);
    assert.deepEqual(like({}), [], 'nobody was asked');
    assert.deepEqual(like({ releases: many, record: { createdAt: ago(91 * day) } }), []);
    assert.deepEqual(like({ releases: many, record: { createdAt: ago(-day) } }), [], 'a clock that was set back');
    const is = 'openaii is one letter away from openai';
    assert.deepEqual(like({ releases: many, record: { createdAt: ago(89 * day) } }), [
      `${is}: it was first published on 2026-03-04, 89 days ago`,
    ]);
    assert.deepEqual(like({ releases: ['1.0', '1.1'] }), [`${is}: it has two releases`]);
    assert.deepEqual(like({ record: { exists: false } }), [`${is}: PyPI has no such package`]);
    assert.deepEqual(like({ record: { status: 'quarantined' } }), [`${is}: PyPI has quarantined it`]);
    assert.deepEqual(like({ advisories: [advisory('MAL-7', ['9.9'])] }), [`${is}: MAL-7 calls it malware`]);
    assert.deepEqual(like({ advisories: [advisory('MAL-7', ['9.9'])], releases: many }), [], 'an honest package that was hijacked once');
    assert.deepEqual(like({ advisories: [advisory('MAL-7', ['9.9'])], releases: many }, { incident: 'MAL-7' }), [
      `${is}: the incident MAL-7 calls it a lookalike`,
    ]);
  });

  it('says how the name comes near', () => {
    const parts = { releases: ['1.0'] };
    assert.deepEqual(like(parts, { by: 'spelling' }), ['openaii is another spelling of openai: it has one release']);
    assert.deepEqual(like(parts, { by: 'suffix', suffix: '-mcp' }, 'openai-mcp'), [
      'openai-mcp is openai with "-mcp" behind it: it has one release',
    ]);
    assert.deepEqual(like(parts, { name: 'pytorch', by: 'brand', meant: 'torch' }, 'pytorch'), [
      'pytorch is the name of a brand, whose package is torch: it has one release',
    ]);
    assert.deepEqual(like(parts, { name: 'chroma', by: 'letter', meant: 'chromadb' }, 'chromaa'), [
      'chromaa is one letter away from chroma, whose package is chromadb: it has one release',
    ]);
  });

  it('does not work the likeness out where nothing else speaks against the name', () => {
    const on = {
      ...subject('plain>=1', { releases: many }),
      similar: () => {
        throw new Error('asked');
      },
    };
    assert.deepEqual(judge(on, policy), []);
  });
});

describe('yanked-release and deprecated-release', () => {
  const old = (version: string, more: object) => ({ ...aged(version, 100 * day), ...more });

  it('judge the release that is taken, and no range', () => {
    const releases = [old('1.0', {}), old('1.1', { yanked: true, deprecated: 'old' })];
    assert.deepEqual(said('yanked-release', 'x==1.1.0', { releases }), ['x 1.1.0 of 2026-02-21 was yanked from PyPI: no reason was given']);
    assert.deepEqual(said('yanked-release', 'x>=1', { releases, locked: '1.1' }), [
      'x 1.1 of 2026-02-21, which the lockfile holds, was yanked from PyPI: no reason was given',
    ]);
    for (const rule of ['yanked-release', 'deprecated-release']) {
      assert.deepEqual(said(rule, 'x>=1', { releases }), []);
      assert.deepEqual(said(rule, 'x==1.0', { releases }), []);
      assert.deepEqual(said(rule, 'x==1.2', { releases }), [], 'not listed');
      assert.deepEqual(said(rule, 'x==1.1', {}), [], 'nobody was asked');
      assert.deepEqual(said(rule, 'x==1.1', { releases, advisories: [advisory('MAL-1', ['1.1'])] }), [], 'malware speaks alone');
    }
  });

  it('takes the lockfile’s word for a deprecation where the registry was not asked', () => {
    const lock = { releases: [lockedPackage('x', '1.1', { deprecated: 'malicious version' })] };
    const [one] = found('deprecated-release', 'x>=1', { locked: '1.1', lock });
    assert.equal(one!.message, 'x 1.1, which the lockfile holds, is deprecated by uv.lock: “malicious version”, which speaks of malware');
    assert.equal(one!.severity, 'warning');
    assert.deepEqual(one!.tags, ['deprecated']);
    assert.deepEqual(said('deprecated-release', 'x>=1', { locked: '1.1', lock, releases: ['1.1'] }), [], 'the registry knows better');
  });

  it('moves to no deprecated release', () => {
    const releases = [old('1.0', { deprecated: 'a' }), old('1.1', { deprecated: 'b' })];
    assert.deepEqual(found('deprecated-release', 'x==1.0', { releases })[0]!.fixes!(), []);
    const [fix] = found('deprecated-release', 'x==1.0', { releases: [...releases, old('2.0', {})] })[0]!.fixes!();
    assert.equal(fix?.title, 'Upgrade x to 2.0');
  });
});

describe('words of others', () => {
  it('are shown on one line, short, and without what is not seen', () => {
    assert.equal(quoted(' a\n\tb\u202e\u200bc\u0007 '), '“a bc”');
    assert.equal(quoted('ä'.repeat(500)).length, 163);
    assert.equal(quoted('𝒳'.repeat(400)), `“${'𝒳'.repeat(160)}…”`);
    assert.ok(quoted('x'.repeat(1e6)).length < 200);
  });

  it('speak of malware in several languages, or of something else', () => {
    for (const text of [
      'This version contains MALWARE.',
      'Published with a compromised key',
      'risk',
      'Risk version!',
      '恶意版本，请勿使用',
      '存在风险',
      'マルウェアが含まれています',
      '악성 코드',
      'вредоносный код',
      'Version maliciosa',
      'cette version est compromise',
      'Konto kompromittiert',
      'account was hijacked',
    ])
      assert.ok(speaksOfMalware(text), text);
    for (const text of [
      'Use 2.x instead',
      'use at your own risk',
      'this was a compromise between speed and size',
      'security vulnerability, please upgrade to 3.1',
      'no longer maintained',
      'request has been deprecated, see https://github.com/request/request/issues/3142',
      '',
    ])
      assert.ok(!speaksOfMalware(text), text);
  });
});
