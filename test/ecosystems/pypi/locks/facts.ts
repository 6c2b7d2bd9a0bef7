import type { Lock, LockfileReading } from '../../../../server/src/core/lockfile';
import { textAt } from '../../../../server/src/core/span';

/** `key → key, key` of every entry, in the lock's order. */
export function edges(lock: Lock): string[] {
  return lock.packages.map(({ key, dependencies }) =>
    `${key} → ${dependencies.map((index) => lock.packages[index]!.key).join(', ')}`.trim(),
  );
}

/** `importer section name specifier = keys`. */
export function roots(lock: Lock): string[] {
  return lock.roots.map(({ importer, section, name, specifier, packages }) =>
    [importer || '.', section ?? '-', name, specifier ?? '?', '=', packages.map((index) => lock.packages[index]!.key).join(', ')]
      .join(' ')
      .trim(),
  );
}

export function keys(lock: Lock): string[] {
  return lock.packages.map(({ key }) => key);
}

export function entry(lock: Lock, key: string): Lock['packages'][number] {
  const found = lock.packages.find((one) => one.key === key);
  if (!found) throw new Error(`no ${key} in ${keys(lock).join(', ')}`);
  return found;
}

/** `line:text` of where each entry stands, lines from 1. */
export function places(reader: LockfileReading, text: string): string[] {
  return reader.read(text).packages.map((one) => {
    const span = reader.locate(text, one);
    return span ? `${text.slice(0, span.start).split('\n').length}:${textAt(text, span)}` : `${one.key}: nowhere`;
  });
}

/** The one problem that is expected, as `kind line: message`. */
export function problem(reader: LockfileReading, text: string): string {
  const { problems } = reader.read(text);
  if (problems.length !== 1) throw new Error(`${problems.length} problems: ${JSON.stringify(problems)}`);
  const [{ kind, span, message }] = problems as [(typeof problems)[number]];
  if (!(span.start >= 0 && span.start <= span.end && span.end <= text.length)) throw new Error(`span ${JSON.stringify(span)}`);
  return `${kind} ${text.slice(0, span.start).split('\n').length}: ${message}`;
}
