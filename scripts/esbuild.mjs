// The one place that says how TypeScript becomes JavaScript: the bundles that ship and the bundle that tests run are made alike.

import fs from 'node:fs';
import path from 'node:path';
import { atOnce } from './deferred.mjs';
import { trustRoot } from './trustRoot.mjs';

/** Without what writes XML, which would load a package that lies beside the programs wherever they are installed. */
const cycloneDxSerialize = path.resolve(
  import.meta.dirname,
  '../node_modules/@cyclonedx/cyclonedx-library/dist.node/serialize/index.common.js',
);

/** Our data are parsed as JSON, which takes a fifth of the time that compiling them as a program takes. @type {import('esbuild').Plugin} */
const dataAsText = {
  name: 'data-as-text',
  setup({ onLoad }) {
    onLoad({ filter: /[\\/]server[\\/]data[\\/]\w+\.json$/ }, ({ path: file }) => {
      const text = JSON.stringify(JSON.parse(fs.readFileSync(file, 'utf8')));
      return { contents: `module.exports = JSON.parse(${JSON.stringify(text)});` };
    });
  },
};

/** @type {import('esbuild').BuildOptions} */
export const common = {
  bundle: true,
  platform: 'node',
  format: 'cjs',
  target: 'node20',
  mainFields: ['module', 'main'],
  external: ['vscode'],
  plugins: [trustRoot, dataAsText, atOnce],
  alias: {
    '@cyclonedx/cyclonedx-library/Serialize': cycloneDxSerialize,
    '@pnpm/npm-conf': path.join(import.meta.dirname, 'stubs', 'npmConf.cjs'),
  },
  sourcemap: true,
  logLevel: 'warning',
};
