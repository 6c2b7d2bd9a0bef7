import type { PackageId } from '../core/declaration';
import type { Span } from '../core/span';
import { globMatches } from './glob';
import type { Placed } from './policyFile';
import type { PolicyValues } from './policyValues';

/** A pattern of package names: `litellm`, `@acme/*`, `npm:left-pad`. */
export interface PackagePattern {
  /** As written. */
  readonly written: string;
  readonly span: Span;
  /** OSV's name of the ecosystem, where the pattern names one. */
  readonly ecosystem?: string;
  /** What lies between its `*`, once to the letter and once as PEP 503 folds names. */
  readonly parts: readonly string[];
  readonly folded: readonly string[];
}

/** Names are no longer; a pattern that is has another purpose. */
export const longestName = 250;

/**
 * `*` stands for any run of characters, and `@scope` alone for all of the scope. In front there may be the ecosystem:
 * `npm:`, `pypi:`. The answer is a clause for people where it is no such pattern.
 */
export function readPackagePattern(written: string, span: Span, ecosystems: readonly string[]): PackagePattern | string {
  const text = written.trim();
  const colon = text.indexOf(':');
  const prefix = colon < 0 ? undefined : text.slice(0, colon).toLowerCase();
  const ecosystem = prefix === undefined ? undefined : ecosystems.find((id) => id.toLowerCase() === prefix);
  if (prefix !== undefined && ecosystem === undefined) return `before the colon stands one of ${ecosystems.join(', ')}`;
  const name = text.slice(colon + 1).trim();
  if (name === '') return 'it names no package';
  if (name.length > longestName) return 'it is longer than any name of a package';
  if (/[\s"'`\\<>=!~^;,()[\]{}|?$]/.test(name)) return 'a name of a package has no such characters, and of patterns there is * alone';
  const whole = /^@[^/*]+$/.test(name) ? `${name}/*` : name;
  const own = ecosystem === undefined ? ecosystems : [ecosystem];
  if (!own.some((id) => isNamePattern(whole, id))) return `no package of ${own.join(' or ')} can have such a name`;
  return {
    written: text,
    span,
    ...(ecosystem !== undefined && { ecosystem }),
    parts: whole.split('*'),
    folded: foldedName(whole).split('*'),
  };
}

// A `*` may stand for all that a name lacks: `*x/y` for `@x/y`, `@acme*` for `@acme/y`.
const grammars: Readonly<Record<string, RegExp>> = {
  npm: /^\**(?:@[\w.*-]+\/(?!\.)[\w.*-]+|@(?=[^*]*\*)[\w.*-]+)$|^(?:\*[\w.*-]*\/(?!\.)[\w.*-]+|[a-z\d*][\w.*-]*)$/i,
  PyPI: /^[a-z\d*](?:[\w.*-]*[a-z\d*])?$/i,
};

/** Whether a package of the ecosystem can have a name of this pattern. */
export function isNamePattern(pattern: string, ecosystem: string): boolean {
  return grammars[ecosystem]?.test(pattern) ?? true;
}

/** A name of PyPI is the same however it is cased and whichever of `-`, `_` and `.` it has (PEP 503); npm's are told apart by them. */
export function matchesPackage({ ecosystem, parts, folded }: PackagePattern, pkg: PackageId): boolean {
  if (pkg.name === '' || (ecosystem !== undefined && ecosystem !== pkg.ecosystem)) return false;
  return pkg.ecosystem === 'PyPI' ? globMatches(foldedName(pkg.name), folded) : globMatches(pkg.name, parts);
}

function foldedName(name: string): string {
  return name.toLowerCase().replace(/[-_.]+/g, '-');
}

/** Those of a list; of what is none it is told. */
export function packagePatterns(written: readonly Placed<string>[], ecosystems: readonly string[], values: PolicyValues): PackagePattern[] {
  return written.flatMap(({ value, span }) => {
    const pattern = readPackagePattern(value, span, ecosystems);
    if (typeof pattern !== 'string') return [pattern];
    values.fault(span, `This is no pattern of package names, and has no effect: ${pattern}`);
    return [];
  });
}
