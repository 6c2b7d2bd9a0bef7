import type { Report } from '../../core/report';
import type { Session } from '../../session/session';
import type { Asker } from '../asker';
import type { CheckWorkspaceResult } from '../messages';
import type { Workspace } from '../workspace';

/** Longer than that nobody waits; what has not been answered then makes the check incomplete. */
const patienceMs = 28_000;

/** Reads every manifest again and asks every source again. */
export async function checkWorkspace(
  session: Session,
  workspace: Workspace,
  asker: Asker,
  report: () => Report,
): Promise<CheckWorkspaceResult> {
  session.expire();
  await workspace.rescan();
  await workspace.reassess();
  await asker.now(patienceMs);
  const { files, complete } = report();
  const severities = files.flatMap(({ findings }) => findings.map(({ severity }) => severity));
  const errors = severities.filter((severity) => severity === 'error').length;
  const warnings = severities.filter((severity) => severity === 'warning').length;
  return { files: files.length, errors, warnings, others: severities.length - errors - warnings, complete };
}
