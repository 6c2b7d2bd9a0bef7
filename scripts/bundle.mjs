// Programs as they ship: `cli.js` and `server.js` with parts/, which both share, and `client.js` with client/. Each part is loaded when it is
// first needed.
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
 * @param {{ entries: Record<string, string>, folder: string, parts?: string, first?: Record<string, string>, options: import('esbuild').BuildOptions }} order
 * `parts`: the folder of what they load; `first`: what a program's file begins with. → what esbuild tells of inputs
 */
export async function bundle({ entries, folder, parts: beside = 'parts', first = {}, options }) {
  const { sourcemap, ...rest } = { ...common, ...options };
  const programs = await build({
    ...rest,
    plugins: [...rest.plugins, onDemand],
    format: 'esm',
    splitting: true,
    entryPoints: entries,
    outdir: folder,
    chunkNames: `${beside}/[name]-[hash]`,
    sourcemap: sourcemap && 'inline',
    metafile: true,
    write: false,
  });
  const { inputs, outputs } = programs.metafile;
  // Of such a part only `default` could be had: a module of ours has to stand before it that names what is called.
  const nameless = Object.values(outputs).find(({ entryPoint }) => entryPoint && inputs[entryPoint]?.format === 'cjs');
  if (nameless) throw new Error(`import() of ${nameless.entryPoint}, which is CommonJS`);
  const parts = path.join(folder, beside);
  const used = seldom.filter((name) => `on-demand:${name}` in inputs);
  const library = await build({
    ...rest,
    sourcemap,
    entryPoints: Object.fromEntries(used.map((name) => [name, name])),
    outdir: parts,
    metafile: true,
  });
  fs.mkdirSync(parts, { recursive: true });
  const files = await Promise.all(programs.outputFiles.map((file) => toCommonJs(file, rest, sourcemap)));
  for (const { path: file, text } of files) fs.writeFileSync(file, (first[path.basename(file, '.js')] ?? '') + text);
  const written = new Set([...files.map(({ path: file }) => path.basename(file)), ...used.map((name) => `${name}.js`)]);
  for (const name of fs.readdirSync(parts))
    if (!written.has(sourcemap ? name.replace(/\.map$/, '') : name)) fs.rmSync(path.join(parts, name));
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
