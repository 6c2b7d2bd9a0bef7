import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { merlon, scratch } from '../support/cli';
import { assertCycloneDx, assertSpdx } from '../support/sbomSchemas';

const files = { 'requirements.txt': 'litellm==1.82.7\nopenai>=1\n' };
const now = ['--now', '2026-06-01T12:00:00Z'];

describe('merlon sbom', () => {
  it('writes CycloneDX on standard output, and never fails for what it finds', async () => {
    const { code, stdout, stderr } = await merlon(['sbom', '--offline'], { cwd: scratch(files) });
    assert.equal(stderr, '');
    assert.equal(code, 0);
    const bom = assertCycloneDx(stdout);
    assert.deepEqual(
      bom.components.map(({ purl }) => purl),
      ['pkg:pypi/litellm@1.82.7', 'pkg:pypi/openai'],
    );
    assert.equal(bom.vulnerabilities![0]!.analysis.state, 'exploitable');
    assert.ok(
      bom.components[0]!.properties!.some(({ name, value }) => name === 'merlon:ai:role' && value === 'llm-sdk'),
      stdout,
    );
  });

  it('writes SPDX into a file, the same each time', async () => {
    const cwd = scratch(files);
    for (const name of ['a.json', 'b.json']) {
      const { code, stdout } = await merlon(['sbom', '.', '--format', 'spdx', '-o', name, '--offline', ...now], { cwd });
      assert.deepEqual([code, stdout], [0, '']);
    }
    const [a, b] = ['a.json', 'b.json'].map((name) => fs.readFileSync(path.join(cwd, name), 'utf8'));
    assert.equal(a, b);
    assertSpdx(a!);
  });

  it('is written, and says so, where something could not be read or asked: exit code 3', async () => {
    const cut = await merlon(['sbom', '--offline'], { cwd: scratch({ ...files, 'package.json': '{"dependencies":{"ai":' }) });
    assert.equal(cut.code, 3);
    const gaps = assertCycloneDx(cut.stdout).metadata.properties.filter(({ name }) => name === 'merlon:gap');
    assert.match(gaps.map(({ value }) => value).join(), /not read package\.json:1/);
    const silent = await merlon(['sbom', '--osv-url', 'http://127.0.0.1:9', '--no-registries'], { cwd: scratch(files) });
    assert.equal(silent.code, 3);
    const bom = assertCycloneDx(silent.stdout);
    assert.ok(bom.components[1]!.properties!.some(({ name, value }) => name === 'merlon:advisories' && value === 'unavailable'));
  });

  it('takes one PATH, two formats, and a file that can be written', async () => {
    const cwd = scratch(files);
    for (const [args, message] of [
      [['a', 'b'], /one PATH/],
      [['--format', 'xml'], /--format takes cyclonedx or spdx, not "xml"/],
      [['--offline', '-o', 'no/such/folder.json'], /is not written/],
    ] as const) {
      const { code, stdout, stderr } = await merlon(['sbom', ...args], { cwd });
      assert.deepEqual([code, stdout], [2, '']);
      assert.match(stderr, message);
    }
  });
});
