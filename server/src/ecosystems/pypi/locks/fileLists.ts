import { webOriginOf, withoutCredentials } from './sources';
import { listOf, tableOf, textOf } from './values';

// The lists of a release's files are three quarters of a uv.lock or poetry.lock, one file a line:
//
//   wheels = [                                                              uv; Poetry and PDM write `files`
//       { url = "…", hash = "sha256:…", size = 1, upload-time = "…" },      uv; revision 2 wrote `upload_time`
//       {file = "…", hash = "sha256:…"},                                    Poetry; PDM also with `url`
//   ]
//
// A list in just this layout is taken out of the text, and its number put there, before a TOML parser reads the rest. Each
// line is valid by itself, so what is taken out makes no sound text unsound, nor the other way round.

/** What is wanted of a list of files. */
export interface FileList {
  readonly hashes: readonly string[];
  /** ISO 8601, as written. */
  readonly times: readonly string[];
  /** Scheme and host of each address, each once. */
  readonly origins: readonly string[];
}

export interface ShortText {
  readonly text: string;
  /** By the number that stands in the text instead. */
  readonly lists: readonly FileList[];
}

const plain = String.raw`[^"\\\x00-\x1f\x7f]*`;
// A look ahead is taken once: what follows need not be tried with shorter hosts.
const origin = String.raw`[ ]*([hH][tT][tT][pP][sS]?:/*[^/?#"\\\x00-\x1f\x7f]*)?`;
const fileLine = new RegExp(
  String.raw`[ ]*\{ ?(?:(?:file|filename|path) = "|url = "(?=${origin}))${plain}", hash = "(${plain})"(?:, size = (?:0|[1-9][0-9]{0,14}))?(?:, upload[-_]time = "(${plain})")? ?\},\r?\n`,
  'y',
);

/** Takes out the lists of this key. Linear. */
export function withoutFileLists(text: string, key: string): ShortText {
  const opening = `\n${key} = [`;
  const lists: FileList[] = [];
  const kept: string[] = [];
  let from = 0;
  // Below this header of Poetry 1 a key is the name of a package.
  const named = text.indexOf('\n[metadata.files]');
  const limit = named < 0 ? text.length : named;
  for (let at = text.indexOf(opening); at >= 0 && at < limit; at = text.indexOf(opening, at + 1)) {
    const found = listAt(text, at + opening.length);
    if (!found) continue;
    kept.push(text.slice(from, at), `\n${key} = ${lists.length}`);
    lists.push(found.list);
    from = found.end;
  }
  return { text: kept.join('') + text.slice(from), lists };
}

/** The list's files and where it ends, behind its bracket; undefined where it is laid out in any other way. */
function listAt(text: string, start: number): { readonly list: FileList; readonly end: number } | undefined {
  const hashes: string[] = [];
  const times: string[] = [];
  let origins = noOrigins;
  fileLine.lastIndex = text.startsWith('\r\n', start) ? start + 2 : start + 1;
  if (text[fileLine.lastIndex - 1] !== '\n') return undefined;
  let end = fileLine.lastIndex;
  for (let match = fileLine.exec(text); match; match = fileLine.exec(text)) {
    if (match[1] !== undefined && match[1] !== origins[0]) origins = withOrigin(origins, match[1]);
    hashes.push(match[2]!);
    if (match[3] !== undefined) times.push(match[3]);
    end = fileLine.lastIndex;
  }
  const behind = text[end + 1];
  return text[end] === ']' && (behind === '\n' || behind === '\r' || behind === undefined)
    ? { list: { hashes, times, origins }, end: end + 1 }
    : undefined;
}

/** A list that was taken out, by its number, or one that was left in the text. */
export function fileListOf(value: unknown, lists: readonly FileList[]): FileList {
  const taken = typeof value === 'number' ? lists[value] : undefined;
  if (taken) return taken;
  const hashes: string[] = [];
  const times: string[] = [];
  let origins = noOrigins;
  for (const element of listOf(value)) {
    const file = tableOf(element);
    origins = withOrigin(origins, webOriginOf(textOf(file?.url)));
    if (typeof file?.hash === 'string') hashes.push(file.hash);
    const time = file?.['upload-time'] ?? file?.['upload_time'];
    if (typeof time === 'string') times.push(time);
  }
  return { hashes, times, origins };
}

const noOrigins: readonly string[] = [];
const usual = ['https://files.pythonhosted.org'] as const;

/** One more, if it is another one. Nearly all lists are of one and the same. */
export function withOrigin(origins: readonly string[], origin: string | undefined): readonly string[] {
  if (origin === undefined || origins.includes(origin)) return origins;
  if (origins.length === 0 && origin === usual[0]) return usual;
  return [...new Set([...origins, withoutCredentials(origin)])].slice(0, mostOrigins);
}

const mostOrigins = 20;
