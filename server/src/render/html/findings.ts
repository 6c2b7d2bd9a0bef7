import type { Finding } from '../../core/finding';
import { partsOf, type Report } from '../../core/report';
import { rulePage } from '../links';
import { html, linkTo, type Html } from './escape';
import type { ReportFacts } from './facts';
import { andMore, counted, number, section } from './lists';
import { placeIn, type LinePlace } from './places';
import { severities, severityWords, toneRank, worstTone } from './tones';

/** More of one rule would be a page that nobody reads. Their number is told. */
const mostOfRule = 200;
const mostInAll = 1500;
/** Of one rule, before the rest is asked for. */
const mostAtOnce = 12;
const mostIds = 5;
/** Unfolded from the start: what fits on a screen or three. */
const mostUnfolded = 30;

interface Row {
  readonly finding: Finding;
  readonly place: LinePlace;
}

/** Findings by rule, worst rule first, and in it worst first. */
export function findingsSection(report: Report, facts: ReportFacts): Html {
  const rows = partsOf(report).flatMap((file) => file.findings.map((finding): Row => ({ finding, place: placeIn(file, finding.span) })));
  const byRule = new Map<string, Row[]>();
  for (const row of rows) byRule.set(row.finding.rule, [...(byRule.get(row.finding.rule) ?? []), row]);
  const groups = [...byRule].sort(([a, these], [b, those]) => rank(these) - rank(those) || those.length - these.length || (a < b ? -1 : 1));
  if (!groups.length)
    return section('findings', 'Findings', undefined, html`<p class="empty">No rule found anything in what was checked.</p>`);
  let room = mostInAll;
  let unfolded = 0;
  const most = Math.max(...groups.map(([, own]) => own.length));
  const written = groups.map(([rule, own]) => {
    const shown = Math.min(own.length, mostOfRule, Math.max(room, mostAtOnce));
    room -= shown;
    const seen = Math.min(own.length, mostAtOnce);
    const open = unfolded + seen <= mostUnfolded;
    if (open) unfolded += seen;
    return ruleGroup(rule, own, { shown, open, most }, facts);
  });
  return section(
    'findings',
    'Findings',
    `${counted(rows.length, 'finding')} by ${counted(groups.length, 'rule')}, the worst first.`,
    html`${controls(rows)} ${written}`,
  );
}

function rank(rows: readonly Row[]): number {
  return toneRank(worstTone(rows.map(({ finding }) => finding.severity)));
}

function ruleGroup(
  rule: string,
  rows: readonly Row[],
  { shown, open, most }: { readonly shown: number; readonly open: boolean; readonly most: number },
  facts: ReportFacts,
): Html {
  const sorted = [...rows].sort((a, b) => toneRank(a.finding.severity) - toneRank(b.finding.severity));
  const [first, rest] = [sorted.slice(0, mostAtOnce), sorted.slice(mostAtOnce, shown)];
  const title = facts.ruleTitles.get(rule);
  return html`<details class="rule" data-rule="${rule}" data-count="${rows.length}" ${open && html` open`}>
    <summary>
      <h3>${rule}</h3>
      ${title !== undefined && html`<span class="title">${title}</span>`}${bar(rows, most)}<span class="count">${number(rows.length)}</span>
    </summary>
    <ul class="rows">
      ${first.map((row) => findingRow(row, facts))}
    </ul>
    ${
      rest.length > 0 &&
      html`<details class="further">
        <summary>${number(rows.length - first.length)} more</summary>
        <ul class="rows">
          ${rest.map((row) => findingRow(row, facts))} ${rows.length > shown && andMore(rows.length - shown)}
        </ul>
      </details>`
    }
    <p class="about">${linkTo(rulePage(rule), `What ${rule} means, and how to turn it off`)}</p>
  </details> `;
}

/** How many of each severity, drawn to the scale of all rules. The numbers stand in its name. */
function bar(rows: readonly Row[], most: number): Html {
  const width = 120;
  const counts = severities.map((severity) => ({ severity, n: rows.filter(({ finding }) => finding.severity === severity).length }));
  const words = counts.filter(({ n }) => n > 0).map(({ severity, n }) => counted(n, severityWords[severity]));
  let x = 0;
  const pieces = counts.map(({ severity, n }) => {
    if (n === 0) return undefined;
    const w = Math.max(3, (n / most) * width);
    const piece = html`<rect class="${severity}" x="${x.toFixed(1)}" y="0" width="${w.toFixed(1)}" height="8" rx="1" />`;
    x += w + 1;
    return piece;
  });
  return html`<svg class="bar" role="img" aria-label="${words.join(', ')}" viewBox="0 0 ${width + 12} 8" width="${width + 12}" height="8">
    ${pieces}
  </svg>`;
}

function findingRow({ finding, place }: Row, facts: ReportFacts): Html {
  const { severity, message, via, advisories, fixes } = finding;
  const fix = fixes.find(({ preferred }) => preferred) ?? fixes[0];
  const ids = advisories.slice(0, mostIds).map(({ id, url }, index) => html`${index > 0 && ', '}${linkTo(url, id)}`);
  return html`<li class="finding" data-severity="${severity}">
    <span class="severity ${severity}">${severityWords[severity]}</span>
    <div>
      <p class="message">${message}</p>
      <p class="details">
        ${facts.place(place)}${via.length > 0 && html`<span>by way of <span class="mono">${via.join(' → ')}</span></span>`}${advisories.length > 0 && html`<span>${ids}${advisories.length > mostIds && ` and ${advisories.length - mostIds} more`}</span>`}
      </p>
      ${fix && html`<p class="fix"><span class="word">Fix</span> ${fix.title}</p>`}
    </div>
  </li> `;
}

/** Shown by the script, since they do nothing without it. */
function controls(rows: readonly Row[]): Html {
  const present = severities.filter((severity) => rows.some(({ finding }) => finding.severity === severity));
  return html`<form class="controls" id="controls" hidden>
    <label class="search"
      >Filter
      <input type="search" id="filter" placeholder="package, file, advisory…" autocomplete="off" spellcheck="false" aria-keyshortcuts="/"
    /></label>
    <fieldset>
      <legend>Show</legend>
      ${present.map((severity) => html`<label><input type="checkbox" name="severity" value="${severity}" checked /> ${severityWords[severity]}s</label>`)}
    </fieldset>
    <span class="buttons"><button type="button" id="unfold">Unfold all</button><button type="button" id="fold">Fold all</button></span>
    <output id="shown" aria-live="polite"></output>
  </form>`;
}
