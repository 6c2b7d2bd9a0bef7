import assert from 'node:assert/strict';

/** What the registry knows, where people look: counts above a list, hints behind ranges, a table in the hover, versions while one is written. */
export const registry = {
  folder: 'registry',
  async run({ ui, page, step, picture }) {
    const hint = (text) => page.locator('.editor-instance .view-line').filter({ hasText: text }).first();
    await step('a hint says which release a range comes to, and how old it is', async () => {
      await ui.openFile('package.json');
      await hint(/→\s0\.70\.3\s·\s2\d\smin/).waitFor();
      await hint(/→\s6\.9\.1/).waitFor();
    });
    await step('a lens counts what the list holds, and offers to pin it', async () => {
      await page.locator('.codelens-decoration').filter({ hasText: '2 packages · 2 AI · 2 unpinned' }).first().waitFor();
      await page.locator('.codelens-decoration').filter({ hasText: 'Pin all' }).first().waitFor();
      await picture('hints');
    });
    await step('the hover has a table: what would be taken, what is clean, when it was published and by whom', async () => {
      await ui.hoverText('@anthropic-ai/sdk', 'newest clean');
      await page.locator('.monaco-hover table').first().waitFor();
      await picture('releases');
      await page.keyboard.press('Escape');
    });
    await step('pin all shows the refactor preview', async () => {
      await page.locator('.codelens-decoration a').filter({ hasText: 'Pin all' }).first().click();
      await ui.previewed('package.json');
      await ui.applyRefactorPreview('package.json');
      await page.locator('.view-line', { hasText: '"@anthropic-ai/sdk": "0.70.2"' }).first().waitFor();
      assert.match(await ui.editorText(), /"openai": "6\.9\.1"/);
    });
    await step('while a version is written the newest clean one is offered first, and the compromised ones never', async () => {
      await ui.openFile('requirements.txt');
      const list = await ui.suggest('litellm==', '1.84.2');
      const rows = await list.allTextContents();
      assert.match(rows[0], /^1\.84\.2/);
      assert.ok(
        rows.every((row) => !/1\.82\.[78]/.test(row)),
        rows.join('\n'),
      );
      await picture('versions');
      await page.keyboard.press('Enter');
      await page.locator('.view-line', { hasText: 'litellm==1.84.2' }).first().waitFor();
    });
  },
};
