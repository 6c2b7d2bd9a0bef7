import { printable } from '../printable';

declare const safe: unique symbol;

/** Markup that was made by {@link html}, and by nothing else. */
export interface Html {
  readonly [safe]: true;
  readonly markup: string;
}

export type HtmlValue = Html | string | number | undefined | false | readonly HtmlValue[];

/**
 * Markup as a tagged template: what is put in is text, escaped for content and for quoted attributes alike, unless it is markup that this
 * very function has made. Control characters, and those that turn the direction of writing or stay unseen, are shown as `\xNN`. Lists are
 * joined; `undefined` and `false` are nothing. Attributes in the templates are always quoted.
 */
export function html(parts: TemplateStringsArray, ...values: readonly HtmlValue[]): Html {
  let markup = parts[0]!;
  for (const [index, value] of values.entries()) markup += written(value) + parts[index + 1]!;
  return made(markup);
}

/** Our own constants that are no text: the style sheet and the script. Nothing from outside ever goes through here. */
export function constant(markup: string): Html {
  return made(markup);
}

/** An address that a link may have: http or https, and nothing else. */
export function linkTo(address: string, text: HtmlValue): Html {
  if (!/^https?:\/\//i.test(address) || !URL.canParse(address)) return html`${text}`;
  return html`<a href="${new URL(address).href}" rel="noopener noreferrer">${text}</a>`;
}

const makers = new WeakSet<Html>();

function made(markup: string): Html {
  const result = { markup } as unknown as Html;
  makers.add(result);
  return result;
}

function written(value: HtmlValue): string {
  if (value === undefined || value === false) return '';
  if (typeof value === 'number') return String(value);
  if (typeof value === 'string') return escaped(value);
  if (isList(value)) return value.map(written).join('');
  // Plain data that only looks like markup, such as a parsed JSON object, is none.
  return makers.has(value) ? value.markup : escaped(JSON.stringify(value));
}

function isList(value: HtmlValue): value is readonly HtmlValue[] {
  return Array.isArray(value);
}

const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;', '`': '&#96;' };

function escaped(text: string): string {
  return printable(text).replace(/[&<>"'`]/g, (c) => entities[c]!);
}
