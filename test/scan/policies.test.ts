import assert from 'node:assert/strict';
import { applyEdits } from '../../server/src/core/applyEdits';
import type { Report } from '../../server/src/core/report';
import { readPolicy } from '../../server/src/policy/merlonToml';
import { known, live, policyFaults, scanPolicies, suppressed } from '../support/scanPolicies';

const pin = 'story-llm==1.82.6\n';
const suppress = (more: string) => `[[suppress]]\n${more}\nreason = "weighed by us"\n`;

describe('policy files', () => {
  it('suppress a finding of one version, and of no other', async () => {
    const policy = suppress('rule = "vulnerable-release"\npackage = "story-llm"\nversions = "1.82.6"');
    const report = await scanPolicies({ 'requirements.txt': 'story-llm==1.82.6\n', 'merlon.toml': policy });
    assert.deepEqual(live(report), []);
    assert.equal(suppressed(report).length, 1);
    assert.equal(report.files[0]!.suppressed[0]!.suppression?.reason, 'weighed by us');
    assert.deepEqual(policyFaults(report), []);
    const other = await scanPolicies({ 'requirements.txt': 'story-llm==1.82.7\n', 'merlon.toml': policy });
    assert.match(live(other)[0]!, /compromised-release: story-llm 1\.82\.7 is malware/);
    assert.deepEqual(suppressed(other), []);
    assert.match(policyFaults(other)[0]!, /matches nothing any more/);
  });

  it('let malware be suppressed for a time only', async () => {
    const named = 'rule = "compromised-release"\npackage = "story-llm"\nversions = "1.82.7"';
    const without = await scanPolicies({ 'requirements.txt': 'story-llm==1.82.7\n', 'merlon.toml': suppress(named) });
    assert.equal(live(without).length, 1);
    assert.match(policyFaults(without)[0]!, /malware can be suppressed for a time only/);
    const within = await scanPolicies({
      'requirements.txt': 'story-llm==1.82.7\n',
      'merlon.toml': suppress(`${named}\nexpires = 2026-06-02`),
    });
    assert.deepEqual(live(within), []);
    assert.deepEqual(policyFaults(within), []);
  });

  it('let malware be suppressed for 90 days at the most, whatever name it goes by', async () => {
    const manifest = { 'requirements.txt': 'story-llm==1.82.7\n' };
    const rule = (expires: string) =>
      suppress(`rule = "compromised-release"\npackage = "story-llm"\nversions = "1.82.7"\nexpires = ${expires}`);
    const malware = (report: Report) => live(report).filter((one) => one.includes('compromised-release'));
    const alias = (expires: string) => suppress(`advisory = "PYSEC-2026-9001"\npackage = "story-llm"\nexpires = ${expires}`);
    for (const entry of [rule, alias]) {
      const within = await scanPolicies({ ...manifest, 'merlon.toml': entry('2026-08-30') });
      assert.deepEqual([malware(within), policyFaults(within)], [[], []]);
      for (const expires of ['2026-08-31', '9999-12-31', '"9999-12-31"']) {
        const text = entry(expires);
        const forever = await scanPolicies({ ...manifest, 'merlon.toml': text });
        assert.match(malware(forever)[0]!, /compromised-release: story-llm 1\.82\.7 is malware/);
        assert.equal(suppressed(forever).length, 0);
        const [fault, ...more] = forever.policies![0]!.findings;
        assert.match(fault!.message, /malware can be suppressed for 90 days at the most$/);
        assert.equal(text.slice(fault!.span.start, fault!.span.end), expires);
        assert.equal(more.length, 0);
        const [fix] = fault!.fixes;
        assert.equal(fix!.title, 'Let it end on 2026-08-30');
        const mended = await scanPolicies({ ...manifest, 'merlon.toml': applyEdits(text, fix!.edits) });
        assert.deepEqual([malware(mended), policyFaults(mended)], [[], []]);
      }
    }
  });

  it('are told that they would suppress malware for ever, also where there is none', async () => {
    const text = suppress('rule = "compromised-release"\npackage = "plain"\nexpires = 9999-12-31');
    const report = await scanPolicies({ 'requirements.txt': 'plain==1.0\n', 'merlon.toml': text });
    assert.deepEqual(policyFaults(report), [
      'merlon.toml: policy-problem: It suppresses nothing: malware can be suppressed for 90 days at the most',
    ]);
    const other = suppress('rule = "vulnerable-release"\npackage = "story-llm"\nversions = "1.82.6"\nexpires = 9999-12-31');
    assert.deepEqual(policyFaults(await scanPolicies({ 'requirements.txt': pin, 'merlon.toml': other })), []);
  });

  it('bring a finding back at the day, and say so', async () => {
    const policy = suppress('rule = "vulnerable-release"\npackage = "story-llm"\nexpires = 2026-06-02');
    const at = (now: string) => scanPolicies({ 'requirements.txt': pin, 'merlon.toml': policy }, { now: new Date(now) });
    assert.deepEqual(live(await at('2026-06-01T23:59:59Z')), []);
    const back = await at('2026-06-02T00:00:00Z');
    assert.equal(live(back).length, 1);
    assert.match(policyFaults(back)[0]!, /has expired on 2026-06-02/);
    const { related } = back.files[0]!.findings[0]!;
    assert.ok(related.some(({ file, message }) => file === 'merlon.toml' && /expired on 2026-06-02/.test(message)));
  });

  it('end with the release that fixes it, where they say so', async () => {
    const policy = (name: string) => suppress(`rule = "vulnerable-release"\npackage = "${name}"\nuntil-fixed = true`);
    const open = await scanPolicies({ 'requirements.txt': 'sinking-db==1.0.0\n', 'merlon.toml': policy('sinking-db') });
    assert.deepEqual(live(open), []);
    const fixed = await scanPolicies({ 'requirements.txt': pin, 'merlon.toml': policy('story-llm') });
    assert.equal(live(fixed).length, 1);
    assert.match(policyFaults(fixed)[0]!, /has ended: 1\.8\d\.\d is free of GHSA/);
  });

  it('take one advisory out of a finding, which goes on to speak of the others', async () => {
    const policy = suppress('advisory = "GHSA-aaaa-bbbb-0001"\npackage = "story-llm"');
    const report = await scanPolicies({ 'requirements.txt': pin, 'merlon.toml': policy });
    const [finding] = report.files[0]!.findings;
    assert.deepEqual(
      finding?.advisories.map(({ id }) => id),
      ['GHSA-aaaa-bbbb-0002'],
    );
    assert.equal(finding?.severity, 'warning');
    const [hidden] = report.files[0]!.suppressed;
    assert.deepEqual(
      hidden?.advisories.map(({ id }) => id),
      ['GHSA-aaaa-bbbb-0001'],
    );
    const both = suppress('advisory = ["ghsa-aaaa-bbbb-0001", "GHSA-aaaa-bbbb-0002"]\npackage = "story-llm"\nrule = "vulnerable-release"');
    assert.deepEqual(live(await scanPolicies({ 'requirements.txt': pin, 'merlon.toml': both })), []);
  });

  it('block releases, packages, ranges and OSV records', async () => {
    const policy = `
blocked = [
  "plain-util ==1.1.0",
  { package = "npm:steady-llm", versions = [">=2"], reason = "see the channel" },
  { id = "MAL-2026-1", affected = [ { package = { ecosystem = "PyPI", name = "Steady_LLM" }, versions = ["1.1.0"], ranges = [ { type = "ECOSYSTEM", events = [ { introduced = "2.0.0" } ] } ] } ] },
]
`;
    const report = await scanPolicies({
      'merlon.toml': policy,
      'requirements.txt': 'plain-util==1.1.0\nsteady-llm==1.1.0\nsteady-llm==1.0.0\nsteady-llm==2.0.0\nplain-util>=1\nplain-util<1.1\n',
      'package.json': '{ "dependencies": { "steady-llm": "2.0.0-rc.1", "plain-util": "1.0.0" } }',
    });
    assert.deepEqual(policyFaults(report), []);
    assert.deepEqual(
      live(report).filter((line) => line.includes('blocked-release')),
      [
        "package.json: blocked-release: steady-llm 2.0.0-rc.1 is blocked by the team's policy: see the channel",
        "requirements.txt: blocked-release: plain-util 1.1.0 is blocked by the team's policy",
        "requirements.txt: blocked-release: steady-llm 1.1.0 is blocked by the team's policy (MAL-2026-1)",
        "requirements.txt: blocked-release: plain-util >=1 admits 1.1.0, which is blocked by the team's policy",
      ],
    );
  });
});

