import type { Advisory } from '../core/advisory';
import type { DeclarationSubject } from '../core/check';
import type { Finding } from '../core/finding';
import { withoutSecrets } from '../core/withoutSecrets';
import type { OutlookRow } from '../core/outlook';
import { dateText } from './dates';
import { markdownStyle, plainStyle, type HoverStyle } from './hoverStyle';
import { registryLine, releaseTable, unansweredWords } from './hoverTable';
import { verdictText } from './provenanceText';

const shownAdvisories = 12;

export interface HoverParts {
  /** A page for people about the package. */
  readonly packageUrl?: string | undefined;
  readonly suppressed?: readonly Finding[];
  /** The releases worth seeing. */
  readonly rows?: readonly OutlookRow[];
  /** Since when a source could not be asked, where that is known. */
  readonly since?: (source: string) => Date | undefined;
}

/** What is known of one declaration, as Markdown. All text from files and feeds is escaped; there are no command links. */
export function hoverMarkdown(subject: DeclarationSubject, parts: HoverParts = {}): string {
  return hoverText(subject, parts, markdownStyle);
}

/** The same for a client that shows text as it is. */
export function hoverPlain(subject: DeclarationSubject, parts: HoverParts = {}): string {
  return hoverText(subject, parts, plainStyle);
}

function decidedBy({ resolution, declaration }: DeclarationSubject): string {
  if (resolution.version === undefined) return '';
  if (resolution.from !== 'exact-range') return resolution.from;
  return declaration.bounded ? `by ${declaration.bounded.by}` : 'pinned here';
}

function hoverText(subject: DeclarationSubject, parts: HoverParts, style: HoverStyle): string {
  const { packageUrl, suppressed = [], rows = [], since = () => undefined } = parts;
  const { declaration, resolution, roles, known } = subject;
  const name = declaration.package.name || declaration.writtenName || 'This entry';
  const title = packageUrl ? style.link(name, packageUrl) : style.text(name);
  const head = `${style.strong(title)}${roles.length ? ` · ${style.text(roles.join(', '))}` : ''}`;
  const resolved =
    resolution.version === undefined
      ? `No single release: ${style.text(resolution.reason)}.`
      : `Stands for release ${style.text(resolution.version)} (${style.text(decidedBy(subject))}).`;
  const notes = declaration.notes.map((note) => `${style.text(withoutSecrets(note))}.`);

  const touching =
    resolution.version === undefined
      ? known
      : known.filter((advisory) => affects(advisory, resolution.version) || advisory.undecided?.(resolution.version));
  const rest = known.length - touching.length;
  const lines = touching.slice(0, shownAdvisories).map((advisory) => `- ${advisoryLine(advisory, resolution.version, style)}`);
  if (resolution.version === undefined && lines.length) lines.unshift('Known of one or the other of its releases:', '');
  if (touching.length > shownAdvisories) lines.push(`- and ${touching.length - shownAdvisories} more`);
  if (rest > 0) lines.push(`- ${rest} other ${rest === 1 ? 'advisory does' : 'advisories do'} not touch this release`);

  return [
    head,
    [resolved, ...notes].join(' '),
    lines.join('\n'),
    releaseTable(rows, subject.now, style),
    suppressedLines(suppressed, style),
    registryLine(subject, since(subject.index ?? registryIds[declaration.package.ecosystem] ?? ''), style),
    provenanceLine(subject, style),
    sourcesLine(subject, since, style),
  ]
    .filter((part) => part !== '')
    .join('\n\n');
}

/** What came of verifying, where somebody had that done. */
function provenanceLine({ provenance }: DeclarationSubject, style: HoverStyle): string {
  return provenance ? `Provenance: ${style.text(verdictText(provenance))}.` : '';
}

/** The names under which the status knows the public registries. */
const registryIds: Readonly<Record<string, string>> = { npm: 'npm-registry', PyPI: 'pypi' };

/** What the policy suppresses is shown as such where people look. */
function suppressedLines(findings: readonly Finding[], style: HoverStyle): string {
  return findings
    .map(({ rule, message, suppression }) => {
      const until = suppression?.expires ? ` until ${dateText(suppression.expires)}` : suppression?.untilFixed ? ' until it is fixed' : '';
      const why = suppression
        ? `${until}, by ${style.text(suppression.file)}: ${style.quiet(style.text(oneLine(suppression.reason)))}`
        : '';
      return `- Suppressed: ${style.text(rule)}${why}. ${style.text(message)}.`;
    })
    .join('\n');
}

function oneLine(text: string): string {
  return text.replace(/\s+/g, ' ').slice(0, 300);
}

function affects(advisory: Advisory, version: string): boolean {
  return advisory.wholePackage || advisory.affects(version);
}

function advisoryLine(advisory: Advisory, version: string | undefined, style: HoverStyle): string {
  const level = advisory.kind === 'vulnerability' ? (advisory.severity ?? 'unknown severity') : advisory.kind;
  const aliases = advisory.aliases.length
    ? ` (${advisory.aliases
        .slice(0, 4)
        .map((alias) => style.text(alias))
        .join(', ')})`
    : '';
  const cure = advisory.fixedIn.length ? ` Fixed in ${style.text(advisory.fixedIn.slice(0, 3).join(', '))}.` : '';
  const broad = advisory.overBroad ? ' The record also names every release; only those that it lists count.' : '';
  const isOpen = version === undefined ? advisory.unreadable : advisory.undecided?.(version);
  const open = isOpen ? ` Which releases it affects could not be read${version === undefined ? '' : ': this one may be'}.` : '';
  const summary = advisory.summary ? ` ${style.text(advisory.summary)}` : '';
  return `${style.strong(level)} ${style.link(advisory.id, advisory.url)}${aliases}:${summary}${cure}${broad}${open}`;
}

/** Who said so and when, and who could not be asked: an empty list of advisories must not read as safe. */
function sourcesLine(
  { declaration, advisories, known, now }: DeclarationSubject,
  since: (source: string) => Date | undefined,
  style: HoverStyle,
): string {
  const parts = advisories.map(({ source, answer }) => {
    if (answer.state === 'known') return `${source} as of ${dateText(answer.asOf)}`;
    const last = answer.last ? `, last known ${dateText(answer.last.asOf)}` : '';
    const down = answer.state === 'unavailable' ? since(source) : undefined;
    const words = answer.state === 'disabled' ? 'off' : unansweredWords(answer, style);
    return `${source} ${words}${down && down <= now ? ` since ${dateText(down)}` : ''}${last}`;
  });
  if (!parts.length) return declaration.source.kind === 'registry' ? 'Not checked: advisories are off.' : '';
  const asked = advisories.every(({ answer }) => answer.state === 'known');
  const nothing = known.length ? '' : asked ? 'No known advisory. ' : 'Not fully checked: an empty list does not mean safe. ';
  return `${nothing}${style.quiet(`Sources: ${parts.join('; ')}.`)}`;
}
