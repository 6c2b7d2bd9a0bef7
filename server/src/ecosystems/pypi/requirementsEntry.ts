import type { Source } from '../../core/declaration';
import type { Span } from '../../core/span';
import { parseDistributionFile } from './distributionFile';
import { isSyntaxFault, parseMarker, type SyntaxFault } from './marker';
import { stripped } from './pythonText';
import { isRequirementError, parseRequirement, type Requirement } from './requirement';
import { isUrl, sourceOfUrl } from './sourceUrl';

// What pip takes an entry of a requirements file for, in pip's order:
//
//   entry  = thing [ ";" marker ]                        behind a URL: "; "
//   thing  = URL                                         http, https, file, ftp, git+…, hg+…, svn+…, bzr+…
//          | path [ "[" extras "]" ]                     an archive's name, or what is no requirement and looks like a path
//          | requirement                                 see requirement.ts
//   editable = path [ "[" extras "]" ] | repository URL | name "@" repository URL

/** A requirement by name. */
export interface NamedEntry {
  readonly kind: 'named';
  readonly requirement: Requirement;
}

/** A URL or path. A name is there where `#egg=` gives it. */
export interface LinkEntry {
  readonly kind: 'link';
  readonly source: Source;
  readonly hashes: readonly string[];
  readonly name?: Span;
  readonly extras: readonly string[];
  readonly marker?: string;
}

export type Entry = NamedEntry | LinkEntry | SyntaxFault;

/** What pip replaces by values of the environment. */
export const variables = /\$\{[A-Z0-9_]+\}/g;

const archive = /\.(?:zip|whl|tar\.gz|tgz|tar|tar\.bz2|tbz|tar\.xz|txz|tlz|tar\.lz|tar\.lzma)$/i;

/** Reads what stands before the options. */
export function readEntry(text: string): Entry {
  const whole = stripped(text);
  const separator = text.indexOf(isUrl(text.slice(whole.start)) ? '; ' : ';', whole.start);
  const thing = stripped(text, whole.start, separator < 0 ? whole.end : separator);
  const behind = separator < 0 ? undefined : stripped(text, separator + 1);
  const hasMarker = behind !== undefined && behind.start < behind.end;
  const marker = hasMarker ? parseMarker(text.slice(behind.start, behind.end), behind.start) : undefined;
  if (marker && isSyntaxFault(marker)) return marker;
  const words = text.slice(thing.start, thing.end);
  const link = isUrl(words) ? readUrl(words, thing.start) : readPath(words, thing.start);
  const entry = link ?? named(words, thing.start);
  if (!marker || 'message' in entry) return entry;
  const written = text.slice(behind!.start, behind!.end);
  if (entry.kind === 'link') return { ...entry, marker: written };
  const { requirement } = entry;
  const spans = { ...requirement.spans, whole: { start: thing.start, end: behind!.end }, marker: behind! };
  return { kind: 'named', requirement: { ...requirement, marker: written, parsedMarker: marker, spans } };
}

/** Reads the value of `-e`. */
export function readEditable(text: string): Entry {
  const url = /^(?:git|hg|svn|bzr):/i.test(text) ? `${text.slice(0, text.indexOf(':'))}+${text}` : text;
  if (isUrl(url) && !/^file:/i.test(url)) {
    return /^(?:git|hg|svn|bzr)\+/i.test(url) ? readUrl(text, 0, url) : notEditable(text);
  }
  if (/^file:/i.test(text)) return readUrl(text, 0);
  if (!/^[A-Za-z0-9][A-Za-z0-9._-]*[ \t]*(?:\[[^\]]*\])?[ \t]*@/.test(text)) return pathEntry(text, 0);
  const entry = named(text, 0);
  const direct = 'message' in entry || entry.kind === 'link' || /^(?:(?:git|hg|svn|bzr)\+|file:)/i.test(entry.requirement.url ?? '');
  return direct ? entry : notEditable(text);
}

/**
 * A requirement, with `${VAR}` read as digits, which may stand in any part. The texts are those of the line; whoever
 * reads them has to look for the variable.
 */
function named(words: string, start: number): Entry {
  const masked = words.replace(variables, (variable) => '0'.repeat(variable.length));
  const parsed = parseRequirement(masked, start);
  if (isRequirementError(parsed)) return looksLikePath(words) && !/^[^/\\]*[=<>@]/.test(words) ? pathEntry(words, start) : parsed;
  if (masked === words) return { kind: 'named', requirement: parsed };
  const at = (span: Span | undefined) => words.slice((span?.start ?? start) - start, (span?.end ?? start) - start);
  const { spans } = parsed;
  const requirement = { ...parsed, name: at(spans.name), specifier: at(spans.specifier), ...(spans.url && { url: at(spans.url) }) };
  return { kind: 'named', requirement };
}

function notEditable(text: string): SyntaxFault {
  return { message: 'an editable is a local project or the URL of a repository', start: 0, end: text.length };
}

function readUrl(words: string, start: number, url = words): Entry {
  const { source, hashes, egg } = sourceOfUrl(url);
  const shift = start + words.length - url.length;
  const fault = wheelFault(url.replace(/[?#].*$/s, ''), { start, end: start + words.length });
  if (fault) return fault;
  if (!egg) return { kind: 'link', source, hashes, extras: [] };
  const requirement = parseRequirement(egg.text, shift + egg.span.start);
  if (isRequirementError(requirement)) return { ...requirement, message: `#egg= must be a package name: ${requirement.message}` };
  return { kind: 'link', source, hashes, extras: requirement.extras, name: requirement.spans.name };
}

/** A path that pip takes for one by its look alone; undefined for anything else. */
function readPath(words: string, start: number): Entry | undefined {
  const { path } = withoutExtras(words);
  if (archive.test(path)) {
    const at = words.indexOf('@');
    if (at < 0 || looksLikePath(words.slice(0, at)))
      return wheelFault(path, { start, end: start + words.length }) ?? pathEntry(words, start);
  }
  return /^\.{0,2}[\\/]|^\.{1,2}$|^\.{1,2}\[|^[A-Za-z]:[\\/]/.test(words) ? pathEntry(words, start) : undefined;
}

function pathEntry(words: string, start: number): Entry {
  const { path, extras } = withoutExtras(words);
  if (extras === undefined) return { kind: 'link', source: { kind: 'path', path }, hashes: [], extras: [] };
  const requirement = parseRequirement(`x${extras}`, start + path.length - 1);
  if (isRequirementError(requirement)) return requirement;
  return { kind: 'link', source: { kind: 'path', path }, hashes: [], extras: requirement.extras };
}

function withoutExtras(words: string): { readonly path: string; readonly extras?: string } {
  const open = words.endsWith(']') ? words.lastIndexOf('[', words.length - 3) : -1;
  return open > 0 ? { path: words.slice(0, open), extras: words.slice(open) } : { path: words };
}

function wheelFault(path: string, span: Span): SyntaxFault | undefined {
  if (!/\.whl$/i.test(path)) return undefined;
  const fileName = decoded(path.slice(Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\')) + 1));
  if (fileName.includes('${') || parseDistributionFile(fileName)) return undefined;
  return { message: 'the name of a wheel has the form name-version-python-abi-platform.whl', ...span };
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function looksLikePath(words: string): boolean {
  return words.startsWith('.') || words.includes('/') || words.includes('\\');
}
