import type { Advisory } from '../core/advisory';
import type { DeclarationSubject } from '../core/check';
import type { Finding } from '../core/finding';
import { withoutSecrets } from '../core/withoutSecrets';
import { dateText } from './dates';
import { escapeMarkdown, link } from './markdown';

const shownAdvisories = 12;

/** What is known of one declaration, as Markdown. All text from files and feeds is escaped; there are no command links. */
export function hoverMarkdown(subject: DeclarationSubject, packageUrl: string | undefined, suppressed: readonly Finding[] = []): string {
  const { declaration, resolution, roles, known } = subject;
  const name = declaration.package.name || declaration.writtenName || 'This entry';
  const title = packageUrl ? link(name, packageUrl) : escapeMarkdown(name);
  const head = `**${title}**${roles.length ? ` · ${escapeMarkdown(roles.join(', '))}` : ''}`;
  const resolved =
    resolution.version === undefined
      ? `No single release: ${escapeMarkdown(resolution.reason)}.`
      : `Stands for release ${escapeMarkdown(resolution.version)} (${resolution.from === 'exact-range' ? 'pinned here' : resolution.from}).`;
  const notes = declaration.notes.map((note) => `${escapeMarkdown(withoutSecrets(note))}.`);

  const touching = resolution.version === undefined ? known : known.filter((advisory) => affects(advisory, resolution.version));
  const rest = known.length - touching.length;
  const lines = touching.slice(0, shownAdvisories).map((advisory) => `- ${advisoryLine(advisory)}`);
  if (resolution.version === undefined && lines.length) lines.unshift('Known of one or the other of its releases:', '');
  if (touching.length > shownAdvisories) lines.push(`- and ${touching.length - shownAdvisories} more`);
  if (rest > 0) lines.push(`- ${rest} other ${rest === 1 ? 'advisory does' : 'advisories do'} not touch this release`);

  return [head, [resolved, ...notes].join(' '), lines.join('\n'), suppressedLines(suppressed), sourcesLine(subject)]
    .filter((part) => part !== '')
    .join('\n\n');
}

/** What the policy suppresses is shown as such where people look. */
function suppressedLines(findings: readonly Finding[]): string {
  return findings
    .map(({ rule, message, suppression }) => {
      const until = suppression?.expires ? ` until ${dateText(suppression.expires)}` : suppression?.untilFixed ? ' until it is fixed' : '';
      const why = suppression ? `${until}, by ${escapeMarkdown(suppression.file)}: *${escapeMarkdown(oneLine(suppression.reason))}*` : '';
      return `- Suppressed: ${escapeMarkdown(rule)}${why}. ${escapeMarkdown(message)}.`;
    })
    .join('\n');
}

function oneLine(text: string): string {
  return text.replace(/\s+/g, ' ').slice(0, 300);
}

function affects(advisory: Advisory, version: string): boolean {
  return advisory.wholePackage || advisory.affects(version);
}

function advisoryLine(advisory: Advisory): string {
  const level = advisory.kind === 'vulnerability' ? (advisory.severity ?? 'unknown severity') : advisory.kind;
  const aliases = advisory.aliases.length ? ` (${advisory.aliases.slice(0, 4).map(escapeMarkdown).join(', ')})` : '';
  const cure = advisory.fixedIn.length ? ` Fixed in ${escapeMarkdown(advisory.fixedIn.slice(0, 3).join(', '))}.` : '';
  const broad = advisory.overBroad ? ' The record also names every release; only those that it lists count.' : '';
  const summary = advisory.summary ? ` ${escapeMarkdown(advisory.summary)}` : '';
  return `**${level}** ${link(advisory.id, advisory.url)}${aliases}:${summary}${cure}${broad}`;
}

/** Who said so and when, and who could not be asked: an empty list of advisories must not read as safe. */
function sourcesLine({ declaration, advisories, known }: DeclarationSubject): string {
  const parts = advisories.map(({ source, answer }) => {
    if (answer.state === 'known') return `${source} as of ${dateText(answer.asOf)}`;
    const last = answer.last ? `, last known ${dateText(answer.last.asOf)}` : '';
    return `${source} ${unansweredWords(answer)}${last}`;
  });
  if (!parts.length) return declaration.source.kind === 'registry' ? 'Not checked: advisories are off.' : '';
  const asked = advisories.every(({ answer }) => answer.state === 'known');
  const nothing = known.length ? '' : asked ? 'No known advisory. ' : 'Not fully checked: an empty list does not mean safe. ';
  return `${nothing}*Sources: ${parts.join('; ')}.*`;
}

function unansweredWords({ state, reason }: Exclude<DeclarationSubject['advisories'][number]['answer'], { state: 'known' }>): string {
  switch (state) {
    case 'pending':
      return 'is being asked';
    case 'withheld':
      return `not asked: private (${escapeMarkdown(reason)})`;
    case 'disabled':
      return 'off';
    case 'unavailable':
      return `could not be asked: ${escapeMarkdown(reason)}`;
  }
}
