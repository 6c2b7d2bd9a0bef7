import type { Declaration, Group } from '../../core/declaration';
import type { Companion, Manifest, ManifestReading, Problem, ReadContext } from '../../core/manifest';
import { parseToml, tomlEntries, type TomlEntry, type TomlTable } from '../../syntax/toml';
import { namedCompanions } from '../companionFiles';
import { readPdmOverrides } from './pdmOverrides';
import { readPoetryTable, type PoetryTable } from './poetry';
import { projectFacts } from './projectFacts';
import { pyprojectEditor } from './pyprojectEdit';
import { followBounds } from './pyprojectBounds';
import { checkGroups, groupInclude, type GroupInclude } from './pyprojectGroups';
import { pyprojectHeads } from './pyprojectHeads';
import { readIndexes } from './pyprojectIndexes';
import { readRequirements, type RequirementList } from './pyprojectRequirement';
import { addressesOf, boundIndex, uvSources } from './pyprojectSources';
import { invalid, type Reading } from './pyprojectReading';
import { pypiReleaseAge } from './releaseAge';

// What of a pyproject.toml names packages to install:
//
//   [project] dependencies, optional-dependencies.*            PEP 621
//   [dependency-groups] *                                      PEP 735
//   [build-system] requires                                    PEP 518
//   [tool.uv] dev-, override- and constraint-dependencies; sources say where these and the above come from
//   [tool.poetry] dependencies, dev-dependencies, group.*.dependencies
//   [tool.pdm] dev-dependencies.*, resolution.overrides
//   [tool.hatch.envs.*] dependencies, extra-dependencies
//
// All else (requires-python, classifiers, options of tools) is none.

export const pyproject: ManifestReading = {
  read,
  sectionHeads: pyprojectHeads,
  edit: pyprojectEditor,
};

const arrays: readonly (readonly [path: readonly string[], group: Group])[] = [
  [['project', 'dependencies'], 'runtime'],
  [['build-system', 'requires'], 'build'],
  [['tool', 'uv', 'dev-dependencies'], 'dev'],
  [['tool', 'uv', 'override-dependencies'], 'override'],
  [['tool', 'uv', 'constraint-dependencies'], 'constraint'],
];

// Hatch fills in `{root:uri}`, `{matrix:python}` and the like.
const hatchFields = /\{[^{}]*\}/g;

function read(text: string, { path, companions }: ReadContext): Manifest {
  const document = parseToml(text);
  const { root } = document;
  const problems: Problem[] = document.problems.map(({ message, ...problem }) => ({ ...problem, message: sentence(message) }));
  const reading: Reading = { text, declarations: [], problems, indexes: readIndexes(root) };
  const addresses = addressesOf(reading.indexes);
  const refine = uvSources(root, addresses);
  for (const [path, group] of arrays) {
    for (const entry of tomlEntries(root, path)) readRequirements(entry, { group, section: path.join('.'), refine }, reading);
  }
  readTableOfArrays(root, ['project', 'optional-dependencies'], { group: 'optional', section: '', refine }, reading);
  readGroups(root, refine, reading);
  readTableOfArrays(root, ['tool', 'pdm', 'dev-dependencies'], { group: 'dev', section: '' }, reading);
  for (const { value } of tomlEntries(root, ['tool', 'pdm', 'resolution', 'overrides'])) {
    if (value.kind === 'table') readPdmOverrides(value, { group: 'override', section: 'tool.pdm.resolution.overrides' }, reading);
  }
  readHatch(root, reading);
  readPoetry(root, addresses, reading);
  const { declarations, indexes } = reading;
  const addressed = (declaration: Declaration): Declaration => {
    const boundAddress = addresses.get(declaration.boundIndex ?? '');
    return boundAddress === undefined ? declaration : { ...declaration, boundAddress };
  };
  declarations.sort((a, b) => a.spans.entry.start - b.spans.entry.start);
  problems.sort((a, b) => a.span.start - b.span.start);
  const [above] = namedCompanions(companions, 'pyproject.toml');
  return {
    declarations: followBounds(declarations.map(addressed), isWorkspaceRoot(above)),
    problems,
    indexes,
    includes: [],
    project: { ...projectFacts(root), ...(above && { partOf: above.path }) },
    releaseAge: pypiReleaseAge(path, root, companions),
  };
}

