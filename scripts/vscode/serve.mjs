// VS Code's own server on 127.0.0.1, with data, extensions and settings of its own. Nothing of the user's is touched.
import { execFileSync, spawn } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { cleanEnvironment } from '../process.mjs';
import { serverMain, serverNode } from './install.mjs';

/** No look-up of extensions elsewhere: the tests need none, and nothing should leave the machine unasked. */
const noGallery = { EXTENSIONS_GALLERY: '{"serviceUrl":""}' };

const quiet = {
  'telemetry.telemetryLevel': 'off',
  'update.mode': 'none',
  'update.showReleaseNotes': false,
  'extensions.autoUpdate': false,
  'extensions.autoCheckUpdates': false,
  'extensions.ignoreRecommendations': true,
  'workbench.startupEditor': 'none',
  'workbench.tips.enabled': false,
  'workbench.enableExperiments': false,
  'workbench.welcomePage.walkthroughs.openOnInstall': false,
  'workbench.secondarySideBar.defaultVisibility': 'hidden',
  'chat.disableAIFeatures': true,
  'chat.commandCenter.enabled': false,
  'security.workspace.trust.enabled': false,
  'json.schemaDownload.enable': false,
  'npm.fetchOnlinePackageInfo': false,
  'git.enabled': false,
  'editor.minimap.enabled': false,
  'editor.cursorBlinking': 'solid',
  'files.autoSave': 'off',
  'window.commandCenter': false,
  'typescript.disableAutomaticTypeAcquisition': true,
};

/**
 * Starts it. `settings` are the user's; those that are machine-scoped are read from the machine's file, so both get them.
 * → where it listens, and how to end it.
 */
export async function serveVscode({ settings = {}, env = {}, vsix, trust = false, automation = false, port = 0, token } = {}) {
  const home = fs.mkdtempSync(path.join(os.tmpdir(), 'merlon-code-'));
  // Sockets lie here, and a socket's path has 107 characters at most.
  const temporary = path.join(home, 't');
  const extensions = path.join(home, 'extensions');
  fs.mkdirSync(temporary, { recursive: true });
  fs.mkdirSync(extensions, { recursive: true });
  const all = JSON.stringify({
    ...quiet,
    ...(trust && { 'security.workspace.trust.enabled': true, 'security.workspace.trust.startupPrompt': 'never' }),
    ...settings,
  });
  for (const place of ['user-data/User', 'user-data/Machine']) {
    fs.mkdirSync(path.join(home, place), { recursive: true });
    fs.writeFileSync(path.join(home, place, 'settings.json'), all);
  }
  const places = [
    '--extensions-dir',
    extensions,
    '--user-data-dir',
    path.join(home, 'user-data'),
    '--server-data-dir',
    path.join(home, 'server-data'),
  ];
  const environment = { ...cleanEnvironment(), ...noGallery, TMPDIR: temporary, XDG_RUNTIME_DIR: temporary, ...env };
  const always = [...places, '--accept-server-license-terms', '--telemetry-level', 'off'];
  if (vsix)
    execFileSync(serverNode, [serverMain, '--install-extension', vsix, '--force', ...always], {
      env: environment,
      stdio: 'pipe',
      encoding: 'utf8',
    });

  const options = ['--host', '127.0.0.1', '--port', String(port), '--disable-telemetry', '--disable-update-check'];
  const switches = ['--disable-getting-started-override', '--disable-experiments'];
  // Without the smoke-test driver the workbench ignores the paths of extensions under development and of their tests, without a word.
  if (automation) switches.push('--enable-smoke-test-driver');
  switches.push(...(token ? ['--connection-token', token] : ['--without-connection-token']));
  if (!trust) switches.push('--disable-workspace-trust');
  const child = spawn(serverNode, [serverMain, ...always, ...options, ...switches], {
    env: environment,
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  });
  const end = (signal) => {
    try {
      process.kill(-child.pid, signal);
    } catch {
      // It is gone already.
    }
  };
  const onExit = () => end('SIGKILL');
  process.on('exit', onExit);
  let output = '';
  const listening = new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(`VS Code did not start\n${output}`)), 60_000);
    const read = (bytes) => {
      output = (output + bytes).slice(-20_000);
      const found = /Extension host agent listening on (\d+)/.exec(output);
      if (found) {
        clearTimeout(timer);
        resolve(Number(found[1]));
      }
    };
    child.stdout.on('data', read);
    child.stderr.on('data', read);
    child.on('exit', (code) => reject(new Error(`VS Code ended with ${code}\n${output}`)));
  });
  const gone = new Promise((resolve) => child.once('exit', resolve));
  const stop = async () => {
    end('SIGTERM');
    const timer = setTimeout(() => end('SIGKILL'), 5000);
    await gone;
    clearTimeout(timer);
    process.off('exit', onExit);
    fs.rmSync(home, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
  };
  try {
    const authority = `127.0.0.1:${await listening}`;
    return {
      authority,
      home,
      stop,
      output: () => output,
      /** The address of a folder in it; `payload` are pairs for the workbench. */
      url: (folder, payload = []) =>
        `http://${authority}/?${token ? `tkn=${token}&` : ''}folder=${encodeURIComponent(folder)}` +
        (payload.length ? `&payload=${encodeURIComponent(JSON.stringify(payload))}` : ''),
      /** A path of this machine as the workbench names it. */
      remote: (place) => `vscode-remote://${authority}${place}`,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}
