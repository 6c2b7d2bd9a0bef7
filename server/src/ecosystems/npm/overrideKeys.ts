import { splitNamed } from './names';

// What the key of an override points at:
//   npm    name   name@range
//   pnpm   name   name@range   parent>name   parent@range>name@range
//   Yarn   name   name@range   parent/name   **/name   @scope/parent/**/@scope/name   parent@npm:1/name@npm:2

/** The name of the package that an override replaces: the innermost one of its path, without a range. */
export function innermostPackage(key: string, notation: 'npm' | 'pnpm' | 'yarn'): string {
  if (notation === 'pnpm') return splitNamed(key.slice(behindParent(key))).name;
  return notation === 'npm' ? splitNamed(key).name : lastOfPath(key);
}

/** Where the child begins: a `>` that separates follows neither a space, nor `|`, nor the `@` of a range. */
function behindParent(key: string): number {
  const separator = /[^ |@]>/.exec(key);
  return separator ? separator.index + 2 : 0;
}

function lastOfPath(key: string): string {
  let at = 0;
  for (;;) {
    let end = slashAfter(key, key[at] === '@' ? slashAfter(key, at) + 1 : at);
    const segment = key.slice(at, end);
    const range = segment.indexOf('@', 1);
    // The target of an alias may be scoped, with a slash of its own: a@npm:@scope/b.
    if (range >= 0 && segment.startsWith('@npm:@', range)) end = slashAfter(key, Math.min(end + 1, key.length));
    if (end >= key.length) return splitNamed(segment).name;
    at = end + 1;
  }
}

function slashAfter(text: string, from: number): number {
  const at = text.indexOf('/', from);
  return at < 0 ? text.length : at;
}
