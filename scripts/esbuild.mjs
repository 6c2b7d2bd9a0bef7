// The one place that says how TypeScript becomes JavaScript: the bundles that ship and the bundle that tests run are made alike.

/** @type {import('esbuild').BuildOptions} */
export const common = {
  bundle: true,
  platform: 'node',
  format: 'cjs',
  target: 'node20',
  mainFields: ['module', 'main'],
  external: ['vscode'],
  sourcemap: true,
  logLevel: 'warning',
};
