// The one place that says how TypeScript becomes JavaScript: the bundles that ship and the bundle that tests run are made alike.

import path from 'node:path';
import { trustRoot } from './trustRoot.mjs';

/** Without what writes XML, which would load a package that lies beside the programs wherever they are installed. */
const cycloneDxSerialize = path.resolve(
  import.meta.dirname,
  '../node_modules/@cyclonedx/cyclonedx-library/dist.node/serialize/index.common.js',
);

/** @type {import('esbuild').BuildOptions} */
export const common = {
  bundle: true,
  platform: 'node',
  format: 'cjs',
  target: 'node20',
  mainFields: ['module', 'main'],
  external: ['vscode'],
  plugins: [trustRoot],
  alias: {
    '@cyclonedx/cyclonedx-library/Serialize': cycloneDxSerialize,
    '@pnpm/npm-conf': path.join(import.meta.dirname, 'stubs', 'npmConf.cjs'),
  },
  sourcemap: true,
  logLevel: 'warning',
};
