import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import type { EnvironmentReading } from '../../server/src/core/environment';
import { createWorkerClient } from '../../server/src/platform/worker';
import type { EnvironmentJob, VerifyProgress } from '../../server/src/session/jobs';
import { builtPrograms } from '../support/built';
import { merlon, report, scratch, type CliResult } from '../support/cli';
import { below, recordRow, site, virtualEnvironment, type MadeDistribution } from '../support/environments';
import { startFakeOsv, type FakeOsv } from '../support/fakeOsv';
import { assertSarif } from '../support/sarif';

const litellm: MadeDistribution = {
  name: 'litellm',
  version: '1.82.8',
  files: { 'litellm/__init__.py': '', 'litellm_init.pth': 'import os; os.getpid()\n' },
};
const clean: MadeDistribution = { name: 'made-up', version: '1.0', files: { 'made_up.py': 'x = 1\n' } };

interface CoverageJson {
  readonly path: string;
  readonly looked: readonly string[];
  readonly notLooked: readonly { readonly what: string; readonly reason: string }[];
}

describe('merlon verify', function () {
  this.timeout(60_000);
  let osv: FakeOsv;
  before(async () => {
    await builtPrograms();
    osv = await startFakeOsv([]);
  });
  after(() => osv.close());

  const texts = (tree: object) => tree as Record<string, string>;
  const project = (...distributions: MadeDistribution[]) => scratch(texts(below('.venv', virtualEnvironment(distributions))));
  const run = (cwd: string, ...args: string[]) => merlon(['verify', ...args], { cwd });
  const coverage = (result: CliResult) => (JSON.parse(result.stdout) as { coverage: CoverageJson[] }).coverage;

  it('calls a path that is not there wrong usage, as the other commands do', async () => {
    const { code, stderr } = await run(scratch({ 'a.txt': '' }), 'gone');
    assert.deepEqual([code, stderr], [2, 'merlon: gone: no such file or folder\n']);
    assert.match((await run(scratch({ 'a.txt': '' }), 'a.txt')).stderr, /a\.txt: there is no virtual environment/);
  });

  it('finds the environments of a project, and exits 1 for the story of litellm', async () => {
    const cwd = project(litellm);
    fs.mkdirSync(path.join(cwd, 'node_modules/a'), { recursive: true });
    fs.writeFileSync(path.join(cwd, 'node_modules/a/package.json'), '{"name":"a","version":"1.0.0"}');
    const result = await run(cwd, '--offline', '--format', 'json');
    assert.equal(result.code, 1, result.stderr);
    assert.equal(result.stderr, '');
    const { schema, complete, findings, manifests, sources } = report(result);
    assert.deepEqual([schema, complete, manifests], ['merlon.report/1', true, []]);
    assert.deepEqual(
      findings.map(({ rule, severity, file, package: pkg, version, resolvedBy, range }) => [
        rule,
        severity,
        file,
        pkg,
        version,
        resolvedBy,
        range.start.line,
      ]),
      [
        ['compromised-release', 'error', `.venv/${site}/litellm-1.82.8.dist-info/METADATA`, 'litellm', '1.82.8', 'installed', 2],
        ['startup-hook', 'error', `.venv/${site}/litellm_init.pth`, 'litellm', '1.82.8', 'installed', 0],
      ],
    );
    assert.deepEqual(
      coverage(result).map(({ path: name }) => name),
      ['.venv', 'node_modules', '.'],
    );
    assert.ok(coverage(result)[0]!.looked.includes('RECORD'));
    assert.ok(coverage(result).every(({ notLooked }) => notLooked.every(({ what, reason }) => what !== '' && reason !== '')));
    assert.deepEqual(
      sources.map(({ id, state }) => [id, state]),
      [
        ['bundled', 'ok'],
        ['osv', 'disabled'],
        ['npm-registry', 'disabled'],
        ['pypi', 'disabled'],
      ],
    );
  });

  it('exits 0 where nothing is found, says what was looked at, and never that it is clean', async () => {
    const result = await run(project(clean), '--offline');
    assert.equal(result.code, 0);
    assert.match(result.stdout, /looked at {6}METADATA, RECORD/);
    assert.match(result.stdout, /not looked at/);
    assert.match(result.stdout, /^Nothing found in what was looked at$/m);
    assert.doesNotMatch(result.stdout, /clean|safe/i);
  });

  it('takes a venv, its site-packages, and several of them', async () => {
    const cwd = project(litellm);
    for (const place of ['.venv', `.venv/${site}`]) assert.equal((await run(cwd, place, '--offline')).code, 1, place);
    assert.deepEqual(coverage(await run(cwd, '.venv', `.venv/${site}`, '.venv', '--offline', '--format', 'json')).length, 2);
  });

  it('exits 2 for what is no environment, and for what is not built yet', async () => {
    const cwd = scratch({ 'file.txt': '', 'empty/x.txt': '' });
    for (const args of [['nothing'], ['file.txt'], ['empty'], ['--format', 'github'], ['--format', 'html'], ['--fail-on', 'x']]) {
      const result = await run(cwd, ...args);
      assert.deepEqual([result.code, result.stdout], [2, ''], args.join(' '));
    }
  });

  it('writes SARIF: what was found, and what was not looked at', async () => {
    const cwd = project(litellm);
    const result = await run(cwd, '--offline', '--format', 'sarif', '-o', 'verify.sarif', '--now', '2026-10-15T12:00:00Z');
    assert.deepEqual([result.code, result.stdout], [1, '']);
    const [log] = assertSarif(fs.readFileSync(path.join(cwd, 'verify.sarif'), 'utf8')).runs;
    assert.deepEqual(
      log!.results.map(({ ruleId, level, locations }) => [ruleId, level, locations[0]!.physicalLocation.artifactLocation.uri]),
      [
        ['compromised-release', 'error', `.venv/${site}/litellm-1.82.8.dist-info/METADATA`],
        ['startup-hook', 'error', `.venv/${site}/litellm_init.pth`],
      ],
    );
    assert.equal(log!.automationDetails.id, 'merlon/verify/');
    const [invocation] = log!.invocations;
    assert.deepEqual([invocation!.executionSuccessful, invocation!.endTimeUtc], [true, '2026-10-15T12:00:00.000Z']);
    assert.ok(invocation!.toolExecutionNotifications.some(({ descriptor }) => descriptor.id === 'not-looked-at'));
    fs.appendFileSync(path.join(cwd, '.venv', site, 'litellm-1.82.8.dist-info/RECORD'), 'a,b,c,d\n');
    const damaged = await run(cwd, '--offline', '--format', 'sarif');
    assert.equal(damaged.code, 3);
    assert.equal(assertSarif(damaged.stdout).runs[0]!.invocations[0]!.executionSuccessful, false);
  });

  it('asks OSV about names and never about versions', async () => {
    const asked = await merlon(['verify', '--osv-url', osv.url, '--format', 'json'], {
      cwd: project(clean, { ...litellm, version: '1.84.0' }),
    });
    assert.equal(report(asked).complete, true, asked.stderr);
    assert.ok(osv.requests.length > 0);
    const bodies = JSON.stringify(osv.requests);
    assert.match(bodies, /made-up/);
    assert.doesNotMatch(bodies, /1\.84\.0/);
  });

  it('exits 3 where OSV cannot be asked, and where a file cannot be read, and prints findings still', async () => {
    const cwd = project(litellm);
    const down = await merlon(['verify', '--osv-url', 'http://127.0.0.1:9', '--format', 'json', '--fail-on', 'never'], { cwd });
    assert.deepEqual([down.code, report(down).complete, report(down).findings.length], [3, false, 2]);
    fs.appendFileSync(path.join(cwd, '.venv', site, 'litellm-1.82.8.dist-info/RECORD'), 'a,b,c,d\n');
    const damaged = await run(cwd, '--offline');
    assert.equal(damaged.code, 3);
    assert.match(damaged.stdout, /could not read litellm 1\.82\.8: a part of RECORD/);
  });

  it('exits by --fail-on', async () => {
    const cwd = scratch(texts(below('.venv', virtualEnvironment([clean], { 'stray.pth': 'import made_up\n' }))));
    assert.equal((await run(cwd, '--offline')).code, 0);
    assert.equal((await run(cwd, '--offline', '--fail-on', 'warning')).code, 1);
    assert.equal((await run(cwd, '--offline', '--fail-on', 'never')).code, 0);
  });

  it('shows no control characters of what it found', async () => {
    const name = `evil\u001b[31m.py`;
    if (process.platform === 'win32') return;
    const cwd = scratch(texts(below('.venv', virtualEnvironment([clean], { [name]: '', 'x.pth': 'import os #\u001b]0;x\u0007\n' }))));
    const result = await run(cwd, '--offline');
    // eslint-disable-next-line no-control-regex
    assert.doesNotMatch(result.stdout, /\u001b|\u0007/);
  });

  describe('in a worker of the program', () => {
    it('reads an environment, and tells how far it has come', async () => {
      const files = Object.fromEntries(Array.from({ length: 700 }, (_, n) => [`p/m${n}.py`, '']));
      const cwd = project({ ...clean, files });
      const worker = createWorkerClient((await builtPrograms()).worker);
      const told: number[] = [];
      const job: EnvironmentJob = {
        root: path.join(cwd, '.venv'),
        ecosystem: 'PyPI',
        question: { folder: '', share: 0, shares: 1, incidents: [] },
      };
      const reading = await worker.run<EnvironmentReading>('readEnvironment', job, (progress) =>
        told.push((progress as VerifyProgress).files),
      );
      assert.deepEqual([reading.releases.length, reading.coverage.files, told], [1, 703, [200, 400, 600]]);
      await assert.rejects(worker.run('readEnvironment', { ...job, ecosystem: 'none' }), /no ecosystem none/);
      await assert.rejects(worker.run('nothing', {}), /no such job/);
      worker.dispose();
    });

    it('is ended in the middle of its work', async () => {
      const program = (await builtPrograms()).worker;
      const rows = Array.from({ length: 200_000 }, (_, n) => recordRow(`p/m${n}.py`, ''));
      const cwd = project({ ...clean, record: rows });
      const worker = createWorkerClient(program);
      const job: EnvironmentJob = {
        root: path.join(cwd, '.venv'),
        ecosystem: 'PyPI',
        question: { folder: '', share: 0, shares: 1, incidents: [] },
      };
      const reading = worker.run('readEnvironment', job, () => worker.dispose());
      await assert.rejects(reading, /disposed/);
    });
  });
});