describe('what is in force', () => {
  const manifest = { 'requirements.txt': 'story-llm==1.82.7\nplain-util\n' };
  const severityOf = async (policy: string, scan: Parameters<typeof scanPolicies>[1] = {}, texts: Record<string, string> = manifest) => {
    const { files } = await scanPolicies({ ...texts, 'merlon.toml': policy }, scan);
    return files.flatMap(({ findings }) => findings).map(({ file, rule, severity }) => `${file} ${rule} ${severity}`);
  };

  it('is what the nearest file says, then what the editor says, then the file of --policy', async () => {
    const all = '[rules]\nunpinned = "information"\ncompromised-release = "off"\n[unpinned]\nscope = "all"\n';
    assert.deepEqual(await severityOf(all), ['requirements.txt unpinned information']);
    assert.deepEqual(await severityOf(all, { settings: { rules: { unpinned: 'hint' } } }), ['requirements.txt unpinned hint']);
    assert.deepEqual(await severityOf(all, { settings: { unpinned: { scope: 'off' } } }), []);
    const override = readPolicy('[rules]\nunpinned = "error"\n', 'ci/central.toml', known);
    assert.deepEqual(await severityOf(all, { override, settings: { unpinned: { scope: 'all' }, rules: { unpinned: 'hint' } } }), [
      'requirements.txt compromised-release error',
      'requirements.txt unpinned error',
    ]);
    const inner = {
      'requirements.txt': 'plain-util\n',
      'sub/requirements.txt': 'plain-util\n',
      'sub/merlon.toml': '[rules]\nunpinned = "error"\n',
    };
    assert.deepEqual(await severityOf(all, {}, inner), ['requirements.txt unpinned information', 'sub/requirements.txt unpinned error']);
  });

  it('says of itself that it switches off what tells of malware, which nothing else would say', async () => {
    const off = '[rules]\nunpinned = "off"\ncompromised-release = "off"\n';
    const report = await scanPolicies({ ...manifest, 'merlon.toml': off });
    assert.deepEqual(live(report), []);
    assert.deepEqual(
      report.policies![0]!.findings.map(({ severity, span }) => [severity, off.slice(span.start, span.end)]),
      [['warning', '"off"']],
    );
    assert.match(policyFaults(report).join(), /Nothing says what compromised-release would have found/);
    const both = { ...manifest, 'merlon.toml': `${off}policy-problem = "off"\n` };
    assert.match(policyFaults(await scanPolicies(both)).join(), /Nothing says what compromised-release would have found/);
    assert.deepEqual(policyFaults(await scanPolicies(both, { settings: { rules: { 'policy-problem': 'off' } } })), []);
  });

  it('cannot hide its own faults, whatever else it switches off', async () => {
    const faults = async (rules: string, scan: Parameters<typeof scanPolicies>[1] = {}) => {
      const report = await scanPolicies({ ...manifest, 'merlon.toml': `[rules]\n${rules}bogus = "off"\n` }, scan);
      return report.policies![0]!.findings.map(({ severity, message }) => `${severity}: ${message.slice(0, 22)}`);
    };
    const malware = 'compromised-release = "off"\n';
    const off = 'policy-problem = "off"\n';
    assert.deepEqual(await faults(''), ['warning: There is no rule bogus']);
    assert.deepEqual(await faults(off), ['information: There is no rule bogus']);
    assert.deepEqual(await faults(off + malware), ['warning: Nothing says what comp', 'information: There is no rule bogus']);
    assert.deepEqual(await faults(off + malware, { settings: { rules: { 'policy-problem': 'off' } } }), []);
    const unused = '[[suppress]]\nrule = "unpinned"\npackage = "nobody"\nreason = "x"\n';
    const quiet = (rules: string) => scanPolicies({ ...manifest, 'merlon.toml': rules + unused }).then(policyFaults);
    assert.equal((await quiet('')).length, 1);
    assert.deepEqual(await quiet(`[rules]\n${off}`), []);
  });

  it('adds up the lists of all files, and keeps an outer deny-list', async () => {
    const report = await scanPolicies({
      'merlon.toml': 'blocked = ["plain-util"]\nallowed-indexes = ["https://pypi.org/simple", "https://packages.example/*"]\n',
      'sub/merlon.toml': 'blocked = ["steady-llm"]\nallowed-indexes = ["https://mirror.example/simple"]\n',
      'sub/requirements.txt': '--index-url https://me:secret@pypi.org/simple/\nplain-util==1.0.0\nsteady-llm==1.0.0\n',
      'requirements.txt': '--index-url https://packages.example/a/simple\nsteady-llm==1.0.0\n',
    });
    assert.deepEqual(live(report), [
      "sub/requirements.txt: insecure-source: The index pypi.org is not among those that the team's policy allows",
      "sub/requirements.txt: blocked-release: plain-util is blocked by the team's policy",
      "sub/requirements.txt: blocked-release: steady-llm is blocked by the team's policy",
    ]);
  });

  it('does not hide by its own word what else is wrong with an index', async () => {
    const report = await scanPolicies({
      'merlon.toml': 'allowed-indexes = ["https://pypi.org/simple"]\n',
      'requirements.txt': '--extra-index-url http://packages.example/simple\nplain-util==1.0.0\n',
    });
    assert.deepEqual(live(report), [
      "requirements.txt: insecure-source: The index packages.example is not among those that the team's policy allows",
      'requirements.txt: insecure-source: Packages come from packages.example over a connection without encryption: anyone on the way can replace them',
    ]);
  });

  it('may only become stricter in a workspace that is not trusted, and says what it left out', async () => {
    const policy = `
exclude = ["sub/"]
private-packages = ["story-*"]
trusted-packages = ["plain-util"]
minimum-release-age = "1d"
blocked = ["plain-util"]
[rules]
compromised-release = "off"
vulnerable-release = "information"
unpinned = "error"
[unpinned]
scope = "all"
[[suppress]]
rule = "vulnerable-release"
package = "story-llm"
reason = "so that nobody sees it"
`;
    const texts = { 'requirements.txt': 'story-llm==1.82.6\nplain-util\n', 'sub/requirements.txt': 'story-llm==1.82.7\n' };
    const without = await severityOf(policy, { trusted: false }, texts);
    assert.deepEqual(without, [
      'requirements.txt vulnerable-release error',
      'requirements.txt blocked-release error',
      'requirements.txt unpinned error',
      'sub/requirements.txt compromised-release error',
    ]);
    assert.deepEqual(
      await severityOf(policy, { trusted: false, settings: { rules: { unpinned: 'off' } } }, texts),
      without.filter((one) => !one.includes('unpinned')),
    );
    const report = await scanPolicies({ ...texts, 'merlon.toml': policy }, { trusted: false });
    assert.deepEqual(suppressed(report), []);
    assert.equal(policyFaults(report).filter((line) => line.includes('not trusted')).length, 6);
    assert.ok(report.policies![0]!.findings.every(({ severity }) => severity === 'information'));
    assert.deepEqual(await severityOf(policy, {}, texts), ['requirements.txt blocked-release error', 'requirements.txt unpinned error']);
  });

  it('keeps names private in all of a workspace, and leaves out what a file says from its own folder', async () => {
    const report = await scanPolicies({
      'a/merlon.toml': 'private-packages = ["story-*"]\nexclude = ["/old", "gen/"]\n',
      'requirements.txt': 'story-llm==1.82.7\n',
      'old/requirements.txt': 'plain-util\n',
      'a/old/requirements.txt': 'plain-util\n',
      'a/b/gen/requirements.txt': 'plain-util\n',
      'a/b/requirements.txt': 'plain-util\n',
    });
    assert.deepEqual(report.files.map(({ path }) => path).sort(), ['a/b/requirements.txt', 'old/requirements.txt', 'requirements.txt']);
    // The mini feed asks no network, so it may be shown the name; a registry may not.
    assert.equal(report.files.find(({ path }) => path === 'requirements.txt')!.subjects[0]!.releases.state, 'withheld');
  });

  it('knows publishers and attestations where the registry tells', async () => {
    const releases = {
      'plain-util': [{ version: '1.0.0', attested: false, publisher: { account: 'Mallory', repository: 'https://github.com/mal/lory' } }],
    };
    const texts = { 'package.json': '{ "dependencies": { "plain-util": "1.0.0" } }' };
    for (const pattern of ['mallory', 'mal/lory', 'mal/*']) {
      const report = await scanPolicies({ ...texts, 'merlon.toml': `blocked-publishers = ["${pattern}"]` }, { releases });
      assert.deepEqual(live(report), [
        `package.json: blocked-release: plain-util 1.0.0 was published by ${pattern}, whom the policy blocks`,
      ]);
    }
    const demanded = await scanPolicies({ ...texts, 'merlon.toml': 'require-provenance = ["plain-*"]' }, { releases });
    assert.deepEqual(live(demanded), [
      "package.json: provenance-lost: plain-util 1.0.0 carries no attestation, which the team's policy demands of plain-*",
    ]);
    assert.deepEqual(live(await scanPolicies({ ...texts, 'merlon.toml': 'require-provenance = ["other"]' }, { releases })), []);
  });

  it('blocks what a lockfile brings, in the lockfile and at the line that brings it', async () => {
    const lock = {
      lockfileVersion: 3,
      packages: {
        '': { dependencies: { 'plain-util': '^1.0.0' } },
        'node_modules/plain-util': { version: '1.1.0', dependencies: { 'steady-llm': '*' } },
        'node_modules/steady-llm': { version: '1.2.0' },
      },
    };
    const report = await scanPolicies({
      'merlon.toml': '[[blocked]]\npackage = "steady-llm"\nversion = "1.2.0"\nreason = "stolen"\n',
      'package.json': '{ "dependencies": { "plain-util": "^1.0.0" } }',
      'package-lock.json': JSON.stringify(lock, undefined, 2),
    });
    assert.deepEqual(
      live(report).filter((line) => line.includes('blocked')),
      [
        "package.json: blocked-release: plain-util 1.1.0 brings steady-llm 1.2.0 by plain-util → steady-llm, which is blocked by the team's policy: stolen",
        "package-lock.json: blocked-release: steady-llm 1.2.0 is blocked by the team's policy: stolen",
      ],
    );
    const [finding] = report.files[0]!.findings;
    assert.deepEqual([finding!.package, finding!.version, finding!.via], ['steady-llm', '1.2.0', ['plain-util@1.1.0']]);
  });

  it('suppresses nothing by an entry that says less than it was meant to', async () => {
    const entries = [
      'rule = "vulnerable-release"\npackage = "story-llm"',
      'rule = "vulnerable-release"\npackage = "story-llm"\nreason = ""',
      'rule = "vulnerable-release"\nreason = "x"',
      'package = "story-llm"\nreason = "x"',
      'rule = "vulnerable-relase"\npackage = "story-llm"\nreason = "x"',
      'rule = "vulnerable-release"\npackage = "story-llm"\nreason = "x"\nexpries = 2020-01-01',
      'rule = "vulnerable-release"\npackage = "story-llm"\nreason = "x"\nexpires = "soon"',
      'rule = "vulnerable-release"\npackage = "story-llm"\nreason = "x"\nversions = "latest and greatest"',
      'rule = "vulnerable-release"\npackage = "story-llm"\nreason = "x"\nversions = []',
      'rule = "vulnerable-release"\npackage = "story-llm"\nreason = "x"\nadvisory = 7',
      'rule = "vulnerable-release"\npackage = "story-llm"\nreason = "x"\necosystem = "pip"',
      'rule = "vulnerable-release"\npackage = "npm:story-llm"\nreason = "x"',
      'rule = "vulnerable-release"\npackage = "story-llm"\nreason = "x"\nversions = "<1.82.6"',
      'rule = "unpinned"\npackage = "story-llm"\nreason = "x"',
    ];
    for (const entry of entries) {
      const report = await scanPolicies({ 'requirements.txt': pin, 'merlon.toml': `[[suppress]]\n${entry}\n` });
      assert.equal(live(report).length, 1, entry);
      assert.equal(suppressed(report).length, 0, entry);
      assert.ok(policyFaults(report).length >= 1, entry);
    }
  });

  it('suppresses a range only where every bad release that it admits is named', async () => {
    const entry = (versions: string) =>
      `[[suppress]]\nrule = "admits-compromised"\npackage = "story-llm"\nversions = ${versions}\nreason = "x"\nexpires = 2026-08-01\n`;
    const texts = { 'requirements.txt': 'story-llm>=1.82.7,<1.83\n' };
    const rules = async (versions: string) =>
      (await scanPolicies({ ...texts, 'merlon.toml': entry(versions) })).files.flatMap(({ findings }) => findings.map(({ rule }) => rule));
    assert.deepEqual(await rules('"1.82.7"'), ['admits-compromised']);
    assert.deepEqual(await rules('["1.82.7", "1.82.8"]'), []);
    assert.deepEqual(await rules('">=1.82,<1.83"'), []);
  });

  it('keeps to the rule that an entry with advisories names, and to the expiry that malware wants under any name', async () => {
    const entry = (more: string) => `[[suppress]]\npackage = "story-llm"\nadvisory = "PYSEC-2026-9001"\nreason = "x"\n${more}`;
    const scan = (more: string) => scanPolicies({ 'requirements.txt': 'story-llm==1.82.7\n', 'merlon.toml': entry(more) });
    assert.match(live(await scan('expires = 2026-08-01\nrule = "admits-compromised"\n'))[0]!, /compromised-release/);
    assert.equal(suppressed(await scan('expires = 2026-08-01\n')).length, 1);
    const without = await scan('');
    assert.match(live(without)[0]!, /compromised-release/);
    assert.match(
      policyFaults(without)[0]!,
      /The suppression of story-llm 1\.82\.7 has no effect: malware can be suppressed for a time only/,
    );
  });

  it('tells npm names apart that PyPI takes for one', async () => {
    const report = await scanPolicies({
      'merlon.toml': 'blocked = ["Plain_Util"]\n',
      'requirements.txt': 'plain-util==1.0.0\n',
      'package.json': '{ "dependencies": { "plain-util": "1.0.0" } }',
    });
    assert.deepEqual(live(report), ["requirements.txt: blocked-release: plain-util is blocked by the team's policy"]);
  });

  it('takes the strictest of several files where none is trusted', async () => {
    const rule = (severity: string) => `[rules]\nunpinned = "${severity}"\n[unpinned]\nscope = "all"\n`;
    const texts = { 'sub/requirements.txt': 'plain-util\n' };
    for (const [outer, inner] of [
      ['error', 'hint'],
      ['hint', 'error'],
    ] as const) {
      const found = await severityOf(rule(outer), { trusted: false }, { ...texts, 'sub/merlon.toml': rule(inner) });
      assert.deepEqual(found, ['sub/requirements.txt unpinned error']);
    }
  });

  it('says nothing of an entry that matches nothing where not everything was looked at', async () => {
    const policy = '[[suppress]]\nrule = "unpinned"\npackage = "gone"\nreason = "x"\n';
    assert.equal(policyFaults(await scanPolicies({ ...manifest, 'merlon.toml': policy })).length, 1);
    assert.deepEqual(policyFaults(await scanPolicies({ ...manifest, 'merlon.toml': policy }, { whole: false })), []);
  });
});
