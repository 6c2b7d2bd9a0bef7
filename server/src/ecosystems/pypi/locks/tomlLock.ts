import defer * as toml from 'smol-toml';
import type { Problem } from '../../../core/manifest';
import type { Span } from '../../../core/span';
import { parseToml, tomlEntries } from '../../../syntax/toml';
import { conflicts, damage } from './damage';
import { sureValues } from './sureValues';
import { withoutFileLists, type FileList } from './fileLists';
import type { Values } from './values';

/** A TOML lockfile as plain values. */
export interface TomlLock {
  readonly values: Values;
  /** The lists of files that are no part of the values: there their numbers stand. */
  readonly lists: readonly FileList[];
  /** Tells what keeps the text from being read in full, in a format's name; absent where all of it was read. */
  readonly damaged?: (format: string) => Problem;
}

/**
 * smol-toml reads several times as fast as our own syntax/toml.ts and knows no positions, so it reads what is sound. Our
 * own reads what it refuses, and says where the damage is and what stands beside it. Never throws.
 * @param files the key of the lists of files, where the format has them in a layout that needs no parser
 */
export function readTomlLock(text: string, files?: string): TomlLock {
  try {
    const { text: short, lists } = files === undefined ? { text, lists: [] } : withoutFileLists(text, files);
    return { values: toml.parse(short), lists };
  } catch {
    const document = parseToml(text);
    const inConflict = conflicts(text);
    const values = sureValues(text, document, inConflict);
    const fault = document.problems.find(({ kind }) => kind === 'unreadable') ?? document.problems[0];
    return { values, lists: [], ...(fault && { damaged: (format: string) => damage(text, format, fault, inConflict[0]) }) };
  }
}

/** Where a value stands; the beginning of the text where there is none. For problems alone: it reads the text anew. */
export function valueSpan(text: string, path: readonly string[]): Span {
  const pair = tomlEntries(parseToml(text).root, path)[0]?.pair;
  return pair?.span ?? { start: 0, end: Math.min(1, text.length) };
}
