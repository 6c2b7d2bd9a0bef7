import type { ClientCapabilities, CompletionList, CompletionParams } from 'vscode-languageserver';
import type { DeclarationSubject } from '../../core/check';
import { versionChoices } from '../../fixes/versionChoices';
import { listed } from '../../fixes/wording';
import { LineIndex } from '../../core/span';
import { versionCompletions } from '../../render/completion';
import { versionAt } from '../../scan/versionAt';
import type { Lookups } from '../lookups';
import type { Workspace } from '../workspace';

/** Enough for who looks through them; what is typed narrows them down. */
const most = 200;

/** The releases that may be written where the cursor stands in a range; what the registry was not asked yet is asked now. */
export async function completion(
  { textDocument: { uri }, position }: CompletionParams,
  workspace: Workspace,
  lookups: Lookups,
  { textDocument }: ClientCapabilities,
): Promise<CompletionList | null> {
  const at = workspace.assessed(uri);
  const text = workspace.openText(uri);
  if (!at || text === undefined) return null;
  const lines = new LineIndex(text);
  const found = versionAt(at.document, text, lines.offset(position));
  if (!found) return null;
  const subject = await lookups.of({ folder: at.folder, path: at.path, document: found.document, declaration: found.declaration });
  const typed = text.slice(found.span.start, found.span.end).replace(/\*.*$/s, '');
  const choices = versionChoices(subject, workspace.rulesOf(at.folder, at.path).policy);
  // The cut is made where the list is read: what was typed decides which ones are near.
  const near = choices.length > most ? choices.filter(({ release }) => release.version.startsWith(typed.replace(/^v/i, ''))) : choices;
  const item = textDocument?.completion?.completionItem;
  const abilities = {
    tags: item?.tagSupport !== undefined,
    labelDetails: item?.labelDetailsSupport === true,
  };
  return {
    isIncomplete: choices.length > most || subject.registry.state === 'pending',
    items: versionCompletions(near.slice(0, most), lines.range(found.span), subject.now, abilities, uncheckedOf(subject)),
  };
}

/** The sources that have not said whether a release is compromised. */
function uncheckedOf({ advisories }: DeclarationSubject): string {
  const open = advisories.filter(({ answer }) => answer.state !== 'known').map(({ source }) => source);
  return open.length ? `${listed(open)} could not be asked` : '';
}
