import type { AiPackage } from './aiPackages';
import { html, type Html } from './escape';
import type { ReportFacts } from './facts';
import { andMore, capped, counted, number, section } from './lists';
import { toneRank, worstTone, type Tone } from './tones';

const mostOfRole = 8;
const mostInAll = 60;

/** The words beside the dot: what colour alone must not say. */
const marks: Readonly<Record<Tone, string>> = { error: '×', warning: '!', information: 'i', hint: '·', open: '?', clear: '✓' };

/** AI packages by role, each with its state. A package of two roles stands under both. */
export function rolesSection(packages: readonly AiPackage[], facts: ReportFacts): Html {
  const byRole = new Map<string, AiPackage[]>();
  for (const one of packages) for (const role of one.roles) byRole.set(role, [...(byRole.get(role) ?? []), one]);
  const roles = [...byRole].sort(([a, these], [b, those]) => rank(these) - rank(those) || those.length - these.length || (a < b ? -1 : 1));
  if (!roles.length)
    return section(
      'roles',
      'AI packages',
      undefined,
      html`<p class="empty">No manifest and no lockfile names a package that Merlon knows as AI.</p>`,
    );
  const wrong = packages.filter(({ tone }) => tone === 'error' || tone === 'warning').length;
  const open = packages.filter(({ tone }) => tone === 'open').length;
  const lead = [
    `${counted(packages.length, 'release')} in ${counted(roles.length, 'role')}`,
    ...(wrong ? [`${number(wrong)} with errors or warnings`] : []),
    ...(open ? [`of ${number(open)} nobody can tell`] : []),
  ];
  return section(
    'roles',
    'AI packages',
    `${lead.join('; ')}.`,
    html`<div class="cards">${roles.map(([role, own]) => card(role, own, facts))}</div>`,
  );
}

function rank(packages: readonly AiPackage[]): number {
  return toneRank(worstTone(packages.map(({ tone }) => tone)));
}

function card(role: string, packages: readonly AiPackage[], facts: ReportFacts): Html {
  const text = Object.hasOwn(facts.roleTexts, role) ? facts.roleTexts[role] : undefined;
  const first = packages.slice(0, mostOfRole);
  const rest = packages.slice(mostOfRole);
  return html`<article class="card" data-role="${role}" data-count="${packages.length}">
    <h3>${role} <span class="count">${number(packages.length)}</span></h3>
    ${text !== undefined && html`<p class="about">${text}</p>`}
    <ul class="packages">
      ${first.map((one) => item(one, facts))}
    </ul>
    ${
      rest.length > 0 &&
      html`<details>
        <summary>${number(rest.length)} more</summary>
        <ul class="packages">
          ${capped(
            rest,
            mostInAll,
            (one) => item(one, facts),
            (left) => andMore(left, 'merlon list --locked names all'),
          )}
        </ul>
      </details>`
    }
  </article> `;
}

function item(one: AiPackage, facts: ReportFacts): Html {
  const where = one.direct
    ? html`${one.place && facts.place(one.place)}${one.others > 0 && html` <span class="muted">and ${one.others} more</span>`}`
    : html`<span class="muted">comes along</span>`;
  return html`<li class="package" data-tone="${one.tone}">
    <span class="mark ${one.tone}" aria-hidden="true">${marks[one.tone]}</span>
    <div>
      <p><span class="mono name">${one.name}</span> <span class="mono muted">${one.release}</span></p>
      <p class="state">${one.words}</p>
      <p class="where">${where}</p>
    </div>
  </li>`;
}