/** uv's `[tool.uv.workspace]`, by its header or key: what lies below such a file may be a member. */
function isWorkspaceRoot(above: Companion | undefined): boolean {
  return above !== undefined && /(?:^|\n)[ \t]*\[tool\.uv\.workspace\]|(?:^|\n)[ \t]*workspace(?:\.|[ \t]*=)/.test(above.text);
}

function sentence(message: string): string {
  return message.charAt(0).toUpperCase() + message.slice(1);
}

function entriesOfTable(root: TomlTable, path: readonly string[]): readonly TomlEntry[] {
  return tomlEntries(root, path).flatMap(({ value }) => (value.kind === 'table' ? value.entries : []));
}

function readTableOfArrays(root: TomlTable, path: readonly string[], list: RequirementList, reading: Reading): void {
  for (const entry of entriesOfTable(root, path)) {
    readRequirements(entry, { ...list, section: [...path, entry.key.name].join('.') }, reading);
  }
}

function readGroups(root: TomlTable, refine: RequirementList['refine'], reading: Reading): void {
  const groups = entriesOfTable(root, ['dependency-groups']);
  const includes: GroupInclude[] = [];
  for (const entry of groups) {
    const { name } = entry.key;
    const onTable: RequirementList['onTable'] = (element) => {
      const include = groupInclude(name, element, reading);
      if (include) includes.push(include);
    };
    readRequirements(entry, { group: 'dev', section: `dependency-groups.${name}`, onTable, ...(refine && { refine }) }, reading);
  }
  checkGroups(groups, includes, reading);
}

function readHatch(root: TomlTable, reading: Reading): void {
  for (const { key, value } of entriesOfTable(root, ['tool', 'hatch', 'envs'])) {
    if (value.kind !== 'table') continue;
    for (const name of ['dependencies', 'extra-dependencies']) {
      const section = `tool.hatch.envs.${key.name}.${name}`;
      for (const entry of tomlEntries(value, [name])) readRequirements(entry, { group: 'dev', section, fields: hatchFields }, reading);
    }
  }
}

function readPoetry(root: TomlTable, addresses: ReadonlyMap<string, string>, reading: Reading): void {
  const bound: PoetryTable['bound'] = (source) => (source === undefined ? undefined : boundIndex(source, addresses));
  const inProject = new Map<string, number[]>();
  for (const [index, declaration] of reading.declarations.entries()) {
    if (!declaration.section.startsWith('project.')) continue;
    const { name } = declaration.package;
    const indices = inProject.get(name);
    if (indices) indices.push(index);
    else inProject.set(name, [index]);
  }
  // Poetry 2 takes the range from [project], and from its own table where the package comes from.
  const adds: PoetryTable['adds'] = (name, source) => {
    const index = bound(source);
    const indices = inProject.get(name);
    if (index !== undefined && indices) {
      for (const at of indices) reading.declarations[at] = boundTo(reading.declarations[at]!, index);
      inProject.set(name, []);
    }
    return indices !== undefined;
  };
  for (const { value } of tomlEntries(root, ['tool', 'poetry'])) {
    if (value.kind !== 'table') continue;
    readPoetryEntries(value, 'dependencies', { group: 'runtime', section: 'tool.poetry.dependencies', bound, adds }, reading);
    readPoetryEntries(value, 'dev-dependencies', { group: 'dev', section: 'tool.poetry.dev-dependencies', bound }, reading);
    for (const { key, value: group } of entriesOfTable(value, ['group'])) {
      const section = `tool.poetry.group.${key.name}.dependencies`;
      if (group.kind === 'table') readPoetryEntries(group, 'dependencies', { group: 'dev', section, bound }, reading);
    }
  }
}

function boundTo(declaration: Declaration, index: string): Declaration {
  return {
    ...declaration,
    boundIndex: index,
    notes: [...declaration.notes, `Comes from the source "${index}", as tool.poetry.dependencies says`],
  };
}

function readPoetryEntries(parent: TomlTable, name: string, context: PoetryTable, reading: Reading): void {
  for (const { key, value } of tomlEntries(parent, [name])) {
    if (value.kind === 'table') readPoetryTable(value, context, reading);
    else if (value.kind !== 'unreadable') invalid(reading, key.span, `${context.section} must be a table of packages`);
  }
}
