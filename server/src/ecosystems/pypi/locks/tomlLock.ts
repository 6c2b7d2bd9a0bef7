import { parse } from 'smol-toml';
import type { Problem } from '../../../core/manifest';
import type { Span } from '../../../core/span';
import { parseToml, tomlEntries } from '../../../syntax/toml';
import { conflicts, damage } from './damage';
import { sureValues } from './sureValues';
import type { Values } from './values';

/** A TOML lockfile as plain values. */
export interface TomlLock {
  readonly values: Values;
  /** Tells what keeps the text from being read in full, in a format's name; absent where all of it was read. */
  readonly damaged?: (format: string) => Problem;
}

/**
 * smol-toml reads several times as fast as our own syntax/toml.ts and knows no positions, so it reads what is sound. Our
 * own reads what it refuses, and says where the damage is and what stands beside it. Never throws.
 */
export function readTomlLock(text: string): TomlLock {
  try {
    return { values: parse(text) };
  } catch {
    const document = parseToml(text);
    const inConflict = conflicts(text);
    const values = sureValues(text, document, inConflict);
    const fault = document.problems.find(({ kind }) => kind === 'unreadable') ?? document.problems[0];
    return fault ? { values, damaged: (format) => damage(text, format, fault, inConflict[0]) } : { values };
  }
}

/** Where a value stands; the beginning of the text where there is none. For problems alone: it reads the text anew. */
export function valueSpan(text: string, path: readonly string[]): Span {
  const pair = tomlEntries(parseToml(text).root, path)[0]?.pair;
  return pair?.span ?? { start: 0, end: Math.min(1, text.length) };
}
