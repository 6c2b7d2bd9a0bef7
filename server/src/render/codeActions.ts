import type {
  AnnotatedTextEdit,
  CodeAction,
  CreateFile,
  OptionalVersionedTextDocumentIdentifier,
  TextDocumentEdit,
  WorkspaceEdit,
} from 'vscode-languageserver-types';
import type { Finding, Fix } from '../core/finding';
import type { Edit } from '../core/manifest';
import type { Report, ScannedFile } from '../core/report';
import type { Span } from '../core/span';
import { planFixes, preferredFix } from '../core/fixPlan';
import { diagnosticOf } from './diagnostics';
import { fileAt, lineIndexOf } from './positions';

/** How the paths of a report are named to the editor. */
export interface Naming {
  readonly uriOf: (path: string) => string;
  /** The version of an open document, so that an edit made for an older text is refused; `null` for a file that is not open. */
  readonly versionOf: (path: string) => number | null;
}

export const FIX_ALL = 'source.fixAll.merlon';

/**
 * The cures of the findings that touch `span`, those of the gravest finding first, and they alone as preferred ones. What several
 * findings want done alike is one action, which cures them all.
 */
export function quickFixes(
  file: Pick<ScannedFile, 'path' | 'text' | 'findings'>,
  span: Span,
  report: Pick<Report, 'files' | 'policies'>,
  naming: Naming,
): CodeAction[] {
  const actions = new Map<string, CodeAction>();
  const touched = file.findings.filter((finding) => finding.span.start <= span.end && span.start <= finding.span.end);
  const byGravity = touched.sort((a, b) => gravity.indexOf(a.severity) - gravity.indexOf(b.severity));
  const gravest = byGravity.find(({ fixes }) => fixes.length > 0)?.severity;
  for (const finding of byGravity) {
    for (const fix of finding.fixes.filter(whole(report))) {
      const key = JSON.stringify(fix.edits);
      const same = actions.get(key);
      actions.set(key, {
        title: same?.title ?? fix.title,
        kind: 'quickfix',
        diagnostics: [...(same?.diagnostics ?? []), diagnosticOf(finding, file)],
        ...(((fix.preferred && finding.severity === gravest) || same?.isPreferred) && { isPreferred: true }),
        edit: same?.edit ?? workspaceEdit(fix.edits, report, naming),
      });
    }
  }
  return [...actions.values()];
}

const gravity: readonly Finding['severity'][] = ['error', 'warning', 'information', 'hint'];

/** Every preferred fix of the file in one action; `undefined` where there is none. */
export function fixAll(file: ScannedFile, report: Pick<Report, 'files' | 'policies'>, naming: Naming): CodeAction | undefined {
  // A new file is made by who asks for that very one.
  const choose = (finding: Finding) => finding.fixes.find(({ preferred, edits: own }) => preferred && !own.some(({ creates }) => creates));
  const { edits, taken } = planFixes([file], () => true, writable(report, choose));
  if (!taken.length) return undefined;
  return { title: 'Merlon: apply every preferred fix', kind: FIX_ALL, edit: workspaceEdit(edits, report, naming) };
}

/** The chosen fix of a finding, if it can be written as a whole. */
export function writable(
  report: Pick<Report, 'files' | 'policies'>,
  choose: (finding: Finding) => Fix | undefined = preferredFix,
): (finding: Finding) => Fix | undefined {
  return (finding) => {
    const fix = choose(finding);
    return fix && whole(report)(fix) ? fix : undefined;
  };
}

/** Whether the text of every file that a fix changes is at hand: half a fix is none. */
function whole(report: Pick<Report, 'files' | 'policies'>): (fix: Fix) => boolean {
  return ({ edits }) => edits.every(({ file, creates }) => creates === true || fileAt(report, file) !== undefined);
}

/** Edits as LSP has them. With `annotation`, each wants the user's confirmation in the refactor preview. */
export function workspaceEdit(
  edits: readonly Edit[],
  report: Pick<Report, 'files' | 'policies'>,
  naming: Naming,
  annotation?: (edit: Edit) => string,
): WorkspaceEdit {
  const byFile = new Map<string, Edit[]>();
  for (const edit of edits) byFile.set(edit.file, [...(byFile.get(edit.file) ?? []), edit]);
  const changeAnnotations: NonNullable<WorkspaceEdit['changeAnnotations']> = {};
  const documentChanges = [...byFile].flatMap(([path, own]): (CreateFile | TextDocumentEdit)[] => {
    const creates = own.some((edit) => edit.creates);
    const file = creates ? { path, text: '' } : fileAt(report, path);
    if (!file) return [];
    // A file that has come to be meanwhile is not touched: then nothing is done at all.
    const making: CreateFile[] = creates
      ? [{ kind: 'create', uri: naming.uriOf(path), options: { overwrite: false, ignoreIfExists: false } }]
      : [];
    const index = lineIndexOf(file);
    const textDocument: OptionalVersionedTextDocumentIdentifier = { uri: naming.uriOf(path), version: naming.versionOf(path) };
    return [
      ...making,
      {
        textDocument,
        edits: own.map((edit) => {
          const change = { range: index.range(edit.span), newText: edit.newText };
          if (!annotation) return change;
          const label = annotation(edit);
          const annotationId = `${path}:${edit.span.start}-${edit.span.end}`;
          changeAnnotations[annotationId] = { label, needsConfirmation: true, description: path };
          return { ...change, annotationId } satisfies AnnotatedTextEdit;
        }),
      },
    ];
  });
  return { documentChanges, ...(annotation && { changeAnnotations }) };
}
