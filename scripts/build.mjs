// node scripts/build.mjs [--dev]: dist/client.js, dist/server.js, dist/cli.js and the notices of what is in them.
// --dev: readable, with source maps, for F5.
import fs from 'node:fs';
import path from 'node:path';
import { ensureInstalled, root } from './process.mjs';

ensureInstalled();
const { build } = await import('esbuild');
const { common } = await import('./esbuild.mjs');
const { notices } = await import('./notices.mjs');
const dev = process.argv.includes('--dev');

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
      outfile: `dist/${name}.js`,
      banner: { js: first + common.banner.js },
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
for (const { name } of dev ? [] : programs) fs.rmSync(path.join(root, `dist/${name}.js.map`), { force: true });
fs.chmodSync(path.join(root, 'dist/cli.js'), 0o755);
fs.writeFileSync(path.join(root, 'THIRD-PARTY-NOTICES.txt'), notices(metafiles));

const size = ({ name }) => `${name}.js ${Math.round(fs.statSync(path.join(root, `dist/${name}.js`)).size / 1024)} KB`;
console.error(`Built dist/: ${programs.map(size).join(', ')}`);
