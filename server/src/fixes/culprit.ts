import type { Declaration } from '../core/declaration';
import type { Span } from '../core/span';

/** The characters that a finding about an entry underlines: its range, else its name, else the entry as a whole. */
export function culprit(declaration: Declaration): Span {
  const { range, name, entry } = declaration.spans;
  return range ?? name ?? entry;
}

/** The characters that a finding about the package as a whole underlines: its name. */
export function nameOf(declaration: Declaration): Span {
  const { name, entry } = declaration.spans;
  return name ?? entry;
}
