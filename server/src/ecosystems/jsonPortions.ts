import { isObject } from '../core/isObject';

// A registry's document may be 20 MB of JSON, which takes half a second to parse, and the thread that reads it also answers the
// editor. Long documents are therefore read member by member, with a pause for others now and then.

export interface Portions {
  /** The members of the document that are wanted. */
  readonly keep: ReadonlySet<string>;
  /** Of these, the object or list that is long: it is read by its own members. */
  readonly split: string;
  /** What is kept of each of them. */
  readonly each: (member: unknown) => unknown;
}

/** Shorter texts are parsed in one go. */
const shortText = 128 * 1024;
/** Between two pauses: some 5 ms of work. */
const charactersAtOnce = 128 * 1024;

/**
 * What `JSON.parse` makes of an object, without the members that nobody wants. `undefined` for text that is no JSON object. Objects
 * that are put together here have no prototype.
 */
export async function parseInPortions(text: string, portions: Portions, signal?: AbortSignal): Promise<unknown> {
  try {
    if (text.length <= shortText) return reduced(JSON.parse(text), portions);
    const result: Record<string, unknown> = Object.create(null) as Record<string, unknown>;
    let paused = 0;
    const breathe = async (at: number) => {
      if (at - paused < charactersAtOnce) return;
      paused = at;
      await new Promise((resolve) => setTimeout(resolve, 0));
      signal?.throwIfAborted();
    };
    const cursor = { at: skipSpace(text, 0) };
    if (text[cursor.at] !== '{') return undefined;
    for (const written of membersOf(text, cursor)) {
      const key = written();
      if (!portions.keep.has(key)) continue;
      const isList = text[cursor.at] === '[';
      if (key !== portions.split || (!isList && text[cursor.at] !== '{')) {
        result[key] = valueAt(text, cursor);
        continue;
      }
      const list: unknown[] = [];
      const object: Record<string, unknown> = Object.create(null) as Record<string, unknown>;
      for (const name of membersOf(text, cursor)) {
        const value = portions.each(valueAt(text, cursor));
        if (isList) list.push(value);
        else object[name()] = value;
        await breathe(cursor.at);
      }
      result[key] = isList ? list : object;
    }
    return result;
  } catch (error) {
    if (signal?.aborted) throw error;
    return undefined;
  }
}

function reduced(document: unknown, { split, each }: Portions): unknown {
  if (!isObject(document)) return undefined;
  const long = document[split];
  if (Array.isArray(long)) return { ...document, [split]: long.map(each) };
  if (!isObject(long)) return document;
  const object: Record<string, unknown> = Object.create(null) as Record<string, unknown>;
  for (const [key, value] of Object.entries(long)) object[key] = each(value);
  return { ...document, [split]: object };
}

interface Cursor {
  at: number;
}

/**
 * The keys of the object that begins at the cursor; for a list as many empty ones. At each the cursor stands before the value, and may be
 * moved behind it. In the end it stands behind the closing bracket. Throws where brackets and quotes do not match.
 */
function* membersOf(text: string, cursor: Cursor): Generator<() => string> {
  cursor.at = skipSpace(text, cursor.at);
  const inObject = text[cursor.at] === '{';
  if (!inObject && text[cursor.at] !== '[') throw new SyntaxError('neither object nor list');
  const closing = inObject ? '}' : ']';
  cursor.at = skipSpace(text, cursor.at + 1);
  for (let isFirst = true; text[cursor.at] !== closing || !isFirst; isFirst = false) {
    const start = cursor.at;
    const end = inObject ? endOfString(text, start) : start;
    if (inObject) {
      cursor.at = skipSpace(text, end);
      if (text[cursor.at] !== ':') throw new SyntaxError('no colon');
      cursor.at = skipSpace(text, cursor.at + 1);
    }
    const before = cursor.at;
    yield () => (inObject ? (JSON.parse(text.slice(start, end)) as string) : '');
    if (cursor.at === before) cursor.at = endOfValue(text, before);
    cursor.at = skipSpace(text, cursor.at);
    if (text[cursor.at] === closing) break;
    if (text[cursor.at] !== ',') throw new SyntaxError('no comma');
    cursor.at = skipSpace(text, cursor.at + 1);
  }
  cursor.at++;
}

function valueAt(text: string, cursor: Cursor): unknown {
  const start = cursor.at;
  cursor.at = endOfValue(text, start);
  return JSON.parse(text.slice(start, cursor.at));
}

function endOfValue(text: string, start: number): number {
  const first = text[start];
  if (first === '"') return endOfString(text, start);
  if (first !== '{' && first !== '[') {
    const end = /[,}\]\s]/g;
    end.lastIndex = start;
    return end.exec(text)?.index ?? text.length;
  }
  const mark = /["{}[\]]/g;
  mark.lastIndex = start;
  let depth = 0;
  for (let found = mark.exec(text); found; found = mark.exec(text)) {
    if (found[0] === '"') mark.lastIndex = endOfString(text, found.index);
    else depth += found[0] === '{' || found[0] === '[' ? 1 : -1;
    if (depth === 0) return found.index + 1;
  }
  throw new SyntaxError('no end');
}

/** Behind the closing quote: the first one before which stands an even number of backslashes. */
function endOfString(text: string, start: number): number {
  if (text[start] !== '"') throw new SyntaxError('no string');
  for (let at = text.indexOf('"', start + 1); at >= 0; at = text.indexOf('"', at + 1)) {
    let before = at - 1;
    while (text[before] === '\\') before--;
    if ((at - before) % 2 === 1) return at + 1;
  }
  throw new SyntaxError('no end of a string');
}

function skipSpace(text: string, start: number): number {
  let at = start;
  while (text[at] === ' ' || text[at] === '\n' || text[at] === '\r' || text[at] === '\t') at++;
  return at;
}
