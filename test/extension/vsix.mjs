// node test/extension/vsix.mjs [FILE.vsix] [STORY…] [--pictures]: installs it into a fresh VS Code, uses it as a person does, story by
// story (stories/), and takes the pictures of README.md and docs/: into out/pictures, with --pictures into media/.
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { root } from '../../scripts/process.mjs';
import { startBrowser } from '../../scripts/vscode/chromium.mjs';
import { serveVscode } from '../../scripts/vscode/serve.mjs';
import { startLoopback } from './loopback.mjs';
import { countedSteps, report, served } from './runner.mjs';
import { stories } from './stories/index.mjs';
import { workbench } from './workbench.mjs';

const { version } = JSON.parse(fs.readFileSync(path.join(root, 'package.json'), 'utf8'));
const vsix = path.resolve(root, process.argv.slice(2).find((name) => name.endsWith('.vsix')) ?? `merlon-${version}.vsix`);
const pictures = path.join(root, process.argv.includes('--pictures') ? 'media' : 'out/pictures');
const names = process.argv.slice(2).filter((name) => !name.startsWith('-') && !name.endsWith('.vsix'));
const wanted = names.length ? stories.filter(({ folder }) => names.includes(folder)) : stories;
process.exit(await main());

async function main() {
  const why = served().reason;
  if (why) return report({ skipped: 1, reason: `test of the packaged extension: ${why}` });
  fs.mkdirSync(pictures, { recursive: true });
  const first = await attempt();
  if (!first.failed) return report(first);
  // A browser that is driven from outside may miss a key on a busy machine. What is really broken fails twice.
  console.log('  once more, in a fresh VS Code');
  return report(await attempt());
}

async function attempt() {
  const home = fs.mkdtempSync(path.join(os.tmpdir(), 'merlon-vsix-'));
  const loopback = await startLoopback();
  const server = await serveVscode({
    vsix,
    settings: {
      'merlon.feeds.osv.url': loopback.url,
      'merlon.feeds.osv.dump': `${loopback.url}/osv`,
      'merlon.registries.pypi': loopback.url,
      'merlon.registries.npm': loopback.url,
      'editor.fontSize': 15,
      'editor.lineHeight': 24,
      'editor.hover.delay': 100,
      'editor.hover.above': false,
      'editor.occurrencesHighlight': 'off',
      'breadcrumbs.enabled': false,
      'workbench.activityBar.location': 'hidden',
      'workbench.colorTheme': 'Default Dark Modern',
    },
    env: { MERLON_CACHE_DIR: path.join(home, 'cache') },
  });
  const { browser, page } = await startBrowser({ width: 1000, height: 560 });
  const { counts, step: take } = countedSteps();
  const step = async (name, action) => {
    if (await take(name, action)) return;
    await page.screenshot({ path: path.join(root, 'out/failure.png') }).catch(() => {});
    throw new Error(`${name} failed`);
  };
  try {
    for (const told of wanted) await story({ page, server, home, step, loopback, told });
  } catch {
    // The step has said what went wrong; what comes after it rests on it.
  } finally {
    await browser.close().catch(() => {});
    await server.stop();
    await loopback.stop();
    fs.rmSync(home, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
  }
  return counts;
}

async function story({ page, server, home, step, loopback, told }) {
  const ui = workbench(page);
  const picture = (name) => page.screenshot({ path: path.join(pictures, `${name}.png`), animations: 'disabled' });
  const folder = path.join(home, told.folder);
  const demo = path.join(root, 'test/extension/demo', told.folder);
  if (fs.existsSync(demo)) fs.cpSync(demo, folder, { recursive: true });
  else fs.mkdirSync(folder);
  await told.prepare?.(folder);
  await page.goto(server.url(folder));
  await ui.ready();
  await told.run({ ui, page, step, picture, folder, loopback });
}
