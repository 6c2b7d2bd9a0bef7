import assert from 'node:assert/strict';
import data from '../../server/data/incidents.json';
import type { Advisory } from '../../server/src/core/advisory';
import { npmVersions } from '../../server/src/ecosystems/npm/versions';
import { pypiVersions } from '../../server/src/ecosystems/pypi/versions';
import { createBundledFeed } from '../../server/src/feeds/bundled';

const feed = createBundledFeed({
  versionsOf: (ecosystem) => (ecosystem === 'npm' ? npmVersions : ecosystem === 'PyPI' ? pypiVersions : undefined),
});

function about(ecosystem: string, name: string): readonly Advisory[] {
  const [answer] = feed.held([{ ecosystem, name }]);
  assert.ok(answer?.state === 'known');
  return answer.value;
}

/** `id kind` of what touches this release, sorted. */
function verdict(ecosystem: string, name: string, version: string): string[] {
  return about(ecosystem, name)
    .filter((advisory) => advisory.affects(version))
    .map((advisory) => `${advisory.id} ${advisory.kind}`)
    .sort();
}

describe('bundled feed', () => {
  it('needs no network, and always answers, as of the day of its data', async () => {
    assert.equal(feed.id, 'bundled');
    assert.equal(feed.network, false);
    const asked = [
      { ecosystem: 'PyPI', name: 'litellm' },
      { ecosystem: 'PyPI', name: 'requests' },
      { ecosystem: 'crates.io', name: 'serde' },
      { ecosystem: 'PyPI', name: '' },
      { ecosystem: 'PyPI', name: '__proto__' },
    ];
    const held = feed.held(asked);
    assert.deepEqual(
      held.map((answer) => (answer.state === 'known' ? [answer.value.length, answer.asOf.toISOString()] : answer.state)),
      [4, 0, 0, 0, 0].map((count) => [count, `${data.date}T00:00:00.000Z`]),
    );
    assert.deepEqual(await feed.advisoriesFor(asked), held);
  });

  it('answers the same objects again, so that verdicts can be kept by them', () => {
    assert.equal(about('PyPI', 'litellm'), about('PyPI', 'litellm'));
  });

  it('tells the compromised releases of litellm from the merely vulnerable ones', () => {
    assert.deepEqual(verdict('PyPI', 'litellm', '1.82.7'), [
      'CVE-2026-30623 vulnerability',
      'CVE-2026-42208 vulnerability',
      'CVE-2026-49468 vulnerability',
      'MAL-2026-2144 malware',
    ]);
    assert.deepEqual(verdict('PyPI', 'litellm', '1.82.6'), [
      'CVE-2026-30623 vulnerability',
      'CVE-2026-42208 vulnerability',
      'CVE-2026-49468 vulnerability',
    ]);
    assert.deepEqual(verdict('PyPI', 'litellm', '1.81.13'), ['CVE-2026-30623 vulnerability', 'CVE-2026-49468 vulnerability']);
    assert.deepEqual(verdict('PyPI', 'litellm', '1.83.7'), ['CVE-2026-49468 vulnerability']);
    assert.deepEqual(verdict('PyPI', 'litellm', '1.84.0'), []);
  });

  it('names the releases that are free of each flaw, the malware among them', () => {
    const fixed = Object.fromEntries(about('PyPI', 'litellm').map((advisory) => [advisory.id, advisory.fixedIn]));
    assert.deepEqual(fixed, {
      'MAL-2026-2144': ['1.83.0'],
      'CVE-2026-30623': ['1.83.6'],
      'CVE-2026-42208': ['1.83.7'],
      'CVE-2026-49468': ['1.84.0'],
    });
  });

  it('merges the ids of one incident, and not the flaw that made it possible', () => {
    const malware = about('PyPI', 'litellm').find((advisory) => advisory.kind === 'malware')!;
    assert.deepEqual(malware.aliases, ['GHSA-5mg7-485q-xm76', 'GHSA-92x9-889m-jgmw', 'PYSEC-2026-2']);
    assert.deepEqual(malware.listedVersions, ['1.82.7', '1.82.8']);
    assert.deepEqual(malware.sources, ['bundled']);
    assert.equal(malware.severity, undefined);
    assert.equal(malware.wholePackage, false);
    assert.equal(malware.overBroad, false);
  });

  it('rates vulnerabilities by their score, says which are exploited, and leaves the unrated unrated', () => {
    const cve = about('PyPI', 'litellm').find((advisory) => advisory.id === 'CVE-2026-42208');
    assert.equal(cve?.severity, 'critical');
    assert.equal(cve?.summary, 'SQL injection in the proxy, before any login. Known to be exploited.');
    assert.equal(about('PyPI', 'gradio')[0]?.severity, 'high');
    const unrated = about('PyPI', 'litellm').find((advisory) => advisory.id === 'CVE-2026-30623');
    assert.equal(unrated?.severity, undefined);
  });

  it('leaves clean releases alone where a published record is over-broad', () => {
    assert.deepEqual(verdict('npm', '@ctrl/tinycolor', '4.1.1'), ['MAL-2025-47141 malware']);
    assert.deepEqual(verdict('npm', '@ctrl/tinycolor', '4.3.0'), []);
    assert.deepEqual(verdict('npm', '@mistralai/mistralai', '2.2.2'), ['MAL-2026-3432 malware']);
    assert.deepEqual(verdict('npm', '@mistralai/mistralai', '2.2.1'), []);
    assert.deepEqual(verdict('npm', 'ngx-bootstrap', '20.0.2'), []);
  });

  it('keeps the clean releases between two bad ones clean', () => {
    for (const version of ['8.3.41', '8.3.42', '8.3.45', '8.3.46'])
      assert.deepEqual(verdict('PyPI', 'ultralytics', version), ['PYSEC-2024-154 malware']);
    for (const version of ['8.3.40', '8.3.43', '8.3.44', '8.3.47', '9.0.0']) assert.deepEqual(verdict('PyPI', 'ultralytics', version), []);
  });

  it('knows packages that are malware as a whole, or from a release on', () => {
    assert.deepEqual(verdict('npm', 'claud-code', '0.0.1'), ['MAL-2026-952 malware']);
    assert.equal(about('npm', 'claud-code')[0]?.wholePackage, true);
    assert.deepEqual(verdict('npm', 'postmark-mcp', '1.0.15'), []);
    assert.deepEqual(verdict('npm', 'postmark-mcp', '1.0.16'), ['MAL-2025-47604 malware']);
    assert.deepEqual(verdict('npm', 'postmark-mcp', '1.2.0'), ['MAL-2025-47604 malware']);
    assert.equal(about('npm', 'postmark-mcp')[0]?.wholePackage, false);
  });

  it('knows the wave in which a package fell, under an id of its own where none is published', () => {
    assert.deepEqual(verdict('npm', 'axios', '1.14.1'), ['MAL-2026-2307 malware']);
    assert.deepEqual(verdict('npm', 'axios', '1.14.0'), []);
    assert.deepEqual(verdict('npm', 'posthog-node', '5.13.3'), ['MAL-2025-190925 malware']);
    assert.deepEqual(verdict('npm', 'mcp-use', '1.4.2'), ['x_MERLON-2025-0001 malware']);
    assert.deepEqual(verdict('npm', 'mcp-use', '1.4.4'), []);
    assert.deepEqual(verdict('npm', '@airtm/uuid-base32', '1.0.2'), ['x_MERLON-2026-0001 malware']);
    assert.deepEqual(verdict('npm', '@nx/devkit', '21.5.0'), ['GHSA-cxm3-wv7p-598c malware']);
    assert.deepEqual(verdict('npm', '@rspack/core', '1.1.7'), ['x_MERLON-2024-0001 malware']);
    assert.match(about('npm', 'mcp-use')[0]!.url, /^https:\/\/github\.com\/wiz-sec-public\//);
  });

  it('takes names to the letter: of another ecosystem, or written otherwise, is another package', () => {
    assert.deepEqual(about('npm', 'litellm'), []);
    assert.deepEqual(about('PyPI', 'axios'), []);
    assert.deepEqual(about('PyPI', 'LiteLLM'), []);
  });

  it('does not accept the fix that was none: langflow 1.8.2', () => {
    assert.ok(verdict('PyPI', 'langflow', '1.8.2').includes('CVE-2026-33017 vulnerability'));
    assert.ok(!verdict('PyPI', 'langflow', '1.9.0').includes('CVE-2026-33017 vulnerability'));
    assert.ok(verdict('PyPI', 'langflow', '1.10.0').includes('CVE-2026-9198 vulnerability'));
    assert.deepEqual(verdict('PyPI', 'langflow', '1.10.1'), []);
  });

  it('makes an advisory of every row, and each row touches what it lists', () => {
    interface Row {
      id: string;
      ecosystem: string;
      package: string;
      kind?: string;
      versions?: string[] | '*';
      from?: string;
    }
    const bulk = Object.values(
      data.campaigns as unknown as Record<string, { id: string; ecosystem: string; packages?: Record<string, string[]> }>,
    ).flatMap(({ id, ecosystem, packages = {} }) =>
      Object.entries(packages).map(([name, versions]): Row => ({ id, ecosystem, package: name, kind: 'compromised', versions })),
    );
    const rows = [...(data.incidents as unknown as Row[]), ...bulk, ...(data.vulnerabilities as unknown as Row[])];
    for (const row of rows) {
      const advisory = about(row.ecosystem, row.package).find((one) => one.id === row.id);
      assert.ok(advisory, `${row.package} ${row.id}`);
      assert.equal(advisory.kind, row.kind === undefined ? 'vulnerability' : 'malware', row.id);
      assert.match(advisory.url, /^https:\/\//);
      assert.equal(advisory.wholePackage, row.versions === '*');
      assert.equal(advisory.overBroad, false);
      if (Array.isArray(row.versions)) {
        assert.deepEqual([...advisory.listedVersions].sort(), [...row.versions].sort(), row.id);
        for (const version of row.versions) assert.ok(advisory.affects(version), `${row.package} ${version}`);
        assert.ok(!advisory.affects('0.0.0'), row.package);
      }
    }
    assert.equal(rows.length, 113 + 858 + 26);
  });
});
