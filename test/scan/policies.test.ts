import assert from 'node:assert/strict';
import { live, policyFaults, scanPolicies, suppressed } from '../support/scanPolicies';

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
