const simple: Readonly<Record<string, string>> = {
  '\\': '\\',
  "'": "'",
  '"': '"',
  '\n': '',
  a: '\u0007',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
};
const numeric = /x[0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|U[0-9a-fA-F]{8}|[0-7]{1,3}/y;
const named = /N\{[^{}]+\}/y;

/**
 * The value of a Python string literal in one pair of quotes, or undefined where Python rejects it. A character by name
 * (`\N{DASH}`) is left as written, since the table of names is Python's own; an unknown escape keeps its backslash.
 */
export function pythonString(literal: string): string | undefined {
  const body = literal.slice(1, -1);
  if (body.includes('\0') || /(?<!\\)[\r\n]/.test(body)) return undefined;
  let value = '';
  for (let i = 0; i < body.length;) {
    const next = body.indexOf('\\', i);
    if (next < 0) return value + body.slice(i);
    value += body.slice(i, next);
    const escape = escapeAt(body, next + 1);
    if (!escape) return undefined;
    value += escape.value;
    i = next + 1 + escape.length;
  }
  return value;
}

function escapeAt(body: string, position: number): { readonly value: string; readonly length: number } | undefined {
  const letter = body[position];
  // The quote that ends the text would be escaped.
  if (letter === undefined) return undefined;
  const known = simple[letter];
  if (known !== undefined) return { value: known, length: 1 };
  numeric.lastIndex = position;
  const digits = numeric.exec(body)?.[0];
  if (digits !== undefined) {
    const code = /^[0-7]/.test(digits) ? parseInt(digits, 8) : parseInt(digits.slice(1), 16);
    return code > 0x10ffff ? undefined : { value: String.fromCodePoint(code), length: digits.length };
  }
  named.lastIndex = position;
  const name = named.exec(body)?.[0];
  if (name !== undefined) return { value: `\\${name}`, length: name.length };
  return 'xuUN'.includes(letter) ? undefined : { value: `\\${letter}`, length: 1 };
}
