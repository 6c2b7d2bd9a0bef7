/** The one of some words that was probably meant; `undefined` where none is near. */
export function closest(written: string, words: readonly string[]): string | undefined {
  if (written.length > longest) return undefined;
  const plain = kebab(written);
  let best: string | undefined;
  let least = 3;
  for (const word of words) {
    if (word === plain || word === `${plain}s` || `${word}s` === plain) return word;
    const steps = distance(plain, word, least);
    if (steps < least && steps * 3 <= word.length) [best, least] = [word, steps];
  }
  return best;
}

const longest = 60;

function kebab(text: string): string {
  return text
    .replace(/([a-z0-9])([A-Z])/g, '$1-$2')
    .replace(/_/g, '-')
    .toLowerCase();
}

/** Levenshtein's, given up where it reaches `most`. */
function distance(a: string, b: string, most: number): number {
  if (Math.abs(a.length - b.length) >= most) return most;
  let row = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      next.push(Math.min(row[j]! + 1, next[j - 1]! + 1, row[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1)));
    }
    row = next;
  }
  return row[b.length]!;
}
