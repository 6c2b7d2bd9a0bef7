import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';

/** A requirements file that asks for a compromised release: what people see first, and the key that cures it. */
export const assistant = {
  folder: 'assistant',
  async run({ ui, page, step, picture, folder, loopback }) {
    const manifest = path.join(folder, 'requirements.txt');
    const before = fs.readFileSync(manifest, 'utf8');
    await step('a fresh VS Code with the VSIX marks the compromised release', async () => {
      await ui.openFile('requirements.txt');
      await page.locator('.squiggly-error').first().waitFor();
      await page.locator('.squiggly-warning').nth(2).waitFor();
    });
    await step('the hover says what it is', async () => {
      await ui.hover('error', 'MAL-2026-2144');
      await picture('squiggle');
      await page.keyboard.press('Escape');
    });
    await step('the quick-fix menu offers a clean release first', async () => {
      const first = await ui.quickFixMenu('error', /litellm|1\.8[34]/);
      await picture('quick-fix');
      assert.match((await first.textContent()) ?? '', /1\.8[34]\.\d/);
      await page.keyboard.press('Enter');
      await page.locator('.squiggly-error').first().waitFor({ state: 'detached' });
      await ui.undo();
      await page.locator('.squiggly-error').first().waitFor();
    });
    await step('pin all shows the refactor preview and cures what it says', async () => {
      await ui.command('Merlon: Pin AI dependencies in this file');
      await ui.previewed('requirements.txt');
      await picture('refactor-preview');
      await ui.applyRefactorPreview('requirements.txt');
      await page.locator('.squiggly-warning').first().waitFor({ state: 'detached' });
      const text = await ui.editorText();
      assert.match(text, /openai==2\.8\.0/);
      assert.match(text, /langchain==1\.1\.0/);
      assert.match(text, /sentence-transformers==5\.1\.2\s+# embeddings/);
    });
    await step('the Problems panel holds what no pin can cure', async () => {
      await ui.command('View: Focus Problems');
      await page.locator('.markers-panel').waitFor();
      await page.waitForTimeout(300);
      await picture('problems');
    });
    await step('nothing was saved, and only names were sent', async () => {
      assert.equal(fs.readFileSync(manifest, 'utf8'), before);
      const strange = loopback.asked.filter((path_) => !/^\/(v1\/query(batch)?|simple\/[a-z-]+\/)$/.test(path_));
      assert.deepEqual(strange, []);
    });
  },
};
