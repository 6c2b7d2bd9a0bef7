import type { Companion } from '../../core/manifest';
import { type JsonObject, propertyOf } from '../../syntax/json';
import { folderOf } from '../companionFiles';
import type { CatalogEntry } from './catalogs';
import { companionsNamed, packageAbove, pnpmWorkspace } from './companions';
import { entriesOf, type Entry } from './entries';
import { projectFacts } from './projectFacts';

/** What is installed in place of what a direct dependency asks for. */
export interface Replacement extends CatalogEntry {
  /** For people. */
  readonly by: string;
  /** npm refuses an override of a direct dependency that says another thing; all others take it. */
  readonly followed: boolean;
}

/**
 * The replacements of a manifest's direct dependencies, by the name that these are written under: `overrides`, `resolutions` and
 * `pnpm.overrides` of the workspace's root, whose own are the only ones heard, then those of pnpm-workspace.yaml.
 */
export function readReplacements(
  path: string,
  root: JsonObject,
  text: string,
  own: readonly Entry[],
  companions: readonly Companion[],
): ReadonlyMap<string, Replacement> {
  const replaced = new Map<string, Replacement>();
  const [workspace] = companionsNamed(companions, 'pnpm-workspace.yaml');
  const above = companionsNamed(companions, 'package.json').find(
    (companion) => companion.path !== path && isRoot(companion, workspace?.path),
  );
  const aboveRoot = above && packageAbove(above.text);
  const heard =
    above && aboveRoot
      ? { file: above.path, entries: overridesIn(aboveRoot), tool: projectFacts(aboveRoot, above.text).lockedBy }
      : { file: path, entries: own, tool: projectFacts(root, text).lockedBy };
  for (const { group, section, key, value } of heard.entries) {
    const whole = /^(?:\*\*\/)?((?:@[^/@>]+\/)?[^/@>]+)$/.exec(key.value)?.[1];
    if (group !== 'override' || !value || whole === undefined || section.startsWith('overrides.')) continue;
    const followed = section === 'overrides' ? heard.tool === 'bun' : heard.tool !== 'package-lock';
    const by = heard.file === path ? section : `${section} of ${heard.file}`;
    replaced.set(whole, { by, value: value.value, file: heard.file, inner: value.inner, literal: !value.escaped, followed });
  }
  for (const { key, value } of (workspace && pnpmWorkspace(workspace.text).get('overrides')) ?? []) {
    if (!value || !('text' in value)) continue;
    const by = `overrides of ${workspace!.path}`;
    replaced.set(key, { by, value: value.text, file: workspace!.path, inner: value.inner, literal: value.literal, followed: true });
  }
  return replaced;
}

function isRoot({ path, text }: Companion, workspace: string | undefined): boolean {
  if (workspace !== undefined) return folderOf(path) === folderOf(workspace);
  const root = packageAbove(text);
  return root !== undefined && propertyOf(root, 'workspaces') !== undefined;
}

/** A root is read for each of its members, at every keystroke in one of them. */
const known = new WeakMap<JsonObject, readonly Entry[]>();

function overridesIn(root: JsonObject): readonly Entry[] {
  let entries = known.get(root);
  if (!entries) known.set(root, (entries = entriesOf(root).entries.filter(({ group }) => group === 'override')));
  return entries;
}
