import type { DeclarationSubject } from '../core/check';
import type { Declaration } from '../core/declaration';

// What counts of a declaration, in words for its messages.

/** The range that counts: as it is written, or as an override or a constraint has it; `''` where there is none. */
export function rangeText({ specifier, source, bounded }: Declaration): string {
  return bounded && source.kind === 'registry' && source.range !== bounded.own ? source.range : specifier;
}

/** `, which the lockfile holds,`: by what the release is known, where the line does not say it itself. */
export function heldWords({ resolution, declaration }: Pick<DeclarationSubject, 'resolution' | 'declaration'>): string {
  if (resolution.version === undefined) return '';
  if (resolution.from === 'lockfile') return ', which the lockfile holds,';
  if (resolution.from === 'installed') return ', which is installed,';
  return declaration.bounded ? `, as ${declaration.bounded.by} has it,` : '';
}
