import type { Group } from '../../core/declaration';
import type { Problem } from '../../core/manifest';
import type { Span } from '../../core/span';
import { type JsonNode, type JsonObject, type JsonProperty, type JsonString, propertyOf } from '../../syntax/json';
import { innermostPackage } from './overrideKeys';

// Where package.json declares:
//   dependencies, devDependencies, optionalDependencies, peerDependencies   { name: spec }
//   bundleDependencies, bundledDependencies   [ name ], of which those declared nowhere else stand for themselves
//   overrides (npm, Bun)     { name or name@range: spec or { ".": spec, nested… } }
//   resolutions (Yarn)       { path/of/globs/name@range: spec }
//   pnpm.overrides           { parent@range>name@range: spec, or "-" to leave it out }

/** A place that names a package and says which release of it. */
export interface Entry {
  readonly group: Group;
  /** Dotted path of the object that holds it. */
  readonly section: string;
  /** What stands for the name: the key, of an override's `.` the key of the object around it. */
  readonly key: JsonString;
  /** The package that the key means. */
  readonly name: string;
  /** Absent for a bundled name. */
  readonly value?: JsonString;
  /** Key and value. */
  readonly span: Span;
}

export interface Entries {
  readonly entries: readonly Entry[];
  readonly problems: readonly Problem[];
  /** Names in bundleDependencies. */
  readonly bundled: ReadonlySet<string>;
}

const direct: readonly (readonly [section: string, group: Group])[] = [
  ['dependencies', 'runtime'],
  ['devDependencies', 'dev'],
  ['optionalDependencies', 'optional'],
  ['peerDependencies', 'peer'],
];

const mostProblems = 200;

/** Finds every entry of a manifest, in the order of the file. */
export function entriesOf(root: JsonObject): Entries {
  const entries: Entry[] = [];
  const problems: Problem[] = [];
  const bundled = new Set<string>();

  for (const [section, group] of direct) {
    eachOf(sectionAt(section), (property) => add(group, section, property, property.key.value));
  }
  readBundled();
  const overrides = sectionAt('overrides');
  if (overrides) readOverrides(overrides, 'overrides', undefined);
  eachOf(sectionAt('resolutions'), (property) => addOverride('resolutions', property, 'yarn'));
  const pnpm = propertyOf(root, 'pnpm')?.value;
  if (pnpm?.type === 'object') {
    eachOf(sectionAt('overrides', pnpm), (property) => {
      // `-` leaves the package out of what is installed.
      if (property.value?.type === 'string' && property.value.value === '-') return;
      addOverride('pnpm.overrides', property, 'pnpm');
    });
  }
  entries.sort((a, b) => a.span.start - b.span.start);
  return { entries, problems, bundled };

  /** The object that counts under a key. */
  function sectionAt(key: string, holder: JsonObject = root): JsonObject | undefined {
    for (const property of holder.properties) {
      if (property.key.value !== key || property === propertyOf(holder, key)) continue;
      problem(property.key.span, `"${key}" is written again below, and only the last one counts`);
    }
    const value = propertyOf(holder, key)?.value;
    if (value?.type === 'object') return value;
    if (value && value.type !== 'null') problem(value.span, `"${key}" must be an object`);
    return undefined;
  }

  /** Each entry of an object that counts; of several with one key that is the last. */
  function eachOf(object: JsonObject | undefined, visit: (property: JsonProperty) => void): void {
    const last = new Map(object?.properties.map((property) => [property.key.value, property]));
    for (const property of object?.properties ?? []) {
      if (last.get(property.key.value) === property) visit(property);
      else problem(property.key.span, `"${property.key.value}" is written again below, and only the last one counts`);
    }
  }

  function add(group: Group, section: string, property: JsonProperty, name: string, key: JsonString = property.key): void {
    const { value, span } = property;
    if (!value) return;
    if (value.type === 'string') entries.push({ group, section, key, name, value, span });
    else problem(value.span, `The version of "${key.value}" must be a string`);
  }

  function addOverride(section: string, property: JsonProperty, notation: 'yarn' | 'pnpm'): void {
    add('override', section, property, innermostPackage(property.key.value, notation));
  }

  function readOverrides(object: JsonObject, section: string, owner: JsonString | undefined): void {
    eachOf(object, (property) => {
      const { key, value } = property;
      if (value?.type === 'object') readOverrides(value, `${section}.${key.value}`, key);
      else if (key.value !== '.') add('override', section, property, innermostPackage(key.value, 'npm'));
      else if (owner) add('override', section, property, innermostPackage(owner.value, 'npm'), owner);
    });
  }

  function readBundled(): void {
    const declared = new Set(entries.map(({ name }) => name));
    for (const section of ['bundleDependencies', 'bundledDependencies']) {
      const list = propertyOf(root, section)?.value;
      // `true` bundles what is in dependencies, which is declared there.
      if (list && list.type !== 'array' && list.type !== 'boolean' && list.type !== 'object')
        problem(list.span, `"${section}" must be an array`);
      for (const key of namesIn(list)) {
        bundled.add(key.value);
        if (declared.has(key.value)) continue;
        declared.add(key.value);
        entries.push({ group: 'runtime', section, key, name: key.value, span: key.span });
      }
    }
  }

  function namesIn(list: JsonNode | undefined): JsonString[] {
    if (list?.type !== 'array') return [];
    return list.items.filter((item) => {
      if (item.type !== 'string') problem(item.span, 'A bundled dependency is named by a string');
      return item.type === 'string';
    });
  }

  function problem(span: Span, message: string): void {
    if (problems.length < mostProblems) problems.push({ kind: 'invalid', span, message });
  }
}
