import type { Span } from '../../../core/span';

// METADATA and PKG-INFO (packaging.python.org, "Core metadata"): e-mail headers, `Name: value`, a line that begins with a
// blank goes on with the header above; an empty line ends them.

export interface CoreMetadata {
  readonly name?: string;
  readonly version?: string;
  readonly spans: { readonly name?: Span; readonly version?: Span };
  /** Where the last of the two ends: nothing behind it is needed. */
  readonly end: number;
}

/** Reads name and version. Never throws, on any string; of a header that comes twice the first counts, as it does for Python. */
export function readCoreMetadata(text: string): CoreMetadata {
  const found: { name?: Span; version?: Span } = {};
  const line = /([^\r\n]*)(\r\n|\r|\n|$)/y;
  let at = text.startsWith('\ufeff') ? 1 : 0;
  while (at < text.length && !(found.name && found.version)) {
    line.lastIndex = at;
    const content = line.exec(text)![1]!;
    if (content === '') break;
    const colon = content.indexOf(':');
    const key = colon < 0 ? '' : content.slice(0, colon).toLowerCase();
    if ((key === 'name' || key === 'version') && !found[key]) found[key] = trimmed(text, at + colon + 1, at + content.length);
    at = line.lastIndex;
  }
  const { name, version } = found;
  return {
    ...(name && name.end > name.start && { name: text.slice(name.start, name.end) }),
    ...(version && version.end > version.start && { version: text.slice(version.start, version.end) }),
    spans: found,
    end: Math.max(name?.end ?? 0, version?.end ?? 0),
  };
}

function trimmed(text: string, start: number, end: number): Span {
  while (start < end && (text[start] === ' ' || text[start] === '\t')) start++;
  while (end > start && (text[end - 1] === ' ' || text[end - 1] === '\t')) end--;
  return { start, end };
}
