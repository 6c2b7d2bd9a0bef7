// Programs as they ship: `cli.js`, `server.js` and the `worker.js` of their threads with parts/, which they share, and `client.js` with
// client/. Each part is loaded when it is first needed.
import fs from 'node:fs';
import path from 'node:path';
import { build, transform } from 'esbuild';
import { asParts } from './deferred.mjs';
import { common } from './esbuild.mjs';
import { joined } from './joined.mjs';
import { root } from './process.mjs';

/**
 * Bundles the programs into a folder. esbuild shares code between files of ECMAScript modules alone; each file is made CommonJS
 * after that, which starts faster and which VS Code's own Node runs.
 *
 * @param {{ home: string, entries: Record<string, string>, folder: string, parts?: string, starts?: string[], first?: Record<string, string>, options: import('esbuild').BuildOptions }} order
 * `home`: the folder of their sources; `parts`: that of what they load; `starts`: modules that are read at a start with all they
 * import, as one part; `first`: what a program's file begins with. → what esbuild tells of inputs
 */
export async function bundle({ home, entries, folder, parts: beside = 'parts', starts = [], first = {}, options }) {
  const { sourcemap, ...rest } = { ...common, ...options };
  const { modules, alone, plugin } = asParts(path.join(root, home));
  const programs = await build({
    ...rest,
    // Before the one that reads deferred modules at once.
    plugins: [plugin, ...rest.plugins],
    format: 'esm',
    splitting: true,
    entryPoints: { ...entries, ...Object.fromEntries(Object.entries(modules).map(([name, file]) => [`${beside}/${name}`, file])) },
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
  const library = await build({
    ...rest,
    sourcemap,
    entryPoints: alone,
    outdir: parts,
    metafile: true,
  });
  fs.mkdirSync(parts, { recursive: true });
  const pieces = starts.length
    ? await joined({ outputs, files: programs.outputFiles, folder, beside, starts, options: { ...rest, sourcemap: sourcemap && 'inline' } })
    : programs.outputFiles;
  const files = await Promise.all(
    pieces.map((file) => toCommonJs(file, { ...rest, sourcemap, banner: first[path.relative(folder, file.path).replace(/\.js$/, '')] })),
  );
  for (const { path: file, text } of files) fs.writeFileSync(file, text);
  const written = new Set([...files.map(({ path: file }) => path.basename(file)), ...Object.keys(alone).map((name) => `${name}.js`)]);
  for (const name of fs.readdirSync(parts))
    if (!written.has(sourcemap ? name.replace(/\.map$/, '') : name)) fs.rmSync(path.join(parts, name));
  return [library.metafile, programs.metafile];
}

async function toCommonJs({ path: file, text }, { minify, target, legalComments, sourcemap, banner }) {
  const { code } = await transform(text, {
    format: 'cjs',
    platform: 'node',
    target,
    minify,
    legalComments,
    sourcemap: sourcemap && 'inline',
    banner,
    // `import()` of a part that is CommonJS by then.
    supported: { 'dynamic-import': false },
  });
  return { path: file, text: code };
}
