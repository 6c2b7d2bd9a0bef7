import type { Companion } from '../../core/manifest';
import type { Span } from '../../core/span';
import { lineIndexOf } from '../positions';
import { html, type Html } from './escape';

/** A place in a file, both counted from zero. */
export interface LinePlace {
  readonly file: string;
  readonly line: number;
  readonly character: number;
}

export function placeIn(file: Companion, span: Span): LinePlace {
  return { file: file.path, ...lineIndexOf(file).position(span.start) };
}

/** As people count lines: from one. */
export function placeText({ file, line }: LinePlace): string {
  return `${file}:${line + 1}`;
}

/** For people who have the page alone: there is nothing that a click could open. */
export function plainPlace(place: LinePlace): Html {
  return html`<span class="place">${placeText(place)}</span>`;
}

/**
 * For an editor: buttons that say no more than a number. What it stands for is kept by who made the page, so that nothing in the page can
 * name another file.
 */
export function numberedPlaces(): { readonly place: (place: LinePlace) => Html; readonly all: readonly LinePlace[] } {
  const all: LinePlace[] = [];
  const numbers = new Map<string, number>();
  return {
    all,
    place: (place) => {
      const key = `${place.line}:${place.character}:${place.file}`;
      let number = numbers.get(key);
      if (number === undefined) numbers.set(key, (number = all.push(place) - 1));
      return html`<button type="button" class="place" data-place="${number}">${placeText(place)}</button>`;
    },
  };
}
