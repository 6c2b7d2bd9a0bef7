import type { Declaration, Source } from '../../core/declaration';
import type { Span } from '../../core/span';
import type { JsonString } from '../../syntax/json';
import type { CatalogEntry, Catalogs } from './catalogs';
import type { Entry } from './entries';
import type { Registries } from './registries';
import { type NpmSpec, parseSpec, type RegistrySpec } from './spec';

/** What the editor needs of an entry: where a version is written, in which file, and what goes before it. */
export interface EntryDetail {
  readonly pin?: { readonly file?: string; readonly span: Span; readonly was: string; readonly prefix: string };
  /** Where the entry is an item of a list, it has no key. */
  readonly listed: boolean;
  /** The entry whose spec it takes over by `$name`. */
  readonly refersTo?: string;
}

export interface DeclareContext {
  readonly text: string;
  readonly catalogs: Catalogs;
  readonly registries: Registries;
  /** The spec of a direct dependency, to which an override's `$name` refers. */
  direct(name: string): JsonString | undefined;
}

/** An entry as a declaration, and why the package manager would reject its spec. */
export interface Declared {
  readonly declaration: Declaration;
  readonly fault?: string;
  /** Why nobody can say here what the spec stands for. */
  readonly unknown?: string;
}

/** What a spec comes to. */
interface Meaning {
  readonly package: string;
  readonly source: Source;
  readonly part?: RegistrySpec;
  readonly separator?: string;
  readonly boundIndex?: string;
  readonly notes: readonly string[];
  readonly frozen?: string;
  readonly fault?: string;
}

/** Reads what an entry says. */
export function declare(entry: Entry, context: DeclareContext): Declared {
  const { key, value } = entry;
  if (!value) return declared(entry, context, { package: entry.name, source: { kind: 'registry', range: '' }, notes: [] });
  const wanted = referredTo(entry);
  if (wanted !== undefined) return reference(entry, value, wanted, context);
  const spec = parseSpec(value.value);
  if (spec.type === 'catalog') return inCatalog(entry, value, spec.catalog, context);
  const meaning = mean(entry.name, spec, value.value, context);
  const frozen = key.escaped || value.escaped ? 'an escape stands in it' : meaning.frozen;
  const part = meaning.part && {
    start: rawOffset(value, context.text, meaning.part.start),
    end: rawOffset(value, context.text, meaning.part.end),
  };
  const pin = part && { span: part, was: context.text.slice(part.start, part.end), prefix: meaning.separator ?? '' };
  return declared(entry, context, { ...meaning, frozen }, part && part.end > part.start ? part : undefined, pin);
}

/** An entry whose spec is replaced by what an override says: that is what is installed, and there a version is written. */
export function declareReplaced(entry: Entry, by: CatalogEntry & { readonly by: string }, context: DeclareContext): Declared {
  const own = declare(entry, context);
  const { declaration } = own;
  const spec = parseSpec(by.value);
  // Overrides by reference say what the entry says itself.
  if (declaration.source.kind !== 'registry' || spec.type === 'catalog' || /^\s*(?:\$|-\s*$)/.test(by.value)) return own;
  const meaning = mean(entry.name, spec, by.value, context);
  if (meaning.fault !== undefined) return own;
  const range = declaration.spans.range;
  const frozen = by.literal ? meaning.frozen : 'an escape stands in what replaces it';
  const pin = meaning.part && by.literal ? catalogPin(by, meaning.part, meaning.separator) : undefined;
  const replaced = declared(entry, context, { ...meaning, frozen }, range, pin);
  return { declaration: { ...replaced.declaration, bounded: { own: declaration.source.range, by: by.by } } };
}

function declared(entry: Entry, context: DeclareContext, meaning: Meaning, range?: Span, pin?: EntryDetail['pin']): Declared {
  const { text } = context;
  const { key } = entry;
  const refersTo = entry.value && referredTo(entry);
  const detail: EntryDetail = { listed: entry.value === undefined, ...(pin && { pin }), ...(refersTo !== undefined && { refersTo }) };
  const frozen = meaning.frozen ?? (key.escaped ? 'an escape stands in it' : undefined);
  const registry = meaning.source.kind === 'registry';
  const boundIndex = meaning.boundIndex ?? (registry ? context.registries.boundTo(meaning.package) : undefined);
  const boundBy = registry && meaning.boundIndex === undefined ? context.registries.boundBy(meaning.package) : undefined;
  const declaration: Declaration = {
    package: { ecosystem: 'npm', name: meaning.package },
    writtenName: text.slice(key.inner.start, key.inner.end),
    source: meaning.source,
    group: entry.group,
    section: entry.section,
    specifier: registry && range ? text.slice(range.start, range.end) : '',
    spans: { entry: entry.span, name: key.inner, ...(registry && range && { range }) },
    extras: [],
    hashes: [],
    ...(boundIndex !== undefined && { boundIndex }),
    ...(boundBy !== undefined && { boundBy }),
    ...(frozen !== undefined && { frozen }),
    notes: meaning.notes,
    detail,
  };
  return { declaration, ...(meaning.fault !== undefined && { fault: meaning.fault }) };
}

function referredTo({ group, value }: Entry): string | undefined {
  const written = value?.value.trim() ?? '';
  return group === 'override' && written.startsWith('$') ? written.slice(1) : undefined;
}

