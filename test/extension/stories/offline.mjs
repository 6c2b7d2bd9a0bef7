import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';

/** A project whose flaw only the offline index knows: it is synced, its age is told, and the ledger says what was asked. */
export const offline = {
  folder: 'offline',
  prepare(folder) {
    fs.writeFileSync(path.join(folder, 'requirements.txt'), 'demo-agent-kit==0.4.1\nanthropic==0.74.1\n');
  },
  async run({ ui, page, step, picture, loopback }) {
    await step('a sync brings the index, and what is open is judged anew', async () => {
      await ui.openFile('requirements.txt');
      await ui.command('Merlon: Sync offline index');
      await page.locator('.notification-list-item', { hasText: 'The offline index was built from whole dumps' }).first().waitFor();
      await ui.hover('error, .squiggly-warning, .squiggly-info', 'PYSEC-2026-9002');
      await picture('offline-synced');
      assert.ok(loopback.asked.includes('/osv/npm/all.zip'), loopback.asked.join());
      await page.keyboard.press('Escape');
    });
    await step('the status says how old it is', async () => {
      await ui.languageStatus(/index \d+ minutes? old/);
      await picture('offline-status');
      await page.keyboard.press('Escape');
    });
    await step('the ledger lists every request', async () => {
      await ui.command('Merlon: Show what leaves this machine');
      await page.locator('.view-line', { hasText: 'Every request' }).first().waitFor();
      assert.match(await ui.editorText(), /# What leaves this machine/);
      await picture('ledger');
    });
  },
};
