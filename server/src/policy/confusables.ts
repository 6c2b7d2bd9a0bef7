// Letters that look like a letter of ASCII, of the scripts that squats have used: a part of the confusables of Unicode
// (UTS #39), lower case. Accents, full-width and mathematical letters are folded by NFKD already.
const rows: Readonly<Record<string, string>> = {
  a: 'аαɑ',
  b: 'ьƅ',
  c: 'сϲᴄ',
  d: 'ԁɗ',
  e: 'еєҽε',
  f: 'ƒ',
  g: 'ɡց',
  h: 'һհ',
  i: 'іıɩιⅰ',
  j: 'јʝ',
  k: 'кκ',
  l: 'ⅼӏɭłא',
  m: 'мⅿ',
  n: 'пո',
  o: 'оοօσᴏø',
  p: 'рρ',
  q: 'ԛգ',
  r: 'гᴦ',
  s: 'ѕꜱ',
  t: 'тτ',
  u: 'υսᴜц',
  v: 'νѵⅴ',
  w: 'ԝѡաω',
  x: 'хχⅹ',
  y: 'уүγʏ',
  z: 'ᴢʐ',
  '-': '‐‑‒–—−',
};

const byLetter = new Map(Object.entries(rows).flatMap(([plain, alike]) => [...alike].map((letter) => [letter, plain])));

/** What a name with letters beyond ASCII looks like, in lower case. What is not seen at all is left out. */
export function lookOf(name: string): string {
  const folded = name.normalize('NFKD').toLowerCase();
  return [...folded].map((letter) => byLetter.get(letter) ?? (/[\p{M}\p{Cf}]/u.test(letter) ? '' : letter)).join('');
}

export function isAscii(name: string): boolean {
  for (let i = 0; i < name.length; i++) if (name.charCodeAt(i) > 127) return false;
  return true;
}
