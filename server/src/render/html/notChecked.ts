import type { Finding } from '../../core/finding';
import type { VerifiedRelease } from '../../core/provenance';
import { partsOf, type Report, type SourceState, type WithheldName } from '../../core/report';
import { dateText } from '../dates';
import { gapLines } from '../gaps';
import { lineIndexOf } from '../positions';
import { byReason, someOf } from '../withheldText';
import { html, type Html } from './escape';
import type { ReportFacts } from './facts';
import { andMore, capped, counted, section } from './lists';
import { placeIn } from './places';
import type { Tone } from './tones';

const mostGaps = 200;
const mostNames = 40;
const mostSuppressed = 300;

/** What could not be checked, who was asked, what is withheld and what the team suppresses: everything that silence may hide. */
export function notCheckedSection(report: Report, facts: ReportFacts): Html {
  const gaps = gapLines(report);
  const suppressed = partsOf(report).flatMap((file) => file.suppressed.map((finding) => ({ finding, place: placeIn(file, finding.span) })));
  return section(
    'unchecked',
    'What was not checked',
    gaps.length
      ? `${counted(gaps.length, 'gap')}: what lies in them nobody has looked at.`
      : 'Every file was read whole, and every source that was asked has answered.',
    html`${
        gaps.length > 0 &&
        html`<ul class="gaps">
          ${capped(
            gaps,
            mostGaps,
            (line) => html`<li>${line}</li>`,
            (left) => andMore(left),
          )}
        </ul>`
      }
      <h3>Sources</h3>
      <div class="scroll" role="region" aria-label="Sources" tabindex="0">
        <table>
          <thead>
            <tr>
              <th scope="col">Source</th>
              <th scope="col">State</th>
              <th scope="col">As of</th>
              <th scope="col">What it means</th>
            </tr>
          </thead>
          <tbody>
            ${report.sources.map(sourceRow)}
          </tbody>
        </table>
      </div>
      ${report.provenance && provenance(report.provenance)}
      <h3>Kept back</h3>
      <p>
        ${report.withheld ? `${counted(report.withheld, 'name')} of private packages went nowhere, so nobody could say anything about ${report.withheld === 1 ? 'it' : 'them'}.` : 'No name was kept back as private.'}
      </p>
      ${withheld(report.withheldNames ?? [])}
      ${facts.leftOut !== undefined && facts.leftOut > 0 && html`<p>${counted(facts.leftOut, 'file')} ${facts.leftOut === 1 ? 'is' : 'are'} left out by the policy, unread.</p>`}
      <h3>Suppressed by the team</h3>
      ${
        suppressed.length
          ? html`<p>${counted(suppressed.length, 'finding')} ${suppressed.length === 1 ? 'is' : 'are'} not counted above.</p>
              <ul class="rows">
                ${capped(
                  suppressed,
                  mostSuppressed,
                  ({ finding, place }) => suppressedRow(finding, facts.place(place), report),
                  (left) => andMore(left),
                )}
              </ul>`
          : html`<p>No finding is suppressed.</p>`
      }`,
  );
}

/** Who keeps which names back. */
function withheld(names: readonly WithheldName[]): Html | false {
  if (names.length === 0) return false;
  return html`<ul>
    ${[...byReason(names)].map(([reason, own]) => html`<li><span class="mono">${someOf(own, mostNames)}</span>: ${reason}</li>`)}
  </ul>`;
}

const states: Readonly<Record<SourceState['state'], readonly [Tone, string, string]>> = {
  ok: ['clear', 'answered', ''],
  stale: ['warning', 'old', 'What it says is older than it should be.'],
  pending: ['error', 'no answer yet', 'What it knows is missing here.'],
  unavailable: ['error', 'could not be asked', 'What it knows is missing here.'],
  disabled: ['open', 'not asked', 'What it knows is missing here, as was chosen.'],
};

/** What came of verifying origins, where somebody asked for that: those that do not hold, or could not be looked at, by name. */
function provenance(releases: readonly VerifiedRelease[]): Html {
  const of = (wanted: VerifiedRelease['state']) => releases.filter(({ state }) => state === wanted);
  const open = [...of('failed'), ...of('unverified')];
  return html`<h3>Where releases come from</h3>
    <p>
      Of ${counted(releases.length, 'release')} the origin is verified for ${of('verified').length}, refuted for ${of('failed').length}, and
      could not be verified for ${of('unverified').length}; ${of('none').length} have no attestation. A verified origin says nothing of good
      will.
    </p>
    ${
      open.length > 0 &&
      html`<ul class="gaps">
        ${capped(
          open,
          mostGaps,
          ({ package: name, version, state, reason }) =>
            html`<li><span class="mono">${name} ${version}</span> ${state}${reason !== undefined && `: ${reason}`}</li>`,
          (left) => andMore(left),
        )}
      </ul>`
    }`;
}

function sourceRow({ id, state, asOf, reason, beside }: SourceState): Html {
  const [tone, words, meaning] = states[state];
  const last = asOf && (state === 'unavailable' || state === 'pending') ? ' What it last said is still shown.' : '';
  const means = beside ? 'Others could tell what it was to be asked.' : `${meaning}${last}`;
  return html`<tr>
    <th scope="row" class="mono">${id}</th>
    <td><span class="dot ${beside && tone === 'error' ? 'open' : tone}" aria-hidden="true"></span>${words}</td>
    <td>${asOf ? dateText(asOf) : '–'}</td>
    <td>${reason !== undefined && html`${sentence(reason)} `}${means || (reason === undefined && '–')}</td>
  </tr>`;
}

function suppressedRow({ suppression, message, rule }: Finding, place: Html, report: Report): Html {
  const policy = suppression && report.policies?.find(({ path }) => path === suppression.file);
  const line = policy && suppression ? `:${lineIndexOf(policy).position(suppression.span.start).line + 1}` : '';
  const until = suppression?.expires
    ? `until ${dateText(suppression.expires)}`
    : suppression?.untilFixed
      ? 'until a fixed release is known'
      : 'without an end';
  return html`<li class="finding suppressed">
    <span class="severity hint">${rule}</span>
    <div>
      <p class="message">${message}</p>
      <p class="details">${place}${suppression && html`<span>${suppression.file}${line}, ${until}</span>`}</p>
      ${suppression && html`<p class="fix"><span class="word">Reason</span> ${suppression.reason}</p>`}
    </div>
  </li> `;
}

function sentence(clause: string): string {
  const text = `${clause.charAt(0).toUpperCase()}${clause.slice(1)}`;
  return /[.!?]$/.test(text) ? text : `${text}.`;
}
