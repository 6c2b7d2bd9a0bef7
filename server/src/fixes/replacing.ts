import type { DeclarationSubject } from '../core/check';
import type { Fix } from '../core/finding';
import type { Similar } from '../core/similar';

/**
 * Has the entry name the package that was meant. Where the name is that of a brand, or has an ending more, a person has to
 * decide whether it was: then nothing takes the fix unasked.
 */
export function replacements(subject: DeclarationSubject, { meant, by }: Similar): Fix[] {
  const edits = meant === undefined ? undefined : subject.edit.rename?.(meant);
  if (!edits?.length) return [];
  const preferred = by !== 'suffix' && by !== 'brand';
  return [{ title: `Replace ${subject.declaration.package.name} by ${meant}`, kind: 'replace', preferred, edits }];
}
