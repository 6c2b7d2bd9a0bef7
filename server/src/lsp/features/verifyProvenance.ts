import { LSPErrorCodes, ResponseError, type CancellationToken, type Connection } from 'vscode-languageserver';
import { plainStyle } from '../../render/text';
import { provenanceLines } from '../../render/provenanceText';
import { printable } from '../../render/printable';
import { verifyProvenance as verifyFiles } from '../../session/provenance';
import type { Session } from '../../session/session';
import type { Asker } from '../asker';
import type { VerifyProvenanceParams, VerifyProvenanceResult } from '../messages';
import type { Workspace } from '../workspace';

export interface VerifyProvenanceParts {
  readonly connection: Pick<Connection, 'window'>;
  readonly session: Session;
  readonly workspace: Pick<Workspace, 'all' | 'assessed' | 'reassess'>;
  readonly asker: Pick<Asker, 'soon' | 'answered'>;
}

/** Longer than that nobody waits for what is being asked already. */
const patienceMs = 28_000;

/** Verifies where the releases of one manifest come from, or of all. What is found is told by diagnostics and hovers as well. */
export async function verifyProvenance(
  params: VerifyProvenanceParams,
  token: CancellationToken,
  { connection, session, workspace, asker }: VerifyProvenanceParts,
): Promise<VerifyProvenanceResult> {
  const { uri, workDoneToken } = params;
  const controller = new AbortController();
  if (token.isCancellationRequested) controller.abort();
  const listening = token.onCancellationRequested(() => controller.abort());
  const bar = workDoneToken === undefined ? undefined : connection.window.attachWorkDoneProgress(workDoneToken);
  bar?.begin('Merlon', undefined, 'asking registries', true);
  try {
    await asker.answered(patienceMs);
    const one = uri === undefined ? undefined : workspace.assessed(uri);
    const files = uri === undefined ? workspace.all().map(({ file }) => file) : one ? [one.file] : [];
    const { releases, source } = await verifyFiles(session, files, {
      signal: controller.signal,
      onProgress: (done, all) => bar?.report(`${done} of ${all} releases`),
    });
    await workspace.reassess();
    // Of what does not hold more is wanted of registries.
    asker.soon();
    const count = (state: string) => releases.filter((release) => release.state === state).length;
    const failure =
      source.state === 'ok' ? [] : [`${source.state === 'disabled' ? 'Not asked' : 'Could not ask'}: ${printable(source.reason ?? '')}`];
    const nothing = files.length
      ? []
      : [uri === undefined ? 'There is no manifest in the workspace.' : 'It is no manifest that Merlon reads.'];
    return {
      text: `${[...nothing, ...(files.length ? provenanceLines(releases, plainStyle) : []), ...failure].join('\n')}\n`,
      verified: count('verified'),
      failed: count('failed'),
      unverified: count('unverified'),
      none: count('none'),
      complete: files.length > 0 && source.state === 'ok',
    };
  } catch (error) {
    if (controller.signal.aborted) throw new ResponseError(LSPErrorCodes.RequestCancelled, 'the request was cancelled');
    throw error;
  } finally {
    listening.dispose();
    bar?.done();
  }
}
