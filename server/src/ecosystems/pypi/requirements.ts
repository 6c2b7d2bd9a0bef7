import type { IndexOption, Manifest, ManifestReading, ReadContext } from '../../core/manifest';
import type { Span } from '../../core/span';
import { codingProblem } from './codingComment';
import { strip } from './pythonText';
import { addEntry, problemOf, rejection, type EntryLine } from './requirementsDeclaration';
import { requirementsEditor } from './requirementsEdit';
import { readEditable, readEntry } from './requirementsEntry';
import { logicalLines, type LogicalLine } from './requirementsLines';
import { parseOptions, type OptionUse } from './requirementsOptions';
import { requirementsProject } from './requirementsProject';

// One logical line of a requirements file (pip's reference, "Requirements File Format"; lines: requirementsLines.ts):
//
//   line = entry { " " option }        an entry (requirementsEntry.ts) and options of its own: --hash, --config-settings
//        | option { " " option }       options of the file (requirementsOptions.ts), -e, -r or -c
//
// Options begin with the first word, cut at single spaces, that starts with "-". pip stops at the first broken line;
// this reader goes on with the next.

/** Requirements and constraints files of pip, uv and pip-tools. */
export const requirements: ManifestReading = {
  read,
  edit: requirementsEditor((text, path) => read(text, { path, companions: [] })),
};

const indexKinds: ReadonlyMap<string, IndexOption['kind']> = new Map([
  ['index-url', 'index'],
  ['extra-index-url', 'extra-index'],
  ['find-links', 'find-links'],
  ['trusted-host', 'trusted-host'],
  ['no-index', 'no-index'],
]);

type Lists = Pick<Manifest, 'declarations' | 'problems' | 'indexes' | 'includes'>;
type Collected = { [K in keyof Lists]: Lists[K][number][] };
type LineContext = Pick<EntryLine, 'file' | 'group' | 'entry' | 'lines' | 'as'> & { readonly line: LogicalLine };

function read(text: string, { path, as, companions }: ReadContext): Manifest {
  const manifest: Collected = { declarations: [], problems: [], indexes: [], includes: [] };
  const coding = codingProblem(text);
  if (coding) manifest.problems.push(coding);
  const group = as === 'constraints' || isConstraintsName(path) ? 'constraint' : 'runtime';
  for (const line of logicalLines(text)) {
    readLine({ file: text, line, lines: line.lines, group, as, entry: line.locate({ start: 0, end: line.text.length }) }, manifest);
  }
  return { ...manifest, ...requirementsProject(path, companions) };
}

function isConstraintsName(path: string): boolean {
  const name = path.slice(path.lastIndexOf('/') + 1);
  return name.includes('constraint') && !name.includes('requirement');
}

function readLine(context: LineContext, manifest: Collected): void {
  const { text, locate } = context.line;
  const behind = optionsStart(text);
  const options = parseOptions(text, behind);
  if ('message' in options) {
    manifest.problems.push(problemOf(options, text, locate));
    return;
  }
  const editable = options.find(({ name }) => name === 'editable');
  if (strip(text.slice(0, behind)) !== '') {
    const hashes = options.filter(({ name }) => name === 'hash').map(({ value }) => value);
    addEntry({ ...context, text: text.slice(0, behind), locate }, readEntry(text.slice(0, behind)), hashes, manifest);
  } else if (editable) {
    if (context.as === 'constraints') manifest.problems.push(rejection('a constraint cannot be editable', context.entry));
    const inLine = ({ start, end }: Span) => ({
      start: editable.places[start] ?? editable.span.end,
      end: end > start ? editable.places[end - 1]! + 1 : (editable.places[start] ?? editable.span.end),
    });
    addEntry({ ...context, text: editable.value, locate: (span) => locate(inLine(span)) }, readEditable(editable.value), [], manifest);
  } else {
    addFileOptions(options, locate, manifest);
  }
}

/** A line with `-r` or `-c` is that alone to pip, whatever else stands in it, and of several the first counts. */
function addFileOptions(options: readonly OptionUse[], locate: (span: Span) => Span, manifest: Collected): void {
  const include = options.find(({ name }) => name === 'requirement') ?? options.find(({ name }) => name === 'constraint');
  if (include) {
    const kind = include.name === 'requirement' ? 'requirements' : 'constraints';
    manifest.includes.push({ kind, target: include.value, span: locate(include.span) });
    return;
  }
  for (const { name, value, span } of options) {
    const kind = indexKinds.get(name);
    if (kind) manifest.indexes.push({ kind, value, span: locate(span) });
  }
}

/** pip cuts a line at single spaces, so a "-" behind a tab begins no option. */
function optionsStart(text: string): number {
  for (let start = 0; start < text.length;) {
    if (text[start] === '-') return start;
    const space = text.indexOf(' ', start);
    if (space < 0) break;
    start = space + 1;
  }
  return text.length;
}
