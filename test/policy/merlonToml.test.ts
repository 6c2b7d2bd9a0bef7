import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import Ajv from 'ajv';
import fc from 'fast-check';
import { parse } from 'toml';
import type { Finding } from '../../server/src/core/finding';
import { applyEdits } from '../../server/src/core/applyEdits';
import { readPolicy } from '../../server/src/policy/merlonToml';
import { suppressFix } from '../../server/src/policy/suppressFix';
import { entryRemoval } from '../../server/src/policy/suppressEdit';
import { known } from '../support/scanPolicies';

const read = (text: string) => readPolicy(text, 'merlon.toml', known);
/** `text at the span: message` of each fault. */
const faults = (text: string) => read(text).faults.map(({ span, message }) => `${text.slice(span.start, span.end)}: ${message}`);

const whole = `
minimum-release-age = "7d"
trusted-packages = ["@acme/*", "pypi:acme-*"]
trusted-publishers = ["acme-bot", "acme/*"]
blocked-publishers = ["mallory"]
private-packages = ["@acme/*"]
allowed-indexes = ["https://pypi.org/simple"]
require-provenance = ["litellm"]
exclude = ["examples/", "*.old.txt"]
blocked = ["evil", "litellm ==1.82.7", "left-pad@1.3.0", { package = "x", ecosystem = "npm", versions = ["1.0.0", "^2"], reason = "y", id = "INC-1" }]

[rules]
unpinned = "error"

[unpinned]
scope = "all"

[[suppress]]
rule = "vulnerable-release"
advisory = ["CVE-2026-1"]
package = "litellm"
ecosystem = "PyPI"
versions = ">=1,<2"
reason = "not reachable"
expires = 2026-12-31
until-fixed = true
`;

