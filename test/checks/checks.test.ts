import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import type { DeclarationSubject, ManifestSubject, Policy } from '../../server/src/core/check';
import type { Observation } from '../../server/src/core/finding';
import type { IndexOption } from '../../server/src/core/manifest';
import { checks } from '../../server/src/checks';
import { advisory, aged, day, hour, manifestSubject, minute, policy, subject, wholePackage, type SubjectParts } from '../support/subjects';

function assess(id: string, on: DeclarationSubject | ManifestSubject, under: Policy = policy): Observation[] {
  const check = checks.find((other) => other.id === id)!;
  const judge = check.assess[on.kind] as ((subject: unknown, policy: Policy) => Observation[]) | undefined;
  assert.ok(judge, `${id} looks at a ${on.kind}`);
  return judge(on, under);
}

function messages(id: string, line: string, parts: SubjectParts = {}, under?: Policy): string[] {
  return assess(id, subject(line, parts), under).map(({ message }) => message);
}

/** Titles of the fixes, the preferred one with a star, with what they write. */
function fixes(id: string, line: string, parts: SubjectParts): string[] {
  return assess(id, subject(line, parts)).flatMap((observation) =>
    (observation.fixes?.() ?? []).map(
      (fix) => `${fix.preferred ? '* ' : ''}${fix.kind}: ${fix.title} → ${fix.edits.map((edit) => edit.newText).join()}`,
    ),
  );
}

const litellm = [
  advisory('MAL-2026-2144', ['1.82.7', '1.82.8']),
  advisory('CVE-2026-42208', '>=1.81.16,<1.83.7', { severity: 'critical' }),
  advisory('CVE-2026-49468', '<1.84.0'),
];
const listing = ['1.80.0', '1.81.13', '1.82.6', '1.82.7', '1.82.8', '1.83.7', '1.84.0', '1.85.0'];

describe('the list of checks', () => {
  it('has unique ids, and words for each', () => {
    assert.equal(new Set(checks.map(({ id }) => id)).size, checks.length);
    for (const check of checks) {
      assert.match(check.id, /^[a-z]+(-[a-z]+)*$/);
      for (const text of [check.title, check.docs.why, check.docs.example, check.docs.fix])
        assert.ok(text.length > 5 && !text.includes('!\n'), check.id);
      assert.doesNotMatch(check.title, /[.!]$/);
    }
  });

  it('is the table of the README: each rule with its severity, in the order in which they are shown', () => {
    const readme = fs.readFileSync(path.join(process.env.MERLON_ROOT ?? process.cwd(), 'README.md'), 'utf8');
    const rows = [...readme.matchAll(/^\| \[([a-z-]+)\]\(docs\/checks\/([a-z-]+)\.md\) \| ([a-z ]+) \| .+ \|$/gm)];
    assert.deepEqual(
      rows.map(([, id, page, severity]) => [id, page, severity]),
      checks.map(({ id, severity, docs }) => [id, id, docs.severity?.startsWith('by ') ? 'by severity' : severity]),
    );
  });
});

