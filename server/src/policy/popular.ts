import data from '../../data/popular.json';
import type { PackageId } from '../core/declaration';

/** The day of the listing of popular names. */
export const popularAsOf = new Date(`${data.date}T00:00:00Z`);

/** Whether it is among the names that many people use (server/data/popular.json). The name is the normalized one. */
export function isPopular({ ecosystem, name }: PackageId): boolean {
  return popularNames(ecosystem).has(name);
}

/** The popular names of an ecosystem. Decoded when first asked for. */
export function popularNames(ecosystem: string): ReadonlySet<string> {
  let names = decoded.get(ecosystem);
  if (!names) {
    const lines = Object.hasOwn(data.names, ecosystem) ? data.names[ecosystem as keyof typeof data.names] : [];
    decoded.set(ecosystem, (names = new Set(lines.flatMap(namesOf))));
  }
  return names;
}

const decoded = new Map<string, ReadonlySet<string>>();

/** A name begins with the count of characters that it shares with the one before it, to base 36. */
function namesOf(line: string): string[] {
  let before = '';
  return line.split(' ').map((word) => (before = before.slice(0, digitAt(word)) + word.slice(1)));
}

function digitAt(word: string): number {
  const code = word.charCodeAt(0);
  return code < 58 ? code - 48 : code - 87;
}
