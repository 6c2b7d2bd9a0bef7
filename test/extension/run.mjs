// node test/extension/run.mjs [--vsix FILE]: the suites of host/ in a real VS Code's extension host, on a copy of workspace/.
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { root } from '../../scripts/process.mjs';
import { buildSuites } from './build.mjs';
import { runInDesktop } from './desktop.mjs';
import { desktop, report, served } from './runner.mjs';
import { runInServed } from './served.mjs';

/** Knowledge that is bundled alone: no test asks the network. Both are machine-scoped, so they stand in the user's settings. */
const settings = { 'merlon.feeds.mode': 'local', 'merlon.http.timeout': 5 };

const at = process.argv.indexOf('--vsix');
const vsix = at < 0 ? undefined : path.resolve(process.argv[at + 1]);
process.exit(await main());

async function main() {
  const suites = await buildSuites();
  const where = vsix ? { reason: 'a packaged extension is tried in a served VS Code' } : await desktop();
  let run;
  if (where.executable) {
    run = (options) => runInDesktop({ ...options, executable: where.executable });
  } else {
    const why = served().reason;
    if (why) return report({ skipped: 1, reason: `extension-host tests: ${where.reason}; ${why}` });
    run = (options) => runInServed({ ...options, vsix });
  }
  const total = { passed: 0, failed: 0, skipped: 0 };
  for (const suite of ['main', 'restricted']) {
    const counts = await withWorkspace((folder, home) =>
      run({
        suite: path.join(suites, `${suite}.js`),
        folder,
        settings,
        trust: suite === 'restricted',
        env: { MERLON_CACHE_DIR: path.join(home, 'cache') },
        home,
      }),
    );
    for (const key of Object.keys(total)) total[key] += counts[key];
  }
  return report(total);
}

async function withWorkspace(use) {
  const home = fs.mkdtempSync(path.join(os.tmpdir(), 'merlon-host-'));
  const folder = path.join(home, 'workspace');
  fs.cpSync(path.join(root, 'test/extension/workspace'), folder, { recursive: true });
  try {
    return await use(folder, home);
  } finally {
    fs.rmSync(home, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
  }
}
