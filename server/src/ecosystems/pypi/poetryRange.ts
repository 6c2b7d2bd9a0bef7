import { pinnedText } from './rangeEdit';
import { satisfiesSpecifiers, exactSpecifier } from './satisfies';
import { parseSpecifiers } from './specifier';
import { formatVersion, parseVersion, withoutLocal, type Version } from './version';

// Poetry's dependency specification ("Version constraints" in its documentation; read as poetry-core 2 reads it):
//
//   range       = alternative { ( "||" | "|" ) alternative }
//   alternative = clause { ( "," | " " ) clause }
//   clause      = "*" | [ "==" | "=" | "!=" ] number { "." number } ".*"
//               | [ "^" | "~" | "~=" | "===" | "==" | "=" | "!=" | "<>" | "<=" | ">=" | "<" | ">" ] version
//
//   ^1.2.3 is >=1.2.3,<2; ^0.2.3 is >=0.2.3,<0.3; ^0.0.3 is >=0.0.3,<0.0.4; ^0.0 is >=0.0,<0.1; ^0 is >=0,<1
//   ~1.2.3 and ~1.2 end before 1.3, ~1 before 2; a bare version is that release alone

const clauseGrammar = /[\s,]*(\^|~=|~|===|==|=|!=|<>|<=|>=|<|>)?[ \t]*([^\s,]+)/y;
const wildcard = /^v?((?:[0-9]+!)?[0-9]+(?:\.[0-9]+)*)(?:\.[*xX])+$/;

/** A PEP 440 range, alternatives joined by `||`; undefined for what Poetry does not know. */
export function poetryRange(text: string): string | undefined {
  return poetryAlternatives(text)
    ?.map((clauses) => clauses.join(','))
    .join('||');
}

/** The PEP 440 clauses of each alternative. */
export function poetryAlternatives(text: string): readonly (readonly string[])[] | undefined {
  const alternatives = text.split(/\|\|?/).map(clausesOf);
  return alternatives.every((clauses) => clauses !== undefined) ? alternatives : undefined;
}

/** Poetry's exact form: `1.2.3`. Undefined for what is no version of PEP 440. */
export function poetryPin(version: string): string | undefined {
  const pinned = pinnedText(version);
  return pinned?.startsWith('===') ? undefined : pinned?.slice(2);
}

/** The range without these releases, each alternative by its own; undefined where nothing would change or nothing be left. */
export function poetryExcluding(text: string, versions: readonly string[]): string | undefined {
  let changed = false;
  const parts = text.split(/\|\|?/);
  for (const [index, part] of parts.entries()) {
    const clauses = parseSpecifiers(clausesOf(part)?.join(',') ?? '?');
    if (!clauses) return undefined;
    const admitted = versions.filter((version) => poetryPin(version) !== undefined && satisfiesSpecifiers(version, clauses, true));
    if (!admitted.length) continue;
    if (exactSpecifier(clauses) !== undefined) return undefined;
    const added = [...new Set(admitted.map((version) => `!=${poetryPin(version)}`))].join(',');
    const kept = clauses.length ? part.trimEnd().replace(/,$/, '') : '';
    parts[index] = kept === '' ? added : `${kept},${added}`;
    if (index < parts.length - 1) parts[index] += ' ';
    changed = true;
  }
  return changed ? parts.join('||') : undefined;
}

function clausesOf(text: string): readonly string[] | undefined {
  const trimmed = text.trim().replace(/,$/, '').trimEnd();
  const clauses: string[] = [];
  for (let position = 0; position < trimmed.length;) {
    clauseGrammar.lastIndex = position;
    const match = clauseGrammar.exec(trimmed);
    const clause = match ? translated(match[1] ?? '', match[2]!) : undefined;
    if (clause === undefined) return undefined;
    clauses.push(...clause);
    position = clauseGrammar.lastIndex;
  }
  return trimmed === '' ? undefined : clauses;
}

function translated(operator: string, text: string): readonly string[] | undefined {
  const equality = operator === '' || operator === '=' || operator === '==';
  if (/^v?[*xX](?:\.[*xX])*$/.test(text)) return equality ? [] : undefined;
  const star = wildcard.exec(text);
  if (star) return equality || operator === '!=' ? [`${operator === '!=' ? '!=' : '=='}${star[1]}.*`] : undefined;
  const version = parseVersion(text);
  if (!version) return undefined;
  const public_ = formatVersion(withoutLocal(version));
  if (equality) return [`==${text}`];
  if (operator === '^') return [`>=${public_}`, `<${bumped(version, caretIndex(version.release))}`];
  if (operator === '~') return [`>=${public_}`, `<${bumped(version, Math.min(version.release.length - 1, 1))}`];
  if (operator === '~=') return version.release.length > 1 ? [`~=${public_}`] : undefined;
  if (operator === '===') return [`===${text}`];
  return operator === '!=' || operator === '<>' ? [`!=${text}`] : [`${operator}${public_}`];
}

function caretIndex(release: readonly string[]): number {
  const significant = release.slice(0, 3).findIndex((number) => number !== '0');
  return significant < 0 ? Math.min(release.length, 3) - 1 : significant;
}

/** The release that is one higher at this number and ends there. */
function bumped(version: Version, index: number): string {
  const release = [...version.release.slice(0, index), String(BigInt(version.release[index]!) + 1n)];
  return formatVersion({ epoch: version.epoch, release });
}
