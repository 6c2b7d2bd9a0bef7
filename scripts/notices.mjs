// THIRD-PARTY-NOTICES.txt: the licence of every package of which a part is in a bundle, told by esbuild's list of inputs.
import fs from 'node:fs';
import path from 'node:path';
import { root } from './process.mjs';

/** The text. Throws where a package brings no licence file: then nobody may ship it unseen. */
export function notices(metafiles) {
  const inputs = metafiles.flatMap((metafile) => Object.values(metafile.outputs).flatMap((output) => bytesOf(output)));
  const folders = new Set(inputs.map(packageFolder).filter(Boolean));
  const packages = [...folders].map(describe);
  for (const item of packages) {
    // One of several packages of one repository, under whose licence all of them stand.
    if (!item.licences.length) item.licences = packages.find((other) => other.licences.length && other.home === item.home)?.licences ?? [];
  }
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
    .map((file) => read(path.join(full, file)));
  const section = licences.length ? undefined : licenceSection(path.join(full, 'README.md'));
  if (section) licences.push(section);
  const address = typeof repository === 'string' ? repository : (repository?.url ?? homepage ?? '');
  return { name, version, licence: license ?? 'see below', licences, home: address.replace(/^git\+/, '') };
}

/** Some packages have their licence in the README alone. A section without the warranty clause is none. */
function licenceSection(file) {
  const text = fs.existsSync(file) ? read(file) : '';
  const section = /^(?:#+ *licen[cs]e.*|licen[cs]e\n-+)\n([^]*)$/im.exec(text)?.[1].trim();
  return section && /warrant/i.test(section) ? section : undefined;
}

function read(file) {
  return fs.readFileSync(file, 'utf8').replace(/\r\n?/g, '\n').trim();
}
