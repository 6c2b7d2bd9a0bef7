import type { Span } from '../../core/span';
import type { RangeEdit } from './rangeEdit';

// pip's hash-checking mode: `--hash=sha256:HEX`, one for each file of the release, behind the requirement and its marker, by
// custom each on a line of its own that the one before continues with "\".

const option = /--hash(?:=|[ \t]+)(["']?)sha(?:256|384|512):[^\s"'\\]*\1/g;

/** Puts these hashes in the place of those that an entry demands. Undefined where something else stands between them. */
export function renewedHashes(text: string, lines: Span, hashes: readonly string[]): RangeEdit | undefined {
  const found = [...text.slice(lines.start, lines.end).matchAll(option)].map((match) => ({
    start: lines.start + match.index,
    end: lines.start + match.index + match[0].length,
  }));
  const [first, second] = found;
  const last = found.at(-1);
  if (!first || !last || hashes.length === 0) return undefined;
  const between = found.slice(1).map(({ start }, index) => text.slice(found[index]!.end, start));
  if (!between.every((gap) => /^[\s\\]*$/.test(gap))) return undefined;
  const before = /[\s\\]*$/.exec(text.slice(lines.start, first.start))![0];
  const separator = second ? between[0]! : before;
  return { span: { start: first.start, end: last.end }, newText: hashes.map(written).join(separator) };
}

/** Adds hashes to an entry that ends here and has none. */
export function addedHashes(text: string, end: number, hashes: readonly string[]): RangeEdit | undefined {
  if (hashes.length === 0) return undefined;
  const separator = ` \\${text.includes('\r\n') ? '\r\n' : '\n'}    `;
  return { span: { start: end, end }, newText: hashes.map((hash) => separator + written(hash)).join('') };
}

function written(hash: string): string {
  return `--hash=${hash}`;
}
