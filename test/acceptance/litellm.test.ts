import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { builtPrograms } from '../support/built';
import { merlon, report, scratch, type FindingJson } from '../support/cli';
import { startFakeOsv, type FakeOsv } from '../support/fakeOsv';
import { startFakeRegistry, type FakeRegistry } from '../support/fakeRegistry';

// The compromise of litellm in March 2026, as those met it who had the package in a manifest: with feeds and registry,
// and with no network at all.

const now = '2026-10-15T12:00:00Z';

/** What feeds say of it: four records of one attack, and the flaws that hold the release to which everybody fled. */
const attack = ['MAL-2026-2144', 'PYSEC-2026-2', 'GHSA-5mg7-485q-xm76', 'GHSA-92x9-889m-jgmw'];
const records: readonly object[] = [
  ...attack.map((id) => ({
    id,
    modified: '2026-03-25T00:00:00Z',
    aliases: attack.filter((other) => other !== id),
    summary: 'Releases uploaded with a stolen token',
    affected: [{ package: { ecosystem: 'PyPI', name: 'litellm' }, versions: ['1.82.7', '1.82.8'] }],
  })),
  flaw('CVE-2026-42208', '1.81.16', '1.83.7', 'CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H'),
  flaw('CVE-2026-49468', '0', '1.84.0', 'CVSS:3.1/AV:N/AC:L/PR:L/UI:N/S:U/C:H/I:H/A:N'),
];

function flaw(id: string, introduced: string, fixed: string, score: string): object {
  return {
    id,
    modified: '2026-08-01T00:00:00Z',
    summary: 'A flaw',
    severity: [{ type: 'CVSS_V3', score }],
    affected: [{ package: { ecosystem: 'PyPI', name: 'litellm' }, ranges: [{ type: 'ECOSYSTEM', events: [{ introduced }, { fixed }] }] }],
  };
}

const old = '2026-06-01T00:00:00Z';
/** 1.82.7 and 1.82.8 are gone from the registry. */
const litellm = ['1.80.0', '1.81.13', '1.82.6', '1.83.0', '1.83.7', '1.84.0', '1.85.0'].map((version) => [version, old] as const);

