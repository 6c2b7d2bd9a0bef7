import assert from 'node:assert/strict';
import fc from 'fast-check';
import { durationText, parseDuration } from '../../server/src/policy/duration';
import { readSettings } from '../../server/src/policy/settings';

const defaults = readSettings(undefined);

describe('readSettings', () => {
  it('has these defaults', () => {
    assert.deepEqual(defaults, {
      policy: { rules: Object.create(null) as object, unpinnedScope: 'ai', minimumReleaseAgeMs: 3 * 86_400_000 },
      feeds: {
        mode: 'online',
        osvUrl: 'https://api.osv.dev',
        dumpUrl: 'https://storage.googleapis.com/osv-vulnerabilities',
        maxAgeMs: 604_800_000,
      },
      registries: { pypi: 'https://pypi.org' },
      http: { timeoutMs: 10_000 },
      privatePackages: [],
      exclude: [],
      inlayHints: 'problems',
      codeLens: true,
      problems: [],
    });
    for (const nothing of [null, {}, { rules: null, feeds: null, unpinned: { scope: null } }])
      assert.deepEqual(readSettings(nothing), defaults);
  });

  it('reads every setting', () => {
    const settings = readSettings({
      rules: { unpinned: 'off', 'vulnerable-release': 'hint' },
      unpinned: { scope: 'all' },
      feeds: { mode: 'local', osv: { url: 'http://127.0.0.1:8080/', dump: 'https://mirror.example/osv/' }, maxAge: '12h' },
      registries: { npm: 'https://registry.npm.example/', pypi: 'https://pypi.example//' },
      http: { proxy: 'http://proxy.example:3128', timeout: 5 },
      privatePackages: ['corp-*'],
      minimumReleaseAge: '12h',
      exclude: ['old/**'],
      inlayHints: 'all',
      codeLens: false,
    });
    assert.deepEqual(settings, {
      policy: {
        rules: Object.assign(Object.create(null), { unpinned: 'off', 'vulnerable-release': 'hint' }) as object,
        unpinnedScope: 'all',
        minimumReleaseAgeMs: 12 * 3_600_000,
      },
      feeds: { mode: 'local', osvUrl: 'http://127.0.0.1:8080', dumpUrl: 'https://mirror.example/osv', maxAgeMs: 12 * 3_600_000 },
      registries: { npm: 'https://registry.npm.example', pypi: 'https://pypi.example' },
      http: { proxy: 'http://proxy.example:3128', timeoutMs: 5000 },
      privatePackages: ['corp-*'],
      exclude: ['old/**'],
      inlayHints: 'all',
      codeLens: false,
      problems: [],
    });
  });

  it('keeps the default of what is wrong, and says so', () => {
    for (const [raw, problem] of [
      ['on', 'merlon: '],
      [[], 'merlon: '],
      [{ rules: 'off' }, 'merlon.rules: '],
      [{ rules: ['off'] }, 'merlon.rules: '],
      [{ rules: { unpinned: 'fatal' } }, 'merlon.rules.unpinned: '],
      [{ unpinned: 'all' }, 'merlon.unpinned: '],
      [{ unpinned: { scope: 'ALL' } }, 'merlon.unpinned.scope: '],
      [{ feeds: { mode: true } }, 'merlon.feeds.mode: '],
      [{ feeds: 'off' }, 'merlon.feeds: '],
      [{ feeds: { osv: { url: 'file:///etc/passwd' } } }, 'merlon.feeds.osv.url: '],
      [{ feeds: { osv: { url: 'https:///' } } }, 'merlon.feeds.osv.url: '],
      [{ registries: { npm: 'javascript:alert(1)' } }, 'merlon.registries.npm: '],
      [{ http: { timeout: '10' } }, 'merlon.http.timeout: '],
      [{ http: { timeout: Number.NaN } }, 'merlon.http.timeout: '],
      [{ http: { timeout: 0 } }, 'merlon.http.timeout: '],
      [{ http: { timeout: 3600 } }, 'merlon.http.timeout: '],
      [{ http: { proxy: 'proxy:3128' } }, 'merlon.http.proxy: '],
      [{ minimumReleaseAge: 3 }, 'merlon.minimumReleaseAge: '],
      [{ minimumReleaseAge: '3 parsecs' }, 'merlon.minimumReleaseAge: '],
      [{ minimumReleaseAge: '-3d' }, 'merlon.minimumReleaseAge: '],
      [{ inlayHints: true }, 'merlon.inlayHints: '],
      [{ codeLens: 'off' }, 'merlon.codeLens: '],
    ] as const) {
      const { problems, ...settings } = readSettings(raw);
      assert.equal(problems.length, 1, JSON.stringify([raw, problems]));
      assert.ok(problems[0]!.startsWith(problem), problems[0]);
      assert.deepEqual({ ...settings, problems: [] }, defaults);
    }
  });

  it('drops no usable pattern of a wrong list: that would send the name which it keeps', () => {
    const settings = readSettings({ privatePackages: ['corp-*', 5, null], exclude: 'old/**' });
    assert.deepEqual(settings.privatePackages, ['corp-*']);
    assert.deepEqual(settings.exclude, ['old/**']);
    assert.equal(settings.problems.length, 2);
  });

  it('takes no value from a prototype and gives none to it', () => {
    const raw: unknown = JSON.parse(
      '{ "__proto__": { "unpinned": { "scope": "off" } }, "rules": { "__proto__": "off", "constructor": "off", "toString": "off" }, "constructor": 1 }',
    );
    const { policy } = readSettings(raw);
    assert.equal(policy.unpinnedScope, 'ai');
    assert.deepEqual(Object.keys(policy.rules).sort(), ['__proto__', 'constructor', 'toString']);
    assert.equal(Object.getPrototypeOf(policy.rules), null);
    assert.equal(({} as Record<string, unknown>).unpinned, undefined);
    const inherited: unknown = Object.create({ feeds: { mode: 'off' } });
    assert.equal(readSettings(inherited).feeds.mode, 'online');
  });

  it('never throws', () => {
    const keys = fc.constantFrom(
      'rules',
      'feeds',
      'unpinned',
      'http',
      'privatePackages',
      'osv',
      'url',
      'scope',
      'mode',
      '__proto__',
      'timeout',
      'exclude',
    );
    const anything = fc.letrec((tie) => ({
      value: fc.oneof(
        { maxDepth: 4 },
        fc.string(),
        fc.double(),
        fc.constant(null),
        fc.boolean(),
        fc.array(tie('value')),
        fc.dictionary(keys, tie('value')),
      ),
    })).value;
    fc.assert(
      fc.property(anything, (raw) => {
        const { policy, problems } = readSettings(raw);
        assert.ok(Number.isFinite(policy.minimumReleaseAgeMs) && Array.isArray(problems));
      }),
      { numRuns: 500 },
    );
  });
});

describe('durations', () => {
  it('have a unit', () => {
    for (const [text, ms] of [
      ['3d', 259_200_000],
      ['12h', 43_200_000],
      [' 90 m ', 5_400_000],
      ['2w', 1_209_600_000],
      ['0', 0],
      ['0d', 0],
      ['3', undefined],
      ['', undefined],
      ['d', undefined],
      ['3D', undefined],
      ['1.5h', undefined],
      ['3d 2h', undefined],
      ['9999999d', undefined],
      ['٣d', undefined],
    ] as const) {
      assert.equal(parseDuration(text), ms, text);
    }
  });

  it('are told in the largest unit up to days that leaves no rest', () => {
    for (const [text, words] of [
      ['0', '0 minutes'],
      ['1m', '1 minute'],
      ['90m', '90 minutes'],
      ['24h', '1 day'],
      ['14d', '14 days'],
      ['3d', '3 days'],
    ] as const) {
      assert.equal(durationText(parseDuration(text)!), words);
    }
    assert.equal(durationText(61_000), '1 minute');
  });
});
