import type { Declaration } from '../../core/declaration';
import type { Manifest, ManifestReading, Problem, ReadContext } from '../../core/manifest';
import { projectFacts } from './projectFacts';
import { type JsonObject, type JsonString, parseJson, propertyOf } from '../../syntax/json';
import { readCatalogs } from './catalogs';
import { companionsNamed } from './companions';
import { declare, declareReplaced } from './declare';
import { type Entries, entriesOf, type Entry } from './entries';
import { readScriptRules } from './installScripts';
import { faultOfName } from './names';
import { packageJsonEditor } from './packageJsonEdit';
import { packageJsonHeads } from './packageJsonHeads';
import { readRegistries } from './registries';
import { readReplacements, type Replacement } from './replacements';
import { npmReleaseAge } from './releaseAge';

/** package.json as npm, Yarn, pnpm and Bun read it. `entries.ts` says where it declares, `spec.ts` what a spec means. */
export const packageJson: ManifestReading = {
  read,
  sectionHeads: packageJsonHeads,
  edit: packageJsonEditor,
};

function read(text: string, context: ReadContext): Manifest {
  const { root, problems } = parseJson(text);
  if (root && root.type !== 'object') {
    return manifest([], [...problems, { kind: 'invalid', span: root.span, message: 'A package.json holds an object' }]);
  }
  return root ? readObject(root, text, context, problems) : manifest([], problems);
}

function readObject(root: JsonObject, text: string, { path, companions }: ReadContext, syntax: readonly Problem[]): Manifest {
  const found = entriesOf(root);
  const replacements = readReplacements(path, root, text, found.entries, companions);
  const notesOf = notesFrom(found, root, replacements);
  const specs = directSpecs(found.entries);
  const around = {
    text,
    catalogs: readCatalogs(path, root, companions),
    registries: readRegistries(companions),
    direct: (name: string) => specs.get(name),
  };
  const declarations: Declaration[] = [];
  const problems: Problem[] = [...syntax, ...found.problems];
  for (const entry of found.entries) {
    const unnamed = faultOfName(entry.name);
    // A glob at the end of a path in Yarn's resolutions names no package.
    if (entry.group === 'override' && /^\*+$/.test(entry.name)) continue;
    if (unnamed !== undefined) {
      problems.push(rejected(entry.key, entry.name, unnamed));
      continue;
    }
    const replacement = entry.group === 'override' || entry.group === 'peer' || !entry.value ? undefined : replacements.get(entry.name);
    const { declaration, fault, unknown } = replacement?.followed ? declareReplaced(entry, replacement, around) : declare(entry, around);
    const notes = notesOf(entry);
    declarations.push(notes.length > 0 ? { ...declaration, notes: [...declaration.notes, ...notes] } : declaration);
    if (fault !== undefined) problems.push(rejected(entry.value ?? entry.key, entry.name, fault));
    if (unknown !== undefined) problems.push(unchecked(entry.value ?? entry.key, entry.name, unknown));
  }
  const above = companionsNamed(companions, 'package.json').at(-1);
  return {
    ...manifest(declarations, problems),
    boundScopes: around.registries.scopes,
    project: { ...projectFacts(root, text), ...(above && { partOf: above.path }) },
    releaseAge: npmReleaseAge(path, root, companions),
    installScripts: readScriptRules(root, text, companions),
  };
}

function manifest(declarations: readonly Declaration[], problems: readonly Problem[]): Manifest {
  return { declarations, problems: problems.toSorted((a, b) => a.span.start - b.span.start), indexes: [], includes: [] };
}

function rejected({ span }: JsonString, name: string, fault: string): Problem {
  return { kind: 'invalid', span, message: `"${name}" cannot be installed: ${fault}` };
}

/** The entry is sound, and its range stands where the scan does not see: silence would read as safe. */
function unchecked({ span }: JsonString, name: string, reason: string): Problem {
  return { kind: 'unreadable', span, message: `The version of "${name}" is not checked: ${reason}` };
}

/** The spec that counts for each direct dependency. */
function directSpecs(entries: readonly Entry[]): ReadonlyMap<string, JsonString> {
  const specs = new Map<string, JsonString>();
  for (const group of ['peer', 'dev', 'runtime', 'optional'] as const) {
    for (const entry of entries) if (entry.group === group && entry.value) specs.set(entry.key.value, entry.value);
  }
  return specs;
}

/** What the rest of the project says of an entry, for the hover. */
function notesFrom(
  { entries, bundled }: Entries,
  root: JsonObject,
  replacements: ReadonlyMap<string, Replacement>,
): (entry: Entry) => string[] {
  const optional = new Set(entries.filter(({ group }) => group === 'optional').map(({ name }) => name));
  const peers = propertyOf(root, 'peerDependenciesMeta')?.value;
  return ({ group, name, section }) => {
    if (group === 'override') return [];
    const notes: string[] = [];
    const replacement = replacements.get(name);
    if (replacement !== undefined) notes.push(`${replacement.by} replaces it by ${replacement.value}`);
    if (group === 'runtime' && optional.has(name)) notes.push('optionalDependencies has it too, and counts instead');
    if (bundled.has(name) && group !== 'dev' && group !== 'peer') {
      notes.push(section.startsWith('bundle') ? 'Bundled, and declared nowhere else' : 'Bundled into what is published');
    }
    if (group === 'peer' && isOptionalPeer(peers?.type === 'object' ? peers : undefined, name)) notes.push('An optional peer');
    return notes;
  };
}

function isOptionalPeer(meta: JsonObject | undefined, name: string): boolean {
  const entry = meta && propertyOf(meta, name)?.value;
  return entry?.type === 'object' && propertyOf(entry, 'optional')?.value?.type === 'boolean';
}
