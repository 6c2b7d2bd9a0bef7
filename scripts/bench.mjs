// node scripts/bench.mjs [name …]: bundles test/bench/*.bench.ts and runs them one after another. Figures, not verdicts.
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { build } from 'esbuild';
import { common } from './esbuild.mjs';

const root = path.resolve(import.meta.dirname, '..');
const folder = path.join(root, 'test', 'bench');
const wanted = process.argv.slice(2);
const benches = fs
  .readdirSync(folder)
  .filter((name) => name.endsWith('.bench.ts') && (!wanted.length || wanted.includes(name.replace('.bench.ts', ''))));
if (!fs.existsSync(path.join(root, 'dist', 'server.js')))
  spawnSync(process.execPath, [path.join(root, 'scripts', 'build.mjs')], { stdio: 'inherit', cwd: root });

const out = path.join(root, 'out', `bench-${process.pid}`);
try {
  for (const name of benches) {
    const outfile = path.join(out, name.replace(/\.ts$/, '.cjs'));
    await build({ ...common, entryPoints: [path.join(folder, name)], outfile });
    const run = spawnSync(process.execPath, ['--enable-source-maps', outfile], {
      stdio: 'inherit',
      cwd: root,
      env: { ...process.env, MERLON_ROOT: root },
    });
    if (run.status) process.exitCode = run.status;
  }
} finally {
  fs.rmSync(out, { recursive: true, force: true });
}
