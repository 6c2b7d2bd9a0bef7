// node scripts/build.mjs [--dev] [--out FOLDER]: dist/client.js, dist/server.js, dist/cli.js and the notices of what is in them.
// --dev: readable, with source maps, for F5. --out: the programs alone, elsewhere: tests must not run what an older build left in dist/.
import fs from 'node:fs';
import path from 'node:path';
import { ensureInstalled, root } from './process.mjs';

ensureInstalled();
const { build } = await import('esbuild');
const { common } = await import('./esbuild.mjs');
const { notices } = await import('./notices.mjs');
const dev = process.argv.includes('--dev');
const outAt = process.argv.indexOf('--out');
const folder = outAt < 0 ? 'dist' : process.argv[outAt + 1];
const outfile = (name) => path.resolve(root, folder, `${name}.js`);

const programs = [
  { name: 'client', entry: 'client/src/extension.ts' },
  { name: 'server', entry: 'server/src/lsp/main.ts' },
  { name: 'cli', entry: 'server/src/cli/main.ts', first: '#!/usr/bin/env node\n' },
];

const metafiles = await Promise.all(
  programs.map(async ({ name, entry, first = '' }) => {
    const result = await build({
      ...common,
      absWorkingDir: root,
      entryPoints: [entry],
      outfile: outfile(name),
      banner: { js: first },
      minify: !dev,
      sourcemap: dev,
      // Licences stand whole in THIRD-PARTY-NOTICES.txt.
      legalComments: 'none',
      metafile: true,
      define: { ...common.define, 'process.env.NODE_ENV': '"production"' },
    });
    return result.metafile;
  }),
);
for (const { name } of dev ? [] : programs) fs.rmSync(`${outfile(name)}.map`, { force: true });
fs.chmodSync(outfile('cli'), 0o755);
if (outAt < 0) fs.writeFileSync(path.join(root, 'THIRD-PARTY-NOTICES.txt'), notices(metafiles));

const size = ({ name }) => `${name}.js ${Math.round(fs.statSync(outfile(name)).size / 1024)} KB`;
console.error(`Built ${folder}/: ${programs.map(size).join(', ')}`);
