// npm start [-- --no-open]: installs, builds, checks examples/, and opens VS Code on them with the extension running.
import { spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { cleanEnvironment, ensureInstalled, root, runNode } from './process.mjs';

const examples = path.join(root, 'examples');
const cli = path.join(root, 'dist/cli.js');

ensureInstalled(console.log);
if (runNode([path.join(root, 'scripts/build.mjs')]) !== 0) process.exit(1);
check();
if (process.stdout.isTTY && !process.argv.includes('--no-open')) await openEditor();
else
  console.log(
    '\nTo open VS Code on examples/ with the extension running: npm start in a terminal, without --no-open.\nIn VS Code itself: open this folder and press F5.',
  );

/** Whatever the check finds is what the examples are for, so its exit code is not ours. */
function check() {
  const arguments_ = ['check', 'examples'];
  const offline = unreachable(arguments_);
  if (offline) console.log(`OSV cannot be reached (${offline}), so this is checked with --offline, by what Merlon brings along.`);
  console.log(`\n$ merlon ${arguments_.join(' ')}${offline ? ' --offline' : ''}\n`);
  runNode([cli, ...arguments_, ...(offline ? ['--offline'] : [])]);
}

/** Why the first request got no answer; `undefined` where one came. What was answered is in the cache then. */
function unreachable(args) {
  const result = spawnSync(process.execPath, [cli, ...args, '--format', 'json', '--no-registries'], {
    cwd: root,
    encoding: 'utf8',
    maxBuffer: 1 << 28,
  });
  try {
    const osv = JSON.parse(result.stdout).sources.find((source) => source.id === 'osv');
    return osv?.state === 'unavailable' ? (osv.reason ?? 'no answer') : undefined;
  } catch {
    return undefined;
  }
}

async function openEditor() {
  const display = process.platform !== 'linux' || process.env.DISPLAY || process.env.WAYLAND_DISPLAY;
  const shell = process.platform === 'win32';
  if (display && spawnSync('code', ['--version'], { shell, stdio: 'ignore' }).status === 0) {
    console.log('\nOpening VS Code on examples/ …');
    const quote = (text) => (shell ? `"${text}"` : text);
    const result = spawnSync('code', ['--new-window', quote(`--extensionDevelopmentPath=${root}`), quote(examples)], {
      shell,
      stdio: 'inherit',
      env: cleanEnvironment(),
    });
    if (result.status === 0) return;
  }
  const { installVscode, unservable } = await import('./vscode/install.mjs');
  const why = unservable();
  if (why) {
    console.log(`\nThere is no \`code\` on the PATH, and ${why}.\nOpen this folder in VS Code and press F5.`);
    return;
  }
  await serve(installVscode);
}

async function serve(installVscode) {
  const { serveVscode } = await import('./vscode/serve.mjs');
  installVscode(console.log);
  if (runNode([path.join(root, 'scripts/package.mjs')]) !== 0) process.exit(1);
  const { version } = JSON.parse(fs.readFileSync(path.join(root, 'package.json'), 'utf8'));
  // It offers a terminal on this machine, so only who knows the token gets in.
  const token = randomBytes(16).toString('hex');
  const server = await serveVscode({ vsix: path.join(root, `merlon-${version}.vsix`), token });
  console.log(`\nVS Code on examples/, with Merlon: ${server.url(examples)}\nCtrl+C ends it.`);
  await new Promise((resolve) => ['SIGINT', 'SIGTERM', 'SIGHUP'].forEach((signal) => process.once(signal, resolve)));
  await server.stop();
  process.exit(0);
}
