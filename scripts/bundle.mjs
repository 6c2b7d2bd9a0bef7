// Programs as they ship: `cli.js` and `server.js`, and beside them parts/, of which each is loaded when it is first needed and which both share.
import fs from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { build, transform } from 'esbuild';
import { common } from './esbuild.mjs';
import { root } from './process.mjs';

const require = createRequire(import.meta.url);

/** Large, and seldom called: read when the first of its functions is. Nobody extends a class of theirs. */
const seldom = ['ae-cvss-calculator', 'yaml'];

/**
 * Bundles the programs into a folder. esbuild shares code between files of ECMAScript modules alone; each file is made CommonJS
 * after that, which starts faster and which VS Code's own Node runs.
 *
 * @param {{ entries: Record<string, string>, folder: string, first?: Record<string, string>, options: import('esbuild').BuildOptions }} order
 * `first`: what a program's file begins with. → what esbuild tells of inputs
 */
export async function bundle({ entries, folder, first = {}, options }) {
  const { sourcemap, ...rest } = { ...common, ...options };
  const parts = path.join(folder, 'parts');
  const library = await build({
    ...rest,
    sourcemap,
    entryPoints: Object.fromEntries(seldom.map((name) => [name, name])),
    outdir: parts,
    metafile: true,
  });
  const programs = await build({
    ...rest,
    plugins: [...rest.plugins, onDemand],
    format: 'esm',
    splitting: true,
    entryPoints: entries,
    outdir: folder,
    chunkNames: 'parts/[name]-[hash]',
    sourcemap: sourcemap && 'inline',
    metafile: true,
    write: false,
  });
  const files = await Promise.all(programs.outputFiles.map((file) => toCommonJs(file, rest, sourcemap)));
  for (const { path: file, text } of files) fs.writeFileSync(file, (first[path.basename(file, '.js')] ?? '') + text);
  const written = new Set([...files.map(({ path: file }) => path.basename(file)), ...seldom.map((name) => `${name}.js`)]);
  for (const name of fs.readdirSync(parts)) if (!written.has(name.replace(/\.map$/, ''))) fs.rmSync(path.join(parts, name));
  return [library.metafile, programs.metafile];
}

async function toCommonJs({ path: file, text }, { minify, target, legalComments }, sourcemap) {
  const { code } = await transform(text, {
    format: 'cjs',
    platform: 'node',
    target,
    minify,
    legalComments,
    sourcemap: sourcemap && 'inline',
    // `import()` of a part that is CommonJS by then.
    supported: { 'dynamic-import': false },
  });
  return { path: file, text: code };
}

/** Gives in the place of a library an object that reads its file when something of it is wanted. @type {import('esbuild').Plugin} */
const onDemand = {
  name: 'on-demand',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^[a-z]/ }, ({ path: name, kind }) =>
      seldom.includes(name) && kind === 'import-statement' ? { path: name, namespace: 'on-demand', sideEffects: false } : undefined,
    );
    onResolve({ filter: /^\.\/.*\.js$/, namespace: 'on-demand' }, ({ path: name }) => ({ path: name, external: true }));
    onLoad({ filter: /./, namespace: 'on-demand' }, ({ path: name }) => {
      const names = Object.keys(require(name)).filter((own) => own !== '__esModule');
      const getters = names.map((own) => `get ${own}() { return library().${own}; }`);
      return {
        contents: `let loaded; const library = () => (loaded ??= require('./${name}.js')); module.exports = { __esModule: true, ${getters.join(', ')} };`,
        resolveDir: root,
      };
    });
  },
};
