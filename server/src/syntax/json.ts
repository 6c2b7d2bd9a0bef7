import type { Problem } from '../core/manifest';
import type { Span } from '../core/span';
import { buildJson } from './jsonTree';

// A tolerant JSON tree with spans. Strict JSON (RFC 8259) is read exactly; comments and trailing commas are read and reported. In a text
// that is broken somewhere, layout tells what the punctuation no longer does: a property at the start of its line is one even if the line
// above ran out of its string, and an object ends where its indentation says. So a broken line costs that line alone.

export interface JsonString {
  readonly type: 'string';
  readonly value: string;
  /** With the quotes. */
  readonly span: Span;
  /** Between the quotes. */
  readonly inner: Span;
  /** Whether the text between the quotes is not the value to the letter. */
  readonly escaped: boolean;
}

export interface JsonScalar {
  readonly type: 'number' | 'boolean' | 'null';
  readonly span: Span;
}

export interface JsonArray {
  readonly type: 'array';
  readonly span: Span;
  readonly items: readonly JsonNode[];
}

export interface JsonObject {
  readonly type: 'object';
  readonly span: Span;
  /** All of them in order, also those whose key comes again; see {@link propertyOf}. */
  readonly properties: readonly JsonProperty[];
}

export interface JsonProperty {
  readonly key: JsonString;
  /** Absent where it could not be read; a problem says so. */
  readonly value?: JsonNode;
  /** Key and value. */
  readonly span: Span;
}

export type JsonNode = JsonString | JsonScalar | JsonArray | JsonObject;

export interface JsonText {
  /** Absent where the text holds no value at all. */
  readonly root?: JsonNode;
  /** By position. `invalid`: read in spite of a fault that a strict parser rejects. `unreadable`: lost. At most one a line, and 200. */
  readonly problems: readonly Problem[];
}

/** Reads a JSON text. Never throws, on any string; linear in its length; values nested deeper than 200 are left out with a problem. */
export function parseJson(text: string): JsonText {
  if (last?.text === text) return last.read;
  const read = buildJson(text, false) ?? buildJson(text, true) ?? { problems: [] };
  if (text.length <= longestKept) last = { text, read };
  return read;
}

/** Each fix of a manifest is worked out on the same text. */
let last: { readonly text: string; readonly read: JsonText } | undefined;
const longestKept = 1 << 20;

/** The property that counts: of several with one key, JSON.parse takes the last. */
export function propertyOf(object: JsonObject, key: string): JsonProperty | undefined {
  return object.properties.findLast((property) => property.key.value === key);
}
