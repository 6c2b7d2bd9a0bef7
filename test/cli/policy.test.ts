import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { builtPrograms } from '../support/built';
import { merlon, scratch } from '../support/cli';

interface Json {
  readonly complete: boolean;
  readonly findings: readonly { readonly rule: string; readonly file: string; readonly message: string; readonly severity: string }[];
  readonly suppressed: readonly {
    readonly rule: string;
    readonly version: string;
    readonly suppression: { readonly reason: string; readonly file: string; readonly expires?: string; readonly range: object };
  }[];
}

const quiet = '[rules]\nrelease-age-setting = "off"\n';
const suppressing = (expires: string) =>
  `${quiet}\n[[suppress]]\nrule = "compromised-release"\npackage = "litellm"\nversions = "1.82.7"\nreason = "kept for a talk"\nexpires = ${expires}\n`;

describe('merlon under a policy', function () {
  this.timeout(60_000);
  before(async () => void (await builtPrograms()));

  const check = async (cwd: string, ...more: string[]) => {
    const result = await merlon(['check', '--offline', '--format', 'json', '--now', '2026-06-01T00:00:00Z', ...more], { cwd });
    return { ...result, json: result.stdout ? (JSON.parse(result.stdout) as Json) : undefined };
  };

  it('counts what is live, shows what is suppressed, and brings it back at the day', async () => {
    const cwd = scratch({ 'app/requirements.txt': 'litellm==1.82.7\n', 'merlon.toml': suppressing('2026-06-02') });
    const within = await check(cwd);
    assert.equal(within.code, 0);
    assert.ok(within.json);
    assert.deepEqual(within.json.findings, []);
    const [hidden] = within.json.suppressed;
    assert.deepEqual(hidden?.suppression, {
      reason: 'kept for a talk',
      file: 'merlon.toml',
      range: { start: { line: 3, character: 0 }, end: { line: 3, character: 12 } },
      expires: '2026-06-02T00:00:00.000Z',
    });
    const text = await merlon(['check', '--offline', '--now', '2026-06-01'], { cwd });
    assert.match(text.stdout, /Nothing found \(1 declaration in 1 file; 1 finding suppressed by the policy\)/);
    const after = await check(cwd, '--now', '2026-06-02T00:00:00Z');
    assert.equal(after.code, 1);
    assert.deepEqual(
      after.json?.findings.map(({ rule, file }) => `${file} ${rule}`),
      ['app/requirements.txt compromised-release', 'merlon.toml policy-problem'],
    );
    assert.deepEqual(after.json?.suppressed, []);
  });

  it('finds the file above what it is told to check, and says what matches nothing only where all was looked at', async () => {
    const cwd = scratch({
      'app/requirements.txt': 'litellm==1.82.6\n',
      'other/requirements.txt': 'litellm==1.82.7\n',
      'merlon.toml': suppressing('2026-07-01'),
    });
    const part = await check(cwd, 'app');
    assert.deepEqual(
      part.json?.findings.filter(({ rule }) => rule === 'policy-problem'),
      [],
    );
    const whole = await check(cwd);
    assert.deepEqual(
      whole.json?.findings.filter(({ file }) => file !== 'app/requirements.txt'),
      [],
    );
  });

  it('takes --policy in place of every file of the checkout', async () => {
    const cwd = scratch({
      'requirements.txt': 'litellm==1.82.7\nflask==3.0.0\n',
      'merlon.toml': suppressing('2026-07-01'),
      'ci/central.toml': `blocked = ["flask"]\n${quiet}`,
    });
    const { code, json } = await check(cwd, '--policy', 'ci/central.toml');
    assert.equal(code, 1);
    assert.deepEqual(
      json?.findings.map(({ rule }) => rule),
      ['compromised-release', 'blocked-release'],
    );
    for (const wrong of ['absent.toml', '.', '']) {
      const refused = await check(cwd, '--policy', wrong);
      assert.equal(refused.code, 2, wrong);
      assert.equal(refused.stdout, '', wrong);
    }
  });

  it('is changed by no hostile file', async () => {
    const texts = [
      '\u0000\u0001',
      '[feeds]\nmode = "off"\n',
      'exclude = ["../", "/../../etc"]\n',
      `blocked = [${'"a*a*a*a*a*a*b",'.repeat(20_000)}]`,
      `#${'x'.repeat(6 * 1024 * 1024)}`,
    ];
    const cwd = scratch({ 'requirements.txt': 'litellm==1.82.7\n' });
    const plain = (await check(cwd)).json!.findings;
    for (const text of texts) {
      const own = scratch({ 'requirements.txt': 'litellm==1.82.7\n', 'merlon.toml': text });
      const { json, code, ms } = await check(own);
      assert.equal(code, 1, text.slice(0, 40));
      assert.ok(ms < 10_000);
      assert.deepEqual(
        json!.findings.filter(({ file }) => file !== 'merlon.toml'),
        plain,
      );
      assert.ok(json!.findings.some(({ file }) => file === 'merlon.toml'));
      assert.equal(json!.complete, true);
    }
  });

  it('says how much a policy leaves out', async () => {
    const cwd = scratch({
      'requirements.txt': 'flask==3.0.0\n',
      'old/requirements.txt': 'litellm==1.82.7\n',
      'merlon.toml': `exclude = ["old/"]\n${quiet}`,
    });
    const { code, stderr } = await check(cwd);
    assert.equal(code, 0);
    assert.match(stderr, /1 file left out by the policy/);
    // What is named itself is looked at.
    assert.equal((await check(cwd, 'old/requirements.txt')).code, 1);
  });

  it('leaves to fix what is live', async () => {
    const cwd = scratch({
      'requirements.txt': 'openai\n',
      'merlon.toml': `${quiet}[[suppress]]\nrule = "unpinned"\npackage = "openai"\nreason = "a notebook"\n`,
    });
    const { stdout, stderr } = await merlon(['fix', '--rule', 'unpinned', '--dry-run', '--offline'], { cwd });
    assert.equal(stdout, '');
    assert.match(stderr, /nothing to fix/);
  });
  it('fixes what is wrong in a policy file, as the check promises', async () => {
    const files = { 'requirements.txt': 'litellm==1.82.7\n', 'merlon.toml': suppressing('2031-01-01') };
    const problem = ['--rule', 'policy-problem', '--offline', '--now', '2026-06-01T00:00:00Z'];
    const cwd = scratch(files);
    const told = await merlon(['check', '--offline', '--now', '2026-06-01T00:00:00Z'], { cwd });
    const promised = /fix: (Let it end on (2026-\d\d-\d\d))/.exec(told.stdout);
    assert.ok(promised, told.stdout);
    const shown = await merlon(['fix', ...problem, '--dry-run'], { cwd });
    assert.match(shown.stdout, new RegExp(`^-expires = 2031-01-01\n\\+expires = ${promised[2]}$`, 'm'));
    assert.deepEqual([shown.code, shown.stderr], [0, `would fix merlon.toml: ${promised[1]}\n`]);
    const fixed = await merlon(['fix', ...problem], { cwd });
    assert.deepEqual([fixed.code, fixed.stderr], [0, `fixed merlon.toml: ${promised[1]}\n`]);
    assert.equal(fs.readFileSync(path.join(cwd, 'merlon.toml'), 'utf8'), suppressing(promised[2]!));
    assert.deepEqual((await check(cwd)).json?.findings, []);

    const central = scratch({ 'requirements.txt': files['requirements.txt'], 'ci/central.toml': files['merlon.toml'] });
    const named = await merlon(['fix', ...problem, '--policy', 'ci/central.toml'], { cwd: central });
    assert.deepEqual([named.code, named.stderr], [0, `fixed ci/central.toml: ${promised[1]}\n`]);
  });
});
