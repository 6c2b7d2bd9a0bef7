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

  /**
   * A point in the middle of the first squiggle of a kind: it is drawn over the text, and the mouse goes through it. It is drawn anew
   * with every answer that comes, so it may be gone between two looks.
   */
  const pointOn = async (severity) => {
    const squiggle = page.locator(`.squiggly-${severity}`).first();
    for (let n = 0; n < 50; n++) {
      await squiggle.waitFor();
      const box = await squiggle.boundingBox({ timeout: 1000 }).catch(() => null);
      if (box) return [box.x + box.width / 2, box.y + box.height / 2];
    }
    throw new Error(`no squiggle of ${severity} stays where it is`);
  };

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
    /** Points at a squiggle until the hover holds what is wanted. */
    hover: (severity, wanted) =>
      insist(
        `a hover with ${wanted}`,
        async () => {
          await page.mouse.move(5, 5);
          await page.mouse.move(...(await pointOn(severity)), { steps: 4 });
        },
        page.locator('.monaco-hover').filter({ hasText: wanted }).first(),
      ),
    /** Points at a text in the editor until the hover holds what is wanted. */
    hoverText: (text, wanted) =>
      insist(
        `a hover with ${wanted}`,
        async () => {
          await page.mouse.move(5, 5);
          const box = await page.locator('.editor-instance .view-line span', { hasText: text }).last().boundingBox();
          if (box) await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2, { steps: 4 });
        },
        page.locator('.monaco-hover').filter({ hasText: wanted }).first(),
      ),
    /** The cursor on a squiggle, and Ctrl+. until the menu stays: a finding or a provider that comes late closes it. → its first row */
    quickFixMenu: async (severity, wanted) => {
      const menu = page.locator('.action-widget .monaco-list-row.action');
      await insist(
        `a quick fix ${wanted}`,
        async () => {
          await page.mouse.click(...(await pointOn(severity)));
          await page.keyboard.press('Control+.');
        },
        menu.filter({ hasText: wanted }).first(),
      );
      return menu.first();
    },
    /** F8 until the peek shows it. */
    nextProblem: (wanted) =>
      insist(
        `a problem with ${wanted}`,
        async () => {
          await lines.first().click();
          await page.keyboard.press('F8');
        },
        page.locator('.marker-widget').filter({ hasText: wanted }).first(),
      ),
    /** The details of the language status, until they say what is wanted. */
    languageStatus: (wanted) =>
      insist(
        `the language status says ${wanted}`,
        () => page.locator('[id="status.languageStatus"]').first().click(),
        page.locator('.hover-language-status', { hasText: wanted }).first(),
      ),
    /** A row of a tree, until what it holds is seen. */
    unfold: async (row, inner) => {
      await row.waitFor();
      if (!(await inner.isVisible()))
        await insist(
          'what a row of the tree holds',
          async () => {
            await row.click();
            await page.keyboard.press('ArrowRight');
          },
          inner,
        );
    },
    /** Types at the end of the file until the list of suggestions holds what is wanted. → its rows */
    suggest: async (text, wanted) => {
      await lines.first().click();
      await page.keyboard.press('Control+End');
      await page.keyboard.type(text, { delay: 30 });
      const shown = page.locator('.suggest-widget.visible .monaco-list-row');
      const first = shown.filter({ hasText: wanted }).first();
      if (!(await first.isVisible())) await insist(`a suggestion ${wanted}`, () => page.keyboard.press('Control+Space'), first);
      return shown;
    },
    undo: async () => {
      await lines.first().click();
      await page.keyboard.press('Control+Z');
    },
    previewed: (file) => page.locator('.panel .monaco-list-row').filter({ hasText: file }).first().waitFor(),
    /** Its boxes are empty at first: every edit is confirmed by the user. */
    applyRefactorPreview: async (file) => {
      const row = page.locator('.panel .monaco-list-row').filter({ hasText: file }).first();
      await row.locator('.edit-checkbox').click();
      await page.locator('.panel').getByRole('button', { name: 'Apply' }).first().click();
      await row.waitFor({ state: 'detached' });
    },
    editorText: async () => (await lines.allTextContents()).join('\n').replaceAll('\u00a0', ' '),
  };
}
