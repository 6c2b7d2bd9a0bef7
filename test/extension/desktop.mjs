import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { cleanEnvironment, root } from '../../scripts/process.mjs';
import { readResult, resultFiles } from './results.mjs';

/** One suite in a desktop VS Code with a user's folder of its own. */
export async function runInDesktop({ executable, suite, folder, settings, trust, env, home }) {
  const { runTests } = await import('@vscode/test-electron');
  const user = path.join(home, 'user');
  fs.mkdirSync(path.join(user, 'User'), { recursive: true });
  const trusting = { 'security.workspace.trust.enabled': trust, 'security.workspace.trust.startupPrompt': 'never' };
  fs.writeFileSync(
    path.join(user, 'User/settings.json'),
    JSON.stringify({ ...settings, ...trusting, 'git.enabled': false, 'telemetry.telemetryLevel': 'off' }),
  );
  const launchArgs = [folder, '--user-data-dir', user, '--extensions-dir', path.join(home, 'extensions'), '--disable-extensions'];
  const options = { extensionDevelopmentPath: root, extensionTestsPath: suite, launchArgs };
  const environment = { ...cleanEnvironment(), ...env, ...resultFiles(home) };
  try {
    const code = trust
      ? start(executable, options, environment)
      : await runTests({ vscodeExecutablePath: executable, ...options, extensionTestsEnv: environment });
    return readResult(home, code);
  } catch (error) {
    return readResult(home, 1, String(error));
  }
}

/** runTests always switches workspace trust off, so a suite about trust is started by hand, as it does otherwise. */
function start(executable, { extensionDevelopmentPath, extensionTestsPath, launchArgs }, env) {
  const paths = [`--extensionDevelopmentPath=${extensionDevelopmentPath}`, `--extensionTestsPath=${extensionTestsPath}`];
  const switches = ['--no-sandbox', '--disable-gpu-sandbox', '--disable-updates', '--skip-welcome', '--skip-release-notes'];
  const { status, error } = spawnSync(executable, [...launchArgs, ...switches, ...paths], { env, stdio: 'inherit', timeout: 300_000 });
  if (error) throw error;
  return status ?? 1;
}
