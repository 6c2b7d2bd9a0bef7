// npm test [-- PART…]: everything that CI runs. Installs what is missing, and ends with one line of counts over all parts.
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { ensureInstalled, root, runNode } from './process.mjs';

const script = (name, ...args) => [path.join(root, 'scripts', name), ...args];
const test = (name, ...args) => [path.join(root, 'test/extension', name), ...args];

ensureInstalled();
const { version } = JSON.parse(fs.readFileSync(path.join(root, 'package.json'), 'utf8'));

/** A part counts as one check, unless it leaves counts of its own. `needs`: without that part it cannot run. */
const parts = [
  { name: 'build', command: () => script('build.mjs') },
  { name: 'types', command: () => [bin('typescript', 'tsc'), '--noEmit'] },
  { name: 'lint', command: () => [bin('oxlint'), '--type-aware', '--deny-warnings'] },
  { name: 'format', command: () => [bin('oxfmt'), '--check'] },
  { name: 'generated', command: () => script('generate.mjs', '--check') },
  { name: 'unit', command: () => script('unit.mjs', '--', '--reporter', path.join(root, 'scripts/mochaReporter.cjs')), counts: true },
  { name: 'package', needs: 'build', command: () => script('package.mjs', '--npm') },
  { name: 'report', needs: 'build', command: () => test('report.mjs'), counts: true },
  { name: 'host', needs: 'build', command: () => test('run.mjs'), counts: true },
  { name: 'vsix', needs: 'package', command: () => test('vsix.mjs', `merlon-${version}.vsix`), counts: true },
];

const named = process.argv.slice(2);
const unknown = named.filter((name) => !parts.some((part) => part.name === name));
if (unknown.length) {
  console.error(`no such part: ${unknown.join(', ')}; there are ${parts.map((part) => part.name).join(', ')}`);
  process.exit(2);
}

const home = fs.mkdtempSync(path.join(os.tmpdir(), 'merlon-test-'));
const total = { passed: 0, failed: 0, skipped: 0 };
const bad = new Set();
const summary = [];
try {
  for (const part of parts) if (!named.length || named.includes(part.name)) runPart(part);
} finally {
  fs.rmSync(home, { recursive: true, force: true });
}
console.log(`\n${summary.join('\n')}\n`);
console.log(`${total.passed} passed, ${total.failed} failed, ${total.skipped} skipped`);
process.exitCode = total.failed ? 1 : 0;

function runPart({ name, command, counts, needs }) {
  console.log(`\n── ${name}`);
  const start = Date.now();
  const result =
    needs && bad.has(needs) ? { passed: 0, failed: 1, skipped: 0, reason: `${needs} failed` } : outcome(name, command(), counts);
  for (const key of Object.keys(total)) total[key] += result[key];
  if (result.failed) bad.add(name);
  const seconds = ((Date.now() - start) / 1000).toFixed(1);
  const words = counts
    ? `${result.passed} passed, ${result.failed} failed, ${result.skipped} skipped`
    : result.failed
      ? 'failed'
      : 'passed';
  summary.push(
    `${result.failed ? '✗' : result.skipped && !result.passed ? '-' : '✓'} ${name}: ${words} (${seconds} s)${result.reason ? `: ${result.reason}` : ''}`,
  );
}

function outcome(name, args, counts) {
  const file = path.join(home, `${name}.json`);
  const code = runNode(args, { env: { ...process.env, MERLON_RESULT: file } });
  if (!counts) return { passed: code ? 0 : 1, failed: code ? 1 : 0, skipped: 0 };
  if (!fs.existsSync(file)) return { passed: 0, failed: 1, skipped: 0, reason: `ended with ${code} and no counts` };
  const result = JSON.parse(fs.readFileSync(file, 'utf8'));
  return code && !result.failed ? { ...result, failed: 1, reason: `ended with ${code}` } : result;
}

/** A package's program as a file that Node runs: no shell, no .cmd. */
function bin(name, program = name) {
  const folder = path.join(root, 'node_modules', name);
  const { bin: programs } = JSON.parse(fs.readFileSync(path.join(folder, 'package.json'), 'utf8'));
  return path.join(folder, typeof programs === 'string' ? programs : programs[program]);
}
