import type { DeclarationSubject } from '../core/check';
import { shown } from '../core/lookup';
import type { OutlookRole, OutlookRow } from '../core/outlook';
import { withoutSecrets } from '../core/withoutSecrets';
import { isTime, publishedText } from './ages';
import { dateText } from './dates';
import { none, type HoverStyle } from './hoverStyle';

const roleWords: Readonly<Record<OutlookRole, string>> = {
  resolved: 'resolved',
  admitted: 'taken today',
  'clean-in-range': 'newest clean in range',
  clean: 'newest clean',
  newest: 'newest',
};

/** The releases of a package that matter here, in a small table; `''` where the registry has told of none. */
export function releaseTable(rows: readonly OutlookRow[], now: Date, style: HoverStyle): string {
  if (rows.length === 0) return '';
  const head = ['', 'release', 'published', 'by', 'attested'];
  const cells = rows.map((row) => {
    const { publishedAt, attested } = row.release;
    return [
      roleText(row.roles),
      releaseText(row, style),
      isTime(publishedAt) ? publishedText(publishedAt, now) : none,
      row.by === undefined ? none : style.text(short(row.by, 100)),
      attested === undefined ? none : attested ? 'yes' : 'no',
    ];
  });
  const hasClean = rows.some(({ roles }) => roles.includes('clean') || roles.includes('clean-in-range'));
  const noneClean = hasClean ? '' : 'No release can be proposed: each has an advisory, was withdrawn or is too young.';
  const note = rows.some(({ release }) => release.attested) ? style.quiet('Attested says where it was built, not that it is good.') : '';
  return [style.table([head, ...cells]), noneClean, note].filter((part) => part !== '').join('\n\n');
}

/** Of two that say the same, the stronger. */
function roleText(roles: readonly OutlookRole[]): string {
  const said = roles.includes('clean') ? roles.filter((role) => role !== 'clean-in-range') : roles;
  const text = said.map((role) => roleWords[role]).join(', ');
  return text.replace('newest clean, newest', 'newest, clean');
}

function releaseText({ release, unlisted, malware, advisories, blocked }: OutlookRow, style: HoverStyle): string {
  const { version, yanked, deprecated } = release;
  const marks = [
    ...(malware ? [style.strong('malware')] : []),
    ...(blocked ? [style.strong('blocked')] : []),
    ...(advisories ? [`${advisories} ${advisories === 1 ? 'advisory' : 'advisories'}`] : []),
    ...(yanked ? [`yanked${typeof yanked === 'string' && yanked !== '' ? ` (${style.text(short(yanked, 80))})` : ''}`] : []),
    ...(deprecated === undefined ? [] : [`deprecated${deprecated === '' ? '' : ` (${style.text(short(deprecated, 80))})`}`]),
    ...(unlisted ? ['not listed any more, or never was'] : []),
  ];
  return [style.text(short(version, 40)), ...marks].join(', ');
}

/** Who told of the releases and when, what it says of the project, or why it could not be asked. */
export function registryLine(subject: DeclarationSubject, since: Date | undefined, style: HoverStyle): string {
  const { registry, index, declaration } = subject;
  if (declaration.source.kind !== 'registry' || declaration.package.name === '' || subject.lock?.exempt === 'own') return '';
  const name = style.text(
    withoutSecrets(index ?? (declaration.package.ecosystem === 'npm' ? 'npm registry' : declaration.package.ecosystem)),
  );
  const record = shown(registry);
  const asOf = registry.state === 'known' ? registry.asOf : registry.last?.asOf;
  const parts: string[] = [];
  if (registry.state === 'known') parts.push(`${name} as of ${dateText(registry.asOf)}`);
  else {
    const last = asOf ? `; what is shown is of ${dateText(asOf)}` : '';
    const from = since && registry.state === 'unavailable' ? ` since ${dateText(since)}` : '';
    parts.push(`${name} ${unansweredWords(registry, style)}${from}${last}`);
  }
  if (record && !record.exists) parts.push('it has no package of this name');
  const { status, statusReason, statusSince, license } = record ?? {};
  if (status !== undefined && status !== 'active') {
    const why = statusReason === undefined ? '' : ` (${style.text(short(statusReason, 160))})`;
    parts.push(`the project is ${status}${isTime(statusSince) ? ` since ${dateText(statusSince)}` : ''}${why}`);
  }
  if (license !== undefined && license !== '') parts.push(`license ${style.text(short(license, 80))}`);
  return style.quiet(`Releases: ${parts.join('; ')}.`);
}

/** Why nothing is known, in words. */
export function unansweredWords(
  { state, reason }: { readonly state: 'pending' | 'unavailable' | 'withheld' | 'disabled'; readonly reason: string },
  style: HoverStyle,
): string {
  switch (state) {
    case 'pending':
      return 'is being asked';
    case 'withheld':
      return `not asked: private (${style.text(reason)})`;
    case 'disabled':
      return `not asked: ${style.text(reason)}`;
    case 'unavailable':
      return `could not be asked: ${style.text(reason)}`;
  }
}

/** On one line, and no longer than a cell can bear. */
function short(text: string, most: number): string {
  const line = text
    .slice(0, 4 * most)
    .replace(/\s+/g, ' ')
    .trim();
  const letters = [...line];
  return letters.length > most ? `${letters.slice(0, most - 1).join('')}…` : line;
}
