import assert from 'node:assert/strict';

/** A project that names dspy alone, and whose lockfile holds the litellm that was compromised. */
export const agents = {
  folder: 'agents',
  async run({ ui, page, step, picture }) {
    await step('a release that comes along is marked on the line that brings it', async () => {
      await ui.openFile('pyproject.toml');
      await page.locator('.squiggly-error').first().waitFor();
      await ui.hover('error', 'dspy → litellm');
      await picture('brought');
      await page.keyboard.press('Escape');
    });
    await step('the cure is the lever of the tool that wrote the lockfile', async () => {
      const first = await ui.quickFixMenu('error', /Override litellm/);
      assert.match((await first.textContent()) ?? '', /then run uv lock/);
      await picture('override');
      await page.keyboard.press('Enter');
      await page.locator('.view-line', { hasText: 'constraint-dependencies' }).waitFor();
      assert.match(await ui.editorText(), /constraint-dependencies = \["litellm>=1\.8/);
      await ui.undo();
    });
    await step("the lockfile's own line is marked", async () => {
      await ui.openFile('uv.lock');
      await ui.nextProblem('MAL-2026-2144');
      await page.locator('.squiggly-error').first().waitFor();
      await picture('lockfile');
    });
    await step('the view shows what is brought, and by whom', async () => {
      await ui.command('Focus on Merlon: Dependencies View');
      const row = (text) => page.locator('.pane-body .monaco-list-row').filter({ hasText: text }).first();
      await ui.unfold(row('2 direct'), row('dspy'));
      await ui.unfold(row('dspy'), row('1.82.7'));
      await picture('dependencies');
    });
  },
};

/** The same with a lockfile that holds a clean release: what its range would let in is a hint, and no error. */
export const locked = {
  folder: 'agents-clean',
  async run({ ui, page, step, picture }) {
    await step('a range that a clean lockfile holds still is a hint', async () => {
      await ui.openFile('pyproject.toml');
      await page.locator('.squiggly-hint').first().waitFor();
      assert.equal(await page.locator('.squiggly-error').count(), 0);
      await ui.hover('hint', 'while 1.84.0 is locked');
      await picture('locked');
    });
  },
};
