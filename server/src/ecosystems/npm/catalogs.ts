import type { Companion } from '../../core/manifest';
import type { Span } from '../../core/span';
import { type JsonNode, type JsonObject, propertyOf } from '../../syntax/json';
import type { YamlEntry } from '../../syntax/yamlBlocks';
import { companionsNamed, packageAbove, pnpmWorkspace, yarnSettings, type YamlBlocks } from './companions';
import { entriesIn } from './registries';

/** What a catalog says of one package. */
export interface CatalogEntry {
  readonly value: string;
  /** The file that holds the catalog. */
  readonly file: string;
  /** Where the value stands there, between its quotes. */
  readonly inner: Span;
  /** Whether the value stands there to the letter. */
  readonly literal: boolean;
}

export interface Catalogs {
  /** Whether any file defines a catalog at all. */
  readonly present: boolean;
  /** `''` and `default` name the default catalog. */
  find(catalog: string, name: string): CatalogEntry | undefined;
}

type Lookup = (catalog: string, name: string) => CatalogEntry | undefined;

/**
 * Catalogs of pnpm-workspace.yaml, .yarnrc.yml and Bun's package.json (`catalog`, `catalogs`, also under `workspaces`): those of the
 * manifest itself, then of the files above it, nearest first.
 */
export function readCatalogs(path: string, root: JsonObject | undefined, companions: readonly Companion[]): Catalogs {
  const lookups: Lookup[] = [];
  if (root) lookups.push(...inPackage(path, root));
  for (const { path: file, text } of companionsNamed(companions, 'pnpm-workspace.yaml')) lookups.push(...inYaml(file, pnpmWorkspace(text)));
  for (const { path: file, text } of companionsNamed(companions, '.yarnrc.yml')) lookups.push(...inYaml(file, yarnSettings(text)));
  for (const { path: file, text } of companionsNamed(companions, 'package.json')) {
    const above = file === path ? undefined : packageAbove(text);
    if (above) lookups.push(...inPackage(file, above));
  }
  return {
    present: lookups.length > 0,
    find(catalog, name) {
      for (const lookup of lookups) {
        const entry = lookup(catalog === '' ? 'default' : catalog, name);
        if (entry) return entry;
      }
      return undefined;
    },
  };
}

function inYaml(file: string, blocks: YamlBlocks): Lookup[] {
  const catalog = blocks.get('catalog');
  const catalogs = blocks.get('catalogs');
  const held = (entries: readonly YamlEntry[] | undefined, name: string): CatalogEntry | undefined => {
    const value = entries?.findLast(({ key }) => key === name)?.value;
    if (value === undefined || !('text' in value)) return undefined;
    return { value: value.text, file, inner: value.inner, literal: value.literal };
  };
  const lookups: Lookup[] = [];
  if (catalog) lookups.push((wanted, name) => (wanted === 'default' ? held(catalog, name) : undefined));
  if (catalogs) lookups.push((wanted, name) => held(entriesIn(catalogs.findLast(({ key }) => key === wanted)?.value), name));
  return lookups;
}

function inPackage(file: string, root: JsonObject): Lookup[] {
  const workspaces = propertyOf(root, 'workspaces')?.value;
  const lookups: Lookup[] = [];
  for (const holder of [root, workspaces]) {
    if (holder?.type !== 'object') continue;
    const catalog = propertyOf(holder, 'catalog')?.value;
    const catalogs = propertyOf(holder, 'catalogs')?.value;
    if (catalog?.type === 'object') lookups.push((wanted, name) => (wanted === 'default' ? entryIn(file, catalog, name) : undefined));
    if (catalogs?.type === 'object') lookups.push((wanted, name) => entryIn(file, propertyOf(catalogs, wanted)?.value, name));
  }
  return lookups;
}

function entryIn(file: string, catalog: JsonNode | undefined, name: string): CatalogEntry | undefined {
  const value = catalog?.type === 'object' ? propertyOf(catalog, name)?.value : undefined;
  if (value?.type !== 'string') return undefined;
  return { value: value.value, file, inner: value.inner, literal: !value.escaped };
}
