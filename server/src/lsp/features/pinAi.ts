import type { Finding } from '../../core/finding';
import { planFixes } from '../../core/fixPlan';
import { pinPolicy, pinnable, pinOf } from '../../fixes/pinning';
import { workspaceEdit } from '../../render/codeActions';
import type { Session } from '../../session/session';
import type { PinAiParams, PinAiResult } from '../messages';
import type { Workspace } from '../workspace';

/** Pins the AI dependencies of one file or of all, as an edit that wants confirmation. */
export async function pinAi({ scope }: PinAiParams, workspace: Workspace, session: Session): Promise<PinAiResult> {
  const one = scope === 'workspace' ? undefined : workspace.assessed(scope);
  const chosen = scope === 'workspace' ? workspace.all() : one ? [one] : [];
  const asked = chosen.flatMap(({ folder, path }) => {
    const document = folder.project.document(path);
    const rules = workspace.rulesOf(folder);
    return document ? [{ folder, document, rules: { ...rules, policy: pinPolicy(rules.policy, 'ai') } }] : [];
  });
  await session.engine.ask(asked);

  const left: string[] = [];
  const documentChanges: object[] = [];
  const changeAnnotations: Record<string, unknown> = {};
  let pinned = 0;
  for (const folder of new Set(asked.map((item) => item.folder))) {
    // The texts as they stand now, not as they stood when the releases were asked for.
    const files = asked.flatMap((item) => {
      const document = item.folder === folder ? folder.project.document(item.document.path) : undefined;
      return document ? [session.engine.assess(document, item.rules)] : [];
    });
    const plan = planFixes(files, (finding) => pinnable(finding, 'ai'), pinOf);
    pinned += plan.taken.length;
    left.push(...plan.left.map(({ finding, reason }) => `${nameOf(finding)} in ${finding.file}: ${reason}`));
    const titles = new Map(plan.taken.flatMap(({ fix }) => fix.edits.map((edit) => [edit, fix.title])));
    const edit = workspaceEdit(plan.edits, { files }, workspace.namingOf(folder), (own) => titles.get(own) ?? 'Pin');
    documentChanges.push(...(edit.documentChanges ?? []));
    Object.assign(changeAnnotations, edit.changeAnnotations);
  }
  return { ...(pinned && { edit: { documentChanges, changeAnnotations } }), pinned, left };
}

function nameOf(finding: Finding): string {
  return finding.subject?.declaration.writtenName ?? finding.package;
}