/** `$name`: the spec that the manifest itself has for the package of that name. */
function reference(entry: Entry, value: JsonString, wanted: string, context: DeclareContext): Declared {
  const range = trimmed(value);
  const target = context.direct(wanted);
  if (!target) {
    const meaning: Meaning = { package: entry.name, source: { kind: 'registry', range: value.value.trim() }, notes: [] };
    return declared(
      entry,
      context,
      { ...meaning, frozen: 'it refers to another entry', fault: `nothing named "${wanted}" is declared here` },
      range,
    );
  }
  const spec = parseSpec(target.value);
  const found = spec.type === 'catalog' ? context.catalogs.find(spec.catalog, wanted) : undefined;
  const stands = found?.value ?? target.value;
  const meaning = mean(entry.name, found ? parseSpec(found.value) : spec, stands, context);
  const notes = [`Stands for ${stands === '' ? 'any version' : stands}, as "${wanted}" is declared here`, ...meaning.notes];
  return declared(entry, context, { ...meaning, notes, frozen: 'it refers to another entry' }, range);
}

function inCatalog(entry: Entry, value: JsonString, catalog: string, context: DeclareContext): Declared {
  const range = trimmed(value);
  const name = catalog === '' || catalog === 'default' ? 'the default catalog' : `the catalog "${catalog}"`;
  const found = context.catalogs.find(catalog, entry.name);
  if (!found) {
    // What it stands for is not known: a range that is none admits nothing.
    const notes = [`Its version stands in ${name}, which was not found`];
    const fault = context.catalogs.present ? `${name} has no entry for it` : undefined;
    const source: Source = { kind: 'registry', range: value.value.trim() };
    const frozen = 'its catalog entry was not found';
    const known = declared(entry, context, { package: entry.name, source, notes, frozen, fault }, range);
    return fault === undefined ? { ...known, unknown: `${name} was not found` } : known;
  }
  const meaning = mean(entry.name, parseSpec(found.value), found.value, context);
  const notes = [`Stands for ${found.value} by ${name} in ${found.file}`, ...meaning.notes];
  const frozen = entry.key.escaped || value.escaped || !found.literal ? 'an escape stands in it' : meaning.frozen;
  const pin = meaning.part && found.literal ? catalogPin(found, meaning.part, meaning.separator) : undefined;
  return declared(entry, context, { ...meaning, notes, frozen }, range, pin);
}

function catalogPin(found: CatalogEntry, part: RegistrySpec, separator = ''): EntryDetail['pin'] {
  const span = { start: found.inner.start + part.start, end: found.inner.start + part.end };
  return { file: found.file, span, was: part.text, prefix: separator };
}

function mean(name: string, spec: NpmSpec, written: string, context: DeclareContext): Meaning {
  switch (spec.type) {
    case 'version':
    case 'range':
    case 'tag':
      return { package: name, source: registrySource(spec), part: spec, notes: [] };
    case 'alias': {
      const target = spec.target ?? name;
      const source = registrySource(spec.spec);
      const at = { part: spec.spec, separator: spec.separator, source };
      if (spec.scheme === 'patch')
        return { ...at, package: target, notes: [`A patched ${target}`], frozen: 'its patch is made for one version' };
      if (spec.scheme === 'jsr') return { ...at, package: jsrName(target), boundIndex: 'jsr', notes: ['Comes from jsr.io'] };
      return { ...at, package: target, notes: target === name ? [] : [`Installs ${target} under the name ${name}`] };
    }
    case 'git': {
      const source: Source = { kind: 'git', url: spec.url, ...(spec.revision !== undefined && { revision: spec.revision }) };
      return { package: name, source, notes: spec.range === undefined ? [] : [`Takes the newest tag that ${spec.range} admits`] };
    }
    case 'remote':
      return { package: name, source: { kind: 'url', url: spec.url }, notes: [] };
    case 'path':
      return { package: name, source: { kind: 'path', path: spec.path }, notes: [] };
    case 'workspace':
      return { package: spec.target ?? name, source: { kind: 'workspace', path: spec.range }, notes: [] };
    case 'other': {
      const address = context.registries.named(spec.scheme);
      const at = { package: name, source: registrySource(spec.rest), part: spec.rest, boundIndex: address ?? spec.scheme, notes: [] };
      return address === undefined ? { ...at, fault: `nothing says what ${spec.scheme}: means` } : at;
    }
    case 'catalog':
      return {
        package: name,
        source: { kind: 'registry', range: written.trim() },
        notes: [],
        fault: 'a catalog cannot refer to a catalog',
      };
    case 'invalid':
      return invalid(name, written, spec.reason);
  }
}

/** A spec that is rejected still shows what it was meant to be. */
function invalid(name: string, written: string, fault: string): Meaning {
  const text = written.trim();
  if (/[:/\\]/.test(text)) return { package: name, source: { kind: 'url', url: text }, notes: [], fault };
  const start = written.length - written.trimStart().length;
  const part = { type: 'range', text, start, end: start + text.length } as const;
  return { package: name, source: { kind: 'registry', range: text }, part, notes: [], fault };
}

function registrySource(spec: RegistrySpec): Source {
  return spec.type === 'tag' ? { kind: 'registry', range: '', tag: spec.text } : { kind: 'registry', range: spec.text };
}

/** The name under which JSR offers a package to npm clients. */
function jsrName(name: string): string {
  return name.startsWith('@') ? `@jsr/${name.slice(1).replace('/', '__')}` : name;
}

function trimmed({ inner, value, escaped }: JsonString): Span | undefined {
  if (escaped) return inner;
  const before = value.length - value.trimStart().length;
  const length = value.trim().length;
  return length === 0 ? undefined : { start: inner.start + before, end: inner.start + before + length };
}

/** Where in the text a character of a string's value stands. */
function rawOffset({ inner, escaped }: JsonString, text: string, offset: number): number {
  if (!escaped) return inner.start + offset;
  let at = inner.start;
  for (let passed = 0; passed < offset && at < inner.end; passed++) at += text[at] !== '\\' ? 1 : text[at + 1] === 'u' ? 6 : 2;
  return Math.min(at, inner.end);
}
