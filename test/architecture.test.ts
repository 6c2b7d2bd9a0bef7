import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';

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

function ecosystemOf(file: string): string | undefined {
  return /^ecosystems\/([^/]+)\/[^/]/.exec(file)?.[1];
}

function withoutComments(text: string): string {
  return text.replace(/\/\*[\s\S]*?\*\/|\/\/.*$/gm, '');
}
