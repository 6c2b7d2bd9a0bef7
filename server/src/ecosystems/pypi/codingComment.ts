import type { Problem } from '../../core/manifest';

// pip decodes a requirements file by a comment in one of its first two lines (PEP 263: `coding[:=]\s*NAME`). Under an encoding
// in which ASCII does not stand for itself (utf-7, unicode_escape, utf-16), a comment can hold lines that nobody sees.

const comment = /^#.*?coding[:=]\s*([-\w.]+)/;
const transparent =
  /^(?:u8|utf-?8(?:-sig)?|(?:us-?)?ascii|646|l\d|latin-?\d+|iso-?8859-?\d+|iso-ir-\d+|cp(?:125\d|437|85\d|86\d|874|932|949|950)|windows-?125\d|koi8-[rtu]|gbk|gb-?2312|gb-?18030|big5(?:-?hkscs)?|euc-?\w+|(?:shift|s)-?jis|mac-?\w+)$/;

/** The problem of a file that pip reads by other letters than those that stand there; `undefined` for any other. */
export function codingProblem(text: string): Problem | undefined {
  let start = 0;
  for (const line of text.slice(0, 2000).split('\n', 2)) {
    const match = comment.exec(line);
    if (match) {
      const name = match[1]!;
      if (transparent.test(name.toLowerCase().replaceAll('_', '-'))) return undefined;
      const end = start + match[0].length;
      return {
        kind: 'unreadable',
        span: { start: end - name.length, end },
        message: `pip decodes this file as ${name}, under which other lines may stand in it than are seen`,
      };
    }
    start += line.length + 1;
  }
  return undefined;
}
