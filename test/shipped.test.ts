import assert from 'node:assert/strict';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import type * as esbuild from 'esbuild';
import { builtPrograms } from './support/built';

const root = process.env.MERLON_ROOT ?? process.cwd();

describe('what ships', function () {
  this.timeout(60_000);

  it('is every program that is built: of each package those that it runs', async () => {
    const programs = fs.readdirSync(path.dirname((await builtPrograms()).cli)).filter((name) => name.endsWith('.js'));
    const named = (list: string) =>
      [...fs.readFileSync(path.join(root, list), 'utf8').matchAll(/^!\/?dist\/([\w-]+\.js)$/gm)].map((match) => match[1]!).sort();
    assert.deepEqual(named('.npmignore'), programs.filter((name) => name !== 'client.js').sort());
    assert.deepEqual(named('.vscodeignore'), programs.filter((name) => name !== 'cli.js').sort());
  });

  it('has the same names wherever it is built', async () => {
    const load = (file: string): Promise<unknown> => import(pathToFileURL(path.join(root, file)).href);
    const { build } = (await load('node_modules/esbuild/lib/main.js')) as typeof esbuild;
    const { asParts } = (await load('scripts/deferred.mjs')) as {
      asParts(home: string): { modules: Record<string, string>; plugin: esbuild.Plugin };
    };
    const outputs = async (name: string) => {
      const place = fs.mkdtempSync(path.join(os.tmpdir(), name));
      try {
        const home = path.join(place, 'server', 'src');
        fs.mkdirSync(home, { recursive: true });
        fs.writeFileSync(path.join(home, 'part.ts'), 'export const text = 1;\n');
        fs.writeFileSync(path.join(home, 'shared.ts'), "import defer * as part from './part';\n\nexport const asked = () => part.text;\n");
        for (const one of ['a', 'b']) fs.writeFileSync(path.join(home, `${one}.ts`), "export { asked } from './shared';\n");
        const { modules, plugin } = asParts(home);
        const { outputFiles } = await build({
          entryPoints: { a: path.join(home, 'a.ts'), b: path.join(home, 'b.ts'), ...modules },
          bundle: true,
          splitting: true,
          format: 'esm',
          minify: true,
          plugins: [plugin],
          absWorkingDir: place,
          outdir: place,
          write: false,
        });
        return outputFiles.map((file) => [path.relative(place, file.path), file.text]);
      } finally {
        fs.rmSync(place, { recursive: true });
      }
    };
    assert.deepEqual(await outputs('merlon-one-'), await outputs('merlon-another-'));
  });
});