describe('merlon.toml', () => {
  it('is read whole', () => {
    assert.deepEqual(faults(whole), []);
    const policy = read(whole);
    assert.deepEqual(
      [...policy.rules].map(([id, { value }]) => [id, value]),
      [['unpinned', 'error']],
    );
    assert.equal(policy.unpinnedScope?.value, 'all');
    assert.equal(policy.minimumReleaseAgeMs?.value, 7 * 86_400_000);
    assert.deepEqual(
      policy.blocked.map((one) => [one.package?.written, one.package?.ecosystem, one.versions]),
      [
        ['evil', undefined, undefined],
        ['litellm', undefined, ['==1.82.7']],
        ['left-pad', undefined, ['1.3.0']],
        ['x', 'npm', ['1.0.0', '^2']],
      ],
    );
    const [entry] = policy.suppressions;
    assert.deepEqual(
      [entry?.rules, entry?.advisories, entry?.versions, entry?.reason, entry?.expires?.toISOString(), entry?.untilFixed],
      [['vulnerable-release'], ['CVE-2026-1'], ['>=1,<2'], 'not reachable', '2026-12-31T00:00:00.000Z', true],
    );
  });

  it('fits its schema, as far as a schema can say it', () => {
    const schema = JSON.parse(
      fs.readFileSync(path.join(process.env.MERLON_ROOT ?? process.cwd(), 'docs', 'merlon.schema.json'), 'utf8'),
    ) as object;
    const validate = new Ajv({ strict: false }).compile(schema);
    // The referee knows TOML 0.4, where lists are of one type and days are moments.
    const plain = parse(whole.replace(/, \{ package = "x".*\}\]/, ']').replace('2026-12-31', '"2026-12-31"')) as object;
    assert.ok(validate(plain), JSON.stringify(validate.errors));
    assert.ok(!validate({ feeds: { mode: 'off' } }));
    assert.ok(!validate({ suppress: [{ rule: 'unpinned', package: 'x' }] }));
    assert.ok(!validate({ rules: { unpind: 'error' } }));
  });

  it('tells each fault at its own characters, and holds the rest', () => {
    assert.deepEqual(faults('bloked = ["a"]\nrules = 3\n[unpinned]\nscope = "some"\n'), [
      'bloked: bloked is no key of a policy file, and has no effect; blocked is one',
      '3: rules takes a table; what stands here has no effect',
      '"some": scope takes one of ai, all, off; what stands here has no effect',
    ]);
    assert.deepEqual(faults('privatePackages = ["a"]\nblocked = ["b", 3, "c <>"]\n'), [
      'privatePackages: privatePackages is no key of a policy file, and has no effect; private-packages is one',
      '3: It blocks nothing: a package is written as "name", or as a table with package',
      'c <>: It blocks nothing: <> is neither a version nor a range',
    ]);
    assert.equal(read('bloked = 1\nblocked = ["b"]').blocked.length, 1);
  });

  it('says what TOML forbids, and whether it counts all the same', () => {
    const forbidden = (text: string) => [...read(text).rules.keys(), ...faults(text)];
    assert.deepEqual(forbidden('[rules]\nunpinned = "off"\n[rules]\nlock-conflict = "off"\n'), [
      'unpinned',
      'lock-conflict',
      'rules: This is no TOML: the table "rules" is defined twice',
    ]);
    assert.deepEqual(forbidden('rules.unpinned = "off"\n[rules]\nlock-conflict = "off"\n'), [
      'unpinned',
      'lock-conflict',
      'rules: This is no TOML: the table "rules" is made of dotted keys above, so no header can go on with it',
    ]);
    assert.deepEqual(forbidden('rules = { unpinned = "off" }\n[rules]\nlock-conflict = "off"\n'), [
      'unpinned',
      'rules: This is no TOML, and has no effect: the table "rules" ends with its braces, so nothing can go on with it',
    ]);
    assert.deepEqual(forbidden('[rules]\nunpinned = "off"\nunpinned = "error"\n'), [
      'unpinned',
      'unpinned: This is no TOML, and has no effect: "unpinned" is defined twice',
    ]);
    assert.deepEqual(forbidden('[[suppress]]\nrule = "unpinned"\npackage = "x"\nreason = "y"\n[suppress]\nrule = 3\n'), [
      'suppress: This is no TOML, and has no effect: "suppress" is already a list of tables, so it cannot be a table',
    ]);
    assert.deepEqual(forbidden('[rules]\nunpinned = "off" lock-conflict = "off"\n'), [
      'unpinned',
      'lock-conflict = "off": This is no TOML, and has no effect: nothing but a comment may stand behind this on the line',
    ]);
  });

  it('says why a repository must not decide whom Merlon asks', () => {
    const text =
      'proxy = "http://evil.example"\ntoken = "x"\n[feeds]\nosv = { url = "https://evil.example" }\n[registries]\nnpm = "https://evil.example"\n';
    assert.deepEqual(faults(text), [
      'proxy: proxy has no effect here: a repository must not decide whom Merlon asks, and how; that is for merlon.http.proxy',
      'token: token has no effect here: a repository must not decide whom Merlon asks, and how; that is for your own keeping',
      'feeds: feeds has no effect here: a repository must not decide whom Merlon asks, and how; that is for merlon.feeds.*',
      'registries: registries has no effect here: a repository must not decide whom Merlon asks, and how; that is for merlon.registries.*',
    ]);
  });

  it('is changed by nothing hostile but its own faults', () => {
    const harmless = read('');
    const texts = [
      'private-packages = ["(a+)+$", "' + 'a*'.repeat(900) + '"]',
      '__proto__ = { blocked = ["x"] }\n[rules]\n__proto__ = "off"\nconstructor = "off"\n',
      'exclude = ["/../../etc", "C:\\\\windows", "~/x", "//host/share", "!a"]',
      'blocked = ["../../etc/passwd", "a b c d", "https://evil.example/x"]',
      `#${'x'.repeat(10 * 1024 * 1024)}`,
      `blocked = [${'['.repeat(50_000)}`,
      `rules.${'a.'.repeat(20_000)}b = "off"`,
      '[[x]]\n'.repeat(170_000),
    ];
    for (const text of texts) {
      const before = performance.now();
      const policy = read(text);
      assert.ok(performance.now() - before < 3000);
      const { rules, suppressions, unpinnedScope } = policy;
      assert.deepEqual([rules.size, suppressions.length, unpinnedScope, policy.exclude.length], [0, 0, undefined, 0], text.slice(0, 60));
      assert.deepEqual(policy.trustedPackages, harmless.trustedPackages);
      assert.equal(({} as { blocked?: unknown }).blocked, undefined);
    }
    assert.match(read(texts[4]!).faults[0]!.message, /larger than 1 MB/);
    assert.deepEqual([read(texts[3]!).blocked.length, read(texts[3]!).faults.length], [0, 3]);
  });

  it('never throws, and points into its text, whatever stands there', () => {
    const words = fc.constantFrom(
      '[[suppress]]',
      '[[blocked]]',
      '[rules]',
      'rule',
      'package',
      '=',
      '"litellm"',
      '"*"',
      '{',
      '}',
      '[',
      ']',
      ',',
      '\n',
      '2026-02-31',
      '"""',
      'versions',
      'affected',
      'exclude',
      'blocked',
      '.',
      '#',
      '\r\n',
      '\ufeff',
      'true',
      '__proto__',
      '💥',
    );
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string({ unit: 'binary', maxLength: 300 }),
          fc.array(words, { maxLength: 60 }).map((all) => all.join(' ')),
        ),
        (text) => {
          const policy = read(text);
          for (const { span, fixes } of policy.faults) {
            assert.ok(0 <= span.start && span.start <= span.end && span.end <= text.length);
            fixes?.();
          }
          for (const entry of policy.suppressions) assert.ok(entry.reason !== '' && entry.rules.length + entry.advisories.length > 0);
        },
      ),
      { numRuns: 600 },
    );
  });
});

