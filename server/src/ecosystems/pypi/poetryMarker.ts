import { poetryAlternatives } from './poetryRange';

/** One PEP 508 marker for Poetry's `markers`, `python` and `platform`; undefined where none of them says anything. */
export function poetryMarker(markers: string | undefined, python: string | undefined, platform: string | undefined): string | undefined {
  const parts = [
    markers?.trim(),
    python === undefined ? undefined : pythonMarker(python),
    platform === undefined ? undefined : `sys_platform == "${platform.replace(/"/g, '')}"`,
  ].filter((part) => part !== undefined && part !== '');
  if (!parts.length) return undefined;
  return parts.length === 1 ? parts[0] : parts.map((part) => (/\bor\b/.test(part!) ? `(${part})` : part)).join(' and ');
}

/** `^3.9 || 3.7.*` as comparisons; undefined for what is no range and for any version. */
function pythonMarker(range: string): string | undefined {
  const alternatives = poetryAlternatives(range);
  if (!alternatives || alternatives.some((clauses) => clauses.length === 0)) return undefined;
  const texts = alternatives.map((clauses) => clauses.map(comparison).join(' and '));
  return texts.length === 1 ? texts[0] : texts.map((text) => (text.includes(' and ') ? `(${text})` : text)).join(' or ');
}

function comparison(clause: string): string {
  const [, operator, version] = /^([=!<>~]+)(.*)$/.exec(clause)!;
  const variable = version!.replace(/\.\*$/, '').split('.').length > 2 ? 'python_full_version' : 'python_version';
  return `${variable} ${operator} "${version}"`;
}