describe('compromised-release', () => {
  const id = 'compromised-release';

  it('names the release and the advisory', () => {
    assert.deepEqual(messages(id, 'litellm==1.82.7', { advisories: litellm }), ['litellm 1.82.7 is malware (MAL-2026-2144)']);
    assert.deepEqual(messages(id, 'litellm>=1', { advisories: litellm, locked: '1.82.8' }), [
      'litellm 1.82.8, which the lockfile holds, is malware (MAL-2026-2144)',
    ]);
    assert.deepEqual(messages(id, 'litellm==1.82.6', { advisories: litellm }), []);
    assert.deepEqual(messages(id, 'litellm>=1', { advisories: litellm }), []);
  });

  it('moves to the lowest release that is free of all advisories; the one before is no cure', () => {
    assert.deepEqual(fixes(id, 'litellm==1.82.7', { advisories: litellm, releases: listing }), [
      '* upgrade: Upgrade litellm to 1.84.0 → litellm==1.84.0',
    ]);
  });

  it('offers the last clean release as well, where there is one', () => {
    const advisories = [advisory('MAL-2026-1', ['2.1'])];
    assert.deepEqual(fixes(id, 'x==2.1', { advisories, releases: ['1.9', '2.0', '2.1', '2.2', '2.3'] }), [
      '* upgrade: Upgrade x to 2.2 → x==2.2',
      'pin: Go back to x 2.0 → x==2.0',
    ]);
    assert.deepEqual(fixes(id, 'x==2.1', { advisories, releases: ['2.0', '2.1', aged('2.2', hour)] }), [
      '* pin: Go back to x 2.0 → x==2.0',
    ]);
    assert.deepEqual(fixes(id, 'x==2.1', { advisories, releases: ['2.1', aged('2.2', 20 * minute)] }), [
      '* upgrade: Upgrade x to 2.2 (only 20 minutes old, younger than 3 days: there is no older cure) → x==2.2',
    ]);
  });

  it('knows a cure without the registry, and says that it did not ask', () => {
    assert.deepEqual(fixes(id, 'litellm==1.82.7', { advisories: litellm }), [
      '* upgrade: Upgrade litellm to 1.84.0 (not checked against the registry) → litellm==1.84.0',
    ]);
    assert.deepEqual(fixes(id, 'x==2.1', { advisories: [advisory('MAL-2026-1', ['2.1'])] }), []);
  });

  it('says of a package that is malware as a whole to remove it, whatever the range', () => {
    for (const line of ['deepseeek', 'deepseeek>=1', 'deepseeek==0.0.8']) {
      assert.deepEqual(messages(id, line, { advisories: [wholePackage('MAL-2025-1')] }), [
        'deepseeek is malware in every release (MAL-2025-1)',
      ]);
      assert.deepEqual(fixes(id, line, { advisories: [wholePackage('MAL-2025-1')] }), ['* remove: Remove deepseeek → ']);
    }
    const git = { kind: 'git', url: 'https://git.example/deepseeek' } as const;
    assert.deepEqual(messages(id, 'deepseeek', { advisories: [wholePackage('MAL-2025-1')], source: git }), []);
  });

  it('carries the other advisories, and vulnerable-release is silent', () => {
    const ids = assess(id, subject('litellm==1.82.7', { advisories: litellm })).flatMap((o) => o.advisories!.map((a) => a.id));
    assert.deepEqual(ids, ['MAL-2026-2144', 'CVE-2026-42208', 'CVE-2026-49468']);
    assert.deepEqual(messages('vulnerable-release', 'litellm==1.82.7', { advisories: litellm }), []);
  });

  it('offers no other release to an entry whose hashes fit one alone', () => {
    assert.deepEqual(fixes(id, 'litellm==1.82.7', { advisories: litellm, releases: listing, declaration: { hashes: ['sha256:00'] } }), []);
  });
});

describe('admits-compromised', () => {
  const id = 'admits-compromised';

  it('names what the range lets in', () => {
    assert.deepEqual(messages(id, 'litellm>=1.80,<2', { advisories: litellm }), [
      'litellm >=1.80,<2 admits the compromised releases 1.82.7 and 1.82.8 (MAL-2026-2144)',
    ]);
    assert.deepEqual(messages(id, 'litellm<=1.82.7', { advisories: litellm }), [
      'litellm <=1.82.7 admits the compromised release 1.82.7 (MAL-2026-2144)',
    ]);
    assert.deepEqual(messages(id, 'litellm', { advisories: litellm }), [
      'litellm without a version admits the compromised releases 1.82.7 and 1.82.8 (MAL-2026-2144)',
    ]);
    assert.deepEqual(messages(id, 'litellm', { advisories: litellm, tag: 'next' }), [
      'litellm by the tag next admits the compromised releases 1.82.7 and 1.82.8 (MAL-2026-2144)',
    ]);
  });

  it('is silent where the range admits none, is exact, or stands for malware', () => {
    for (const line of ['litellm>=1.83', 'litellm<1.82', 'litellm!=1.82.7,!=1.82.8', 'litellm==1.82.6', 'litellm==1.82.7']) {
      assert.deepEqual(messages(id, line, { advisories: litellm }), [], line);
    }
    assert.deepEqual(messages(id, 'litellm>=1', { advisories: litellm, locked: '1.82.7' }), []);
    assert.deepEqual(messages(id, 'x', { advisories: [wholePackage('MAL-2025-1')] }), []);
  });

  it('is a hint where a lockfile holds a clean release', () => {
    const [locked] = assess(id, subject('litellm>=1.80', { advisories: litellm, locked: '1.81.13' }));
    assert.equal(locked?.severity, 'hint');
    assert.match(locked.message, /, while 1\.81\.13 is locked$/);
    assert.equal(assess(id, subject('litellm>=1.80', { advisories: litellm, installed: '1.81.13' }))[0]!.severity, undefined);
  });

  it('finds the releases between the bounds of a record that lists none', () => {
    const advisories = [advisory('MAL-2026-1', '>=2.1,<2.3')];
    assert.deepEqual(messages(id, 'x>=2', { advisories, releases: ['2.0', '2.1', '2.2', '2.3'] }), [
      'x >=2 admits the compromised releases 2.1 and 2.2 (MAL-2026-1)',
    ]);
    assert.deepEqual(messages(id, 'x>=2.3', { advisories, releases: ['2.0', '2.1', '2.2', '2.3'] }), []);
  });

  it('counts what is too much to list', () => {
    const advisories = [advisory('MAL-2026-1', ['1.1', '1.2', '1.3', '1.4', '1.5', '1.6', '1.5.0'])];
    assert.deepEqual(messages(id, 'x', { advisories }), [
      'x without a version admits the compromised releases 1.1, 1.2, 1.3, 1.4 and 2 more (MAL-2026-1)',
    ]);
  });

  it('pins, or excludes', () => {
    assert.deepEqual(fixes(id, 'litellm>=1.80,<2', { advisories: litellm, releases: [...listing, aged('1.86.0', 20 * hour)] }), [
      '* pin: Pin litellm to 1.85.0 (passes over 1.86.0, only 20 hours old) → litellm==1.85.0',
      'exclude: Exclude litellm 1.82.7 and 1.82.8 → litellm>=1.80,<2,!=1.82.7,!=1.82.8',
    ]);
    assert.deepEqual(fixes(id, 'litellm>=1.80,<2', { advisories: litellm }), [
      '* pin: Pin litellm to 1.84.0 (not checked against the registry) → litellm==1.84.0',
      'exclude: Exclude litellm 1.82.7 and 1.82.8 → litellm>=1.80,<2,!=1.82.7,!=1.82.8',
    ]);
    const advisories = [advisory('MAL-2026-1', ['1.1'])];
    assert.deepEqual(fixes(id, 'x>=1', { advisories, releases: ['1.0', '1.1', '1.2'], locked: '1.0' }), [
      '* pin: Pin x to 1.0, which the lockfile holds → x==1.0',
      'pin: Pin x to 1.2 → x==1.2',
      'exclude: Exclude x 1.1 → x>=1,!=1.1',
    ]);
    assert.deepEqual(fixes(id, 'x>=1', { advisories, releases: ['1.0', '1.1', '1.2'], declaration: { group: 'peer' } }), [
      '* exclude: Exclude x 1.1 → x>=1,!=1.1',
    ]);
  });
});

