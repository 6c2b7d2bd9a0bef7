// esbuild splits so that nobody reads a line too many: some sixty files at a start, each of which is looked for, read and given a
// preamble. Here those that a start reads anyway become one again.
import path from 'node:path';
import { build } from 'esbuild';

const name = 'common.js';

/**
 * Joins the chunks that some entry points need, and these themselves, into one file.
 *
 * @param {{ outputs: import('esbuild').Metafile['outputs'], files: { path: string, text: string }[], folder: string, beside: string, starts: string[], options: import('esbuild').BuildOptions }} order
 * `outputs`, `files`: of a build with `splitting`, to `folder`; `beside`: where its chunks lie; `starts`: the sources of the entry points
 * @returns {Promise<{ path: string, text: string }[]>} the files that are left, and the one that was made
 */
export async function joined({ outputs, files, folder, beside, starts, options }) {
  const texts = new Map(files.map(({ path: file, text }) => [path.resolve(file), text]));
  const absolute = (output) => path.resolve(options.absWorkingDir, output);
  const group = new Set();
  const take = (output) => {
    if (!outputs[output] || group.has(absolute(output))) return;
    group.add(absolute(output));
    for (const { path: next, kind } of outputs[output].imports) if (kind === 'import-statement') take(next);
  };
  for (const [output, { entryPoint }] of Object.entries(outputs)) if (starts.includes(entryPoint)) take(output);

  const common = path.join(folder, beside, name);
  /** What others than these import of each, by the name under which it is handed on. */
  const wanted = new Map([...group].map((file) => [file, new Map()]));
  const prefixOf = new Map([...group].map((file, i) => [file, `_${i}_`]));
  const fromCommon = (file) => {
    const relative = path.relative(path.dirname(file), common).replaceAll('\\', '/');
    return relative.startsWith('.') ? relative : `./${relative}`;
  };
  const statement = /\bimport\s*(?:\{([^}]*)\}\s*from\s*)?"(\.[^"]*\.js)"/g;
  const rest = [...texts].flatMap(([file, text]) => {
    if (group.has(file)) return [];
    const changed = text.replace(statement, (whole, names, specifier) => {
      const target = path.resolve(path.dirname(file), specifier);
      if (!group.has(target)) return whole;
      const prefix = prefixOf.get(target);
      const list = (names ?? '').split(',').flatMap((one) => {
        const [, own, as = own] = /^\s*([\w$]+)(?:\s+as\s+([\w$]+))?\s*$/.exec(one) ?? [];
        if (own === undefined) return [];
        wanted.get(target).set(prefix + own, own);
        return [`${prefix}${own} as ${as}`];
      });
      // As many lines as before: the text has its source map with it.
      const lines = whole.replace(/[^\n]/g, '');
      return list.length ? `import{${list.join(',')}${lines}}from"${fromCommon(file)}"` : `import${lines}"${fromCommon(file)}"`;
    });
    return [{ path: file, text: throughCommon(changed, file, group, fromCommon(file)) }];
  });

  const handedOn = [...wanted].map(([file, names]) => {
    const list = [...names].map(([as, own]) => `${own} as ${as}`);
    const entry = Object.entries(outputs).find(([output, { entryPoint }]) => entryPoint && absolute(output) === file)?.[1];
    return `export { ${[...list, ...(entry?.exports ?? [])].join(', ')} } from ${JSON.stringify(file)};`;
  });
  const { outputFiles } = await build({
    ...options,
    plugins: [inMemory(texts)],
    stdin: { contents: handedOn.join('\n'), resolveDir: path.dirname(common) },
    format: 'esm',
    outfile: common,
    write: false,
  });
  const made = outputFiles.find(({ path: file }) => file.endsWith('.js'));
  return [...rest, { path: common, text: throughCommon(made.text, common, group, `./${name}`) }];
}

/** `import()` of what is in the group becomes one of the whole. */
function throughCommon(text, file, group, specifier) {
  return text.replace(/\bimport\("(\.[^"]*\.js)"\)/g, (whole, target) =>
    group.has(path.resolve(path.dirname(file), target)) ? `import("${specifier}")` : whole,
  );
}

/** Bundles texts that are not on the disk, and leaves `import()` alone. @returns {import('esbuild').Plugin} */
function inMemory(texts) {
  return {
    name: 'in-memory',
    setup({ onResolve, onLoad }) {
      onResolve({ filter: /./ }, ({ path: specifier, kind, resolveDir, importer }) => {
        if (kind !== 'import-statement') return { path: specifier, external: true };
        const file = path.resolve(importer ? path.dirname(importer) : resolveDir, specifier);
        return texts.has(file) ? { path: file, namespace: 'memory' } : { path: specifier, external: true };
      });
      onLoad({ filter: /./, namespace: 'memory' }, ({ path: file }) => ({ contents: texts.get(file), loader: 'js' }));
    },
  };
}
