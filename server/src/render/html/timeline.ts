import { agoText } from '../ages';
import { dateText } from '../dates';
import { html, type Html } from './escape';
import { counted, number, section } from './lists';
import { limitWords, type AgedRelease, type ReleaseAges } from './releaseAges';

const hour = 3_600_000;
const day = 24 * hour;
const year = 365.25 * day;

const width = 1060;
const left = 8;
const right = 1052;
const top = 34;
/** Of the highest pile. */
const mostHeight = 130;
const bins = 70;
const oldest = 15 * year;
const youngest = hour;
const mostLimits = 3;
const mostListed = 10;

const ticks: readonly (readonly [number, string])[] = [
  [10 * year, '10 years'],
  [3 * year, '3 years'],
  [year, '1 year'],
  [91 * day, '3 months'],
  [30 * day, '1 month'],
  [7 * day, '1 week'],
  [day, '1 day'],
  [3 * hour, '3 hours'],
];

/** How old the releases are that the project stands on, on a time line that ends now; the youngest by name. */
export function timelineSection(ages: ReleaseAges, now: Date): Html {
  const { releases, unknown, limits } = ages;
  const untold = unknown
    ? ` Of ${counted(unknown, 'release')} nobody told when it was published: lockfiles seldom do, and registries are asked about the packages that matter most.`
    : '';
  if (!releases.length)
    return section(
      'ages',
      'Age of releases',
      undefined,
      html`<p class="empty">Of no release it is known when it was published.${untold}</p>`,
    );
  const young = releases.filter((release) => release.young);
  const limit = limits.length ? limitWords(limits[0]!) : undefined;
  const lead = `The age of ${counted(releases.length, 'release')} is known.${limit === undefined ? ' No minimum age is set.' : young.length ? ` ${young.length === 1 ? 'One is' : `${number(young.length)} are`} younger than the minimum age.` : ' None is younger than the minimum age.'}${untold}`;
  return section(
    'ages',
    'Age of releases',
    lead,
    html`${picture(ages, now)}
      <ul class="legend" aria-hidden="true">
        ${young.length > 0 && html`<li><span class="swatch young"></span>younger than the minimum age</li>`}${releases.some(({ bad }) => bad) && html`<li><span class="swatch bad"></span>has an error</li>`}
        <li><span class="swatch plain"></span>any other release</li>
      </ul>
      <details class="told" ${young.length > 0 && html` open`}>
        <summary>The youngest releases</summary>
        <div class="scroll" role="region" aria-label="The youngest releases" tabindex="0">
          <table>
            <thead>
              <tr>
                <th scope="col">Release</th>
                <th scope="col">Age</th>
                <th scope="col">Published</th>
                <th scope="col">State</th>
              </tr>
            </thead>
            <tbody>
              ${releases.slice(0, Math.max(mostListed, Math.min(young.length, 50))).map((release) => row(release, now))}
            </tbody>
          </table>
        </div>
        ${releases.length > mostListed && html`<p class="muted">The oldest is ${nameOf(releases.at(-1)!)}, ${agoText(releases.at(-1)!.publishedAt, now)}.</p>`}
      </details>`,
  );
}

function row(release: AgedRelease, now: Date): Html {
  const state = [...(release.young ? ['younger than the minimum age'] : []), ...(release.bad ? ['has an error'] : [])].join('; ');
  return html`<tr>
    <th scope="row" class="mono">${nameOf(release)}</th>
    <td>${agoText(release.publishedAt, now)}</td>
    <td>${dateText(release.publishedAt)}</td>
    <td>${state || (release.direct ? 'declared' : 'comes along')}</td>
  </tr>`;
}

function nameOf({ name, version }: AgedRelease): string {
  return `${name} ${version}`;
}

/** The scale is logarithmic: an hour of a young release says as much as a year of an old one. */
function xOf(age: number): number {
  const bounded = Math.min(oldest, Math.max(youngest, age));
  return right - ((Math.log(bounded) - Math.log(youngest)) / (Math.log(oldest) - Math.log(youngest))) * (right - left);
}

