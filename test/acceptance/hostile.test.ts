import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { builtPrograms } from '../support/built';
import { merlon, report, scratch, type CliOptions, type CliResult, type ListJson, type ReportJson } from '../support/cli';

// Files that were made to break a reader, or that broke on the way. Each says what is wrong with it, what stands beside
// the fault is judged all the same, and the program ends by itself within bounds.

const deep = 10_000;
const good = 'litellm==1.82.7\n';
const malware = ['compromised-release litellm'];

describe('hostile input', function () {
  this.timeout(120_000);
  before(builtPrograms);

  const bounded: CliOptions['nodeOptions'] = ['--max-old-space-size=512'];

  /** Checks a workspace; every other command must come through it as well. */
  async function checked(
    files: Readonly<Record<string, string | Buffer>>,
    prepare?: (cwd: string) => void,
  ): Promise<CliResult & { report: ReportJson }> {
    const cwd = scratch(files);
    prepare?.(cwd);
    const run = (...args: string[]) => merlon(args, { cwd, nodeOptions: bounded });
    const [result, ...others] = await Promise.all([
      run('check', '--offline', '--format', 'json'),
      run('check', '--offline'),
      run('list'),
      run('list', '--format', 'json'),
      run('fix', '--pin', 'all', '--offline', '--dry-run'),
    ]);
    for (const { code, stdout, stderr } of [result, ...others]) {
      assert.ok([0, 1, 3].includes(code ?? -1), `${code} ${stderr}`);
      assert.doesNotMatch(stderr, /^\s+at .*\.js:/m, 'no stack');
      assert.ok(!/[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e]/.test(stdout + stderr), 'nothing that a terminal would obey');
    }
    assert.equal(result.stderr, '');
    return { ...result, report: report(result) };
  }

  const found = ({ findings }: ReportJson, file?: string) =>
    findings.filter((finding) => file === undefined || finding.file === file).map(({ rule, package: name }) => `${rule} ${name}`);
  const problems = ({ manifests }: ReportJson, file: string) =>
    manifests.filter((manifest) => manifest.file === file).flatMap((manifest) => manifest.problems.map(({ message }) => message));

  it('that is no text is named, with the reason, and what lies beside it is judged', async () => {
    const result = await checked({
      'good/requirements.txt': good,
      'bytes/requirements.txt': Buffer.from(`${good}na\xefve==1\n`, 'latin1'),
      'bytes/pyproject.toml': Buffer.from('[project]\ndependencies = ["\xff"]\n', 'latin1'),
      'bytes/package.json': Buffer.from('{"dependencies":{"\xff":"1"}}', 'latin1'),
      'nul/requirements.txt': `${good}a\0b==1\n`,
      'nul/package.json': '{"dependencies":{"axios":"1.14.1"}}\0',
      'big/requirements.txt': Buffer.alloc(50 * 1024 * 1024, good),
    });
    assert.equal(result.code, 3);
    assert.deepEqual(found(result.report), malware);
    for (const name of ['requirements.txt', 'pyproject.toml', 'package.json']) {
      assert.deepEqual(problems(result.report, `bytes/${name}`), ['it is not UTF-8']);
    }
    assert.deepEqual(problems(result.report, 'nul/requirements.txt'), ['it holds NUL bytes, so it is not text']);
    assert.deepEqual(problems(result.report, 'nul/package.json'), ['it holds NUL bytes, so it is not text']);
    assert.deepEqual(problems(result.report, 'big/requirements.txt'), ['it is larger than 5 MB']);
  });

  it('that is nested without end costs what is nested', async () => {
    const json = (inner: string) => `{"x":${inner},"dependencies":{"axios":"1.14.1"}}`;
    const toml = (inner: string) => `[project]\ndependencies = ["litellm==1.82.7"]\n${inner}\n`;
    const result = await checked({
      'a/package.json': json('['.repeat(deep) + ']'.repeat(deep)),
      'b/package.json': json('{"a":'.repeat(deep) + '1' + '}'.repeat(deep)),
      'c/package.json': `{"dependencies":{"axios":"1.14.1"},"overrides":${'{"a":'.repeat(deep)}`,
      'd/pyproject.toml': toml(`x = ${'['.repeat(deep)}${']'.repeat(deep)}`),
      'e/pyproject.toml': toml(`x = ${'{a='.repeat(deep)}1${'}'.repeat(deep)}`),
      'f/pyproject.toml': toml(`x = ${'['.repeat(deep)}`),
      'g/pyproject.toml': toml(`[${'a.'.repeat(deep)}b]\nc = 1`),
      'h/requirements.txt': `x==1 ; ${'('.repeat(deep)}python_version > "3"${')'.repeat(deep)}\n${good}`,
    });
    assert.equal(result.code, 3);
    for (const file of ['a/package.json', 'b/package.json', 'c/package.json']) {
      assert.deepEqual(found(result.report, file), ['compromised-release axios'], file);
      assert.match(problems(result.report, file)[0]!, /nested deeper/);
    }
    for (const file of ['d/pyproject.toml', 'e/pyproject.toml', 'f/pyproject.toml']) {
      assert.deepEqual(found(result.report, file), malware, file);
      assert.match(problems(result.report, file)[0]!, /nested too deeply/i);
    }
    assert.deepEqual(found(result.report, 'g/pyproject.toml'), malware);
    assert.deepEqual(found(result.report, 'h/requirements.txt'), ['invalid-requirement ', ...malware]);
  });

  it('that is named as what every object has is a name like others', async () => {
    const cwd = scratch({
      'requirements.txt': '__proto__==1\nconstructor==1\nhasOwnProperty\n',
      'package.json':
        '{"__proto__":{"dependencies":{"x":"1"}},"dependencies":{"__proto__":"1.0.0","constructor":"^1","toString":"*"},"overrides":{"__proto__":{"__proto__":"1"}}}',
      'pyproject.toml':
        '[project]\ndependencies = ["__proto__==1", "valueOf"]\n[project.optional-dependencies]\n__proto__ = ["litellm==1.82.7"]\n[tool.poetry.dependencies]\n__proto__ = "^1"\nconstructor = { version = "1" }\n',
    });
    const list = JSON.parse((await merlon(['list', '--format', 'json'], { cwd })).stdout) as ListJson;
    assert.deepEqual(
      list.declarations.map(({ file, name, section }) => `${file} ${section} ${name}`),
      [
        'package.json dependencies constructor',
        'package.json dependencies toString',
        'pyproject.toml project.dependencies valueOf',
        'pyproject.toml project.optional-dependencies.__proto__ litellm',
        'pyproject.toml tool.poetry.dependencies constructor',
        'requirements.txt  constructor',
        'requirements.txt  hasOwnProperty',
      ],
    );
    // A name may not begin with an underscore: each of them is told where it stands.
    const told = list.problems.map(({ file, range }) => `${file}:${range.start.line + 1}`);
    assert.deepEqual(told, ['package.json:1', 'package.json:1', 'pyproject.toml:2', 'pyproject.toml:6', 'requirements.txt:1']);
    const result = await merlon(['check', '--offline', '--format', 'json'], { cwd });
    assert.deepEqual([result.code, found(report(result)).filter((text) => text.startsWith('comp'))], [1, malware]);
  });

  it('that was made to keep a regular expression busy is judged as quickly as other text', async () => {
    const long = 50_000;
    const evil = [
      '1'.repeat(long),
      '1.'.repeat(long),
      `${'1-'.repeat(long)}x`,
      `1${'.0'.repeat(long)}!`,
      `1.0+${'a.'.repeat(long)}`,
      `1.2.3-${'-'.repeat(long)}`,
      `1.2.3-${'a.'.repeat(long)}!`,
      `1 ${' '.repeat(long)}x`,
      '1 - '.repeat(long),
      '1 || '.repeat(long),
      '>'.repeat(long),
      '~>'.repeat(long),
      '^'.repeat(long),
      `${'<1,'.repeat(long)}x`,
      `v${'=v'.repeat(long)}`,
      `*${'.*'.repeat(long)}`,
    ];
    const result = await checked({
      'package.json': JSON.stringify({ dependencies: { ...Object.fromEntries(evil.map((text, i) => [`p${i}`, text])), axios: '1.14.1' } }),
      'requirements.txt': evil.map((text, i) => `p${i}==${text}\nq${i}${text}\n`).join('') + good,
      'pyproject.toml': `[project]\ndependencies = [${evil.map((text, i) => JSON.stringify(`p${i}>=${text}`)).join()}, "litellm==1.82.7"]\n[tool.poetry.dependencies]\n${evil.map((text, i) => `p${i} = ${JSON.stringify(text)}\n`).join('')}`,
    });
    for (const [file, name] of [
      ['package.json', 'axios'],
      ['requirements.txt', 'litellm'],
      ['pyproject.toml', 'litellm'],
    ] as const) {
      assert.ok(found(result.report, file).includes(`compromised-release ${name}`), file);
    }
    assert.ok(
      result.report.findings.every(({ message }) => message.length < 1000),
      'no message is as long as its culprit',
    );
  });

  it('that leads out of the workspace, or in a circle, is not followed, and that is said', async () => {
    const secret = scratch({ 'secret.txt': 'secret-package==1\n' });
    const result = await checked(
      {
        'requirements.txt': [
          '-r ../../../../../../../../etc/passwd',
          `-r ${secret}/secret.txt`,
          '-r link.txt',
          '-r folder-link/secret.txt',
          '-r inner',
          '-r absent.txt',
          '-c https://example.test/constraints.txt',
          '-r requirements.txt',
          '-r a.txt',
          'litellm==1.82.7',
        ].join('\n'),
        'a.txt': '-r b.txt\nopenai==2.0.0\n',
        'b.txt': '-r a.txt\n-r ./inner/../requirements.txt\naxios-of-python==1\n',
        'inner/readme.md': '',
      },
      (cwd) => {
        fs.symlinkSync(path.join(secret, 'secret.txt'), path.join(cwd, 'link.txt'));
        fs.symlinkSync(secret, path.join(cwd, 'folder-link'));
      },
    );
    assert.equal(result.code, 3);
    assert.doesNotMatch(result.stdout, /secret-package/);
    assert.deepEqual(
      result.report.manifests.map(({ file, declarations }) => `${file} ${declarations}`),
      ['a.txt 1', 'b.txt 1', 'requirements.txt 1'],
    );
    assert.deepEqual(
      problems(result.report, 'requirements.txt').map((message) => message.replace(/^.* is not checked: /, '')),
      [
        'it lies outside the workspace',
        'its path is absolute',
        'it is a link that leads out of the workspace',
        'it is a link that leads out of the workspace',
        'it is not a file',
        'there is no such file',
        'it is an address, and Merlon reads files of the workspace only',
      ],
    );
    assert.deepEqual(found(result.report), malware);
  });

  it('of a hundred thousand entries is read to the last one', async () => {
    const count = 100_000;
    const names = Array.from({ length: count }, (_, i) => `package-${i}`);
    const cwd = scratch({
      'requirements.txt': `${names.map((name, i) => `${name}==${i}.0`).join('\n')}\n${good}`,
      'package.json': JSON.stringify({
        dependencies: { ...Object.fromEntries(names.slice(0, count / 4).map((name) => [name, '^1.0'])), axios: '1.14.1' },
      }),
    });
    const result = await merlon(['check', '--offline'], { cwd, nodeOptions: ['--max-old-space-size=1024'] });
    assert.equal(result.code, 1, result.stderr);
    assert.match(result.stdout, /^ {2}100001:8 error +litellm 1\.82\.7 is malware/m);
    assert.match(result.stdout, /axios 1\.14\.1 is malware/);
    assert.match(result.stdout, /^2 errors \(125002 declarations in 2 files\)$/m);
  });

  it('that is no file, or may not be read, is no manifest, and is said where somebody asks for it', async () => {
    const result = await checked({ 'requirements.txt/package.json': '{"dependencies":{"axios":"1.14.1"}}', 'package.json/readme.md': '' });
    assert.deepEqual([result.code, found(result.report)], [1, ['compromised-release axios']]);
    assert.deepEqual(
      result.report.manifests.map(({ file }) => file),
      ['requirements.txt/package.json'],
    );
  });

  it('that may not be read is said to be', async function () {
    if (process.platform === 'win32' || process.getuid?.() === 0) {
      console.log('      skipped: root may read everything');
      return this.skip();
    }
    const result = await checked({ 'requirements.txt': good, 'closed/requirements.txt': good, 'shut/requirements.txt': good }, (cwd) => {
      fs.chmodSync(path.join(cwd, 'closed/requirements.txt'), 0);
      fs.chmodSync(path.join(cwd, 'shut'), 0);
    });
    assert.equal(result.code, 3);
    assert.deepEqual(found(result.report), malware);
    assert.deepEqual(problems(result.report, 'closed/requirements.txt'), ['no permission to read it']);
    assert.equal(problems(result.report, 'shut').length, 1);
  });

  it('that speaks to the terminal is shown and not obeyed', async () => {
    const result = await checked({
      'requirements.txt':
        'openai\n\u001b[31mred==1\nlitellm==1.82.7 ; extra == "\u001b]0;pwned\u0007"\nx @ git+https://e.test/\u001b[2J\n-r \u001b[1mno.txt\n--extra-index-url http://\u001b[5m.test/\n',
      'package.json': '{"dependencies":{"\\u001b[31mx":"^1","openai":"\\u001b[2J","ai":"^5\\u202e"}}',
      'pyproject.toml':
        '[project]\ndependencies = ["openai"]\n[project.optional-dependencies]\n"\\u001b[31mq" = ["torch", "z\\u001b[31m>1"]\n[tool.poetry.group."\\u001b[2J".dependencies]\nopenai = "\\u001b[2J"\n',
      ...(process.platform === 'win32' ? {} : { '\u001b[31mfolder\n/requirements.txt': 'openai\n' }),
    });
    assert.equal(result.code, 3);
    const { stdout } = await merlon(['list', 'pyproject.toml'], {
      cwd: scratch({ 'pyproject.toml': '[project.optional-dependencies]\n"\\u001b[31mq" = ["torch"]\n' }),
    });
    assert.match(stdout, /optional-dependencies\.\\x1b\[31mq/);
  });

  it('that ends in the middle keeps what came before', async () => {
    const result = await checked({
      'a/package.json': '{"dependencies":{"axios":"1.14.1",,,"b":}',
      'b/pyproject.toml': '[project]\ndependencies = [\n  "litellm==1.82.7",\n  "openai',
      'c/requirements.txt': `${good}openai==2.0.0 \\`,
      'd/package.json': '',
      'e/requirements.txt': '',
      'f/pyproject.toml': '',
      'g/package.json': '[1]',
    });
    assert.equal(result.code, 3);
    assert.deepEqual(found(result.report, 'a/package.json'), ['compromised-release axios']);
    assert.ok(found(result.report, 'b/pyproject.toml').includes(malware[0]!));
    assert.deepEqual(found(result.report, 'c/requirements.txt'), malware);
    assert.deepEqual(problems(result.report, 'd/package.json').length, 1);
    assert.deepEqual([...problems(result.report, 'e/requirements.txt'), ...problems(result.report, 'f/pyproject.toml')], []);
    assert.deepEqual(found(result.report, 'g/package.json'), ['invalid-requirement ']);
  });
});
