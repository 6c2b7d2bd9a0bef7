// THIRD-PARTY-NOTICES.txt: the licence of every package of which a part is in a bundle, told by esbuild's list of inputs.
import fs from 'node:fs';
import path from 'node:path';
import { root } from './process.mjs';

/** The text. Throws where a package brings no licence file: then nobody may ship it unseen. */
export function notices(metafiles) {
  const inputs = metafiles.flatMap((metafile) => Object.values(metafile.outputs).flatMap((output) => bytesOf(output)));
  const folders = new Set(inputs.map(packageFolder).filter(Boolean));
  const packages = [...folders].map(describe);
  const without = packages.filter((item) => !item.licences.length).map((item) => item.name);
  if (without.length) throw new Error(`no licence file in: ${without.join(', ')}`);
  // The same version may be installed in two places.
  const unique = new Map(packages.map((item) => [`${item.name} ${item.version}`, item]));
  const sorted = [...unique.entries()].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, item]) => item);
  const line = '='.repeat(80);
  const parts = sorted.map(
    (item) => `${line}\n${item.name} ${item.version} (${item.licence})\n${item.home}\n${line}\n\n${item.licences.join('\n\n')}`,
  );
  return `Merlon's programs contain parts of these packages.\n\n${parts.join('\n\n')}\n`;
}

/** Inputs of which something is left after unused code was dropped. */
function bytesOf(output) {
  return Object.entries(output.inputs)
    .filter(([, { bytesInOutput }]) => bytesInOutput > 0)
    .map(([input]) => input);
}

/** `node_modules/@scope/name`, the innermost one. */
function packageFolder(input) {
  return /^(?:.*\/)?node_modules\/(?:@[^/]+\/)?[^/]+/.exec(input.replaceAll('\\', '/'))?.[0];
}

function describe(folder) {
  const full = path.join(root, folder);
  const { name, version, license, repository, homepage } = JSON.parse(fs.readFileSync(path.join(full, 'package.json'), 'utf8'));
  const licences = fs
    .readdirSync(full)
    .filter((file) => /^(licen[cs]e|copying|notice)([.-].*)?$/i.test(file))
    .sort()
    .map((file) => fs.readFileSync(path.join(full, file), 'utf8').replace(/\r\n?/g, '\n').trim());
  const address = typeof repository === 'string' ? repository : (repository?.url ?? homepage ?? '');
  return { name, version, licence: license ?? 'see below', licences, home: address.replace(/^git\+/, '') };
}
