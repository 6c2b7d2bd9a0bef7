import type { Severity } from '../../core/finding';
import { partsOf, type Report } from '../../core/report';
import { gapLines } from '../gaps';
import { html, type Html } from './escape';
import { andMore, capped, counted, number } from './lists';
import { severities } from './tones';

const mostGaps = 6;

/** What people see first: whether the check is whole, and how much was found in how much. */
export function summary(report: Report, aiPackages: number): Html {
  const counts: Record<Severity, number> = { error: 0, warning: 0, information: 0, hint: 0 };
  for (const { findings } of partsOf(report)) for (const { severity } of findings) counts[severity]++;
  const suppressed = partsOf(report).reduce((sum, { suppressed: some }) => sum + some.length, 0);
  const declarations = report.files.reduce((sum, { manifest }) => sum + manifest.declarations.length, 0);
  const locked = report.locks.reduce((sum, { lock }) => sum + lock.packages.filter(({ own }) => !own).length, 0);
  return html`${verdict(report, counts)}
    <dl class="tiles">
      ${tile('error', counts.error, counts.error === 1 ? 'error' : 'errors')}
      ${tile('warning', counts.warning, counts.warning === 1 ? 'warning' : 'warnings')}
      ${tile('information', counts.information + counts.hint, counts.information + counts.hint === 1 ? 'note' : 'notes')}
      ${suppressed > 0 && tile('plain', suppressed, 'suppressed')}
      ${tile('plain', aiPackages, aiPackages === 1 ? 'AI package' : 'AI packages')}
      ${tile('plain', declarations, `declared in ${counted(report.files.length, 'manifest')}`)}
      ${report.locks.length > 0 && tile('plain', locked, `locked in ${counted(report.locks.length, 'lockfile')}`)}
    </dl> `;
}

function tile(tone: string, count: number, words: string): Html {
  return html`<div class="tile ${tone}${count === 0 ? ' none' : ''}">
    <dt>${words}</dt>
    <dd>${number(count)}</dd>
  </div>`;
}

function verdict(report: Report, counts: Readonly<Record<Severity, number>>): Html {
  const isEmpty = report.files.length + report.locks.length + report.unread.length === 0;
  if (isEmpty)
    return banner('open', 'Nothing was checked', html`<p>No manifest and no lockfile was found. This page says nothing about safety.</p>`);
  const found = severities.reduce((sum, severity) => sum + counts[severity], 0);
  if (!report.complete) {
    const gaps = gapLines(report);
    return banner(
      'error',
      'This check is incomplete',
      html`<p>
          ${found ? 'What is shown below was found, and there may be more.' : 'Nothing was found in what could be checked. That does not mean that all is well.'}
        </p>
        <ul>
          ${capped(
            gaps,
            mostGaps,
            (line) => html`<li>${line}</li>`,
            (left) => andMore(left, 'see what could not be checked'),
          )}
        </ul>`,
    );
  }
  const heard = html`<p>Everything was read, and every source that was asked has answered.${notAsked(report)}</p>`;
  if (counts.error) return banner('error', `${counted(counts.error, 'error')} to look at`, heard);
  if (counts.warning) return banner('warning', `${counted(counts.warning, 'warning')} to look at`, heard);
  return banner(
    'clear',
    found ? 'No errors and no warnings' : 'Nothing was found',
    html`${heard}
      <p>What no source knows yet, nobody can find.</p>`,
  );
}

/** A source that was switched off makes no check incomplete, and its silence is none that says anything. */
function notAsked({ sources }: Report): Html | undefined {
  const off = sources.filter(({ state }) => state === 'disabled').map(({ id }) => id);
  return off.length ? html` <strong>Not asked, as was chosen: ${off.join(', ')}.</strong>` : undefined;
}

function banner(tone: 'error' | 'warning' | 'open' | 'clear', title: string, text: Html): Html {
  return html`<section class="verdict ${tone}" aria-labelledby="verdict">
    <h2 id="verdict">${title}</h2>
    ${text}
  </section>`;
}
