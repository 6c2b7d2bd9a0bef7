import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { merlon, report, scratch } from '../support/cli';
import { corpusPath, describeCorpus } from '../support/corpus';
import { readPage, type Tag } from '../support/pages';

const files = { 'requirements.txt': 'litellm==1.82.7\nopenai>=1\n' };
const now = ['--now', '2026-06-01T12:00:00Z'];

describe('merlon check --format html', () => {
  it('writes a page into a file, the same each time, with the exit code of check', async () => {
    const cwd = scratch(files);
    for (const name of ['a.html', 'b.html']) {
      const { code, stdout, stderr } = await merlon(['check', '--offline', '--format', 'html', '-o', name, ...now], { cwd });
      assert.deepEqual([code, stdout, stderr], [1, '', '']);
    }
    const [a, b] = ['a.html', 'b.html'].map((name) => fs.readFileSync(path.join(cwd, name), 'utf8'));
    assert.equal(a, b);
    const { text } = readPage(a!);
    assert.match(text, /litellm 1\.82\.7 is malware \(MAL-2026-2144\)/);
    assert.match(text, /requirements\.txt:1/);
    assert.match(text, /minimum age: 3 days|Of no release it is known/);
  });

  it('writes to standard output without -o, and exits with 3 where something could not be read', async () => {
    const { code, stdout } = await merlon(['check', '--offline', '--format', 'html'], {
      cwd: scratch({ ...files, 'package.json': '{"dependencies":{"ai":' }),
    });
    assert.equal(code, 3);
    assert.match(readPage(stdout).text, /This check is incomplete/);
  });

  it('shows what the policy suppresses, with its reason, and what it leaves out', async () => {
    const policy = `exclude = ["old/"]
[[suppress]]
rule = "unpinned"
package = "openai"
reason = "follows <the> vendor"
`;
    const cwd = scratch({ ...files, 'merlon.toml': policy, 'old/requirements.txt': 'x==1\n' });
    const { stdout } = await merlon(['check', '--offline', '--format', 'html', ...now], { cwd });
    const { text } = readPage(stdout);
    assert.match(text, /follows <the> vendor/);
    assert.match(text, /merlon\.toml:2, without an end/);
    assert.match(text, /1 file is left out by the policy/);
  });
});

describeCorpus('the page of a real project', function () {
  this.timeout(60_000);
  const projects = fs
    .readdirSync(corpusPath('manifests'), { withFileTypes: true })
    .flatMap((entry) => (entry.isDirectory() ? entry.name : []));

  it('holds every finding of the JSON report, by rule, and stays small', async () => {
    const faults: string[] = [];
    // All projects in one run: the largest page that there can be.
    const cwd = corpusPath('manifests');
    const target = path.join(scratch({}), 'report.html');
    const args = ['check', '--offline', ...now];
    const [json, page] = [
      await merlon([...args, '--format', 'json'], { cwd }),
      await merlon([...args, '--format', 'html', '-o', target], { cwd }),
    ];
    assert.equal(page.code, json.code);
    const text = fs.readFileSync(target, 'utf8');
    assert.ok(text.length < 2_000_000, `${text.length} characters`);
    const counts = new Map<string, number>();
    for (const { rule } of report(json).findings) counts.set(rule, (counts.get(rule) ?? 0) + 1);
    const { tags } = readPage(text);
    for (const [rule, n] of counts) if (countOf(tags, rule) !== n) faults.push(`${rule}: ${countOf(tags, rule)} of ${n}`);
    assert.deepEqual(faults, []);
    assert.ok(projects.length > 20 && counts.size >= 3, [...counts.keys()].join());
  });
});

function countOf(tags: readonly Tag[], rule: string): number {
  return Number(tags.find(({ attributes }) => attributes['data-rule'] === rule)?.attributes['data-count'] ?? 0);
}
