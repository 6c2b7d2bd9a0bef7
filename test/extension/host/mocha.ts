import * as fs from 'node:fs';
import { format } from 'node:util';
import Mocha from 'mocha';

/** Runs the tests that `load` declares. Report and counts go to files, since the console of a host in a browser reaches nobody. */
export async function runMocha(load: () => Promise<unknown>): Promise<void> {
  const { MERLON_HOST_REPORT: report, MERLON_HOST_RESULT: result, MOCHA_GREP: grep } = process.env;
  if (report) {
    const base = Mocha.reporters.Base as unknown as { consoleLog: (...values: unknown[]) => void };
    base.consoleLog = (...values) => fs.appendFileSync(report, `${format(...values)}\n`);
  }
  const mocha = new Mocha({
    ui: 'bdd',
    color: false,
    timeout: 30_000,
    reporter: 'spec',
    forbidOnly: !!process.env.CI,
    // A key or a save may be missed on a busy machine; what is really broken fails twice.
    retries: process.env.CI ? 1 : 0,
    ...(grep && { grep }),
  });
  // This is what loading a file does: it makes `describe` and `it` known.
  mocha.suite.emit('pre-require', globalThis, '', mocha);
  await load();
  await new Promise<void>((resolve, reject) => {
    const runner = mocha.run((failed) => {
      const stats = runner.stats;
      const counts = { passed: stats?.passes ?? 0, failed, skipped: stats?.pending ?? 0 };
      if (result) fs.writeFileSync(result, JSON.stringify(counts));
      if (failed) reject(new Error(`${failed} tests failed`));
      else resolve();
    });
  });
}
