import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { parse } from 'yaml';
import packageJson from '../../package.json';
import { kindOf, lockfileNames, lockKindOf } from '../../server/src/ecosystems';
import { scratch } from '../support/cli';
import { corpusJson, describeCorpus } from '../support/corpus';
import { startFakeOsv, type FakeOsv } from '../support/fakeOsv';
import { bash, publishMerlon, type PublishedMerlon, type ShellResult } from '../support/publishedMerlon';
import { assertSarif } from '../support/sarif';

// What a pipeline runs: the steps of action.yml, the entry of the pre-commit hook and the commands of docs/ci.md, to the letter. The
// real npm installs from a loopback registry, and feeds are asked on the loopback.

const root = process.env.MERLON_ROOT ?? process.cwd();
const read = (name: string) => fs.readFileSync(path.join(root, name), 'utf8');

interface Action {
  readonly inputs: Readonly<Record<string, { readonly default: string }>>;
  readonly outputs: Readonly<Record<string, { readonly value: string }>>;
  readonly runs: {
    readonly using: string;
    readonly steps: readonly { readonly id: string; readonly shell: string; readonly run: string; readonly env?: Record<string, string> }[];
  };
}

interface Hook {
  readonly id: string;
  readonly entry: string;
  readonly language: string;
  readonly files: string;
  readonly require_serial?: boolean;
}

const action = parse(read('action.yml')) as Action;
const [hook] = parse(read('.pre-commit-hooks.yaml')) as [Hook];
const guide = read('docs/ci.md');
const blocks = (language: string) => [...guide.matchAll(new RegExp(`^\`\`\`${language}\\n([^]*?)^\`\`\``, 'gm'))].map((match) => match[1]!);

