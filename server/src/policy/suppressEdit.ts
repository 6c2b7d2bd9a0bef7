import type { Fix } from '../core/finding';
import type { Edit } from '../core/manifest';
import type { Span } from '../core/span';
import { parseToml } from '../syntax/toml';
import { tomlRemoval } from '../syntax/tomlEdit';
import type { PolicyFile, SuppressEntry } from './policyFile';

/** Takes an entry out of its file; nothing where it stands in a list of inline tables. */
export function entryRemoval({ path, text }: PolicyFile, { span }: SuppressEntry): Fix[] {
  const entries = parseToml(text).root.byName.get('suppress')?.value;
  const table = entries?.kind === 'tables' ? entries.tables.find(({ pieces }) => pieceStart(pieces[0]) === span.start) : undefined;
  const spans = table && tomlRemoval(text, { kind: 'lines', pieces: table.pieces });
  if (!spans?.length) return [];
  return [
    {
      title: 'Remove the suppression',
      kind: 'remove',
      preferred: true,
      edits: spans.map((one) => ({ file: path, span: one, newText: '' })),
    },
  ];
}

function pieceStart(piece: { readonly kind: string; readonly header?: Span; readonly span?: Span } | undefined): number | undefined {
  return (piece?.header ?? piece?.span)?.start;
}

/** What a new entry of `[[suppress]]` says. */
export interface NewSuppression {
  readonly rule: string;
  readonly advisories: readonly string[];
  /** `''` where the finding is about no package; then `path` says which file. */
  readonly package: string;
  readonly ecosystem: string;
  /** The file, from the folder of the policy file. */
  readonly path: string;
  readonly versions: readonly string[];
  readonly reason: string;
  /** The first day on which the finding counts again. */
  readonly expires: Date;
}

/** Writes an entry at the end of a policy file, or of one that is not there yet (`''`). The line ends are those of the file. */
export function suppressionEdit(path: string, text: string, entry: NewSuppression): Edit {
  const newline = text.includes('\r\n') ? '\r\n' : '\n';
  const list = (items: readonly string[]) => (items.length === 1 ? quoted(items[0]!) : `[${items.map(quoted).join(', ')}]`);
  const lines = [
    '[[suppress]]',
    `rule = ${quoted(entry.rule)}`,
    ...(entry.advisories.length ? [`advisory = ${list(entry.advisories)}`] : []),
    ...(entry.package === '' ? [`path = ${quoted(entry.path)}`] : [`package = ${quoted(entry.package)}`]),
    ...(entry.package !== '' && entry.ecosystem !== '' ? [`ecosystem = ${quoted(entry.ecosystem)}`] : []),
    ...(entry.versions.length ? [`versions = ${list(entry.versions)}`] : []),
    `reason = ${quoted(entry.reason)}`,
    `expires = ${entry.expires.toISOString().slice(0, 10)}`,
    '',
  ];
  const before = text === '' ? '' : text.endsWith('\n') ? newline : newline + newline;
  return { file: path, span: { start: text.length, end: text.length }, newText: before + lines.join(newline) };
}

/** A basic string of TOML: on one line, whatever it holds. */
function quoted(value: string): string {
  return `"${oneLine(value).replace(/[\\"]/g, '\\$&')}"`;
}

/** Without line ends and control characters, which no single line of TOML can hold. */
export function oneLine(value: string): string {
  // oxlint-disable-next-line no-control-regex
  return value.replace(/[\s\u0000-\u001f\u007f]+/g, ' ').trim();
}
