import { MarkupKind, type ClientCapabilities, type Hover, type HoverParams } from 'vscode-languageserver';
import { ecosystemOf } from '../../ecosystems';
import { hoverMarkdown } from '../../render/hover';
import { lineIndexOf } from '../../render/positions';
import type { Workspace } from '../workspace';

/** What is known of the declaration under the cursor. A client that shows no Markdown gets none. */
export function hover({ textDocument, position }: HoverParams, workspace: Workspace, capabilities: ClientCapabilities): Hover | null {
  const file = workspace.assessed(textDocument.uri)?.file;
  const formats = capabilities.textDocument?.hover?.contentFormat;
  if (!file || (formats && !formats.includes(MarkupKind.Markdown))) return null;
  const lines = lineIndexOf(file);
  const offset = lines.offset(position);
  const subject = file.subjects.find(({ declaration: { spans } }) => spans.entry.start <= offset && offset <= spans.entry.end);
  if (!subject) return null;
  const { name } = subject.declaration.package;
  const page = name === '' ? undefined : ecosystemOf(file.ecosystem)?.packageUrl(name);
  return {
    contents: {
      kind: 'markdown',
      value: hoverMarkdown(
        subject,
        page,
        file.suppressed.filter((finding) => finding.subject?.declaration === subject.declaration),
      ),
    },
    range: lines.range(subject.declaration.spans.entry),
  };
}
