import { MarkupKind, type ClientCapabilities, type Hover, type HoverParams } from 'vscode-languageserver';
import type { DeclarationSubject } from '../../core/check';
import { ecosystemOf } from '../../ecosystems';
import { outlookOf } from '../../fixes/outlook';
import { hoverMarkdown, hoverPlain } from '../../render/hover';
import { lineIndexOf } from '../../render/positions';
import type { Assessed } from '../folder';
import type { Lookups } from '../lookups';
import type { Workspace } from '../workspace';

/** What is known of the declaration under the cursor; what its registry was not asked yet is asked now. */
export async function hover(
  { textDocument: { uri }, position }: HoverParams,
  workspace: Workspace,
  lookups: Lookups,
  capabilities: ClientCapabilities,
  since: (source: string) => Date | undefined,
): Promise<Hover | null> {
  const before = subjectAt(workspace.assessed(uri), position);
  if (!before) return null;
  const { at, subject: held } = before;
  const subject = { ...held, ...known(await lookups.of({ ...at, declaration: held.declaration })) };
  // The text may have changed while it was waited for: then the words are still true, and their place is not.
  const now = subjectAt(workspace.assessed(uri), position);
  if (now?.subject.declaration.package.name !== held.declaration.package.name) return null;

  const { file, folder, path } = now.at;
  const { name } = subject.declaration.package;
  const parts = {
    packageUrl: name === '' ? undefined : ecosystemOf(file.ecosystem)?.packageUrl(name),
    suppressed: file.suppressed.filter((finding) => finding.subject?.declaration === now.subject.declaration),
    rows: outlookOf(subject, workspace.rulesOf(folder, path).policy),
    since,
  };
  const isMarkdown = prefersMarkdown(capabilities);
  return {
    contents: isMarkdown
      ? { kind: MarkupKind.Markdown, value: hoverMarkdown(subject, parts) }
      : { kind: MarkupKind.PlainText, value: hoverPlain(subject, parts) },
    range: lineIndexOf(file).range(now.subject.declaration.spans.entry),
  };
}

/** A client that says nothing is of the time when Markdown was all there was. */
function prefersMarkdown({ textDocument }: ClientCapabilities): boolean {
  return textDocument?.hover?.contentFormat?.includes(MarkupKind.Markdown) ?? true;
}

/** What answers may have changed; the rest, such as what it brings along, stays as it was assessed. */
function known({ advisories, known: merged, registry, releases, now }: DeclarationSubject) {
  return { advisories, known: merged, registry, releases, now };
}

function subjectAt(
  at: Assessed | undefined,
  position: HoverParams['position'],
): { readonly at: Assessed; readonly subject: DeclarationSubject } | undefined {
  if (!at) return undefined;
  const offset = lineIndexOf(at.file).offset(position);
  const subject = at.file.subjects.find(({ declaration: { spans } }) => spans.entry.start <= offset && offset <= spans.entry.end);
  return subject && { at, subject };
}
