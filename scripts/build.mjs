// node scripts/build.mjs [--dev] [--out FOLDER]: dist/client.js, dist/server.js, dist/cli.js, the parts of the last two, and the
// notices of what is in them. --dev: readable, with source maps, for F5. --out: the programs alone, elsewhere: tests must not run
// what an older build left in dist/.
import fs from 'node:fs';
import path from 'node:path';
import { ensureInstalled, root } from './process.mjs';

ensureInstalled();
const { build } = await import('esbuild');
const { bundle } = await import('./bundle.mjs');
const { common } = await import('./esbuild.mjs');
const { notices } = await import('./notices.mjs');
const dev = process.argv.includes('--dev');
const outAt = process.argv.indexOf('--out');
const named = outAt < 0 ? 'dist' : process.argv[outAt + 1];
const folder = path.resolve(root, named);
const options = {
  absWorkingDir: root,
  minify: !dev,
  sourcemap: dev,
  // Licences stand whole in THIRD-PARTY-NOTICES.txt.
  legalComments: 'none',
  metafile: true,
  define: { ...common.define, 'process.env.NODE_ENV': '"production"' },
};

const client = path.join(folder, 'client.js');
const [{ metafile }, others] = await Promise.all([
  build({ ...common, ...options, entryPoints: ['client/src/extension.ts'], outfile: client }),
  bundle({
    entries: { server: 'server/src/lsp/main.ts', cli: 'server/src/cli/main.ts' },
    folder,
    first: { cli: '#!/usr/bin/env node\n' },
    options,
  }),
]);
if (!dev) for (const name of fs.readdirSync(folder)) if (name.endsWith('.map')) fs.rmSync(path.join(folder, name), { force: true });
fs.chmodSync(path.join(folder, 'cli.js'), 0o755);
if (outAt < 0) fs.writeFileSync(path.join(root, 'THIRD-PARTY-NOTICES.txt'), notices([metafile, ...others]));

const parts = path.join(folder, 'parts');
const kilobytes = (files) => `${Math.round(files.reduce((sum, file) => sum + fs.statSync(file).size, 0) / 1024)} KB`;
const shared = fs.readdirSync(parts).map((name) => path.join(parts, name));
console.error(`Built ${named}/: client.js ${kilobytes([client])}, server.js and cli.js with ${shared.length} parts ${kilobytes(shared)}`);
