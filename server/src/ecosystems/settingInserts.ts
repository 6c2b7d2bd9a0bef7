import type { Companion, Edit } from '../core/manifest';
import { parseToml, tomlEntries } from '../syntax/toml';
import { readYamlValues } from '../syntax/yamlBlocks';
import { settingLines } from './settingLines';

// A setting is put into a file that is there, or makes a file. `undefined`: the file's own form leaves no place for it.

/** A file that a setting goes into: as it stands, or not there yet. */
export interface SettingFile {
  readonly path: string;
  readonly existing: Companion | undefined;
}

/** A line at the end of an `.npmrc`, before its first section; or of a pip.conf, below the section's header. */
export function iniSetting(file: SettingFile, section: string, line: string): Edit[] | undefined {
  const header = section === '' ? '' : `[${section}]\n`;
  const { existing } = file;
  if (!existing) return created(file.path, `${header}${line}\n`);
  const { text } = existing;
  if (section === '') {
    if (/^\s*\[/m.test(text)) return undefined;
    return appended(existing, line);
  }
  const found = new RegExp(`^[ \\t]*\\[${section}\\][^\\r\\n]*(\\r?\\n|$)`, 'im').exec(text);
  if (!found) return appended(existing, `${text === '' ? '' : newlineOf(text)}[${section}]${newlineOf(text)}${line}`);
  const at = found.index + found[0].length;
  return inserted(existing, at, found[1] === '' ? `${newlineOf(text)}${line}` : `${line}${newlineOf(text)}`);
}

/** A key at the end of a YAML map. The file is read again: one that ends in a longer text, or in braces, has no room there. */
export function yamlSetting(file: SettingFile, key: string, line: string, kind: 'text' | 'map' = 'text'): Edit[] | undefined {
  const { existing } = file;
  if (!existing) return created(file.path, `${line}\n`);
  const edits = appended(existing, line);
  const after = existing.text + edits[0]!.newText;
  const isTop =
    existing.text.trim() === '' || /^(?:\uFEFF)?(?:#[^\r\n]*(?:\r?\n|$)|---\s*(?:\r?\n|$)|\s*(?:\r?\n))*["'A-Za-z]/.test(existing.text);
  const isRead = readYamlValues(after, [key]).get(key)?.kind === kind;
  return isTop && isRead && !/^\.\.\.\s*$/m.test(existing.text) ? edits : undefined;
}

/** `key = value` in a table of a TOML file: below its header, else in a new table at the end; at the top where `table` is empty. */
export function tomlSetting(file: SettingFile, table: readonly string[], line: string): Edit[] | undefined {
  const header = table.length ? `[${table.join('.')}]\n` : '';
  const { existing } = file;
  if (!existing) return created(file.path, `${header}${line}\n`);
  const { text } = existing;
  const newline = newlineOf(text);
  const { root, sections, problems } = parseToml(text);
  if (problems.some(({ kind }) => kind === 'unreadable')) return undefined;
  if (!table.length) {
    const first = sections.find(({ header: own }) => own.end > own.start);
    const start = first ? first.header.start : text.length;
    return first ? inserted(existing, start, `${line}${newline}${newline}`) : appended(existing, line);
  }
  const [entry] = tomlEntries(root, table);
  if (!entry) return appended(existing, `${text.trim() === '' ? '' : newline}[${table.join('.')}]${newline}${line}`);
  const section =
    entry.value.kind === 'table' && entry.value.pieces.find((piece) => piece.kind === 'section' && piece.path?.length === table.length);
  if (!section || section.kind !== 'section') return undefined;
  const at = text.indexOf('\n', section.header.end);
  return at < 0 ? appended(existing, line) : inserted(existing, at + 1, `${line}${newline}`);
}

/** The value of a key that stands there already, replaced. */
export function replaced(file: string, span: { readonly start: number; readonly end: number }, newText: string): Edit[] {
  return [{ file, span, newText }];
}

/** Whether an .npmrc or a pip.conf has a key. */
export function hasIniKey({ text }: Companion, key: string): boolean {
  return settingLines(text, '=:').some((line) => line.key === key);
}

function created(file: string, newText: string): Edit[] {
  return [{ file, span: { start: 0, end: 0 }, newText, creates: true }];
}

function appended({ path, text }: Companion, line: string): Edit[] {
  const newline = newlineOf(text);
  const before = text === '' || /[\r\n]$/.test(text) ? '' : newline;
  return [{ file: path, span: { start: text.length, end: text.length }, newText: `${before}${line}${newline}` }];
}

function inserted({ path }: Companion, at: number, newText: string): Edit[] {
  return [{ file: path, span: { start: at, end: at }, newText }];
}

function newlineOf(text: string): string {
  return text.includes('\r\n') ? '\r\n' : '\n';
}