describe('vulnerable-release', () => {
  const id = 'vulnerable-release';

  it('is one finding with a count, the worst severity and the lowest release free of all', () => {
    assert.deepEqual(messages(id, 'litellm==1.82.6', { advisories: litellm, releases: listing }), [
      'litellm 1.82.6 has two known vulnerabilities, the worst is critical (CVE-2026-42208); 1.84.0 is the lowest later release free of all',
    ]);
    assert.deepEqual(messages(id, 'x==1.0', { advisories: [advisory('CVE-1', '<9', { fixedIn: [] })] }), [
      'x 1.0 has one known vulnerability, not rated (CVE-1)',
    ]);
  });

  it('takes its severity from the worst', () => {
    for (const [severity, expected] of [
      ['critical', 'error'],
      ['high', 'error'],
      ['medium', 'warning'],
      ['low', 'information'],
      [undefined, 'information'],
    ] as const) {
      const flaw = advisory('CVE-1', '<2', severity ? { severity } : {});
      assert.equal(assess(id, subject('x==1.0', { advisories: [flaw, advisory('CVE-2', '<2')] }))[0]!.severity, expected);
    }
  });

  it('says of what nobody maintains just that', () => {
    const [observation] = assess(
      id,
      subject('x==1.0', { advisories: [advisory('PYSEC-1', '<9', { kind: 'unmaintained', fixedIn: [], severity: 'high' })] }),
    );
    assert.deepEqual([observation?.message, observation?.severity], ['x is no longer maintained (PYSEC-1)', 'information']);
  });

  it('judges only a resolved release', () => {
    assert.deepEqual(messages(id, 'litellm<1.84', { advisories: litellm }), []);
    assert.equal(messages(id, 'litellm<1.84', { advisories: litellm, locked: '1.81.13' }).length, 1);
    assert.deepEqual(messages(id, 'litellm==1.84.0', { advisories: litellm }), []);
  });

  it('moves up, or back where there is no later cure', () => {
    assert.deepEqual(fixes(id, 'litellm==1.82.6', { advisories: litellm, releases: listing }), [
      '* upgrade: Upgrade litellm to 1.84.0 → litellm==1.84.0',
    ]);
    assert.deepEqual(fixes(id, 'x==1.1', { advisories: [advisory('CVE-1', '>=1.1')], releases: ['1.0', '1.1', '1.2'] }), [
      '* pin: Go back to x 1.0 → x==1.0',
    ]);
    assert.deepEqual(fixes(id, 'x==1.1', { advisories: [advisory('CVE-1', '>=0')], releases: ['1.0', '1.1', '1.2'] }), []);
  });
});

