import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { createMessageConnection, StreamMessageReader, StreamMessageWriter } from 'vscode-jsonrpc/node';
import { PassThrough } from 'node:stream';
import { cliPackages, cliRecords } from '../cli/world';
import { builtPrograms } from '../support/built';
import { hermetic, merlon, report, scratch, type CliResult } from '../support/cli';
import { startFakeOsv, type FakeOsv } from '../support/fakeOsv';
import { startFakeRegistry, type FakeRegistry, type FakeRegistryMode } from '../support/fakeRegistry';

// Secrets are planted wherever people keep them, everything is run against registries that ask for them and that fail in
// many ways, and then everything that was written, and everything that was sent, is searched.

const planted = {
  npmToken: 'plant-0a-npm-token',
  npmUserToken: 'plant-0b-npm-user-token',
  pipPassword: 'plant-0c-pip-password',
  netrcPassword: 'plant-0d-netrc-password',
  uvPassword: 'plant-0e-uv-password',
  proxyPassword: 'plant-0f-proxy-password',
  projectToken: 'plant-1a-project-token',
  indexUrl: 'plant-1b-index-url',
  gitUrl: 'plant-1c-git-url',
  fileUrl: 'plant-1d-file-url',
  uvIndex: 'plant-1e-uv-index',
  npmGitUrl: 'plant-1f-npm-git-url',
  lockUrl: 'plant-2a-lock-url',
  uvLockUrl: 'plant-2b-uv-lock-url',
  brokenLine: 'plant-2c-broken-line',
  include: 'plant-2d-include',
  uvName: 'plant-2e-uv-name',
  pathToken: 'plant2f9d8e7c6b5a4f3e2d1c',
  pypiUrl: 'plant-3a-pypi-url',
  osvUrl: 'plant-3b-osv-url',
} as const;

/** A secret in every form in which it may travel. */
const forms = (secret: string, users: readonly string[] = ['', 'ann:', 'net:', 'u:', 'x:', 'me:', 'proxyuser:', 'tok:']): string[] => [
  secret,
  ...users.map((user) =>
    Buffer.from(user + secret)
      .toString('base64')
      .replace(/=+$/, ''),
  ),
];

interface Hosts {
  readonly osv: FakeOsv;
  readonly open: FakeRegistry;
  /** Bound by the user's .npmrc, with a token from the environment. */
  readonly npm: FakeRegistry;
  /** Named by the project, with a token of the user's. */
  readonly named: FakeRegistry;
  readonly pip: FakeRegistry;
  readonly netrc: FakeRegistry;
  readonly uv: FakeRegistry;
  /** Named by the project alone: nobody's secret is for it. */
  readonly thief: FakeRegistry;
}

const at = ({ url }: { readonly url: string }) => url.replace('http://', '');
const old = '2026-01-01T00:00:00Z';
const basic = (pair: string) => `Basic ${Buffer.from(pair).toString('base64')}`;
const own: Partial<Pick<FakeRegistry, 'pypi' | 'npm'>> = {
  pypi: { 'corp-llm': [['1.0.0', old]], 'private-llm': [['1.0.0', old]] },
  npm: { '@acme/langchain-a': [['1.0.0', old]], '@proj/langchain-b': [['1.0.0', old]] },
};

function home(hosts: Hosts): Record<string, string> {
  return {
    '.npmrc': [
      `@acme:registry=http://${at(hosts.npm)}/`,
      `//${at(hosts.npm)}/:_authToken=\${NPM_SECRET}`,
      `//${at(hosts.named)}/:_authToken=${planted.npmUserToken}`,
    ].join('\n'),
    '.config/pip/pip.conf': `[global]\nextra-index-url = http://ann:${planted.pipPassword}@${at(hosts.pip)}/simple\n`,
    '.netrc': `machine localhost\n  login net\n  password ${planted.netrcPassword}\n`,
  };
}