function picture({ releases, limits }: ReleaseAges, now: Date): Html {
  const step = (right - left) / bins;
  const piles = Array.from({ length: bins }, () => ({ bad: 0, young: 0, plain: 0, names: [] as string[] }));
  for (const release of releases) {
    const x = xOf(now.getTime() - release.publishedAt.getTime());
    const pile = piles[Math.min(bins - 1, Math.max(0, Math.floor((x - left) / step)))]!;
    pile[release.bad ? 'bad' : release.young ? 'young' : 'plain']++;
    if (pile.names.length < 6) pile.names.push(nameOf(release));
  }
  const longest = limits.at(-1);
  const highest = Math.max(...piles.map(({ bad, young, plain }) => bad + young + plain));
  const unit = Math.min(14, mostHeight / highest);
  const floor = top + Math.max(44, Math.round(highest * unit) + 10);
  const text = `${counted(releases.length, 'release')}, the youngest ${nameOf(releases[0]!)}, ${agoText(releases[0]!.publishedAt, now)}, the oldest ${nameOf(releases.at(-1)!)}, ${agoText(releases.at(-1)!.publishedAt, now)}; ${number(releases.filter(({ young }) => young).length)} younger than the minimum age${limits.length ? ` of ${limitList(limits)}` : ''}.`;
  return html`<div class="scroll" role="region" aria-label="Time line of releases" tabindex="0">
    <svg
      class="timeline"
      role="img"
      aria-labelledby="ages-svg-title ages-svg-text"
      viewBox="0 0 ${width} ${floor + 30}"
      width="${width}"
      height="${floor + 30}"
    >
      <title id="ages-svg-title">Age of releases on a time line</title>
      <desc id="ages-svg-text">${text}</desc>
      ${limits.slice(-1).map((ms) => html`<rect class="band" x="${xOf(ms).toFixed(1)}" y="${top - 10}" width="${(right - xOf(ms)).toFixed(1)}" height="${floor - top + 10}" />`)}
      ${ticks.map(([age, words]) => html`<line class="tick" x1="${xOf(age).toFixed(1)}" x2="${xOf(age).toFixed(1)}" y1="${floor}" y2="${floor + 6}" /><text class="tick-text" x="${xOf(age).toFixed(1)}" y="${floor + 20}" text-anchor="middle">${words}</text>`)}
      <line class="axis" x1="${left}" x2="${right}" y1="${floor}" y2="${floor}" />
      <text class="tick-text" x="${right}" y="${floor + 20}" text-anchor="end">now</text>
      ${piles.map((pile, index) => bars(pile, left + index * step, step, unit, floor))}
      ${limits.map((ms) => html`<line class="limit" x1="${xOf(ms).toFixed(1)}" x2="${xOf(ms).toFixed(1)}" y1="${top - 10}" y2="${floor}" />`)}
      ${longest !== undefined && html`<text class="limit-text" x="${xOf(longest) < width / 2 ? left : (xOf(longest) - 8).toFixed(1)}" y="${top - 14}" text-anchor="${xOf(longest) < width / 2 ? 'start' : 'end'}">minimum age: ${limitList(limits)}</text>`}
    </svg>
  </div>`;
}

/** `1 day, 3 days or 5 days`: files of one project may have their own. */
function limitList(limits: readonly number[]): string {
  const words = limits.slice(0, mostLimits).map(limitWords);
  const more = limits.length > mostLimits ? [`${limits.length - mostLimits} more`] : [];
  return [...words, ...more].join(', ').replace(/, ([^,]*)$/, ' or $1');
}

function bars(
  { bad, young, plain, names }: { readonly bad: number; readonly young: number; readonly plain: number; readonly names: readonly string[] },
  x: number,
  step: number,
  unit: number,
  floor: number,
): Html | undefined {
  const all = bad + young + plain;
  if (!all) return undefined;
  let y = floor - 1;
  const piece = (kind: string, n: number) => {
    if (!n) return undefined;
    const h = n * unit;
    y -= h;
    return html`<rect
      class="pile ${kind}"
      x="${(x + 1).toFixed(1)}"
      y="${y.toFixed(1)}"
      width="${(step - 2).toFixed(1)}"
      height="${Math.max(1, h - (unit > 4 ? 1 : 0)).toFixed(1)}"
      rx="1.5"
    />`;
  };
  const title = `${counted(all, 'release')}: ${names.join(', ')}${all > names.length ? ` and ${all - names.length} more` : ''}`;
  return html`<g><title>${title}</title>${piece('bad', bad)}${piece('young', young)}${piece('plain', plain)}</g>`;
}
