import assert from 'node:assert/strict';
import { faultsOfContrast, faultsOfPage } from '../pageFaults.mjs';
import { writeReportProject } from '../reportProject.mjs';

/** A project of three parts, seen at a glance; a click on a finding leads to its line. */
export const report = {
  folder: 'copilot',
  prepare: (folder) => writeReportProject(folder),
  async run({ ui, page, step, picture }) {
    // The page lies in a frame of a frame.
    const frame = page.frameLocator('iframe.webview').frameLocator('iframe');
    const said = [];
    page.on(
      'console',
      (message) => message.type() === 'error' && /Content Security Policy/.test(message.text()) && said.push(message.text()),
    );
    await step('the report opens in a tab, in the colours of the theme', async () => {
      await ui.openFile('requirements.txt');
      await page.locator('.squiggly-error').first().waitFor();
      await ui.command('Merlon: Open report');
      await frame.locator('h1', { hasText: 'copilot' }).waitFor();
      await frame.locator('#controls').waitFor();
      assert.equal(await frame.locator('body').evaluate((body) => getComputedStyle(body).backgroundColor), 'rgb(31, 31, 31)');
      await picture('report');
      await frame.locator('#paths').scrollIntoViewIfNeeded();
      await frame.locator('#paths').evaluate((section) => section.scrollIntoView());
      await page.waitForTimeout(400);
      await picture('report-paths');
    });
    await step('it reads as well as outside, and its policy is not broken', async () => {
      // VS Code, and what drives it here, put style attributes into the page.
      assert.deepEqual(
        (await inFrame(page, faultsOfPage)).filter((fault) => !fault.startsWith('inline: ')),
        [],
      );
      assert.deepEqual(await inFrame(page, faultsOfContrast, 4.5), []);
      assert.deepEqual(said, []);
    });
    await step('a place in it opens the editor at the line', async () => {
      await frame.locator('button.place', { hasText: 'requirements.txt:1' }).first().click();
      await page.locator('.editor-instance .view-line', { hasText: 'litellm==1.82.7' }).first().waitFor();
      await page.locator('.squiggly-error').first().waitFor();
    });
  },
};

/** Runs a function of the page's own frame, the innermost one. */
async function inFrame(page, look, argument) {
  for (const frame of page.frames()) if (await frame.locator('h2#verdict').count()) return frame.evaluate(look, argument);
  throw new Error('no frame holds the report');
}
