import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import type * as Esbuild from 'esbuild';
import type { BuildOptions } from 'esbuild';

// Holds the house as ARCHITECTURE.md describes it: who may import whom, who may do I/O, how long a file may be.

const root = process.env.MERLON_ROOT ?? process.cwd();
const source = path.join(root, 'server', 'src');

/** Folder → what it may import of the server, beside itself. Libraries that do I/O are named below. */
const mayImport: Readonly<Record<string, readonly string[]>> = {
  core: [],
  syntax: ['core'],
  traces: ['core', 'syntax'],
  ecosystems: ['core', 'syntax'],
  advisories: ['core'],
  fixes: ['core'],
  offline: ['core', 'advisories'],
  provenance: ['core'],
  feeds: ['core', 'advisories', 'offline'],
  checks: ['core', 'fixes'],
  policy: ['core', 'syntax'],
  scan: ['core', 'policy', 'advisories'],
  render: ['core'],
  platform: ['core'],
  session: ['core', 'policy', 'scan', 'ecosystems', 'traces', 'offline', 'provenance', 'feeds', 'checks', 'fixes', 'platform'],
  cli: ['core', 'policy', 'scan', 'ecosystems', 'offline', 'feeds', 'checks', 'fixes', 'render', 'platform', 'session', 'lsp'],
  lsp: ['core', 'policy', 'scan', 'ecosystems', 'feeds', 'checks', 'fixes', 'render', 'platform', 'session', 'cli'],
};

/** Siblings that know nothing of each other: one new check or feed touches no other. */
const siblings: readonly string[] = ['checks', 'feeds'];

const doesIo: ReadonlySet<string> = new Set(['platform', 'cli', 'lsp']);
const ioModules = /^(node:)?(fs|net|http|https|http2|dns|tls|dgram|child_process|worker_threads|process|os|cluster|vm)(\/|$)/;
const ioLibraries: ReadonlySet<string> = new Set([
  'node-fetch',
  'http-proxy-agent',
  'https-proxy-agent',
  'proxy-from-env',
  'registry-url',
  'registry-auth-token',
  'ini',
  'ignore',
]);

interface SourceFile {
  readonly file: string;
  readonly folder: string;
  readonly text: string;
  readonly imports: readonly string[];
}

