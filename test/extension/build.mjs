import path from 'node:path';
import { build } from 'esbuild';
import { common } from '../../scripts/esbuild.mjs';
import { root } from '../../scripts/process.mjs';

/** Bundles each suite's entry. → the folder in which `SUITE.js` lies */
export async function buildSuites() {
  const outdir = path.join(root, 'out/host');
  await build({
    ...common,
    absWorkingDir: root,
    entryPoints: ['main', 'restricted'].map((name) => `test/extension/host/${name}.ts`),
    outdir,
    // Mocha finds its parts by path, so it stays a package.
    external: ['vscode', 'mocha'],
  });
  return outdir;
}
