// node scripts/package.mjs: builds, then writes merlon-VERSION.vsix, and refuses one that holds what it should not.
import fs from 'node:fs';
import path from 'node:path';
import { ensureInstalled, root, runNode } from './process.mjs';

const limit = 3 * 1024 * 1024;

/** What may be in the VSIX, beside what vsce itself adds ([Content_Types].xml and the manifest of the Marketplace). */
const allowed = [
  /^dist\/(client|server)\.js$/,
  /^media\/icon\.png$/,
  /^media\/walkthrough\//,
  /^(package\.json|README\.md|CHANGELOG\.md|LICENSE|SECURITY\.md|THIRD-PARTY-NOTICES\.txt)$/,
];

ensureInstalled();
if (runNode([path.join(root, 'scripts/build.mjs')]) !== 0) process.exit(1);
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