function project(hosts: Hosts): Record<string, string> {
  const thief = at(hosts.thief);
  return {
    '.npmrc': [
      `@proj:registry=http://${at(hosts.named)}/`,
      `//${at(hosts.named)}/:_authToken=${planted.projectToken}`,
      `@evil:registry=http://${thief}/\${NPM_SECRET}/`,
      `//${thief}/:_authToken=\${NPM_SECRET}`,
      '',
    ].join('\n'),
    'package.json': JSON.stringify({
      dependencies: {
        '@acme/langchain-a': '^1.0.0',
        '@proj/langchain-b': '^1.0.0',
        '@evil/langchain-c': '^1.0.0',
        openai: '^4',
        forked: `git+https://x:${planted.npmGitUrl}@git.example/a/b.git`,
      },
      overrides: { openai: `git+https://x:${planted.npmGitUrl}@git.example/a/openai.git` },
    }),
    'package-lock.json': JSON.stringify({
      lockfileVersion: 3,
      packages: {
        '': { dependencies: { openai: '^4' } },
        'node_modules/openai': { version: '4.104.0', resolved: `http://u:${planted.lockUrl}@${thief}/openai/-/openai-4.104.0.tgz` },
        'node_modules/odd': { version: 'banana', resolved: `http://u:${planted.lockUrl}@${thief}/odd.tgz` },
      },
    }),
    'requirements.txt': [
      `--extra-index-url http://x:${planted.indexUrl}@${thief}/simple`,
      `--extra-index-url http://${at(hosts.netrc).replace('127.0.0.1', 'localhost')}/simple`,
      `--extra-index-url http://${thief}/\${NPM_SECRET}/simple`,
      `--extra-index-url http://${thief}/${planted.pathToken}/simple`,
      'litellm>=1.80',
      'corp-llm',
      `forked @ git+https://tok:${planted.gitUrl}@git.example/x.git@main`,
      `https://files.example/x-1.0.tar.gz?token=${planted.fileUrl}`,
      `requests==https://u:${planted.brokenLine}@files.example/ what`,
      `-r https://u:${planted.include}@files.example/more.txt`,
      '',
    ].join('\n'),
    'uv/pyproject.toml': [
      '[project]',
      'name = "p"',
      'dependencies = ["openai", "private-llm>=1", "corp-llm"]',
      '[[tool.uv.index]]',
      'name = "internal"',
      `url = "http://me:${planted.uvIndex}@${thief}/simple"`,
      'explicit = true',
      '[tool.uv.sources]',
      'private-llm = { index = "internal" }',
      '',
    ].join('\n'),
    'uv/uv.lock': [
      'version = 1',
      '[[package]]',
      'name = "openai"',
      'version = "1.109.1"',
      `source = { registry = "http://u:${planted.uvLockUrl}@${thief}/simple" }`,
      '',
    ].join('\n'),
  };
}

const environment = (hosts: Hosts, folder: string) => ({
  HOME: folder,
  USERPROFILE: folder,
  MERLON_CACHE_DIR: path.join(folder, 'cache'),
  PIP_CONFIG_FILE: '',
  NPM_SECRET: planted.npmToken,
  UV_INDEX: `own=http://u:${planted.uvPassword}@${at(hosts.uv)}/simple`,
  UV_INDEX_INTERNAL_USERNAME: 'u',
  UV_INDEX_INTERNAL_PASSWORD: planted.uvName,
  HTTP_PROXY: `http://proxyuser:${planted.proxyPassword}@127.0.0.1:9`,
  HTTPS_PROXY: `http://proxyuser:${planted.proxyPassword}@127.0.0.1:9`,
  NO_PROXY: '127.0.0.1,localhost',
});

/** The text of every file below a folder, with its name. */
function filesBelow(folder: string): string[] {
  if (!fs.existsSync(folder)) return [];
  return fs
    .readdirSync(folder, { recursive: true, withFileTypes: true })
    .flatMap((entry) =>
      entry.isFile()
        ? [`${path.join(entry.parentPath, entry.name)}\n${fs.readFileSync(path.join(entry.parentPath, entry.name), 'utf8')}`]
        : [],
    );
}

function assertSilent(written: Readonly<Record<string, string>>, names: readonly string[] = Object.keys(planted)): void {
  const wanted = Object.entries(planted).filter(([name]) => names.includes(name));
  const found = wanted.flatMap(([name, secret]) =>
    Object.entries(written).flatMap(([where, text]) => {
      const form = forms(secret).find((one) => text.includes(one));
      return form === undefined
        ? []
        : [`${name} in ${where}: …${text.slice(Math.max(0, text.indexOf(form) - 150), text.indexOf(form) + 60)}…`];
    }),
  );
  assert.deepEqual(found, []);
}

/** What each server got to see of secrets: names of those that came to it. */
function received({ log }: { readonly log: readonly { readonly path: string; readonly headers: object }[] }): string[] {
  const text = log.map(({ path: asked, headers }) => `${asked} ${JSON.stringify(headers)}`).join('\n');
  return Object.entries(planted).flatMap(([name, secret]) => (forms(secret).some((form) => text.includes(form)) ? [name] : []));
}

