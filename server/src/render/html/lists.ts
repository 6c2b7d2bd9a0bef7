import { html, type Html, type HtmlValue } from './escape';

/**
 * The first of a list, and how many more there are, said in place of them. Where there are more than fit, `rest` says where all are.
 */
export function capped<T>(items: readonly T[], most: number, item: (item: T) => HtmlValue, rest: (left: number) => HtmlValue): HtmlValue {
  const left = items.length - most;
  return left > 0 ? [...items.slice(0, most).map(item), rest(left)] : items.map(item);
}

export function andMore(left: number, where = 'the JSON report lists all'): Html {
  return html`<li class="more">and ${number(left)} more: ${where}</li>`;
}

/** `12,345`, whatever the locale of the machine. */
export function number(n: number): string {
  return String(n).replace(/\B(?=(\d{3})+$)/g, ',');
}

export function counted(n: number, one: string, many = `${one}s`): string {
  return `${number(n)} ${n === 1 ? one : many}`;
}

/** A section of the page, with its heading. */
export function section(id: string, title: string, lead: HtmlValue, body: HtmlValue): Html {
  return html`<section id="${id}" aria-labelledby="${id}-title">
    <h2 id="${id}-title">${title}</h2>
    ${lead && html`<p class="lead">${lead}</p>`} ${body}
  </section> `;
}
