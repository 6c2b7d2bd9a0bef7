// Where the tests of this folder can run on this machine.
import fs from 'node:fs';
import path from 'node:path';
import { root } from '../../scripts/process.mjs';
import { findChromium } from '../../scripts/vscode/chromium.mjs';
import { installVscode, unservable } from '../../scripts/vscode/install.mjs';

/** The desktop VS Code: what VSCODE_EXECUTABLE names, what is downloaded already, or what can be downloaded. → a reason where not */
export async function desktop() {
  if (process.env.VSCODE_EXECUTABLE) return { executable: process.env.VSCODE_EXECUTABLE };
  if (process.platform === 'linux' && !process.env.DISPLAY && !process.env.WAYLAND_DISPLAY)
    return { reason: 'no display for a desktop VS Code' };
  const { download } = await import('@vscode/test-electron');
  const cached = path.join(root, '.vscode-test');
  try {
    if (!fs.existsSync(cached))
      await fetch('https://update.code.visualstudio.com/api/releases/stable', { signal: AbortSignal.timeout(10_000) });
    return { executable: await download({ cachePath: cached }) };
  } catch (error) {
    return { reason: `no desktop VS Code could be downloaded (${error.cause?.code ?? error.message})` };
  }
}

/** VS Code served from npm packages, with a Chromium. → a reason where not */
export function served() {
  const why = unservable();
  if (why) return { reason: why };
  if (!findChromium()) return { reason: 'no Chromium found (CHROMIUM may name one)' };
  try {
    installVscode(console.error);
    return {};
  } catch (error) {
    return { reason: `VS Code could not be installed: ${error.message}` };
  }
}

/** Writes counts where test.mjs reads them, and says why something was skipped. In CI nothing may be. → exit code */
export function report(counts) {
  const required = process.env.MERLON_REQUIRE_HOST_TESTS === '1';
  const result = { passed: 0, failed: 0, skipped: 0, ...counts };
  if (result.reason && required) Object.assign(result, { failed: result.failed + 1, skipped: 0 });
  if (result.reason) console.log(`  ${required ? 'FAILED, must run here' : 'skipped'}: ${result.reason}`);
  if (process.env.MERLON_RESULT) fs.writeFileSync(process.env.MERLON_RESULT, JSON.stringify(result));
  console.log(`${result.passed} passed, ${result.failed} failed, ${result.skipped} skipped`);
  return result.failed ? 1 : 0;
}

/** Counts, and `step`, which runs one part of a test in a browser, counts it, and says how it went. Answers whether it passed. */
export function countedSteps() {
  const counts = { passed: 0, failed: 0, skipped: 0 };
  const step = async (name, action) => {
    try {
      await action();
      counts.passed++;
      console.log(`  ✔ ${name}`);
      return true;
    } catch (error) {
      counts.failed++;
      console.log(`  ✗ ${name}\n${error.stack}`);
      return false;
    }
  };
  return { counts, step };
}
