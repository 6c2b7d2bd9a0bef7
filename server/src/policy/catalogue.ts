import data from '../../data/catalogue.json';
import type { PackageId } from '../core/declaration';

/** Names or families of one ecosystem, by role. */
type ByRole = Readonly<Record<string, readonly string[]>>;

interface Catalogue {
  readonly date: string;
  readonly roles: Readonly<Record<string, string>>;
  readonly packages: Readonly<Record<string, ByRole>>;
  readonly families: Readonly<Record<string, ByRole>>;
}

/** What counts as an AI package: server/data/catalogue.json. */
export const catalogue: Catalogue = data;

/**
 * The roles of an AI package, sorted (`llm-sdk`, `agent-framework`, …; {@link Catalogue.roles} says what they mean): by its
 * exact name and by the naming families that it belongs to. Empty for any other package. The name is the normalized one.
 */
export function rolesOf(pkg: PackageId): readonly string[] {
  const index = indexOf(pkg.ecosystem);
  if (!index || pkg.name === '') return [];
  const bare = pkg.name.startsWith('@') ? pkg.name.slice(pkg.name.indexOf('/') + 1) : pkg.name;
  const exact = index.exact.get(pkg.name);
  const own = familiesFor(index, pkg.name).filter((family) => admits(family, pkg.name));
  const ofBare = bare === pkg.name ? [] : familiesFor(index, bare).filter((family) => !family.scoped && admits(family, bare));
  if (!exact && own.length + ofBare.length === 0) return none;
  return [...new Set([...(exact ?? []), ...[...own, ...ofBare].map(({ role }) => role)])].sort();
}

const none: readonly string[] = [];

/** Whether the catalogue lists this very name; a family alone does not say that there is such a package. */
export function isListed(pkg: PackageId): boolean {
  return indexOf(pkg.ecosystem)?.exact.has(pkg.name) === true;
}

interface Family {
  readonly role: string;
  readonly prefix: string;
  readonly suffix: string;
  /** Written without a `*`: the whole name. */
  readonly whole: boolean;
  readonly scoped: boolean;
}

interface Index {
  readonly exact: ReadonlyMap<string, readonly string[]>;
  /** By the first character of the names that they admit; `''`: those that admit names of any. */
  readonly families: ReadonlyMap<string, readonly Family[]>;
}

const indexes = new Map<string, Index | undefined>();

function indexOf(ecosystem: string): Index | undefined {
  if (!indexes.has(ecosystem)) indexes.set(ecosystem, build(ecosystem));
  return indexes.get(ecosystem);
}

function build(ecosystem: string): Index | undefined {
  if (!Object.hasOwn(catalogue.packages, ecosystem)) return undefined;
  const exact = new Map<string, string[]>();
  for (const [role, names] of Object.entries(catalogue.packages[ecosystem] ?? {})) {
    for (const name of names) exact.set(name, [...(exact.get(name) ?? []), role]);
  }
  const all = Object.entries(catalogue.families[ecosystem] ?? {}).flatMap(([role, patterns]) => patterns.map((one) => family(role, one)));
  const any = all.filter(({ prefix }) => prefix === '');
  const families = new Map<string, Family[]>([['', any]]);
  for (const one of all) {
    const first = one.prefix.charAt(0);
    const same = families.get(first);
    if (!same) families.set(first, [one, ...any]);
    else if (first !== '') same.push(one);
  }
  return { exact, families };
}

/** Those that may admit a name: by its first character. */
function familiesFor({ families }: Index, name: string): readonly Family[] {
  return families.get(name.charAt(0)) ?? families.get('')!;
}

function family(role: string, pattern: string): Family {
  const [prefix = '', suffix = ''] = pattern.split('*');
  return { role, prefix, suffix, whole: !pattern.includes('*'), scoped: pattern.startsWith('@') };
}

/** The `*` stands for at least one character: `mcp-` alone is no name of the family `mcp-*`. */
function admits(family: Family, name: string): boolean {
  if (family.whole) return name === family.prefix;
  return name.length > family.prefix.length + family.suffix.length && name.startsWith(family.prefix) && name.endsWith(family.suffix);
}
