import defer * as popular from '../../data/popular.json';
import type { PackageId } from '../core/declaration';

/** Whether it is among the names that many people use (server/data/popular.json). The name is the normalized one. */
export function isPopular({ ecosystem, name }: PackageId): boolean {
  return popularNames(ecosystem).has(name);
}

/** The popular names of an ecosystem. */
export function popularNames(ecosystem: string): ReadonlySet<string> {
  let names = split.get(ecosystem);
  if (!names) split.set(ecosystem, (names = new Set((own(popular.names, ecosystem) ?? []).flatMap((line) => line.split(' ')))));
  return names;
}

/** Makers and models of AI whose names squats imitate, to the package that is theirs; `''` where nobody can tell which one was meant. */
export function brandsOf(ecosystem: string): Readonly<Record<string, string>> {
  return own(popular.brands, ecosystem) ?? {};
}

const split = new Map<string, ReadonlySet<string>>();

function own<T>(record: Readonly<Record<string, T>>, key: string): T | undefined {
  return Object.hasOwn(record, key) ? record[key] : undefined;
}
