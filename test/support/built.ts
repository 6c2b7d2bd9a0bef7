import { spawn } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';

export interface BuiltPrograms {
  readonly cli: string;
  readonly server: string;
  /** Of worker threads. */
  readonly worker: string;
}

const root = process.env.MERLON_ROOT ?? process.cwd();
let built: Promise<BuiltPrograms> | undefined;

/**
 * The programs as they ship, built from the sources as they stand: what lies in dist/ may be older. Built once for all
 * tests of a run, into a folder that goes with it. Call it in a `before` hook: it takes some seconds.
 */
export function builtPrograms(): Promise<BuiltPrograms> {
  return (built ??= build());
}

async function build(): Promise<BuiltPrograms> {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'merlon-built-'));
  process.once('exit', () => fs.rmSync(folder, { recursive: true, force: true }));
  const child = spawn(process.execPath, [path.join(root, 'scripts', 'build.mjs'), '--out', folder], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const said: string[] = [];
  child.stdout.on('data', (data: Buffer) => said.push(String(data)));
  child.stderr.on('data', (data: Buffer) => said.push(String(data)));
  const code = await new Promise((resolve, reject) => child.once('error', reject).once('close', resolve));
  if (code !== 0) throw new Error(`the build ended with ${String(code)}:\n${said.join('')}`);
  return { cli: path.join(folder, 'cli.js'), server: path.join(folder, 'server.js'), worker: path.join(folder, 'worker.js') };
}
