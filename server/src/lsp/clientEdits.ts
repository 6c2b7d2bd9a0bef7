import type { ClientCapabilities, CreateFile, TextDocumentEdit, TextEdit, WorkspaceEdit } from 'vscode-languageserver';

/** The edit as the client can read it. One that knows no versioned edits gets plain ones; annotations go only to those that ask for confirmation. */
export function clientEdit(edit: WorkspaceEdit, { workspace }: ClientCapabilities): WorkspaceEdit {
  const can = workspace?.workspaceEdit;
  if (can?.documentChanges && (can.changeAnnotationSupport || !edit.changeAnnotations)) return edit;
  const changed = (edit.documentChanges ?? []).map((change) =>
    isCreation(change) ? change : withoutAnnotations(change as TextDocumentEdit),
  );
  if (can?.documentChanges) return { documentChanges: changed };
  const plain = changed.filter((change) => !isCreation(change)) as TextDocumentEdit[];
  const changes: Record<string, TextEdit[]> = {};
  for (const { textDocument, edits } of plain) changes[textDocument.uri] = [...(changes[textDocument.uri] ?? []), ...(edits as TextEdit[])];
  return { changes };
}

/** Whether the client can do all that an edit wants: not every one makes files. */
export function canApply({ documentChanges = [] }: WorkspaceEdit, { workspace }: ClientCapabilities): boolean {
  const can = workspace?.workspaceEdit;
  return !documentChanges.some(isCreation) || (can?.documentChanges === true && can.resourceOperations?.includes('create') === true);
}

function isCreation(change: NonNullable<WorkspaceEdit['documentChanges']>[number]): change is CreateFile {
  return 'kind' in change && change.kind === 'create';
}

function withoutAnnotations({ textDocument, edits }: TextDocumentEdit): TextDocumentEdit {
  return { textDocument, edits: edits.map(withoutAnnotation) };
}

function withoutAnnotation(edit: TextDocumentEdit['edits'][number]): TextEdit {
  const { range, newText } = edit as TextEdit;
  return { range, newText };
}
