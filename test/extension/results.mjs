import fs from 'node:fs';
import path from 'node:path';

/** Where a suite leaves its report and its counts: the console of a host in a browser is no place for them. */
export function resultFiles(home) {
  return { MERLON_HOST_REPORT: path.join(home, 'report.txt'), MERLON_HOST_RESULT: path.join(home, 'result.json') };
}

/** A host that was killed may well end with 0, so a run counts only with a result in which tests ran. */
export function readResult(home, code, log = '') {
  const files = resultFiles(home);
  if (fs.existsSync(files.MERLON_HOST_REPORT)) process.stdout.write(fs.readFileSync(files.MERLON_HOST_REPORT, 'utf8'));
  const counts = fs.existsSync(files.MERLON_HOST_RESULT) ? JSON.parse(fs.readFileSync(files.MERLON_HOST_RESULT, 'utf8')) : undefined;
  if (!counts || counts.passed + counts.failed === 0) {
    console.error(`The extension host ended (${code}) without a result.\n${log}`);
    return { passed: 0, failed: 1, skipped: 0 };
  }
  if (code && !counts.failed) return { ...counts, failed: 1 };
  return counts;
}
