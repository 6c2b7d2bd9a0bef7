import type { Declaration } from './declaration';
import type { Versions } from './versions';

// What another entry does to a declaration. Where it decides on the version alone, no edit of the declaration would change a thing.

/** An override: whatever the declaration asks for, it gets what the override says. `where`: the override's place, for people. */
export function replacedBy(declaration: Declaration, by: Declaration, where: string): Declaration {
  const { source } = declaration;
  if (source.kind !== 'registry' || (by.source.kind === 'registry' && by.source.tag !== undefined)) return declaration;
  const isRange = by.source.kind === 'registry';
  const { range: _, ...spans } = declaration.spans;
  return {
    ...declaration,
    source: by.source,
    bounded: { own: declaration.bounded?.own ?? source.range, by: where },
    ...(!isRange && { specifier: '', spans }),
    frozen: declaration.frozen ?? `${where} decides on its version`,
    notes: [
      ...declaration.notes,
      `${where} replaces its range by ${isRange ? by.specifier || 'any version' : `a ${by.source.kind} source`}`,
    ],
  };
}

/** A constraint: of what the declaration asks for, only this comes into question. Ranges are sets of PEP 440 specifiers. */
export function narrowedBy(declaration: Declaration, by: Declaration, where: string, versions: Versions): Declaration {
  const { source } = declaration;
  if (source.kind !== 'registry' || by.source.kind !== 'registry' || by.marker !== undefined) return declaration;
  const bound = by.source.range;
  if (bound === '' || `${bound}${source.range}`.includes('||') || versions.exact(source.range) !== undefined) return declaration;
  if (![source.range, bound].every((range) => versions.isValidRange(range))) return declaration;
  const one = versions.exact(bound);
  const isOne = one !== undefined && (source.range === '' || versions.satisfies(one, source.range));
  return {
    ...declaration,
    source: { ...source, range: isOne || source.range === '' ? bound : `${source.range},${bound}` },
    bounded: { own: declaration.bounded?.own ?? source.range, by: where },
    ...(isOne && { frozen: declaration.frozen ?? `${where} decides on its version` }),
    notes: [...declaration.notes, `${where} narrows it to ${by.specifier}`],
  };
}
