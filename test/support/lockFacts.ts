// What tests of lockfiles say of them, as lines that people can read.

import assert from 'node:assert/strict';
import type { Lock, LockedPackage, LockfileReading } from '../../server/src/core/lockfile';
import { textAt } from '../../server/src/core/span';

/** `importer section name specifier = keys`. */
export function roots(lock: Lock): string[] {
  return lock.roots.map(({ importer, section, name, specifier, packages }) =>
    [importer || '.', section ?? '-', name, specifier ?? '?', '=', packages.map((index) => lock.packages[index]!.key).join(', ')]
      .join(' ')
      .trim(),
  );
}

export function entryOf(lock: Lock, key: string): LockedPackage {
  const found = lock.packages.find((one) => one.key === key);
  assert.ok(found, `no ${key} in ${lock.packages.map((one) => one.key).join(' | ')}`);
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
  assert.equal(problems.length, 1, JSON.stringify(problems));
  const { kind, span, message } = problems[0]!;
  assert.ok(span.start >= 0 && span.start <= span.end && span.end <= text.length, JSON.stringify(span));
  return `${kind} ${text.slice(0, span.start).split('\n').length}: ${message}`;
}
