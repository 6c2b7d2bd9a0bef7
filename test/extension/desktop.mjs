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
  let code = 0;
  let log = '';
  try {
    code = await runTests({
      vscodeExecutablePath: executable,
      extensionDevelopmentPath: root,
      extensionTestsPath: suite,
      launchArgs: [
        folder,
        '--user-data-dir',
        user,
        '--extensions-dir',
        path.join(home, 'extensions'),
        '--disable-extensions',
        ...(trust ? [] : ['--disable-workspace-trust']),
      ],
      extensionTestsEnv: { ...cleanEnvironment(), ...env, ...resultFiles(home) },
    });
  } catch (error) {
    code = 1;
    log = String(error);
  }
  return readResult(home, code, log);
}
