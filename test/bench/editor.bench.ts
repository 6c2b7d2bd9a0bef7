import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { startLspClient } from '../support/lspClient';
import { percentiles, row } from './figures';

// The keystroke path: 1,000 declarations in one open file, one character changed, from didChange to publishDiagnostics, over
// stdio as an editor sees it; then what a cold start costs. Local knowledge only, so that no network is in the figures.

const keystrokes = 200;
const declarations = 1000;

const files: Readonly<Record<string, (typed: string) => string>> = {
  'requirements.txt': (typed) => `${lines((n) => `package-${n}>=1.${n % 40},<3`).join('\n')}\nlitellm==1.82.${typed}\n`,
  'pyproject.toml': (typed) =>
    `[project]\nname = "x"\ndependencies = [\n${lines((n) => `  "langchain-${n}>=1.${n % 40},<3",`).join('\n')}\n  "litellm==1.82.${typed}",\n]\n`,
  'package.json': (typed) =>
    `{\n  "dependencies": {\n${lines((n) => `    "package-${n}": "^1.${n % 40}.0",`).join('\n')}\n    "axios": "1.14.${typed}"\n  }\n}\n`,
};

function lines(line: (n: number) => string): string[] {
  return Array.from({ length: declarations - 1 }, (_, n) => line(n));
}

async function main(): Promise<void> {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'merlon-bench-'));
  console.log(`keystroke: didChange to publishDiagnostics, ${declarations} declarations, ${keystrokes} keystrokes a file`);
  for (const [name, textOf] of Object.entries(files)) {
    const client = await startLspClient({
      initializationOptions: { feeds: { mode: 'local' } },
      env: { MERLON_CACHE_DIR: path.join(folder, 'cache') },
    });
    const uri = pathToFileURL(path.join(folder, name)).href;
    client.open(uri, textOf('1'));
    await client.diagnostics(uri);
    const taken: number[] = [];
    for (let n = 0; n < keystrokes + 20; n++) {
      const version = n + 2;
      const started = performance.now();
      client.change(uri, version, textOf(String(n % 10)));
      await client.diagnostics(uri, (_, published) => published === version);
      if (n >= 20) taken.push(performance.now() - started);
    }
    const asked = { textDocument: { uri } };
    const typed = textOf('9').split('\n');
    const line = typed.findIndex((text) => text.includes('.9"') || text.includes('.82.9'));
    const questions: Readonly<Record<string, object>> = {
      'textDocument/inlayHint': { ...asked, range: { start: { line: 0, character: 0 }, end: { line: declarations + 9, character: 0 } } },
      'textDocument/codeLens': asked,
      'textDocument/completion': { ...asked, position: { line, character: typed[line]!.lastIndexOf('9') } },
    };
    const answered: string[] = [];
    for (const [method, params] of Object.entries(questions)) {
      const times: number[] = [];
      for (let n = 0; n < 30; n++) {
        const started = performance.now();
        await client.request(method, params);
        times.push(performance.now() - started);
      }
      answered.push(`${method.replace('textDocument/', '')} ${times.toSorted((a, b) => a - b)[15]!.toFixed(1)} ms`);
    }
    row(name, `${percentiles(taken)}  server ${residentMiB(client.pid)} MiB resident`);
    row('', `beside it, p50: ${answered.join(', ')}`);
    await client.stop();
  }

  const workspace = path.join(folder, 'workspace');
  fs.mkdirSync(workspace);
  for (const [name, textOf] of Object.entries(files)) fs.writeFileSync(path.join(workspace, name), textOf('7'));
  const cold: number[] = [];
  for (let n = 0; n < 5; n++) {
    const started = performance.now();
    const client = await startLspClient({ folders: [pathToFileURL(workspace).href], initializationOptions: { feeds: { mode: 'local' } } });
    await client.diagnostics(pathToFileURL(path.join(workspace, 'requirements.txt')).href, (diagnostics) => diagnostics.length > 0);
    cold.push(performance.now() - started);
    await client.stop();
  }
  console.log('start: from starting the server to the first diagnostics of a closed file');
  row('three files', percentiles(cold));
  fs.rmSync(folder, { recursive: true, force: true });
}

function residentMiB(pid: number): number | string {
  try {
    return Math.round(Number(/VmRSS:\s+(\d+)/.exec(fs.readFileSync(`/proc/${pid}/status`, 'utf8'))![1]) / 1024);
  } catch {
    return '?';
  }
}

void main();
