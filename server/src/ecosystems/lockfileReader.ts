import type { LockfileFacts, LockfileReader, LockfileReading } from '../core/lockfile';

/** A kind of lockfile whose reading is asked for when the first such file is to be read: most projects have one kind. */
export function lockfileReader(facts: LockfileFacts, reading: () => LockfileReading): LockfileReader {
  const names = facts.patterns.map(nameExpression);
  return {
    ...facts,
    matches: (path) => names.some((name) => name.test(path)),
    read: (text) => reading().read(text),
    locate: (text, entry) => reading().locate(text, entry),
    locator: (text) => {
      const own = reading();
      return own.locator?.(text) ?? ((entry) => own.locate(text, entry));
    },
  };
}

/** Of a pattern for base names, in which `*` is one part between dots. */
function nameExpression(pattern: string): RegExp {
  const name = pattern.replace(/^\*\*\//, '').replaceAll('.', '\\.');
  return new RegExp(`(?:^|/)${name.replaceAll('*', '[^./]+')}$`);
}
