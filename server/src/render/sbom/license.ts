/** What stands in a license field, as far as SPDX knows it (SPDX 3.0.1, annex B: License Expressions). */
export type License =
  | { readonly kind: 'id'; readonly id: string }
  | { readonly kind: 'expression'; readonly expression: string }
  | { readonly kind: 'name'; readonly name: string };

const longest = 500;

/** `canonical` gives SPDX's spelling of an id or exception, whatever its case. Never throws, on any string. */
export function licenseOf(written: string, canonical: (id: string) => string | undefined): License {
  const text = written.trim().replace(/\s+/g, ' ');
  const id = canonical(text);
  if (id !== undefined) return { kind: 'id', id };
  const expression = text.length > longest ? undefined : expressionOf(text, canonical);
  return expression === undefined ? { kind: 'name', name: text.slice(0, longest) } : { kind: 'expression', expression };
}

/**
 * ```
 * either   = all ("OR" all)*
 * all      = one ("AND" one)*
 * one      = "(" either ")" | id ["+"] ["WITH" id]
 * ```
 */
function expressionOf(text: string, canonical: (id: string) => string | undefined): string | undefined {
  const tokens = text.match(/[()]|[^\s()]+/g) ?? [];
  let at = 0;
  const written: string[] = [];

  const idAt = (): boolean => {
    const token = tokens[at];
    if (token === undefined) return false;
    const id = canonical(token) ?? (token.endsWith('+') ? plus(canonical(token.slice(0, -1))) : undefined) ?? reference(token);
    if (id === undefined) return false;
    written.push(id);
    at++;
    return true;
  };
  const word = (operator: string): boolean => {
    if (tokens[at]?.toUpperCase() !== operator) return false;
    written.push(operator);
    at++;
    return true;
  };
  const one = (depth: number): boolean => {
    if (tokens[at] !== '(') return idAt() && (!word('WITH') || idAt());
    if (depth > 20) return false;
    written.push('(');
    at++;
    if (!either(depth + 1) || tokens[at] !== ')') return false;
    written.push(')');
    at++;
    return true;
  };
  const all = (depth: number): boolean => {
    do if (!one(depth)) return false;
    while (word('AND'));
    return true;
  };
  const either = (depth: number): boolean => {
    do if (!all(depth)) return false;
    while (word('OR'));
    return true;
  };

  if (!either(0) || at < tokens.length) return undefined;
  return written.join(' ').replaceAll('( ', '(').replaceAll(' )', ')');
}

function plus(id: string | undefined): string | undefined {
  return id === undefined ? undefined : `${id}+`;
}

/** A license that the text brings itself. */
function reference(token: string): string | undefined {
  return /^(?:DocumentRef-[\w.-]+:)?LicenseRef-[\w.-]+$/.test(token) ? token : undefined;
}
