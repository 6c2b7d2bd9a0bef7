// node scripts/unit.mjs [folder or file under test/ …] [-- mocha options]: bundles those tests once and runs them with mocha, several files
// at a time, each processor one. `-- --jobs 1` runs one after another.
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { build } from 'esbuild';
import { common } from './esbuild.mjs';

const root = path.resolve(import.meta.dirname, '..');
const split = process.argv.indexOf('--');
const named = process.argv.slice(2, split < 0 ? undefined : split);
const mochaOptions = split < 0 ? [] : process.argv.slice(split + 1);

// Tests in these folders have runners of their own.
const elsewhere = new Set(['extension', 'bench', 'fixtures', 'support']);
/** Each holds real projects in memory, and starts programs of its own. */
const mostJobs = 4;

function testFiles(place) {
  if (fs.statSync(place).isFile()) return [place];
  return fs.readdirSync(place, { withFileTypes: true }).flatMap((entry) => {
    const full = path.join(place, entry.name);
    if (entry.isDirectory()) return elsewhere.has(entry.name) ? [] : testFiles(full);
    return entry.name.endsWith('.test.ts') ? [full] : [];
  });
}

// Properties run on the same texts each time, so that a change is judged and not luck; MERLON_SEED explores others.
const seeding =
  "import fc from 'fast-check'; fc.configureGlobal({ ...fc.readConfigureGlobal(), seed: Number(process.env.MERLON_SEED ?? 20260324) });";

const files = (named.length ? named : ['test']).flatMap((place) => testFiles(path.resolve(root, place))).sort();
if (!files.length) {
  console.error('no test files');
  process.exit(2);
}
const folder = path.join(root, 'out', `unit-${process.pid}`);
const bundle = path.join(folder, 'tests.cjs');
/** For whatever tests leave behind: mocha gives its jobs a second to end, and kills them. */
const temporary = fs.mkdtempSync(path.join(os.tmpdir(), 'merlon-unit-'));
try {
  const name = (file) => path.relative(path.join(root, 'test'), file).replaceAll(path.sep, '/');
  const tests = files.map((file) => `${JSON.stringify(name(file))}: () => require(${JSON.stringify(file)}),`);
  await build({
    ...common,
    // Its parts expect to be loaded as CommonJS.
    external: [...common.external, '@sigstore/mock'],
    stdin: { contents: [seeding, 'export const tests = {', ...tests, '};'].join('\n'), resolveDir: root, loader: 'ts' },
    outfile: bundle,
  });
  // What mocha takes for the files: each has the bundle run one file's tests.
  const entries = files.map((file) => {
    const entry = path.join(folder, `${name(file).replace(/\.ts$/, '')}.cjs`);
    fs.mkdirSync(path.dirname(entry), { recursive: true });
    fs.writeFileSync(entry, `require(${JSON.stringify(bundle)}).tests[${JSON.stringify(name(file))}]();\n`);
    return entry;
  });
  const mocha = path.join(root, 'node_modules/mocha/bin/mocha.js');
  const jobs = Math.min(files.length, os.availableParallelism(), mostJobs);
  const parallel = jobs > 1 && !mochaOptions.includes('--jobs') ? ['--parallel', '--jobs', String(jobs)] : [];
  const options = ['--exit', '--timeout', '20000', ...parallel, ...mochaOptions];
  const run = spawnSync(process.execPath, ['--enable-source-maps', mocha, ...options, ...entries], {
    stdio: 'inherit',
    cwd: root,
    env: { ...process.env, MERLON_ROOT: root, TMPDIR: temporary, TEMP: temporary, TMP: temporary },
  });
  process.exitCode = run.status ?? 1;
} finally {
  for (const one of [folder, temporary]) fs.rmSync(one, { recursive: true, force: true, maxRetries: 3 });
}
