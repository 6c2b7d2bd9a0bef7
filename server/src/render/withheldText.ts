import type { WithheldName } from '../core/report';

const mostNames = 6;
const mostReasons = 4;

/** The names that went nowhere by the reason for it, in the order of their names. */
export function byReason(names: readonly WithheldName[]): ReadonlyMap<string, readonly string[]> {
  const groups = new Map<string, string[]>();
  for (const { package: pkg, reason } of names) {
    const group = groups.get(reason);
    if (group) group.push(pkg.name);
    else groups.set(reason, [pkg.name]);
  }
  return groups;
}

/** `litellm, @corp/a and 3 more: bound to an index of its own by .npmrc`, an entry for each of the first reasons. Untrusted text. */
export function withheldLines(names: readonly WithheldName[]): readonly string[] {
  const groups = [...byReason(names)];
  const words = groups.slice(0, mostReasons).map(([reason, own]) => `${someOf(own, mostNames)}: ${reason}`);
  const left = groups.slice(mostReasons).reduce((sum, [, own]) => sum + own.length, 0);
  return [...words, ...(left ? [`and ${left} more`] : [])];
}

/** The same in one line. */
export function withheldWords(names: readonly WithheldName[]): string {
  return withheldLines(names).join('; ');
}

/** The first of them, and how many more there are. */
export function someOf(names: readonly string[], most: number): string {
  const more = names.length > most ? ` and ${names.length - most} more` : '';
  return names.slice(0, most).join(', ') + more;
}
