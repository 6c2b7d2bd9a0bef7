/** VS Code's workbench as a person uses it: keyboard, mouse, and what can be seen. What may be swallowed just after the start is tried again. */
export function workbench(page) {
  page.setDefaultTimeout(30_000);
  const input = page.locator('.quick-input-widget input[type=text]').first();
  const rows = page.locator('.quick-input-list .monaco-list-row');
  const lines = page.locator('.editor-instance .view-line');

  /** Until `seen` shows, `act` again. */
  const insist = async (what, act, seen, tries = 8) => {
    for (let n = 0; n < tries; n++) {
      await act();
      try {
        await seen.waitFor({ timeout: 2500 });
        return seen;
      } catch {
        await page.keyboard.press('Escape');
      }
    }
    throw new Error(`not seen: ${what}`);
  };

  const pick = async (key, text, row) => {
    await insist(text, () => page.keyboard.press(key), input);
    await input.fill(text);
    await rows.filter({ hasText: row }).first().waitFor();
    await page.keyboard.press('Enter');
  };

  const textOn = (text) => lines.filter({ hasText: text }).first().locator('span span').filter({ hasText: text }).first();

  return {
    ready: async () => {
      await page.locator('.monaco-workbench').waitFor({ timeout: 60_000 });
      await page.locator('.explorer-folders-view .monaco-list-row').first().waitFor({ timeout: 60_000 });
    },
    openFile: async (name) => {
      await pick('Control+P', name, name);
      await lines.first().waitFor();
    },
    command: (title) => pick('F1', `>${title}`, title),
    putCursorOn: (text) => textOn(text).click(),
    /** Points at a text until the hover holds what is wanted. */
    hover: (text, wanted) =>
      insist(
        `a hover with ${wanted}`,
        async () => {
          await page.mouse.move(5, 5);
          await textOn(text).hover();
        },
        page.locator('.monaco-hover').filter({ hasText: wanted }).first(),
      ),
    /** Ctrl+. until the menu stays: a finding or a provider that comes late closes it. → its first row */
    quickFixMenu: async (wanted) => {
      const menu = page.locator('.action-widget .monaco-list-row.action');
      await insist(`a quick fix ${wanted}`, () => page.keyboard.press('Control+.'), menu.filter({ hasText: wanted }).first());
      return menu.first();
    },
    undo: async () => {
      await lines.first().click();
      await page.keyboard.press('Control+Z');
    },
    applyRefactorPreview: async () => {
      await page.locator('.refactor-preview .monaco-list-row').first().waitFor();
      await page.locator('.refactor-preview').getByRole('button', { name: 'Apply' }).first().click();
    },
    editorText: async () => (await lines.allTextContents()).join('\n').replaceAll('\u00a0', ' '),
  };
}