describe('the story of litellm', function () {
  this.timeout(60_000);
  let osv: FakeOsv;
  let registry: FakeRegistry;

  before(async () => {
    await builtPrograms();
    osv = await startFakeOsv(records);
    registry = await startFakeRegistry({ pypi: { litellm, dspy: [['3.0.3', old]] } });
  });
  after(() => Promise.all([osv.close(), registry.close()]));

  for (const [way, network] of [
    ['with feeds and registry', () => ['--osv-url', osv.url, '--pypi-url', registry.url]],
    ['with no network, from the bundle', () => ['--offline']],
  ] as const) {
    describe(way, () => {
      const online = way.startsWith('with feeds');

      async function check(
        files: Record<string, string>,
      ): Promise<{ findings: readonly FindingJson[]; code: number | null; text: string }> {
        const cwd = scratch(files);
        const common = ['check', '--now', now, ...network()];
        const result = await merlon([...common, '--format', 'json'], { cwd });
        const { stdout: text } = await merlon(common, { cwd });
        assert.equal(report(result).complete, true);
        return { findings: report(result).findings, code: result.code, text };
      }
      const preferred = ({ fixes }: FindingJson) => fixes.find((fix) => fix.preferred)?.title.split(' (')[0];

      it('1: warns of the range, and pins it', async () => {
        const { findings, code, text } = await check({
          'pyproject.toml': '[project]\ndependencies = ["litellm>=1.81,<2"]\n',
          'requirements.txt': 'dspy\n',
        });
        assert.deepEqual(
          findings.map(({ rule, severity, package: name }) => [rule, severity, name]),
          [
            ['admits-compromised', 'warning', 'litellm'],
            ['unpinned', 'warning', 'dspy'],
          ],
        );
        assert.match(findings[0]!.message, /1\.82\.7 and 1\.82\.8 \(MAL-2026-2144\)/);
        assert.equal(preferred(findings[0]!), `Pin litellm to ${online ? '1.85.0' : '1.84.0'}`);
        assert.equal(preferred(findings[1]!), online ? 'Pin dspy to 3.0.3' : undefined);
        assert.equal(code, 0);
        assert.match(text, /bundled as of \d{4}-\d\d-\d\d/, 'the date of what is known is shown');
      });

      it('12: names the two releases as malware wherever they stand, once a line', async () => {
        const { findings, code } = await check({
          'requirements.txt': [
            'litellm==1.82.7',
            'litellm[proxy]==1.82.8 ; python_version >= "3.9"',
            'LiteLLM === 1.82.7',
            'litellm==1.82.7 --hash=sha256:8a0000000000000000000000000000000000000000000000000000000000000a',
            'litellm~=1.82.0',
            'litellm==1.83.7',
          ].join('\n'),
          'pyproject.toml': '[tool.poetry.dependencies]\nlitellm = { version = "1.82.8", optional = true }\n',
          'constraints.txt': 'litellm<=1.82.8\n',
        });
        const told = findings.filter(({ rule }) => rule !== 'vulnerable-release');
        assert.deepEqual(
          told.map(({ file, range, rule, severity }) => `${file}:${range.start.line + 1} ${rule} ${severity}`),
          [
            'constraints.txt:1 admits-compromised warning',
            'pyproject.toml:2 compromised-release error',
            'requirements.txt:1 compromised-release error',
            'requirements.txt:2 compromised-release error',
            'requirements.txt:3 compromised-release error',
            'requirements.txt:4 compromised-release error',
            'requirements.txt:5 admits-compromised warning',
          ],
        );
        for (const { advisories } of told) {
          const malware = advisories.filter(({ kind }) => kind === 'malware');
          assert.equal(malware.length, 1, 'four records of one attack are one advisory');
          assert.deepEqual([malware[0]!.id, ...malware[0]!.aliases].sort(), [...attack].sort());
        }
        assert.deepEqual(preferred(told[2]!), 'Upgrade litellm to 1.84.0');
        assert.equal(preferred(told[5]!), online ? 'Upgrade litellm to 1.84.0' : undefined, 'the index alone knows the new hashes');
        assert.equal(code, 1);
      });

      it('14: takes 1.82.6 for no cure', async () => {
        const cwd = scratch({ 'requirements.txt': 'litellm==1.82.6\n' });
        const { findings, code } = await check({ 'requirements.txt': 'litellm==1.82.6\n' });
        const [only] = findings;
        assert.deepEqual([findings.length, only!.rule, only!.severity, code], [1, 'vulnerable-release', 'error', 1]);
        assert.ok(only!.advisories.some(({ id, aliases }) => [id, ...aliases].includes('CVE-2026-42208')));
        assert.equal(preferred(only!), 'Upgrade litellm to 1.84.0');
        const fixed = await merlon(['fix', '--rule', 'vulnerable-release', '--now', now, ...network()], { cwd });
        assert.equal(fixed.code, 0);
        assert.equal(fs.readFileSync(path.join(cwd, 'requirements.txt'), 'utf8'), 'litellm==1.84.0\n');
        assert.equal((await merlon(['check', '--now', now, ...network()], { cwd })).code, 0);
      });

      it('15: says that an exclusion blocks two releases, not the next one', async () => {
        const { findings, code } = await check({ 'requirements.txt': 'litellm!=1.82.7,!=1.82.8\n' });
        const [only] = findings;
        assert.deepEqual([findings.length, only!.rule, code], [1, 'unpinned', 0]);
        assert.match(only!.message, /blocks two releases, not the next one/);
        assert.equal(preferred(only!), `Pin litellm to ${online ? '1.85.0' : '1.84.0'}`);
      });
    });
  }
});
