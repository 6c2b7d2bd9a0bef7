import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { builtPrograms } from '../support/built';
import { merlon, report, scratch } from '../support/cli';

// A finding may lie in a file beside the manifest, and a cure may make one.

const none = { '.github/dependabot.yml': '' };
const manifest = { 'package.json': '{ "dependencies": { "plain-util": "1.0.0" } }\n' };
const rule = ['--offline', '--rule', 'release-age-setting'];

describe('merlon on limits on the age of releases', function () {
  this.timeout(60_000);
  before(builtPrograms);

  it('finds a wrong unit in the file where it stands, and mends it there', async () => {
    const cwd = scratch({ ...manifest, 'a/package.json': manifest['package.json'], '.npmrc': '# ours\nmin-release-age=4320\n', ...none });
    const { findings } = report(await merlon(['check', '--offline', '--format', 'json'], { cwd }));
    assert.deepEqual(
      findings.map(({ file, rule: id, severity, range, fixes }) => ({
        file,
        id,
        severity,
        range,
        titles: fixes.map(({ title }) => title),
      })),
      [
        {
          file: '.npmrc',
          id: 'release-age-setting',
          severity: 'warning',
          range: { start: { line: 1, character: 16 }, end: { line: 1, character: 20 } },
          titles: ['Set min-release-age to 3, 3 days to npm'],
        },
      ],
    );
    const text = await merlon(['check', '--offline', '--fail-on', 'warning'], { cwd });
    assert.match(text.stdout, /^\.npmrc\n {2}2:17 +warning +min-release-age is 4320 days/m);
    assert.equal(text.code, 1);
    const fixed = await merlon(['fix', ...rule], { cwd });
    assert.deepEqual([fixed.code, fixed.stderr], [0, 'fixed .npmrc: Set min-release-age to 3, 3 days to npm\n']);
    assert.equal(fs.readFileSync(path.join(cwd, '.npmrc'), 'utf8'), '# ours\nmin-release-age=3\n');
  });

  it('makes the file of the project’s tool where there is none, or shows what it would be', async () => {
    const cwd = scratch({ ...manifest, 'sub/pyproject.toml': '[tool.poetry.dependencies]\nrequests = "2.0"\n', ...none });
    const shown = await merlon(['fix', ...rule, '--dry-run'], { cwd });
    assert.equal(
      shown.stdout,
      '--- /dev/null\n+++ b/.npmrc\n@@ -0,0 +1,1 @@\n+min-release-age=3\n--- /dev/null\n+++ b/sub/poetry.toml\n@@ -0,0 +1,2 @@\n+[solver]\n+min-release-age = 3\n',
    );
    assert.ok(!fs.existsSync(path.join(cwd, '.npmrc')), 'nothing is written');
    const git = spawnSync('git', ['apply', '--check', '-'], { cwd, input: shown.stdout, encoding: 'utf8' });
    if (!git.error) assert.deepEqual([git.status, git.stderr], [0, '']);
    const fixed = await merlon(['fix', ...rule], { cwd });
    assert.deepEqual([fixed.code, fixed.stdout], [0, '']);
    assert.match(fixed.stderr, /^fixed \.npmrc: Add a release-age limit: min-release-age=3 in \.npmrc \(3 days\), for package\.json$/m);
    assert.equal(fs.readFileSync(path.join(cwd, '.npmrc'), 'utf8'), 'min-release-age=3\n');
    assert.equal(fs.readFileSync(path.join(cwd, 'sub/poetry.toml'), 'utf8'), '[solver]\nmin-release-age = 3\n');
    assert.deepEqual(report(await merlon(['check', '--offline', '--format', 'json'], { cwd })).findings, []);
  });

  it('never writes over what is there already and could not be read', async () => {
    const cwd = scratch({ ...manifest, '.npmrc': Buffer.from([0xff, 0xfe, 0x00, 0xd8, 0x41]), ...none });
    const { code, stderr } = await merlon(['fix', ...rule], { cwd });
    assert.equal(code, 1);
    assert.match(stderr, /not written \.npmrc: there is such a file already/);
    assert.equal(fs.readFileSync(path.join(cwd, '.npmrc')).length, 5);
  });
});