describe('unpinned', () => {
  const id = 'unpinned';

  it('says what the next install may take', () => {
    assert.deepEqual(messages(id, 'openai>=1,<2'), ['openai is not pinned: the next install may take any release that >=1,<2 admits']);
    assert.deepEqual(messages(id, 'openai'), ['openai is not pinned: the next install takes whatever was published last']);
    assert.deepEqual(messages(id, 'openai', { tag: 'latest' }), [
      'openai is not pinned: the tag latest moves, and the next install takes what it points to then',
    ]);
    assert.deepEqual(messages(id, 'litellm!=1.82.7,!=1.82.8', { advisories: litellm }), [
      'litellm is not pinned: !=1.82.7,!=1.82.8 blocks two releases, not the next one',
    ]);
  });

  it('is silent where the version is exact, or locked; an installed release is no promise', () => {
    assert.deepEqual(messages(id, 'openai==1.0'), []);
    assert.deepEqual(messages(id, 'openai===1.0'), []);
    assert.deepEqual(messages(id, 'openai>=1', { locked: '1.0' }), []);
    assert.equal(messages(id, 'openai>=1', { installed: '1.0' }).length, 1);
    assert.equal(messages(id, 'openai==1.*').length, 1);
    assert.deepEqual(messages(id, 'openai=>1'), []);
  });

  it('keeps to its scope and groups', () => {
    assert.deepEqual(messages(id, 'requests', { roles: [] }), []);
    assert.equal(messages(id, 'requests', { roles: [] }, { ...policy, unpinnedScope: 'all' }).length, 1);
    assert.deepEqual(messages(id, 'openai', {}, { ...policy, unpinnedScope: 'off' }), []);
    for (const group of ['peer', 'override', 'constraint'] as const)
      assert.deepEqual(messages(id, 'openai', { declaration: { group } }), []);
    for (const group of ['dev', 'optional', 'build'] as const) assert.equal(messages(id, 'openai', { declaration: { group } }).length, 1);
    assert.deepEqual(messages(id, 'openai', { source: { kind: 'path', path: '.' } }), []);
  });

  it('leaves the word to the rules about malware, unless they are off', () => {
    assert.deepEqual(messages(id, 'litellm>=1', { advisories: litellm }), []);
    assert.equal(messages(id, 'litellm>=1', { advisories: litellm }, { ...policy, rules: { 'admits-compromised': 'off' } }).length, 1);
    assert.deepEqual(messages(id, 'x', { advisories: [wholePackage('MAL-2025-1')] }), []);
  });

  it('pins, to nothing that is guessed', () => {
    assert.deepEqual(fixes(id, 'openai>=1,<2', { releases: ['1.0', '1.5', '2.0'] }), ['* pin: Pin openai to 1.5 → openai==1.5']);
    assert.deepEqual(fixes(id, 'openai>=1,<2', {}), []);
    assert.deepEqual(fixes(id, 'openai>=1,<2', { installed: '1.2' }), ['* pin: Pin openai to 1.2, which is installed → openai==1.2']);
  });
});

describe('mutable-source', () => {
  const id = 'mutable-source';
  const commit = '0123456789abcdef0123456789abcdef01234567';
  const git = (revision?: string) =>
    messages(id, 'x', { source: { kind: 'git', url: 'https://git.example/x', ...(revision === undefined ? {} : { revision }) } });
  const url = (address: string, hashes: string[] = []) =>
    messages(id, 'x', { source: { kind: 'url', url: address }, declaration: { hashes } });

  it('lets only a full commit id stand', () => {
    assert.deepEqual(git(commit), []);
    assert.deepEqual(git(commit + commit.slice(0, 24)), []);
    assert.match(git()[0]!, /^x comes from git without a commit/);
    assert.match(git('v1.0')[0]!, /^x comes from git at v1\.0, which can be moved/);
    assert.match(git('0123456')[0]!, /shortened/);
    assert.equal(git('semver:^1').length, 1);
  });

  it('lets only a hashed file stand', () => {
    assert.match(url('https://host.example/x.whl')[0]!, /without a hash/);
    assert.equal(url('https://host.example/x.whl#md5=00').length, 1);
    assert.deepEqual(url('https://host.example/x.whl#egg=x&sha256=00'), []);
    assert.deepEqual(url('https://host.example/x.whl', ['sha256:00']), []);
    assert.deepEqual(url('file:///x.whl'), []);
  });
});