describe('suppressing a finding', () => {
  const finding = {
    rule: 'vulnerable-release',
    message: '',
    file: 'a/requirements.txt',
    ecosystem: 'PyPI',
    package: 'litellm',
    version: '1.82.6',
    via: [],
    advisories: [],
  } as unknown as Finding;
  const now = new Date('2026-02-28T23:00:00Z');
  const fixed = (text: string | undefined, more: Partial<Finding> = {}, reason?: string) =>
    suppressFix(
      { ...finding, ...more },
      {
        ...(text !== undefined && { policy: { path: 'merlon.toml', text } }),
        versions: ['1.82.6'],
        now,
        known,
        ...(reason !== undefined && { reason }),
      },
    );

  it('writes an entry that reads back as it was meant, whatever the reason and the file before it', () => {
    const lines = fc.constantFrom(
      '',
      'blocked = ["a"]\n',
      '[rules]\nunpinned = "off"',
      '# note',
      '[[suppress]]\nrule = "unpinned"\npackage = "y"\nreason = "z"\n',
      '[rules]\r\nunpinned = "off"\r\n',
    );
    fc.assert(
      fc.property(lines, fc.string({ unit: 'binary', maxLength: 60 }), (before, reason) => {
        const fix = fixed(before, {}, reason)!;
        const text = applyEdits(before, fix.edits);
        const policy = read(text);
        const entry = policy.suppressions.at(-1)!;
        assert.deepEqual(
          [entry.rules, entry.versions, entry.packages[0]!.written, entry.expires?.toISOString()],
          [['vulnerable-release'], ['1.82.6'], 'litellm', '2026-03-30T00:00:00.000Z'],
        );
        assert.equal(policy.suppressions.length, read(before).suppressions.length + 1);
        if (before.includes('\r\n')) assert.ok(!/[^\r]\n/.test(text));
        const [removal] = entryRemoval(policy, entry);
        assert.equal(read(applyEdits(text, removal!.edits)).suppressions.length, policy.suppressions.length - 1);
      }),
      { numRuns: 300 },
    );
  });

  it('makes the file where there is none, and offers nothing where the entry would not hold', () => {
    assert.equal(fixed(undefined)?.edits[0]?.creates, true);
    assert.equal(fixed('suppress = []\n'), undefined);
    assert.equal(fixed('', { rule: 'policy-problem' }), undefined);
  });
});
