// node scripts/build.mjs [--dev] [--out FOLDER]: dist/client.js, dist/server.js, dist/cli.js, dist/worker.js, their parts, and the
// notices of what is in them. --dev: readable, with source maps, for F5. --out: the programs alone, elsewhere: tests must not run what
// an older build left in dist/.
import fs from 'node:fs';
import path from 'node:path';
import { ensureInstalled, root } from './process.mjs';

ensureInstalled();
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

const metafiles = await Promise.all([
  bundle({ home: 'client/src', entries: { client: 'client/src/extension.ts' }, folder, parts: 'client', options }),
  bundle({
    home: 'server/src',
    entries: { server: 'server/src/lsp/main.ts', cli: 'server/src/cli/main.ts', worker: 'server/src/session/workerProgram.ts' },
    folder,
    starts: ['server/src/cli/check.ts'],
    first: { cli: '#!/usr/bin/env node' },
    options,
  }),
]);
if (!dev) for (const name of fs.readdirSync(folder)) if (name.endsWith('.map')) fs.rmSync(path.join(folder, name), { force: true });
fs.chmodSync(path.join(folder, 'cli.js'), 0o755);
if (outAt < 0) fs.writeFileSync(path.join(root, 'THIRD-PARTY-NOTICES.txt'), notices(metafiles.flat()));

const size = (...names) => `${Math.round(names.reduce((sum, name) => sum + fs.statSync(path.join(folder, name)).size, 0) / 1024)} KB`;
const within = (name) => fs.readdirSync(path.join(folder, name)).map((part) => path.join(name, part));
const told = [
  `client.js ${size('client.js')} and client/ ${size(...within('client'))}`,
  `server.js, cli.js, worker.js and parts/ ${size(...within('parts'))}`,
];
console.error(`Built ${named}/: ${told.join(', ')}`);