describe('no secret', function () {
  this.timeout(120_000);
  let hosts: Hosts;
  let folder: string;
  let cwd: string;

  before(async function () {
    await builtPrograms();
  });
  beforeEach(async () => {
    const [open, npm, named, pip, netrc, uv, thief] = (await Promise.all(
      [cliPackages, own, own, own, own, own, own].map((packages) => startFakeRegistry(packages)),
    )) as [FakeRegistry, FakeRegistry, FakeRegistry, FakeRegistry, FakeRegistry, FakeRegistry, FakeRegistry];
    hosts = { osv: await startFakeOsv(cliRecords), open, npm, named, pip, netrc, uv, thief };
    npm.authorization = `Bearer ${planted.npmToken}`;
    named.authorization = `Bearer ${planted.npmUserToken}`;
    pip.authorization = basic(`ann:${planted.pipPassword}`);
    netrc.authorization = basic(`net:${planted.netrcPassword}`);
    uv.authorization = basic(`u:${planted.uvPassword}`);
    folder = scratch(home(hosts));
    cwd = scratch(project(hosts));
  });
  afterEach(() => Promise.all(Object.values(hosts as unknown as Record<string, { close(): Promise<void> }>).map((host) => host.close())));

  const withUserinfo = (url: string, secret: string) => url.replace('://', `://x:${secret}@`);
  const run = (args: readonly string[], pypi = withUserinfo(hosts.open.url, planted.pypiUrl)): Promise<CliResult> =>
    merlon([...args, '--osv-url', withUserinfo(hosts.osv.url, planted.osvUrl), '--pypi-url', pypi, '--npm-registry', hosts.open.url], {
      cwd,
      env: environment(hosts, folder),
    });
  const others = () => [hosts.npm, hosts.named, hosts.pip, hosts.netrc, hosts.uv];
  const cached = () => Object.fromEntries(filesBelow(path.join(folder, 'cache')).map((text, i) => [`cache ${i}`, text]));
  const assertAtHome = () => {
    assert.deepEqual(
      {
        npm: received(hosts.npm),
        named: received(hosts.named),
        pip: received(hosts.pip),
        netrc: received(hosts.netrc),
        uv: received(hosts.uv),
        open: received(hosts.open),
        // What the project itself wrote into the path of an address is that address.
        thief: received(hosts.thief).filter((name) => name !== 'pathToken'),
      },
      {
        npm: ['npmToken'],
        named: ['npmUserToken'],
        pip: ['pipPassword'],
        netrc: ['netrcPassword'],
        uv: ['uvPassword'],
        open: ['pypiUrl'],
        thief: [],
      },
    );
    assert.doesNotMatch(JSON.stringify(hosts.thief.log.map(({ headers }) => headers)), /"authorization"/i);
  };

  it('is in anything that the command line writes, and each reaches its own host alone', async () => {
    const json = await run(['check', '--format', 'json']);
    const text = await run(['check', '--no-cache']);
    const list = await run(['list', '--format', 'json', '--locked']);
    assertSilent({ json: json.stdout + json.stderr, text: text.stdout + text.stderr, list: list.stdout + list.stderr, ...cached() });
    for (const args of [
      ['check', '--format', 'sarif'],
      ['check', '--format', 'github'],
      ['sbom', '--format', 'cyclonedx'],
      ['sbom', '--format', 'spdx'],
    ]) {
      const { stdout, stderr } = await run(args);
      assertSilent({ [args.join(' ')]: stdout + stderr });
    }
    // A patch has the lines of the project's files as they stand; of the user's own secrets it has none.
    const patch = await run(['fix', '--pin', 'all', '--dry-run']);
    assert.match(patch.stdout, /^\+private-llm|"private-llm==1\.0\.0"|corp-llm==1\.0\.0/m, 'what its own index told was of use');
    assertSilent({ patch: patch.stdout + patch.stderr }, [
      'npmToken',
      'npmUserToken',
      'pipPassword',
      'netrcPassword',
      'uvPassword',
      'proxyPassword',
      'uvName',
    ]);
    assert.ok(Object.keys(cached()).length > 5, 'the cache was written');
    assertAtHome();
    // And they were of use: what only those hosts know was found there.
    const states = new Map(report(json).sources.map(({ id, state }) => [id, state]));
    for (const [kind, host] of [
      ['npm-registry', hosts.npm],
      ['npm-registry', hosts.named],
      ['pypi', hosts.pip],
      ['pypi', hosts.uv],
    ] as const)
      assert.equal(states.get(`${kind} (${at(host)})`), 'ok', JSON.stringify(report(json).sources));
  });

  it('is in anything where registries refuse them and fail', async () => {
    const modes: FakeRegistryMode[] = ['error', 'garbage', 'portal', 'truncated', 'reset'];
    for (const mode of modes) {
      for (const host of others()) host.mode = mode;
      const result = await run(['check', '--format', mode === 'portal' ? 'text' : 'json']);
      assertSilent({ [`${mode} stdout`]: result.stdout, [`${mode} stderr`]: result.stderr, ...cached() });
    }
    for (const host of others()) {
      host.mode = 'ok';
      host.authorization = 'Bearer another';
    }
    const refused = await run(['check', '--format', 'json']);
    assertSilent({ stdout: refused.stdout, stderr: refused.stderr, ...cached() });
    const { sources } = report(refused);
    for (const host of [hosts.npm, hosts.named]) {
      const source = sources.find(({ id }) => id === `npm-registry (${at(host)})`);
      assert.deepEqual([source?.state, /refuses the credentials/.test(source?.reason ?? '')], ['disabled', true]);
    }
    assertAtHome();
  });

  it('follows a redirect to another host', async () => {
    const moved = { status: 302, headers: { location: `${hosts.thief.url}/simple/corp-llm/` } };
    for (const host of others())
      host.answers = {
        '/simple/corp-llm/': moved,
        '/simple/litellm/': moved,
        '/simple/openai/': moved,
        '/@acme%2flangchain-a': moved,
        '/@proj%2flangchain-b': moved,
      };
    const result = await run(['check', '--format', 'json']);
    assertSilent({ stdout: result.stdout, stderr: result.stderr, ...cached() });
    assertAtHome();
  });

  it('is in anything that the server says, logs or shows, with its trace on', async () => {
    const { server } = await builtPrograms();
    const child = spawn(process.execPath, [server, '--stdio'], { env: { ...hermetic(), ...environment(hosts, folder) } });
    const said: Buffer[] = [];
    child.stderr.on('data', (data: Buffer) => said.push(data));
    const copy = new PassThrough();
    child.stdout.on('data', (data: Buffer) => {
      said.push(data);
      copy.write(data);
    });
    const ended = new Promise((resolve) => child.once('exit', resolve));
    const connection = createMessageConnection(new StreamMessageReader(copy), new StreamMessageWriter(child.stdin));
    let idle: () => void = () => undefined;
    connection.onNotification('merlon/status', ({ state }: { state: string }) => {
      if (state !== 'checking') idle();
    });
    connection.onRequest('client/registerCapability', () => null);
    connection.listen();
    const uri = (name: string) => pathToFileURL(path.join(cwd, name)).href;
    await connection.sendRequest('initialize', {
      processId: process.pid,
      rootUri: pathToFileURL(cwd).href,
      workspaceFolders: [{ uri: pathToFileURL(cwd).href, name: 'w' }],
      trace: 'verbose',
      initializationOptions: {
        feeds: { mode: 'online', osv: { url: withUserinfo(hosts.osv.url, planted.osvUrl) } },
        registries: { npm: hosts.open.url, pypi: withUserinfo(hosts.open.url, planted.pypiUrl) },
        http: { timeout: 1 },
      },
      capabilities: {
        textDocument: { hover: { contentFormat: ['markdown'] } },
        experimental: { merlonStatus: true, merlonDependencies: true },
      },
    });
    const settled = new Promise<void>((resolve) => (idle = resolve));
    await connection.sendNotification('initialized', {});
    await connection.sendNotification('$/setTrace', { value: 'verbose' });
    for (const name of ['requirements.txt', 'package.json', 'uv/pyproject.toml']) {
      const text = fs.readFileSync(path.join(cwd, name), 'utf8');
      await connection.sendNotification('textDocument/didOpen', { textDocument: { uri: uri(name), languageId: 'x', version: 1, text } });
    }
    await Promise.race([settled, new Promise((resolve) => setTimeout(resolve, 15_000))]);
    await connection.sendRequest('merlon/checkWorkspace');
    for (const name of ['requirements.txt', 'package.json', 'uv/pyproject.toml']) {
      const lines = fs.readFileSync(path.join(cwd, name), 'utf8').split('\n');
      for (const line of lines.keys()) {
        const columns = name === 'package.json' ? Array.from({ length: Math.ceil(lines[line]!.length / 7) }, (_, i) => i * 7) : [0, 20];
        for (const character of columns)
          await connection.sendRequest('textDocument/hover', { textDocument: { uri: uri(name) }, position: { line, character } });
      }
    }
    await connection.sendRequest('merlon/ledger');
    await connection.sendRequest('merlon/dependencies', {});
    await connection.sendRequest('shutdown');
    await connection.sendNotification('exit');
    await ended;
    connection.dispose();
    const text = Buffer.concat(said).toString();
    assert.match(text, /What leaves this machine/, 'the ledger was shown');
    assertSilent({ server: text, ...cached() });
    assertAtHome();
  });
});