function sourceFiles(folder: string): SourceFile[] {
  return fs.readdirSync(folder, { withFileTypes: true, recursive: true }).flatMap((entry) => {
    if (!entry.isFile() || !entry.name.endsWith('.ts')) return [];
    const file = path.relative(source, path.join(entry.parentPath, entry.name)).split(path.sep).join('/');
    const text = fs.readFileSync(path.join(source, file), 'utf8');
    const imports = [
      ...text.matchAll(/(?:^|\n)\s*(?:import|export)[^;'"]*?from\s+'([^']+)'|import\('([^']+)'\)|(?:^|\n)import '([^']+)'/g),
    ].map((match) => match[1] ?? match[2] ?? match[3]!);
    return [{ file, folder: file.split('/')[0]!, text, imports }];
  });
}

describe('architecture', () => {
  const files = sourceFiles(source);

  it('sees the files', () => assert.ok(files.length > 60, `${files.length} files`));

  it('keeps to the import table', () => {
    const faults: string[] = [];
    for (const { file, folder, imports } of files) {
      for (const target of imports.filter((name) => name.startsWith('.'))) {
        const resolved = path.posix.join(path.posix.dirname(file), target);
        if (resolved.startsWith('../data/')) {
          if (folder === 'core') faults.push(`${file} → ${target}`);
          continue;
        }
        if (resolved === '../../package.json') continue;
        const other = resolved.split('/')[0]!;
        if (other === folder) {
          const apart = siblings.includes(folder) && !file.endsWith('/index.ts') && path.posix.dirname(resolved) === folder;
          const ecosystem =
            folder === 'ecosystems' &&
            ecosystemOf(file) !== undefined &&
            ecosystemOf(resolved) !== undefined &&
            ecosystemOf(file) !== ecosystemOf(resolved);
          if (apart || ecosystem) faults.push(`${file} → ${target}`);
        } else if (!mayImport[folder]?.includes(other)) faults.push(`${file} → ${target}`);
      }
    }
    assert.deepEqual(faults, []);
  });

  it('does I/O in platform, cli and lsp alone', () => {
    const faults = files
      .filter(({ folder }) => !doesIo.has(folder))
      .flatMap(({ file, imports }) =>
        imports.filter((name) => ioModules.test(name) || ioLibraries.has(name)).map((name) => `${file} → ${name}`),
      );
    const globals = files.filter(
      ({ folder, text }) => !doesIo.has(folder) && /(^|[^.\w'"`])(process\.|fetch\()/m.test(withoutComments(text)),
    );
    assert.deepEqual([...faults, ...globals.map(({ file }) => file)], []);
  });

  it('opens connections in platform/http.ts alone', () => {
    const network = /^(node:)?(net|http|https|http2|tls|dgram|dns)(\/|$)|^node-fetch$|proxy-agent$/;
    const faults = files.filter(
      ({ file, imports }) => !/^platform\/(http|proxy)\.ts$/.test(file) && imports.some((name) => network.test(name)),
    );
    assert.deepEqual(
      faults.map(({ file }) => file),
      [],
    );
  });

  it('sends in one place of platform/http.ts, under the eyes of the ledger', () => {
    const http = withoutComments(files.find(({ file }) => file === 'platform/http.ts')!.text);
    const calls = [...http.matchAll(/\bfetch\(/g)].map(({ index }) => index);
    assert.equal(calls.length, 1);
    assert.match(http.slice(0, calls[0]), /task\.note\([^\n]*\n[^\n]*$/);
    assert.equal([...http.matchAll(/ledger\.begin\(/g)].length, 1);
  });

  it('ships no library that opens a connection by itself', async function () {
    this.timeout(60_000);
    const found = new Set<string>();
    const users = new Set<string>();
    for (const entry of ['server/src/lsp/main.ts', 'server/src/cli/main.ts', 'client/src/extension.ts']) {
      for (const { file, imports, text } of await bundled(entry)) {
        const modules = imports.filter(({ external, path: name }) => external && opens.test(name));
        if (modules.length || asks.test(withoutComments(text))) found.add(file);
        if (imports.some(({ path: name }) => /node_modules\/(node-fetch|agent-base|https?-proxy-agent)\//.test(name))) users.add(file);
      }
    }
    assert.deepEqual([...found].sort(), mayOpen);
    assert.deepEqual([...users].filter((file) => !file.startsWith('node_modules/')).sort(), [
      'server/src/platform/http.ts',
      'server/src/platform/proxy.ts',
    ]);
    // Of the libraries nobody but those that are made for it.
    assert.deepEqual(
      [...users].filter((file) => !/^(server|node_modules\/(node-fetch|agent-base|https?-proxy-agent))\//.test(file)),
      [],
    );
  });

  it('starts no program and evaluates no text', () => {
    const faults = files.filter(
      ({ text, imports }) =>
        imports.some((name) => /child_process|^(node:)?vm$/.test(name)) || /\beval\(|new Function\(/.test(withoutComments(text)),
    );
    assert.deepEqual(
      faults.map(({ file }) => file),
      [],
    );
  });

  it('knows vscode-languageserver in lsp alone', () => {
    const faults = files.filter(
      ({ folder, imports }) => folder !== 'lsp' && imports.some((name) => /^vscode-languageserver(\/|$)/.test(name)),
    );
    assert.deepEqual(
      faults.map(({ file }) => file),
      [],
    );
  });

  it('lets the client know of the server its typed messages alone', () => {
    const client = path.join(root, 'client', 'src');
    for (const name of fs.readdirSync(client)) {
      const text = fs.readFileSync(path.join(client, name), 'utf8');
      const targets = [...text.matchAll(/from '([^']*server\/src[^']*)'/g)].map((match) => match[1]!);
      assert.deepEqual(
        targets.filter((target) => !target.endsWith('server/src/lsp/messages')),
        [],
        name,
      );
    }
  });

  it('has no file over 400 lines', () => {
    assert.deepEqual(
      files.filter(({ text }) => text.split('\n').length > 400).map(({ file }) => file),
      [],
    );
  });

  it('has fresh generated files', () => {
    execFileSync(process.execPath, [path.join(root, 'scripts', 'generate.mjs'), '--check'], { cwd: root, stdio: 'pipe' });
  });
});

/** Modules of Node by which a connection can be opened, or a program started that does. */
const opens = /^(node:)?(net|http|https|http2|tls|dgram|dns|child_process|cluster|inspector)(\/|$)/;
/** Globals that ask the network. */
const asks = /(?<![.\w$#'"-])(fetch|WebSocket|EventSource|XMLHttpRequest)\s*\(|globalThis\.(fetch|WebSocket|EventSource)/;

/** Who, of all that is in the three programs, could open a connection, and why that is well. */
const mayOpen = [
  // The agents of proxy.ts.
  'node_modules/agent-base/dist/helpers.js',
  'node_modules/agent-base/dist/index.js',
  'node_modules/http-proxy-agent/dist/index.js',
  'node_modules/https-proxy-agent/dist/index.js',
  // What http.ts sends with.
  'node_modules/node-fetch/src/headers.js',
  'node_modules/node-fetch/src/index.js',
  'node_modules/node-fetch/src/utils/referrer.js',
  // Pipes and sockets between an editor and its server, where the editor asks for them; the editor's side starts the server.
  'node_modules/vscode-jsonrpc/lib/node/main.js',
  'node_modules/vscode-languageclient/lib/node/main.js',
  'node_modules/vscode-languageclient/lib/node/processes.js',
  'node_modules/vscode-languageserver/lib/node/files.js',
  'server/src/platform/http.ts',
  'server/src/platform/proxy.ts',
];

interface Bundled {
  readonly file: string;
  readonly imports: readonly { readonly path: string; readonly external?: boolean }[];
  readonly text: string;
}

/** The files of which something is in a program, as it is built to ship. */
async function bundled(entry: string): Promise<Bundled[]> {
  // It finds its program beside itself, so that it cannot be part of the bundle of tests.
  const { build } = createRequire(path.join(root, 'package.json'))('esbuild') as typeof Esbuild;
  const { common } = (await import(pathToFileURL(path.join(root, 'scripts', 'esbuild.mjs')).href)) as { common: BuildOptions };
  const own = { absWorkingDir: root, entryPoints: [entry], outfile: 'program.js', write: false, sourcemap: false };
  const { metafile } = await build({ ...common, ...own, metafile: true as const });
  const used = Object.values(metafile.outputs).flatMap(({ inputs }) => Object.keys(inputs));
  return used
    .filter((file) => !/^merlon:|\.json$/.test(file))
    .map((file) => ({ file, imports: metafile.inputs[file]!.imports, text: fs.readFileSync(path.join(root, file), 'utf8') }));
}

function ecosystemOf(file: string): string | undefined {
  return /^ecosystems\/([^/]+)\/[^/]/.exec(file)?.[1];
}

function withoutComments(text: string): string {
  return text.replace(/\/\*[\s\S]*?\*\/|\/\/.*$/gm, '');
}
