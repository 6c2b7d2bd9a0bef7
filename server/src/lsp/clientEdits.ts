import type { ClientCapabilities, TextDocumentEdit, TextEdit, WorkspaceEdit } from 'vscode-languageserver';

/** The edit as the client can read it. One that knows no versioned edits gets plain ones; annotations go only to those that ask for confirmation. */
export function clientEdit(edit: WorkspaceEdit, { workspace }: ClientCapabilities): WorkspaceEdit {
  const can = workspace?.workspaceEdit;
  const documents = (edit.documentChanges ?? []) as TextDocumentEdit[];
  if (can?.documentChanges && (can.changeAnnotationSupport || !edit.changeAnnotations)) return edit;
  const plain = documents.map(({ textDocument, edits }) => ({ textDocument, edits: edits.map(withoutAnnotation) }));
  if (can?.documentChanges) return { documentChanges: plain };
  const changes: Record<string, TextEdit[]> = {};
  for (const { textDocument, edits } of plain) changes[textDocument.uri] = [...(changes[textDocument.uri] ?? []), ...edits];
  return { changes };
}

function withoutAnnotation(edit: TextDocumentEdit['edits'][number]): TextEdit {
  const { range, newText } = edit as TextEdit;
  return { range, newText };
}
