import assert from 'node:assert/strict';
import { miniNow } from '../../support/miniRegistry';
import { cycloneDxOf, spdxOf } from '../../support/sbom';
import { scanPolicies } from '../../support/scanPolicies';
import type { CycloneDxJson } from '../../support/sbomSchemas';

/** `id: state: ref version…`, as people would note it. */
const told = ({ vulnerabilities = [] }: CycloneDxJson) =>
  vulnerabilities.map(
    ({ id, analysis, affects }) =>
      `${id} ${analysis.state}${analysis.justification ? ` (${analysis.justification})` : ''}: ${affects
        .map(({ ref, versions }) => `${ref} ${versions.map(({ version, status }) => `${version ?? '*'} ${status}`).join()}`)
        .join('; ')}`,
  );

const lock = (version: string) =>
  `version = 1\n[[package]]\nname = "p"\nversion = "1"\nsource = { virtual = "." }\ndependencies = [{ name = "story-llm" }]\n\n[[package]]\nname = "story-llm"\nversion = "${version}"\nsource = { registry = "https://pypi.org/simple" }\n`;
const manifest = '[project]\nname = "p"\nversion = "1"\ndependencies = ["story-llm>=1.82"]\n';

describe('what a bill says of vulnerabilities', () => {
  it('is that an affected release is exploitable as long as nobody says otherwise', async () => {
    const bom = await cycloneDxOf(await scanPolicies({ 'requirements.txt': 'story-llm==1.82.7\n' }));
    assert.deepEqual(told(bom), [
      'GHSA-aaaa-bbbb-0001 exploitable: pkg:pypi/story-llm@1.82.7 1.82.7 affected',
      'GHSA-aaaa-bbbb-0002 exploitable: pkg:pypi/story-llm@1.82.7 1.82.7 affected',
      'MAL-2026-9001 exploitable: pkg:pypi/story-llm@1.82.7 1.82.7 affected',
    ]);
  });

  it('is that the code is not there, where the lockfile holds none of the malicious releases that the range admits', async () => {
    const bom = await cycloneDxOf(await scanPolicies({ 'pyproject.toml': manifest, 'uv.lock': lock('1.85.0') }));
    assert.deepEqual(told(bom), ['MAL-2026-9001 not_affected (code_not_present): pkg:pypi/story-llm@1.85.0 1.85.0 unaffected']);
    assert.match(bom.vulnerabilities![0]!.analysis.detail!, /^uv\.lock holds story-llm 1\.85\.0, which is none of/);
  });

  it('is never that the code is not there, where the lockfile is damaged', async () => {
    const text = lock('1.85.0').replace('name = "p"', 'name =');
    const bom = await cycloneDxOf(await scanPolicies({ 'pyproject.toml': manifest, 'uv.lock': text }));
    assert.deepEqual(told(bom), ['MAL-2026-9001 in_triage: pkg:pypi/story-llm 1.82.7 affected,1.82.8 affected']);
    assert.equal(bom.compositions[0]!.aggregate, 'incomplete');
    const gap = bom.metadata.properties.find(({ name }) => name === 'merlon:gap');
    assert.match(gap!.value, /^not read uv\.lock:/);
  });

  it('is that nobody knows, where nothing says which of the releases comes that the range admits', async () => {
    const bom = await cycloneDxOf(await scanPolicies({ 'requirements.txt': 'story-llm>=1.82\n' }));
    assert.deepEqual(told(bom), ['MAL-2026-9001 in_triage: pkg:pypi/story-llm 1.82.7 affected,1.82.8 affected']);
  });

  it('is that every release is malware, where the package itself is', async () => {
    const bom = await cycloneDxOf(await scanPolicies({ 'package.json': '{"dependencies":{"squat-model":"^1.0.0"}}' }));
    assert.deepEqual(told(bom), ['MAL-2026-9003 exploitable: pkg:npm/squat-model * affected']);
  });

  it('takes a suppression over, with its reason, for the release that it is about, until its day', async () => {
    const files = (more = '') => ({
      'requirements.txt': 'story-llm==1.82.6\n',
      'merlon.toml': `[[suppress]]\nrule = "vulnerable-release"\npackage = "story-llm"\nversions = "1.82.6"\nreason = "behind a wall"\n${more}`,
    });
    const bom = await cycloneDxOf(await scanPolicies(files()));
    assert.deepEqual(
      bom.vulnerabilities!.filter(({ id }) => id.startsWith('GHSA')).map(({ analysis }) => `${analysis.state}: ${analysis.detail}`),
      ['1', '2'].map(() => 'in_triage: merlon.toml suppresses it for story-llm 1.82.6: behind a wall'),
    );
    const expired = await cycloneDxOf(await scanPolicies(files('expires = 2026-05-01\n'), { now: miniNow }));
    assert.deepEqual(
      expired.vulnerabilities!.filter(({ id }) => id.startsWith('GHSA')).map(({ analysis }) => analysis.state),
      ['exploitable', 'exploitable'],
    );
    const both = await cycloneDxOf(await scanPolicies({ ...files(), 'other/requirements.txt': 'story-llm==1.82.7\n' }));
    assert.ok(told(both).includes('GHSA-aaaa-bbbb-0001 exploitable: pkg:pypi/story-llm@1.82.7 1.82.7 affected'), told(both).join('\n'));
  });

  it('takes a suppression over for none but those whose policy it is', async () => {
    const policy = '[[suppress]]\nrule = "vulnerable-release"\npackage = "story-llm"\nreason = "behind a wall"\n';
    const own = { 'a/merlon.toml': policy, 'a/requirements.txt': 'story-llm==1.82.6\n' };
    const flaws = async (files: Record<string, string>) =>
      new Set(
        told(await cycloneDxOf(await scanPolicies(files)))
          .filter((line) => line.startsWith('GHSA'))
          .map((line) => line.split(/[ :]+/)[1]),
      );
    assert.deepEqual([...(await flaws(own))], ['in_triage']);
    assert.deepEqual([...(await flaws({ ...own, 'b/requirements.txt': 'story-llm==1.82.6\n' }))], ['exploitable']);
  });

  it('names every finding that is suppressed, also of rules that rest on no advisory', async () => {
    const files = {
      'requirements.txt': 'plain-util\n',
      'merlon.toml':
        '[unpinned]\nscope = "all"\n[[suppress]]\nrule = "unpinned"\npackage = "plain-util"\nreason = "a notebook"\nexpires = 2999-01-01\n',
    };
    const { metadata } = await cycloneDxOf(await scanPolicies(files));
    assert.deepEqual(
      metadata.properties.filter(({ name }) => name === 'merlon:suppressed').map(({ value }) => value),
      ['requirements.txt: unpinned of plain-util until 2999-01-01, by merlon.toml: a notebook'],
    );
    const { '@graph': graph } = await spdxOf(await scanPolicies(files));
    assert.match(JSON.stringify(graph), /unpinned of plain-util until 2999-01-01, by merlon\.toml: a notebook/);
  });

  it('is told in SPDX by the three kinds of assessment', async () => {
    const { '@graph': graph } = await spdxOf(
      await scanPolicies({
        'a/requirements.txt': 'story-llm==1.82.7\n',
        'b/requirements.txt': 'hijacked-agent==2.2.0\n',
        'c/requirements.txt': 'rushed-fix>=1\n',
      }),
    );
    assert.deepEqual(
      graph
        .filter(({ type }) => type.startsWith('security_Vex'))
        .map(
          ({ type, relationshipType, to }) =>
            `${type.slice(12, -26)} ${relationshipType} ${to!.map((id) => decodeURIComponent(id.slice(54))).join()}`,
        ),
      [
        'Affected affects pkg:pypi/story-llm@1.82.7',
        'Affected affects pkg:pypi/story-llm@1.82.7',
        'Affected affects pkg:pypi/story-llm@1.82.7',
        'NotAffected doesNotAffect pkg:pypi/hijacked-agent@2.2.0',
        'UnderInvestigation underInvestigationFor pkg:pypi/rushed-fix',
      ],
    );
  });
});
