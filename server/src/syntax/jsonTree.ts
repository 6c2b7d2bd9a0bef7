import type { Problem } from '../core/manifest';
import type { JsonNode, JsonProperty, JsonString, JsonText } from './json';
import { jsonTokens, type JsonToken } from './jsonTokens';

const deepest = 200;
const mostProblems = 200;

interface Container {
  readonly type: 'object' | 'array';
  readonly span: { start: number; end: number };
  readonly properties: JsonProperty[];
  readonly items: JsonNode[];
}

/** An object or array that is not closed yet. */
interface Frame {
  readonly node: Container;
  readonly opener: JsonToken;
  /** The property whose value it is, to be completed when it closes. */
  readonly property?: { span: { start: number; end: number } };
  /** Whether the entries of the enclosing object are indented against it, so that indentation can be trusted. */
  readonly laidOut: boolean;
  /** Indentation of the first entry that leads its line. */
  childIndent?: number;
  /** A value was read and no comma since. */
  afterValue: boolean;
}

/**
 * Reads a text into a tree without recursion. With `recover` false it follows JSON's punctuation alone and answers `undefined` at the
 * first fault that makes the structure doubtful; with `recover` true it goes on, by the layout.
 */
export function buildJson(text: string, recover: boolean): JsonText | undefined {
  const problems: Problem[] = [];
  const frames: Frame[] = [];
  let root: JsonNode | undefined;
  let rootFrame: Frame | undefined;
  let reopened: Frame | undefined;
  let broken = false;
  let problemLine = -1;
  let lastEnd = 0;
  const scan = jsonTokens(text, (start, end, closed) => {
    if (closed) report({ start, end, line: -2 }, 'JSON has no comments', 'invalid');
    else fault({ start, end, line: -2 }, 'this comment is never closed');
  });
  let token = scan();
  let ahead = scan();

  while (!(broken && !recover)) {
    const frame = frames.at(-1);
    if (!frame) {
      if (token.kind === 'end') break;
      readRoot();
    } else if (token.kind === 'end') {
      if (frame !== reopened) fault(frame.opener, `this ${frame.node.type} is never closed`);
      while (frames.length) closeFrame(lastEnd);
      break;
    } else if (token.kind === '}' || token.kind === ']') readCloser(frame);
    else if (frame.node.type === 'object') readEntry(frame);
    else readItem(frame);
  }
  if (broken && !recover) return undefined;
  if (!root) fault({ start: 0, end: text.length, line: 0 }, 'there is no JSON value here');
  if (broken && !recover) return undefined;
  return { root, problems: problems.sort((a, b) => a.span.start - b.span.start) };

  function readRoot(): void {
    if (!root && !fits(token.kind)) {
      fault(token, 'a JSON object is expected here');
      advance();
    } else if (!root) {
      root = readValue();
      rootFrame = frames[0];
    } else {
      // Something follows the root, mostly since a brace too many closed it early.
      fault(token, 'nothing may follow the end of the JSON value');
      if (rootFrame?.node.type === 'object' && token.kind !== '}' && token.kind !== ']') {
        frames.push(rootFrame);
        reopened = rootFrame;
        rootFrame.afterValue = false;
        if (startsEntry()) return;
      }
      advance();
    }
  }

  function readEntry(frame: Frame): void {
    if (token.kind === ',') {
      if (!frame.afterValue) fault(token, 'an entry is missing before this comma');
      else if (ahead.kind === '}') report(token, 'JSON has no trailing commas', 'invalid');
      frame.afterValue = false;
      advance();
      return;
    }
    const entry = startsEntry();
    if (recover && token.leads && token.kind === 'string' && endsByLayout(frame)) return;
    if (!entry) {
      fault(token, token.kind === 'string' ? 'this entry is not finished' : 'a key in double quotes is expected here');
      advance();
      skipToEntry(frame);
      return;
    }
    if (frame.afterValue) fault(token, 'a comma is missing before this entry');
    if (token.leads) frame.childIndent ??= token.indent;
    const key = stringOf(token);
    const keyToken = token;
    const property: JsonProperty & { value?: JsonNode; span: { start: number; end: number } } = { key, span: { ...key.span } };
    frame.node.properties.push(property);
    frame.afterValue = true;
    advance();
    property.span.end = token.end;
    advance();
    if (!fits(token.kind) || (recover && token.leads && startsEntry())) {
      fault(keyToken, 'this entry has no value');
      if (!fits(token.kind) && !token.leads) skipToEntry(frame);
      return;
    }
    const start = token;
    property.value = readValue(property);
    property.span.end = Math.max(property.span.end, start.end);
  }

  function readItem(frame: Frame): void {
    if (token.kind === ',') {
      if (!frame.afterValue) fault(token, 'a value is missing before this comma');
      else if (ahead.kind === ']') report(token, 'JSON has no trailing commas', 'invalid');
      frame.afterValue = false;
      advance();
      return;
    }
    if (recover && token.leads && startsEntry() && endsByLayout(frame)) return;
    if (!fits(token.kind)) {
      fault(token, 'a value is expected here');
      advance();
      return;
    }
    if (frame.afterValue) fault(token, 'a comma is missing before this value');
    frame.afterValue = true;
    const value = readValue();
    if (value) frame.node.items.push(value);
  }

  /** Reads a scalar, or opens an object or array. Absent where it is broken or nested too deep. */
  function readValue(property?: Frame['property']): JsonNode | undefined {
    const at = token;
    const span = { start: at.start, end: at.end };
    if (at.kind === '{' || at.kind === '[') return open(at, property);
    advance();
    if (at.unclosed || (at.malformed && at.kind === 'number')) {
      fault(at, at.unclosed ? 'this string is not closed' : 'this is no number');
      return undefined;
    }
    if (at.kind === 'string') {
      if (at.malformed) report(at, 'a string of JSON holds no such character or escape', 'invalid');
      return stringOf(at);
    }
    return { type: at.kind === 'number' || at.kind === 'null' ? at.kind : 'boolean', span };
  }

  function open(at: JsonToken, property: Frame['property']): JsonNode | undefined {
    if (frames.length >= deepest) {
      report(at, `values nested deeper than ${deepest} are not read`, 'unreadable');
      skipNested();
      return undefined;
    }
    const parent = frames.at(-1);
    const laidOut = parent?.childIndent !== undefined && parent.childIndent > parent.opener.indent;
    const node: Container = {
      type: at.kind === '{' ? 'object' : 'array',
      span: { start: at.start, end: at.end },
      properties: [],
      items: [],
    };
    frames.push({ node, opener: at, property, laidOut, afterValue: false });
    advance();
    return node;
  }

  function readCloser(frame: Frame): void {
    const type = token.kind === '}' ? 'object' : 'array';
    let at = frames.length - 1;
    if (recover) {
      at = frames.findLastIndex(
        (open) => open.node.type === type && (open.opener.line === token.line || open.opener.indent === token.indent),
      );
      if (at < 0 && frame.node.type === type && token.indent <= frame.opener.indent) at = frames.length - 1;
    } else if (frame.node.type !== type) at = -1;
    if (at < 0) {
      fault(token, 'this bracket closes nothing');
      advance();
      return;
    }
    if (at < frames.length - 1) fault(frame.opener, `this ${frame.node.type} is never closed`);
    while (frames.length > at + 1) closeFrame(lastEnd);
    closeFrame(token.end);
    advance();
  }

  function closeFrame(end: number): void {
    const frame = frames.pop();
    if (!frame) return;
    frame.node.span.end = end;
    if (frame.property) frame.property.span.end = end;
  }

  /** Whether the line's indentation says that the innermost container ended above it; then it is closed. */
  function endsByLayout(frame: Frame): boolean {
    if (!frame.laidOut || token.line === frame.opener.line || token.indent > frame.opener.indent) return false;
    fault(frame.opener, `this ${frame.node.type} is never closed`);
    closeFrame(lastEnd);
    return true;
  }

  /** Passes over what is left of a broken entry: to a comma, a bracket that closes, or a line that starts with a key. */
  function skipToEntry(frame: Frame): void {
    frame.afterValue = true;
    while (recover && token.kind !== 'end' && token.kind !== ',' && token.kind !== '}' && token.kind !== ']') {
      if (token.leads && token.kind === 'string') {
        frame.afterValue = false;
        return;
      }
      advance();
    }
  }

  function skipNested(): void {
    let depth = 0;
    do {
      if (token.kind === '{' || token.kind === '[') depth++;
      if (token.kind === '}' || token.kind === ']') depth--;
      advance();
    } while (depth > 0 && token.kind !== 'end');
  }

  function startsEntry(): boolean {
    return token.kind === 'string' && !token.unclosed && ahead.kind === ':';
  }

  function advance(): void {
    lastEnd = token.end;
    token = ahead;
    ahead = scan();
  }

  function fault(at: Pick<JsonToken, 'start' | 'end' | 'line'>, message: string): void {
    broken = true;
    report(at, message, 'unreadable');
  }

  /** The first problem of a line speaks for it. */
  function report(at: Pick<JsonToken, 'start' | 'end' | 'line'>, message: string, kind: Problem['kind']): void {
    if (at.line === problemLine || problems.length >= mostProblems) return;
    if (at.line >= 0) problemLine = at.line;
    problems.push({ kind, span: { start: at.start, end: at.end }, message });
  }
}

function fits(kind: JsonToken['kind']): boolean {
  return kind === 'string' || kind === 'number' || kind === 'true' || kind === 'false' || kind === 'null' || kind === '{' || kind === '[';
}

function stringOf(token: JsonToken): JsonString {
  const inner = { start: token.start + 1, end: token.end - 1 };
  const span = { start: token.start, end: token.end };
  return { type: 'string', value: token.value, span, inner, escaped: inner.end - inner.start !== token.value.length || token.malformed };
}
