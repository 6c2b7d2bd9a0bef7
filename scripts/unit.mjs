// node scripts/unit.mjs [folder or file under test/ …] [-- mocha options]: bundles those tests and runs them with mocha.
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { build } from 'esbuild';
import { common } from './esbuild.mjs';

const root = path.resolve(import.meta.dirname, '..');
const split = process.argv.indexOf('--');
const named = process.argv.slice(2, split < 0 ? undefined : split);
const mochaOptions = split < 0 ? [] : process.argv.slice(split + 1);

// Tests in these folders have runners of their own.
const elsewhere = new Set(['extension', 'bench', 'fixtures', 'support']);

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
const outfile = path.join(folder, 'tests.cjs');
try {
  await build({
    ...common,
    // Its parts expect to be loaded as CommonJS.
    external: [...common.external, '@sigstore/mock'],
    stdin: { contents: [seeding, ...files.map((file) => `import ${JSON.stringify(file)};`)].join('\n'), resolveDir: root, loader: 'ts' },
    outfile,
  });
  const mocha = path.join(root, 'node_modules/mocha/bin/mocha.js');
  const run = spawnSync(process.execPath, ['--enable-source-maps', mocha, '--exit', '--timeout', '20000', ...mochaOptions, outfile], {
    stdio: 'inherit',
    cwd: root,
    env: { ...process.env, MERLON_ROOT: root },
  });
  process.exitCode = run.status ?? 1;
} finally {
  fs.rmSync(folder, { recursive: true, force: true });
}
