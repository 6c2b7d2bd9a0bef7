// What the scripts share. Node's built-ins alone: they run before anything is installed.
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';

export const root = path.resolve(import.meta.dirname, '..');

/** npm as a command line that needs no shell: the npm that runs this script, or the one on the PATH. */
export function npmCommand() {
  const running = process.env.npm_execpath;
  if (running && /npm-cli\.c?js$/.test(running)) return [process.execPath, running];
  const beside = [
    path.join(path.dirname(process.execPath), 'node_modules/npm/bin/npm-cli.js'),
    path.join(path.dirname(process.execPath), '../lib/node_modules/npm/bin/npm-cli.js'),
  ].find((file) => fs.existsSync(file));
  return beside ? [process.execPath, beside] : ['npm'];
}

/** The environment without what `npm run` adds, which would steer an npm or a VS Code started from here. */
export function cleanEnvironment() {
  const added =
    /^(npm_(package|lifecycle)_|npm_config_(global|location|local_prefix|ignore_scripts|prefix|noproxy|omit)$|VSCODE_|ELECTRON_)/i;
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !added.test(name)));
}

/** Installs the packages that the lockfile names, where that has not been done for this very lockfile. */
export function ensureInstalled(say = console.error) {
  const lock = path.join(root, 'package-lock.json');
  const installed = path.join(root, 'node_modules/.package-lock.json');
  if (fs.existsSync(installed) && sameLock(lock, installed)) return;
  say('Installing packages (npm ci) …');
  const [command, ...first] = npmCommand();
  const result = spawnSync(command, [...first, 'ci', '--loglevel=error'], { cwd: root, stdio: ['ignore', 2, 2], env: cleanEnvironment() });
  if (result.status !== 0) throw new Error(`npm ci failed${result.error ? `: ${result.error.message}` : ''}`);
}

/** npm writes what it installed to node_modules/.package-lock.json: optional packages of other platforms are left out of it. */
function sameLock(lock, installed) {
  const wanted = JSON.parse(fs.readFileSync(lock, 'utf8')).packages;
  const there = JSON.parse(fs.readFileSync(installed, 'utf8')).packages;
  return Object.entries(wanted).every(
    ([place, entry]) => place === '' || (there[place] ? there[place].version === entry.version : entry.optional || entry.peer),
  );
}

/** Runs a program of this repository, its output passed through. → exit code */
export function run(command, args, options = {}) {
  const result = spawnSync(command, args, { cwd: root, stdio: 'inherit', ...options });
  if (result.error) console.error(`${command}: ${result.error.message}`);
  return result.status ?? 1;
}

/** Runs one of our scripts, or a package's, with this Node. → exit code */
export function runNode(args, options) {
  return run(process.execPath, args, options);
}
