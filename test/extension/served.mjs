import fs from 'node:fs';
import path from 'node:path';
import { format } from 'node:util';
import { root } from '../../scripts/process.mjs';
import { startBrowser } from '../../scripts/vscode/chromium.mjs';
import { serveVscode } from '../../scripts/vscode/serve.mjs';
import { readResult, resultFiles } from './results.mjs';

/** One suite in the extension host of a served VS Code, opened by a Chromium. */
export async function runInServed({ suite, folder, settings, trust, env, home, vsix, timeoutMs = 300_000 }) {
  const server = await serveVscode({ settings, trust, vsix, automation: true, env: { ...env, ...resultFiles(home) } });
  const log = [];
  let browser;
  let code = 1;
  try {
    const started = await startBrowser();
    browser = started.browser;
    const { page } = started;
    let ended;
    const exit = new Promise((resolve) => (ended = resolve));
    await page.exposeFunction('codeAutomationLog', (type, args) => void log.push(`[${type}] ${format(...args)}`));
    await page.exposeFunction('codeAutomationExit', (status) => ended(status));
    page.on('crash', () => ended(1));
    const timer = setTimeout(() => {
      log.push(`no result in ${timeoutMs} ms`);
      ended(1);
    }, timeoutMs);
    // Tests run only where an extension is under development: beside an installed VSIX that is an empty one.
    const development = vsix ? emptyExtension(home) : root;
    await page.goto(
      server.url(folder, [
        ['skipWelcome', 'true'],
        ['extensionDevelopmentPath', server.remote(development)],
        ['extensionTestsPath', server.remote(suite)],
      ]),
    );
    code = await exit;
    clearTimeout(timer);
  } catch (error) {
    log.push(String(error?.stack ?? error));
  } finally {
    await browser?.close().catch(() => {});
    await server.stop();
  }
  return readResult(home, code, `${log.slice(-60).join('\n')}\n${server.output()}`);
}

function emptyExtension(home) {
  const folder = path.join(home, 'empty');
  fs.mkdirSync(folder, { recursive: true });
  fs.writeFileSync(
    path.join(folder, 'package.json'),
    '{"name":"empty","publisher":"empty","version":"0.0.1","engines":{"vscode":"^1.100.0"}}',
  );
  return folder;
}