describe('insecure-source', () => {
  const id = 'insecure-source';
  const option = (kind: IndexOption['kind'], value: string, more: Partial<IndexOption> = {}): IndexOption => ({
    kind,
    value,
    span: { start: 0, end: value.length },
    ...more,
  });
  const said = (...options: IndexOption[]) => assess(id, manifestSubject(options)).map(({ message }) => message);

  it('speaks of plain http, and of no loopback', () => {
    assert.deepEqual(said(option('index', 'http://user:secret@pypi.corp.example:8080/simple')), [
      'Packages come from pypi.corp.example:8080 over a connection without encryption: anyone on the way can replace them',
    ]);
    assert.equal(said(option('find-links', 'http://host.example/wheels')).length, 1);
    for (const host of ['localhost', '127.0.0.1:3141', '[::1]:80', 'devpi.localhost'])
      assert.deepEqual(said(option('index', `http://${host}/simple`)), [], host);
    assert.equal(said(option('index', 'http://localhost.example/simple')).length, 1);
    for (const lure of ['http://evil.example\\@127.0.0.1/simple', 'http:\\\\evil.example/simple', 'http:/evil.example/@localhost'])
      assert.match(said(option('index', lure)).join(), /Packages come from evil\.example over/, lure);
    assert.deepEqual(said(option('index', 'https://pypi.corp.example/simple')), []);
  });

  it('speaks of hosts whose certificate is not checked', () => {
    assert.match(said(option('trusted-host', 'pypi.corp.example'))[0]!, /^The certificate of pypi\.corp\.example is not checked/);
    assert.deepEqual(said(option('trusted-host', 'localhost')), []);
  });

  it('speaks of an extra index where any index may win', () => {
    const extra = option('extra-index', 'https://pypi.corp.example/simple');
    assert.match(said(extra)[0]!, /dependency confusion/);
    assert.deepEqual(said(extra, option('no-index', '')), []);
    assert.deepEqual(said({ ...extra, explicit: true }), []);
    assert.deepEqual(said({ ...extra, firstMatch: true }), []);
    const hashed = subject('x==1', { declaration: { hashes: ['sha256:00'] } }).declaration;
    assert.deepEqual(assess(id, manifestSubject([extra], [hashed])), []);
    assert.equal(assess(id, manifestSubject([extra], [hashed, subject('y').declaration])).length, 1);
  });

  it('speaks of entries that come without encryption', () => {
    const from = (url: string) => subject('x', { source: { kind: 'git', url } }).declaration;
    const [observation] = assess(id, manifestSubject([], [from('git+http://git.example/x')]));
    assert.equal(observation?.package?.name, 'x');
    assert.equal(assess(id, manifestSubject([], [from('git://git.example/x')])).length, 1);
    for (const url of [
      'https://git.example/x',
      'git+https://git.example/x',
      'git+ssh://git@git.example/x',
      'git@git.example:x',
      'http://localhost/x',
    ]) {
      assert.deepEqual(assess(id, manifestSubject([], [from(url)])), [], url);
    }
  });
});

describe('invalid-requirement', () => {
  it('repeats what the reader saw, and leaves out what could not be read', () => {
    const base = manifestSubject([]);
    const span = { start: 0, end: 3 };
    const problems = [
      { kind: 'invalid', span, message: 'x=1 is no requirement' },
      { kind: 'unreadable', span, message: 'unclosed string' },
    ] as const;
    const observations = assess('invalid-requirement', { ...base, manifest: { ...base.manifest, problems } });
    assert.deepEqual(observations, [{ span, message: 'x=1 is no requirement' }]);
  });

  it('underlines the range, else the name, else the entry', () => {
    assert.deepEqual(assess('unpinned', subject('openai>=1'))[0]!.span, { start: 6, end: 9 });
    assert.deepEqual(assess('unpinned', subject('openai'))[0]!.span, { start: 0, end: 6 });
    const nameless = subject('', { source: { kind: 'git', url: 'https://git.example/x' } });
    assert.deepEqual(assess('mutable-source', nameless)[0]!.span, nameless.declaration.spans.entry);
    assert.match(assess('mutable-source', nameless)[0]!.message, /^This entry/);
  });

  it('says ages in their largest whole unit', () => {
    const young = fixes('compromised-release', 'x==1', {
      advisories: [advisory('MAL-2026-1', ['1'])],
      releases: ['1', aged('2', day + hour)],
    });
    assert.match(young[0]!, /only 1 day old/);
  });
});
