// `import defer * as name from '…'` (TC39, TypeScript 5.9): a module, a library or a part of Node that is read when something of it is
// first asked for. esbuild knows the form and does not bundle it.
import fs from 'node:fs';
import path from 'node:path';

/** Comments and texts. */
const wordsOfPeople = /\/\*[^]*?\*\/|\/\/.*$|'(?:[^'\\\n]|\\.)*'/gm;
const statement = /^import defer \* as (\w+) from '([^']+)';$/gm;

/** For tests and tools: read with all else. @type {import('esbuild').Plugin} */
export const atOnce = rewriting('');

/**
 * For programs that ship: each is a part of its own, and in its place stands an object that reads that part when it is asked.
 *
 * @param {string} home the folder of the sources that are searched for such imports
 * @returns {{ modules: Record<string, string>, alone: Record<string, string>, plugin: import('esbuild').Plugin }} by the name of their
 * part: `modules`, to be bundled along with the programs, whose code they share; `alone`, libraries and data, to be bundled each by itself
 */
export function asParts(home) {
  const wanted = wantedIn(home);
  const targets = inOrder(wanted.keys());
  const partOf = (target) =>
    (path.isAbsolute(target) ? path.relative(home, target) : target)
      .replace(/(?:[\\/]index)?\.(?:ts|json)$/, '')
      .split(/[\\/]/)
      .filter((word) => word !== '..')
      .join('-')
      .replace('@', '');
  const placeOf = (target) => (target.startsWith('node:') ? target : `./${partOf(target)}.js`);
  const places = targets.map(placeOf);
  const twice = places.find((place, i) => places.indexOf(place) < i);
  if (twice) throw new Error(`two deferred modules would be ${twice}`);
  const named = (isWanted) =>
    Object.fromEntries(
      targets.filter((target) => !target.startsWith('node:') && isWanted(target)).map((target) => [partOf(target), target]),
    );
  const { setup } = rewriting('deferred:');
  const plugin = {
    name: 'deferred',
    setup(build) {
      setup(build);
      // The path goes into names of chunks: that of the part is the same wherever the sources lie.
      build.onResolve({ filter: /^deferred:/ }, ({ path: specifier, resolveDir }) => {
        const target = targetOf(specifier.slice('deferred:'.length), resolveDir);
        return { path: placeOf(target), pluginData: target, namespace: 'deferred', sideEffects: false };
      });
      build.onResolve({ filter: /./, namespace: 'deferred' }, ({ path: part }) => ({ path: part, external: true }));
      build.onLoad({ filter: /./, namespace: 'deferred' }, ({ path: place, pluginData: target }) => ({
        contents: standIn(place, inOrder(wanted.get(target))),
      }));
    },
  };
  return {
    modules: named((target) => target.endsWith('.ts')),
    alone: named((target) => !target.endsWith('.ts')),
    plugin,
  };
}

/** The same build on every machine: folders are read in any order. */
function inOrder(texts) {
  return [...texts].sort((a, b) => (a < b ? -1 : a > b ? 1 : 0));
}

/** CommonJS with these names, that reads another file of it when one of them is asked for. */
function standIn(file, names) {
  // Of a library that is a function, `default` is all there is.
  const getters = names.map((name) => `get ${name}() { return ${name === 'default' ? 'part().default ?? part()' : `part().${name}`}; }`);
  return `let read; const part = () => (read ??= require('${file}')); module.exports = { __esModule: true, ${getters.join(', ')} };`;
}

function rewriting(prefix) {
  return {
    name: 'at-once',
    setup({ onLoad }) {
      onLoad({ filter: /[\\/](?:server|client)[\\/]src[\\/].*\.ts$/ }, async ({ path: file }) => {
        const text = await fs.promises.readFile(file, 'utf8');
        return text.includes('import defer ')
          ? { contents: text.replace(statement, `import * as $1 from '${prefix}$2';`), loader: 'ts' }
          : undefined;
      });
    },
  };
}

/** What is imported so, files by their absolute path, with the names that are asked of each. */
function wantedIn(home) {
  const wanted = new Map();
  for (const { parentPath, name } of fs.readdirSync(home, { recursive: true, withFileTypes: true })) {
    if (!name.endsWith('.ts')) continue;
    const text = fs.readFileSync(path.join(parentPath, name), 'utf8');
    for (const [, own, specifier] of text.matchAll(statement)) {
      const target = targetOf(specifier, parentPath);
      const names = wanted.get(target) ?? wanted.set(target, new Set()).get(target);
      for (const [, asked] of text.matchAll(new RegExp(`\\b${own}\\.(\\w+)`, 'g'))) names.add(asked);
      // What is asked for must stand there by name: the part hands on nothing else.
      const bare = new RegExp(`(?:[=(,]|\\.\\.\\.)\\s*${own}\\s*[;,)}]`);
      if (bare.test(text.replace(wordsOfPeople, '')))
        throw new Error(`${name}: ${own} is deferred, and may only be asked for by ${own}.name`);
    }
  }
  return wanted;
}

function targetOf(specifier, folder) {
  if (!specifier.startsWith('.')) return specifier;
  const module = path.resolve(folder, specifier);
  return [module, `${module}.ts`, path.join(module, 'index.ts')].find((file) => fs.statSync(file, { throwIfNoEntry: false })?.isFile());
}
