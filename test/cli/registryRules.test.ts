import assert from 'node:assert/strict';
import { merlon, scratch } from '../support/cli';
import { startFakeOsv, type FakeOsv } from '../support/fakeOsv';
import { securityHolding, startFakeRegistry, type FakeRegistry } from '../support/fakeRegistry';

// What the registries say of packages, as people read it: through the readers, the clients and the engine to the terminal.

const now = '2026-10-15T12:00:00Z';
const old = '2026-05-01T00:00:00Z';

const lock = `version = 1
revision = 3

[[package]]
name = "app"
version = "0"
source = { virtual = "." }
dependencies = [{ name = "litellm" }]

[package.metadata]
requires-dist = [{ name = "litellm", specifier = ">=1.81,<2" }]

[[package]]
name = "litellm"
version = "1.81.13"
source = { registry = "https://pypi.org/simple" }
sdist = { url = "https://files.example/litellm-1.81.13.tar.gz", hash = "sha256:${'a'.repeat(64)}", size = 1, upload-time = "2026-02-17T10:00:00Z" }
`;

describe('merlon on what registries say', function () {
  this.timeout(60_000);
  let registry: FakeRegistry;
  let osv: FakeOsv;
  before(async () => {
    osv = await startFakeOsv([]);
    registry = await startFakeRegistry({
      pypi: {
        litellm: { releases: [['1.82.8', old]], status: 'quarantined' },
        openai: [
          ['1.99.0', old],
          ['1.99.1', old, 'a wheel \u001b[31mwithout\u202e its code'],
        ],
        langgrapp: [['0.1.0', '2026-10-01T00:00:00Z']],
        openapi: [
          ['1.0', old],
          ['1.1', old],
          ['1.2', old],
        ],
        'old-thing': { releases: [['1.0', old]], status: { status: 'archived', reason: 'Use new-thing.' } },
      },
      npm: {
        'taken-away': securityHolding('2026-09-01T00:00:00Z'),
        langchan: [['1.0.0', '2026-10-10T00:00:00Z']],
        '@antv/thing': {
          releases: [
            { version: '1.0.0', published: old },
            { version: '1.0.1', published: old, deprecated: '恶意版本' },
          ],
        },
      },
    });
  });
  after(async () => {
    await registry.close();
    await osv.close();
  });

  const files = {
    'pyproject.toml': '[project]\nname = "app"\nversion = "0"\ndependencies = ["litellm>=1.81,<2"]\n',
    'uv.lock': lock,
    'py/requirements.txt': 'openai==1.99.1\nlanggrapp==0.1.0\nopenapi==1.2\nold-thing==1.0\nlangchain-smart-utils==1.0.0\n',
    'js/package.json': JSON.stringify({
      private: true,
      dependencies: { 'taken-away': '1.0.0', langchan: '1.0.0', '@antv/thing': '1.0.1', 'ai-helper-nobody-has': '1.0.0' },
    }),
  };

  async function lines(): Promise<string[]> {
    const { stdout, stderr } = await merlon(
      ['check', '--osv-url', osv.url, '--npm-registry', registry.url, '--pypi-url', registry.url, '--now', now],
      { cwd: scratch(files) },
    );
    assert.equal(stderr, '');
    return stdout.split('\n');
  }

  it('names each package, and what is to be done', async () => {
    const text = (await lines()).join('\n');
    for (const expected of [
      /error +PyPI has quarantined litellm and hides all of its releases, so installs fail: do not work around it .*; your locked 1\.81\.13 predates the compromised 1\.82\.7 and 1\.82\.8/,
      /warning +openai 1\.99\.1 of 2026-05-01 was yanked from PyPI: “a wheel \[31mwithout its code”/,
      /warning +langgrapp is one letter away from langgraph: it was first published on 2026-10-01, 14 days ago and it has one release/,
      /info(rmation)? +old-thing is archived, so that no new release is to be expected, on PyPI: “Use new-thing\.”/,
      /error +No package is named langchain-smart-utils: PyPI was asked on 2026-10-15 and has none/,
      /error +npm has taken taken-away down and holds its name since 2026-09-01, so installs fail/,
      /warning +langchan is one letter away from langchain: it was first published on 2026-10-10, 5 days ago and it has one release/,
      /warning +@antv\/thing 1\.0\.1 of 2026-05-01 is deprecated on the npm registry: “恶意版本”, which speaks of malware/,
      /error +No package is named ai-helper-nobody-has: the npm registry was asked/,
    ])
      assert.match(text, expected);
    assert.doesNotMatch(text, /openapi/, 'one letter away from openai, and honest');
  });
});