describe('in CI', function () {
  this.timeout(120_000);
  let osv: FakeOsv;
  let merlon: PublishedMerlon;

  before(async function () {
    if (process.platform === 'win32') {
      console.log('      skipped: the commands are those of bash');
      return this.skip();
    }
    osv = await startFakeOsv();
    merlon = await publishMerlon(['--no-registries', '--osv-url', osv.url]);
  });
  beforeEach(() => {
    if (osv) osv.mode = 'ok';
  });
  after(async () => {
    await merlon?.close();
    await osv?.close();
  });

  const bad = { 'requirements.txt': 'litellm==1.82.7\n', 'a b/package.json': '{ "dependencies": { "axios": "1.14.1", "ai": "^5" } }\n' };
  const clean = { 'requirements.txt': 'litellm==1.84.0\n' };
  const lines = (text: string, start: string) => text.split('\n').filter((line) => line.startsWith(start)).length;

  describe('the action', () => {
    /** Runs the steps as the runner does: expressions in `env` alone, and outputs through files. */
    async function runAction(cwd: string, given: Readonly<Record<string, string>> = {}, more: Record<string, string> = {}) {
      const unknown = Object.keys(given).filter((name) => !action.inputs[name]);
      assert.deepEqual(unknown, []);
      const values = new Map<string, string>();
      for (const [name, { default: value }] of Object.entries(action.inputs)) values.set(`inputs.${name}`, given[name] ?? value);
      const evaluated = (text: string) => text.replace(/\$\{\{ ([\w.-]+) \}\}/g, (_, name: string) => values.get(name) ?? '');
      const temporary = scratch();
      let last: ShellResult = { code: 0, output: '' };
      for (const { id, shell, run, env = {} } of action.runs.steps) {
        assert.equal(shell, 'bash');
        assert.ok(!run.includes('${{'), 'an expression in a script can be more than a value');
        const file = path.join(temporary, `output-${id}`);
        fs.writeFileSync(file, '');
        const own = Object.fromEntries(Object.entries(env).map(([name, value]) => [name, evaluated(value)]));
        last = await bash(run, cwd, { HOME: merlon.home, RUNNER_TEMP: temporary, GITHUB_OUTPUT: file, ...own, ...more });
        for (const line of fs.readFileSync(file, 'utf8').split('\n').filter(Boolean)) {
          const at = line.indexOf('=');
          values.set(`steps.${id}.outputs.${line.slice(0, at)}`, line.slice(at + 1));
        }
        if (last.code !== 0) break;
      }
      const outputs = Object.fromEntries(Object.entries(action.outputs).map(([name, { value }]) => [name, evaluated(value)]));
      return { ...last, outputs };
    }

    it('installs the release of this checkout, and uses no other action', () => {
      assert.equal(action.runs.using, 'composite');
      assert.ok(action.runs.steps.every((step) => !('uses' in step)));
      assert.equal(String(action.runs.steps[0]!.env!.MERLON_VERSION), packageJson.version);
    });

    it('annotates, and fails for findings', async () => {
      const { code, output, outputs } = await runAction(scratch(bad));
      assert.deepEqual([code, outputs['exit-code'], outputs['sarif-file']], [1, '1', ''], output);
      assert.equal(lines(output, '::error file=requirements.txt,line=1,'), 1, output);
      assert.equal(lines(output, '::error file=a b/package.json,line=1,'), 1, output);
      assert.equal(lines(output, '::warning '), 1, output);
    });

    it('passes where nothing is found', async () => {
      const { code, output, outputs } = await runAction(scratch(clean));
      assert.deepEqual([code, outputs['exit-code']], [0, '0'], output);
    });

    it('writes a SARIF log beside, also when it fails', async () => {
      const cwd = scratch(bad);
      const { code, outputs } = await runAction(cwd, { 'sarif-file': 'merlon.sarif' });
      assert.deepEqual([code, outputs['sarif-file']], [1, 'merlon.sarif']);
      const [run] = assertSarif(fs.readFileSync(path.join(cwd, 'merlon.sarif'), 'utf8')).runs;
      assert.equal(run!.results.length, 3);
    });

    it('takes several paths and options, to the letter', async () => {
      const cwd = scratch({ ...bad, '$(touch pwned)/requirements.txt': 'litellm==1.82.7\n' });
      const path1 = await runAction(cwd, { path: 'a b\n$(touch pwned)\n', args: '--offline\n--now\n2026-10-15T12:00:00Z', format: 'text' });
      assert.equal(path1.code, 1);
      assert.match(path1.output, /2 errors, 1 warning .*2 files/);
      const never = await runAction(cwd, { 'fail-on': 'never', path: 'requirements.txt' });
      assert.equal(never.code, 0);
      assert.ok(!fs.existsSync(path.join(cwd, 'pwned')));
      assert.equal((await runAction(cwd, { 'fail-on': '$(touch pwned)', 'sarif-file': 'x.sarif' })).code, 2);
    });

    it('fails with 3 when a feed cannot be asked, whatever fail-on says, and still shows and writes what is known', async () => {
      osv.mode = 'reset';
      const cwd = scratch(bad);
      const { code, output, outputs } = await runAction(cwd, { 'fail-on': 'never', 'sarif-file': 'merlon.sarif' });
      assert.deepEqual([code, outputs['exit-code'], outputs['sarif-file']], [3, '3', 'merlon.sarif'], output);
      assert.equal(lines(output, '::warning title=Merlon%3A not checked::'), 1, output);
      assert.equal(lines(output, '::error file=requirements.txt'), 1);
      assert.equal(
        assertSarif(fs.readFileSync(path.join(cwd, 'merlon.sarif'), 'utf8')).runs[0]!.invocations[0]!.executionSuccessful,
        false,
      );
    });

    it('lets nothing in the checkout say what is run', async () => {
      const cwd = scratch({
        ...clean,
        '.npmrc': 'registry=http://127.0.0.1:9/\n',
        'package.json': '{ "name": "merlon", "version": "0.1.0", "bin": "evil.js", "scripts": { "preinstall": "touch pwned" } }',
        'node_modules/merlon/package.json': `{ "name": "merlon", "version": "${packageJson.version}" }`,
        'node_modules/merlon/dist/cli.js': 'require("fs").writeFileSync("pwned", "")',
        'node_modules/.bin/node': '#!/bin/sh\ntouch pwned\n',
      });
      const { code, output } = await runAction(cwd);
      assert.equal(code, 0, output);
      assert.ok(!fs.existsSync(path.join(cwd, 'pwned')));
    });

    it('says so where Node is too old', async () => {
      const old = scratch({ node: '#!/bin/sh\nexit 1\n' });
      fs.chmodSync(path.join(old, 'node'), 0o755);
      const { code, output } = await runAction(scratch(clean), {}, { PATH: `${old}:${process.env.PATH}` });
      assert.equal(code, 2);
      assert.match(output, /^::error title=Merlon::Merlon wants Node 20\.19/);
    });
  });

  describe('the pre-commit hook', () => {
    /** As pre-commit does it: the package's program on the PATH, the entry's words, then the files. */
    async function runHook(entry: string, files: Readonly<Record<string, string>>, chosen: RegExp): Promise<ShellResult> {
      const prefix = scratch();
      const env = { HOME: merlon.home, npm_config_prefix: prefix };
      const install = await bash(`npm install -g --no-audit --no-fund merlon@${packageJson.version}`, prefix, env);
      assert.equal(install.code, 0, install.output);
      const names = Object.keys(files).filter((name) => chosen.test(name));
      return bash(`${entry} "$@"`, scratch(files), { ...env, PATH: `${prefix}/bin:${process.env.PATH}` }, names);
    }

    it('checks the manifests that are committed, and no other', async () => {
      assert.deepEqual([hook.id, hook.language, hook.require_serial], ['merlon', 'node', true]);
      const { code, output } = await runHook(hook.entry, { ...bad, 'notes.txt': 'litellm==1.82.7\n', 'x.py': '' }, new RegExp(hook.files));
      assert.equal(code, 1, output);
      assert.match(output, /2 errors, 1 warning \(3 declarations in 2 files\)/);
      assert.equal((await runHook(hook.entry, clean, new RegExp(hook.files))).code, 0);
    });

    it('checks what uses a catalog when the catalog alone is committed', async () => {
      const used = {
        'pnpm-workspace.yaml': 'packages: [a]\ncatalog:\n  axios: 1.14.1\n',
        'a/package.json': '{"dependencies":{"axios":"catalog:"}}',
        'requirements.txt': 'litellm==1.82.7\n',
      };
      const { code, output } = await runHook(hook.entry, used, /^pnpm-workspace\.yaml$/);
      assert.equal(code, 1, output);
      assert.match(output, /axios 1\.14\.1 is malware/);
      assert.doesNotMatch(output, /litellm/);
    });

    it('is built where it is installed from the repository', () => {
      // npm runs this script alone when it packs a git checkout.
      assert.equal(packageJson.scripts.prepare, 'node scripts/build.mjs');
    });

    const samples = [
      'requirements.txt',
      'a/requirements-dev.in',
      'constraints.txt',
      'requirements/base.in',
      'a/package.json',
      'pyproject.toml',
    ];
    /** What they mean is decided in these too. */
    const besides = ['pnpm-workspace.yaml', '.yarnrc.yml', 'merlon.toml'];
    const others = ['package.json5', 'xpackage.json', 'setup.py', 'requirements.md', 'uv.locked', 'requirements/x/y.txt', 'Package.json'];

    it('chooses every manifest and lockfile that Merlon reads', () => {
      const files = new RegExp(hook.files);
      for (const name of [...samples, ...besides, ...lockfileNames, 'a/pylock.dev.toml'].filter((one) => !one.includes('node_modules')))
        for (const place of [name, `sub/${name}`]) assert.ok(files.test(place), place);
      for (const name of others) assert.ok(!files.test(name), name);
    });

    describeCorpus('of real projects', () => {
      it('chooses the files that Merlon reads', () => {
        const files = new RegExp(hook.files);
        const all = Object.keys(corpusJson<{ files: Record<string, unknown> }>('manifests/oracle.json').files);
        assert.ok(all.length > 100, `${all.length}`);
        for (const name of all)
          assert.equal(files.test(name), Boolean(kindOf(name) ?? lockKindOf(name)) || besides.includes(path.posix.basename(name)), name);
      });
    });

    it('runs as the guide has it', async () => {
      const configs = blocks('yaml').map(
        (text) => parse(text) as { repos?: { repo: string; hooks: (Hook & { additional_dependencies: string[] })[] }[] },
      );
      const local = configs.flatMap(({ repos = [] }) => repos).find(({ repo }) => repo === 'local')!.hooks[0]!;
      assert.deepEqual(local.additional_dependencies, [`merlon@${packageJson.version}`]);
      assert.equal(local.files, hook.files);
      osv.requests.length = 0;
      const { code } = await runHook(local.entry, bad, new RegExp(local.files));
      assert.deepEqual([code, osv.requests.length], [1, 0]);
    });
  });

  describe('the guide', () => {
    const shell = blocks('sh');

    it('names this release, and inputs that there are', () => {
      const versions = [...guide.matchAll(/merlon@(\d+\.\d+\.\d+)/g)].map((match) => match[1]);
      assert.ok(versions.length >= 3 && versions.every((version) => version === packageJson.version));
      const rows = [...guide.matchAll(/^\| `([\w-]+)` \| (?:`(.*?)`)? ?\|/gm)].map((match) => [match[1], match[2] ?? '']);
      assert.deepEqual(
        rows,
        Object.entries(action.inputs).map(([name, { default: value }]) => [name, value]),
      );
      for (const text of blocks('yaml')) parse(text.replaceAll('<full commit id>', '0'.repeat(40)));
    });

    it('has commands that do what it says', async () => {
      const home = scratch({ '.npmrc': fs.readFileSync(path.join(merlon.home, '.npmrc')) });
      const cwd = scratch({ ...bad, 'node_modules/a/package.json': '{"name":"a","version":"1.0.0"}' });
      const codes: (number | null)[] = [];
      for (const block of shell) codes.push((await bash(block, cwd, { HOME: home })).code);
      // Installed and checked; a log; findings by what is known; an environment in which nothing is wrong.
      assert.deepEqual(codes, [1, 1, 1, 0]);
      for (const name of ['merlon.sarif', 'merlon-verify.sarif']) assertSarif(fs.readFileSync(path.join(cwd, name), 'utf8'));
      osv.mode = 'reset';
      const outage = shell.find((block) => block.includes('-eq 3'))!;
      const env = () => ({ HOME: home, MERLON_CACHE_DIR: scratch() });
      assert.equal((await bash(outage, scratch(clean), env())).code, 0);
      const found = await bash(outage, cwd, env());
      assert.deepEqual([found.code, found.output.includes('only what is known offline counts')], [1, true]);
    });

    it('has a job for GitLab that runs', async () => {
      const job = blocks('yaml')
        .map((text) => parse(text) as { merlon?: { script: string[]; after_script: string[]; artifacts: { paths: string[] } } })
        .find((one) => one.merlon)!.merlon!;
      const cwd = scratch(bad);
      const env = { HOME: scratch({ '.npmrc': fs.readFileSync(path.join(merlon.home, '.npmrc')) }) };
      assert.equal((await bash(job.script.join('\n'), cwd, env)).code, 1);
      await bash(job.after_script.join('\n'), cwd, env);
      for (const name of job.artifacts.paths) assertSarif(fs.readFileSync(path.join(cwd, name), 'utf8'));
    });
  });
});
