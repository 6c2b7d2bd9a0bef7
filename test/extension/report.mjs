// node test/extension/report.mjs: the report in a real browser, light, dark, with more contrast and with forced colours, wide and
// narrow, with and without its script. Pictures go into out/pictures.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { root } from '../../scripts/process.mjs';
import { findChromium, startBrowser } from '../../scripts/vscode/chromium.mjs';
import { faultsOfPage, faultsOfContrast, faultsOfText } from './pageFaults.mjs';
import { reportNow, writeReportProject } from './reportProject.mjs';
import { countedSteps, report } from './runner.mjs';

const pictures = path.join(root, 'out/pictures');
const themes = {
  light: { colorScheme: 'light' },
  dark: { colorScheme: 'dark' },
  contrast: { colorScheme: 'dark', contrast: 'more' },
  'contrast-light': { colorScheme: 'light', contrast: 'more' },
  forced: { colorScheme: 'dark', contrast: 'more', forcedColors: 'active' },
};
const plain = { colorScheme: 'light', contrast: 'no-preference', forcedColors: 'none', media: 'screen' };
process.exit(await main());

async function main() {
  if (!findChromium()) return report({ skipped: 1, reason: 'test of the report: no Chromium found (CHROMIUM may name one)' });
  fs.mkdirSync(pictures, { recursive: true });
  const home = fs.mkdtempSync(path.join(os.tmpdir(), 'merlon-report-'));
  const { counts, step } = countedSteps();
  const { browser, page } = await startBrowser({ width: 1200, height: 900 });
  try {
    await steps({ browser, page, home, step });
  } finally {
    await browser.close().catch(() => {});
    fs.rmSync(home, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
  }
  return report(counts);
}

async function steps({ browser, page, home, step }) {
  const whole = write(home, 'copilot', {});
  const said = [];
  const asked = [];
  page.on('console', (message) => said.push(message.text()));
  page.on('pageerror', (error) => said.push(String(error)));
  page.on('request', (request) => asked.push(request.url()));
  await page.goto(whole);

  await step('it asks for nothing and complains about nothing', async () => {
    await page.waitForTimeout(100);
    assert.deepEqual(said, []);
    assert.deepEqual(asked, [whole]);
  });
  await step('what its policy does not name cannot run or be loaded', async () => {
    await page.evaluate(() => {
      const script = document.createElement('script');
      script.textContent = 'window.intruder = true';
      document.body.append(script);
      const image = new Image();
      image.src = 'data:image/gif;base64,R0lGODlhAQABAAAAACw=';
      document.body.append(image);
      document.body.setAttribute('onclick', 'window.intruder = true');
      document.body.click();
    });
    assert.equal(await page.evaluate(() => window.intruder), undefined);
    assert.ok(said.length >= 2 && said.every((text) => text.includes('Content Security Policy')), said.join('\n'));
    await page.goto(whole);
  });
  await step('headings are in order, everything that can be used has a name, no id twice', async () => {
    assert.deepEqual(await page.evaluate(faultsOfPage), []);
  });
  await step('Tab reaches everything that can be used, in the order of the page', async () => {
    await page.evaluate(() => document.activeElement?.blur());
    const wanted = await page.evaluate(
      () =>
        [...document.querySelectorAll('a[href], button, input, summary, [tabindex="0"]')].filter(
          (one) => one.checkVisibility() && !one.closest('details:not([open]) > :not(summary)'),
        ).length,
    );
    const reached = [];
    for (let n = 0; n < wanted + 5; n++) {
      await page.keyboard.press('Tab');
      const at = await page.evaluate(() => {
        const one = document.activeElement;
        if (!one || one === document.body) return undefined;
        if (one.dataset.reached) return 'again';
        one.dataset.reached = '1';
        const { outlineStyle, outlineWidth } = getComputedStyle(one);
        return outlineStyle !== 'none' && parseFloat(outlineWidth) >= 1 ? 'seen' : `no focus ring: ${one.outerHTML.slice(0, 80)}`;
      });
      if (at === undefined || at === 'again') break;
      reached.push(at);
    }
    assert.deepEqual(
      reached.filter((at) => at !== 'seen'),
      [],
    );
    assert.equal(reached.length, wanted);
  });
  await step('the filter, its boxes and the keys do what they say', async () => {
    await page.goto(whole);
    const listed = () => page.locator('#findings .finding:visible').count();
    const all = await listed();
    await page.keyboard.press('/');
    await page.keyboard.type('axios');
    assert.equal(await listed(), 2);
    assert.match(await page.locator('#shown').innerText(), new RegExp(`^2 of ${all}`));
    await page.keyboard.press('Escape');
    assert.equal(await listed(), all);
    await page.getByRole('checkbox', { name: 'errors' }).uncheck();
    assert.ok((await listed()) < all);
    assert.equal(await page.locator('#findings .finding[data-severity=error]:visible').count(), 0);
    await page.getByRole('checkbox', { name: 'errors' }).check();
    await page.getByRole('button', { name: 'Fold all', exact: true }).press('Enter');
    assert.equal(await listed(), 0);
    await page.locator('.rule > summary').first().press('Enter');
    assert.ok((await listed()) > 0);
  });
  for (const [name, media] of Object.entries(themes))
    await step(`text can be read: ${name}`, async () => {
      await page.emulateMedia({ ...plain, ...media });
      await page.goto(whole);
      assert.deepEqual(await page.evaluate(faultsOfContrast, 4.5), []);
      await page.screenshot({ path: path.join(pictures, `report-${name}.png`), animations: 'disabled', fullPage: true });
    });
  await step('nothing is cut off or pushed out of the page: 400 pixels wide', async () => {
    await page.emulateMedia(plain);
    await page.setViewportSize({ width: 400, height: 900 });
    assert.deepEqual(await page.evaluate(faultsOfText), []);
    await page.screenshot({ path: path.join(pictures, 'report-narrow.png'), animations: 'disabled', fullPage: true });
    await page.setViewportSize({ width: 1200, height: 900 });
  });
  await step('printed, all of it is there and no control is', async () => {
    await page.emulateMedia({ ...plain, media: 'print' });
    await page.evaluate(() => dispatchEvent(new Event('beforeprint')));
    assert.equal(await page.locator('.controls').isVisible(), false);
    assert.equal(await page.locator('nav').isVisible(), false);
    const hidden = await page.locator('.finding').evaluateAll((rows) => rows.filter((row) => !row.checkVisibility()).length);
    assert.equal(hidden, 0);
    assert.deepEqual(await page.evaluate(faultsOfContrast, 4.5), []);
    const pdf = await page.pdf({ format: 'A4' });
    assert.ok(pdf.length > 20_000);
    await page.emulateMedia(plain);
  });
  await step('what could not be checked is said first and loudest', async () => {
    await page.goto(write(home, 'broken', { broken: true }));
    assert.equal(await page.locator('h2').first().innerText(), 'This check is incomplete');
    assert.match(await page.locator('.verdict').innerText(), /not read batch\/pyproject\.toml:3/);
    assert.match(await page.locator('#unchecked').innerText(), /batch\/pyproject\.toml:3/);
    await page.screenshot({ path: path.join(pictures, 'report-incomplete.png'), animations: 'disabled' });
  });
  await step('everything can be read without its script', async () => {
    const context = await browser.newContext({ javaScriptEnabled: false, viewport: { width: 1200, height: 900 } });
    const still = await context.newPage();
    await still.goto(whole);
    assert.equal(await still.locator('#controls').isVisible(), false);
    assert.ok(await still.locator('#findings .finding').first().isVisible());
    assert.ok(await still.locator('svg.graph').isVisible());
    await context.close();
  });
}

/** Writes a project and the report on it, as its user would. → the page's address */
function write(home, name, options) {
  const folder = path.join(home, name);
  writeReportProject(folder, options);
  const target = path.join(home, `${name}.html`);
  const args = ['check', '--offline', '--now', reportNow, '--format', 'html', '-o', target];
  const env = { ...process.env, MERLON_CACHE_DIR: path.join(home, 'cache') };
  const run = spawnSync(process.execPath, [path.join(root, 'dist/cli.js'), ...args], { cwd: folder, encoding: 'utf8', env });
  assert.equal(run.status, options.broken ? 3 : 1, run.stderr);
  return pathToFileURL(target).href;
}
