// node scripts/package.mjs [--npm]: builds, then writes merlon-VERSION.vsix, and refuses one that holds what it should not.
// --npm: looks at what `npm pack` would put into the npm package as well.
import fs from 'node:fs';
import path from 'node:path';
import { spawnSync } from 'node:child_process';
import { cleanEnvironment, ensureInstalled, npmCommand, root, runNode } from './process.mjs';

const limit = 3 * 1024 * 1024;

/** What may be in the VSIX, beside what vsce itself adds ([Content_Types].xml and the manifest of the Marketplace). */
const allowed = [
  /^dist\/(client|server|worker)\.js$/,
  // What they load when they need it.
  /^dist\/(parts|client)\/[\w-]+\.js$/,
  /^media\/icon\.png$/,
  /^media\/walkthrough\//,
  /^(package\.json|README\.md|CHANGELOG\.md|LICENSE|SECURITY\.md|THIRD-PARTY-NOTICES\.txt)$/,
];

ensureInstalled();
if (runNode([path.join(root, 'scripts/build.mjs')]) !== 0) process.exit(1);
if (process.argv.includes('--npm')) checkNpmPackage();
const { version } = JSON.parse(fs.readFileSync(path.join(root, 'package.json'), 'utf8'));
const file = path.join(root, `merlon-${version}.vsix`);
const { createVSIX, listFiles } = await import('@vscode/vsce');
const files = await listFiles({ cwd: root, dependencies: false });
const strange = files.filter((name) => !allowed.some((pattern) => pattern.test(name.replaceAll('\\', '/'))));
if (strange.length) throw new Error(`not meant to be shipped: ${strange.join(', ')} (.vscodeignore)`);
await createVSIX({ cwd: root, dependencies: false, packagePath: file });
const size = fs.statSync(file).size;
if (size > limit) throw new Error(`${path.basename(file)} has ${size} bytes; ${limit} are allowed`);
console.error(`${path.basename(file)}: ${files.length} files, ${Math.round(size / 1024)} KB`);

function checkNpmPackage() {
  const parts = fs.readdirSync(path.join(root, 'dist/parts')).map((name) => `dist/parts/${name}`);
  const documents = ['CHANGELOG.md', 'LICENSE', 'README.md', 'THIRD-PARTY-NOTICES.txt'];
  const expected = [...documents, 'dist/cli.js', ...parts, 'dist/server.js', 'dist/worker.js', 'package.json'];
  const [command, ...first] = npmCommand();
  const args = [...first, 'pack', '--dry-run', '--json', '--ignore-scripts'];
  const { stdout, stderr, status } = spawnSync(command, args, { cwd: root, encoding: 'utf8', env: cleanEnvironment() });
  if (status !== 0) throw new Error(`npm pack: ${stderr}`);
  const answer = JSON.parse(stdout);
  const [{ files, size }] = Array.isArray(answer) ? answer : Object.values(answer);
  const names = files.map((file) => file.path).sort();
  const missing = expected.filter((name) => !names.includes(name));
  const surplus = names.filter((name) => !expected.includes(name));
  if (missing.length + surplus.length)
    throw new Error(`npm pack: lacks ${missing.join(', ') || 'nothing'}; takes along ${surplus.join(', ') || 'nothing else'}`);
  const manifest = JSON.parse(fs.readFileSync(path.join(root, 'package.json'), 'utf8'));
  if (manifest.dependencies) throw new Error('the npm package must have no dependencies to install');
  console.error(`npm package: ${names.length} files, ${Math.round(size / 1024)} KB`);
}
