import defer * as jsonc from 'jsonc-parser';
import type { PackageId } from '../../core/declaration';
import type { Companion, Edit, EditedDocument, ManifestEditor, OverrideWish } from '../../core/manifest';
import { pnpmWorkspace } from './companions';
import { overrideInWorkspace } from './workspaceOverride';

/** Where each tool wants to be told, by the beginning of its lockfile reader's id. Only the root's package.json is heard. */
const levers: readonly (readonly [tool: string, path: readonly string[]])[] = [
  ['package-lock', ['overrides']],
  ['pnpm', ['pnpm', 'overrides']],
  ['yarn', ['resolutions']],
  ['bun', ['overrides']],
];

/** A line in the root's `overrides`, `pnpm.overrides` or `resolutions`: a release or a later one of its major, or any but some. */
export const override: NonNullable<ManifestEditor['override']> = (document, pkg: PackageId, wish, { tool, folder }): Edit[] | undefined => {
  const lever = levers.find(([id]) => tool.startsWith(id))?.[1];
  const root = rootManifest(document, folder);
  const range = rangeOf(wish);
  if (!lever || !root || isWritten(document, pkg, range)) return undefined;
  const place = workspacePlace(document, root, tool, folder);
  if (place) return overrideInWorkspace(place.path, place.existing, pkg, range);
  const edits = jsonc.modify(root.text, [...lever, pkg.name], range, { formattingOptions: formattingOf(root.text) });
  return edits.map(({ offset, length, content }) => ({ file: root.path, span: { start: offset, end: offset + length }, newText: content }));
};

/** pnpm-workspace.yaml, where overrides stand there already, or where the project's pnpm hears no other file. */
function workspacePlace(
  { companions }: EditedDocument,
  root: { readonly text: string },
  tool: string,
  folder: string,
): { readonly path: string; readonly existing: Companion | undefined } | undefined {
  if (!tool.startsWith('pnpm')) return undefined;
  const path = folder === '' ? 'pnpm-workspace.yaml' : `${folder}/pnpm-workspace.yaml`;
  const existing = companions.find((companion) => companion.path === path);
  const major = Number(/"packageManager"\s*:\s*"pnpm@(\d+)/.exec(root.text)?.[1] ?? 0);
  return major >= 11 || (existing && pnpmWorkspace(existing.text).get('overrides')) ? { path, existing } : undefined;
}

/** node-semver has no `!=`: what lies between the bad releases is named instead. */
function rangeOf(wish: OverrideWish): string {
  if ('from' in wish) return `^${wish.from}`;
  const between = wish.without.slice(1).map((version, index) => `>${wish.without[index]} <${version}`);
  return [`<${wish.without[0]}`, ...between, `>${wish.without.at(-1)}`].join(' || ');
}

/** Then only the lockfile has to follow. */
function isWritten({ manifest }: EditedDocument, pkg: PackageId, range: string): boolean {
  return manifest.declarations.some(
    ({ group, package: { name }, specifier }) => group === 'override' && name === pkg.name && specifier === range,
  );
}

function rootManifest(document: EditedDocument, folder: string): { readonly path: string; readonly text: string } | undefined {
  const path = folder === '' ? 'package.json' : `${folder}/package.json`;
  return document.path === path ? document : document.companions.find((companion) => companion.path === path);
}

/** As the file itself is written. */
function formattingOf(text: string): { insertSpaces: boolean; tabSize: number; eol: string } {
  const indent = /\n([ \t]+)"/.exec(text)?.[1] ?? '  ';
  return {
    insertSpaces: !indent.startsWith('\t'),
    tabSize: indent.startsWith('\t') ? 1 : indent.length,
    eol: text.includes('\r\n') ? '\r\n' : '\n',
  };
}
