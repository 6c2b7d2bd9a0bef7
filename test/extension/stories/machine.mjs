import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';

/** An environment in which the compromised release was installed, with the file that starts it at every run of Python. */
export const machine = {
  folder: 'machine',
  prepare(folder) {
    const site = path.join(folder, '.venv/lib/python3.12/site-packages');
    const info = path.join(site, 'litellm-1.82.8.dist-info');
    fs.mkdirSync(info, { recursive: true });
    fs.writeFileSync(path.join(folder, '.venv/pyvenv.cfg'), 'home = /usr/bin\nversion = 3.12.1\n');
    fs.writeFileSync(path.join(info, 'METADATA'), 'Metadata-Version: 2.1\nName: litellm\nVersion: 1.82.8\n\n');
    fs.writeFileSync(path.join(info, 'INSTALLER'), 'pip\n');
    fs.writeFileSync(
      path.join(info, 'RECORD'),
      'litellm_init.pth,,\nlitellm-1.82.8.dist-info/METADATA,,\nlitellm-1.82.8.dist-info/RECORD,,\n',
    );
    // What it would run is left out: the name alone is what the incident gives.
    fs.writeFileSync(path.join(site, 'litellm_init.pth'), 'import os\n');
    fs.writeFileSync(path.join(folder, 'requirements.txt'), 'litellm>=1.80\n');
  },
  async run({ ui, page, step, picture }) {
    await step('a range is judged by the release that is installed', async () => {
      await ui.openFile('requirements.txt');
      await page.locator('.squiggly-error').first().waitFor();
      await ui.hover('error', 'which is installed');
      await picture('installed');
      await page.keyboard.press('Escape');
    });
    await step('verifying the environment names the start-up hook, and what to do in which order', async () => {
      await ui.command('Merlon: Verify installed environment');
      await page.locator('.view-line', { hasText: 'litellm_init.pth' }).first().waitFor();
      const text = await ui.editorText();
      assert.match(text, /startup-hook/);
      assert.match(text, /compromised-release/);
      await picture('environment');
    });
  },
};
