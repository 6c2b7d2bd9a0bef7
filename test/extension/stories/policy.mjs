import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';

/** A finding is suppressed with a reason: nothing stands in the manifest, the entry in merlon.toml is shown unsaved, and the finding stays visible. */
export const policy = {
  folder: 'policy',
  prepare(folder) {
    fs.writeFileSync(path.join(folder, 'requirements.txt'), 'litellm==1.82.7\n');
    fs.writeFileSync(path.join(folder, 'merlon.toml'), '[rules]\nrelease-age-setting = "off"\n');
  },
  async run({ ui, page, step, picture, folder }) {
    const box = page.locator('.quick-input-widget');
    await step('suppressing asks for the reason, and takes none that is empty', async () => {
      await ui.openFile('requirements.txt');
      await ui.quickFixMenu('error', /Suppress compromised-release for litellm 1\.82\.7 here/);
      await page.locator('.action-widget .monaco-list-row.action', { hasText: 'Suppress compromised-release' }).first().click();
      await box.filter({ hasText: 'suppress compromised-release for litellm 1.82.7' }).waitFor();
      await page.keyboard.press('Enter');
      await box.filter({ hasText: 'A suppression without a reason has no effect' }).waitFor();
      await page.keyboard.type('The subject of a talk; it is never installed');
      await picture('suppress-reason');
    });
    await step('the entry is shown, with an end, and is in force before it is saved', async () => {
      await page.keyboard.press('Enter');
      await page.locator('.view-line', { hasText: 'The subject of a talk' }).first().waitFor();
      await page
        .locator('.view-line', { hasText: /expires\s=\s\d{4}-\d\d-\d\d/ })
        .first()
        .waitFor();
      await page.locator('.squiggly-error').first().waitFor({ state: 'detached' });
      await page.waitForTimeout(1000);
      assert.equal(await page.locator('.squiggly-info, .squiggly-warning').count(), 0, 'the policy has no fault');
      assert.doesNotMatch(fs.readFileSync(path.join(folder, 'merlon.toml'), 'utf8'), /suppress/);
      assert.equal(fs.readFileSync(path.join(folder, 'requirements.txt'), 'utf8'), 'litellm==1.82.7\n');
    });
    await step('the finding stays visible in the hover', async () => {
      await ui.hoverText('litellm==', /Suppressed:.*The subject of a talk/s);
      await picture('suppressed');
    });
  },
};
