// The one place that says how TypeScript becomes JavaScript: the bundles that ship and the bundle that tests run are made alike.

/** @type {import('esbuild').BuildOptions} */
export const common = {
  bundle: true,
  platform: 'node',
  format: 'cjs',
  target: 'node20',
  mainFields: ['module', 'main'],
  loader: { '.wasm': 'binary' },
  // web-tree-sitter's module form reads import.meta.url, which a CommonJS bundle does not have.
  banner: { js: "const importMetaUrl = require('node:url').pathToFileURL(__filename).href;" },
  define: { 'import.meta.url': 'importMetaUrl' },
  external: ['vscode'],
  sourcemap: true,
  logLevel: 'warning',
};
