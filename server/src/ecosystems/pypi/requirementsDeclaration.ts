import type { Declaration, Group } from '../../core/declaration';
import type { Problem } from '../../core/manifest';
import type { Span } from '../../core/span';
import type { SyntaxFault } from './marker';
import { normalizeName } from './name';
import { pep508Declaration } from './pep508Declaration';
import { variables, type Entry, type LinkEntry } from './requirementsEntry';
import type { Requirement } from './requirement';
import type { RequirementsDetail } from './requirementsEdit';

/** An entry's text and the line that it stands in. */
export interface EntryLine {
  /** The whole file. */
  readonly file: string;
  /** What was parsed. */
  readonly text: string;
  /** From places in `text` to places in the file. */
  locate(span: Span): Span;
  /** The logical line without its comment, in the file. */
  readonly entry: Span;
  /** The physical lines, in the file. */
  readonly lines: Span;
  readonly group: Group;
  readonly as: 'constraints' | undefined;
}

interface Target {
  readonly declarations: Declaration[];
  readonly problems: Problem[];
}

/** Turns what an entry was read as into a declaration or a problem. */
export function addEntry(line: EntryLine, entry: Entry, hashes: readonly string[], target: Target): void {
  if ('message' in entry) {
    target.problems.push(problemOf(entry, line.text, line.locate));
    return;
  }
  if (entry.kind === 'named' && entry.requirement.name.includes('${')) {
    target.problems.push(unreadable(entry.requirement.name, line.locate(entry.requirement.spans.name)));
    return;
  }
  const read = entry.kind === 'named' ? namedDeclaration(line, entry.requirement, hashes) : linkDeclaration(line, entry, hashes);
  const detail: RequirementsDetail = { ...(read.detail as object | undefined), lines: line.lines };
  const declaration: Declaration = { ...read, detail };
  target.declarations.push(declaration);
  const fault = line.as === 'constraints' ? constraintFault(declaration) : undefined;
  if (fault) target.problems.push(rejection(fault, line.entry));
}

/** pip expands variables before it parses, so a line with one may be anything. */
export function problemOf(fault: SyntaxFault, text: string, locate: (span: Span) => Span): Problem {
  const span = locate(fault.end > fault.start ? fault : { start: 0, end: text.length });
  const variable = text.match(variables)?.[0];
  return variable === undefined ? rejection(fault.message, span) : unreadable(variable, locate({ start: 0, end: text.length }));
}

export function rejection(reason: string, span: Span): Problem {
  return { kind: 'invalid', span, message: `pip rejects this line: ${reason}` };
}

function unreadable(variable: string, span: Span): Problem {
  return {
    kind: 'unreadable',
    span,
    message: `pip puts the value of ${variable} here, which is not known: this line may declare anything`,
  };
}

function namedDeclaration(line: EntryLine, written: Requirement, hashes: readonly string[]): Declaration {
  const inExtras = written.spans.extras && line.text.slice(written.spans.extras.start, written.spans.extras.end).includes('${');
  return pep508Declaration(inExtras ? { ...written, extras: [] } : written, {
    group: line.group,
    section: '',
    entry: line.entry,
    hashes,
    ...((inExtras || written.specifier.includes('${')) && { frozen: 'a variable stands in it' }),
    place(span) {
      const inFile = line.locate(span);
      return { span: inFile, text: line.file.slice(inFile.start, inFile.end) };
    },
  });
}

function linkDeclaration(line: EntryLine, entry: LinkEntry, hashes: readonly string[]): Declaration {
  const name = entry.name && line.locate(entry.name);
  const written = name ? line.file.slice(name.start, name.end) : '';
  return {
    package: { ecosystem: 'PyPI', name: entry.name ? normalizeName(line.text.slice(entry.name.start, entry.name.end)) : '' },
    writtenName: written,
    source: entry.source,
    group: line.group,
    section: '',
    specifier: '',
    spans: { entry: line.entry, ...(name && { name }) },
    extras: entry.extras,
    ...(entry.marker !== undefined && { marker: entry.marker }),
    hashes: [...entry.hashes, ...hashes],
    notes: [],
  };
}

function constraintFault(declaration: Declaration): string | undefined {
  if (declaration.package.name === '') return 'a constraint must have a name';
  return declaration.extras.length ? 'a constraint cannot have extras' : undefined;
}
