import { createHash } from 'node:crypto';
import { numberedPlaces, plainPlace, reportPage } from '../../render/html';
import { reportKnowledge } from '../../session/reportKnowledge';
import type { Session } from '../../session/session';
import type { Asker } from '../asker';
import { folderReport, nameOfFolder } from '../folderReport';
import type { ReportParams, ReportResult } from '../messages';
import type { Workspace } from '../workspace';

/** Longer than that nobody waits; what has not been answered then makes the report incomplete, and it says so. */
const patienceMs = 28_000;

/** The report on one workspace folder as a page, with the places that its buttons stand for. */
export async function report(
  { folder: uri, form, ask }: ReportParams,
  version: string,
  session: Session,
  workspace: Workspace,
  asker: Asker,
): Promise<ReportResult> {
  if (ask) {
    // What was not read yet must not be missing.
    await workspace.rescan();
    await workspace.reassess();
    await asker.now(patienceMs);
  }
  const { report: own, folder } = folderReport(uri, session, workspace);
  const places = numberedPlaces();
  const inEditor = form === 'editor';
  const html = reportPage(own, {
    ...reportKnowledge,
    tool: { name: 'Merlon', version },
    name: nameOfFolder(uri),
    now: session.clock.now(),
    sha256: (text) => createHash('sha256').update(text).digest('base64'),
    minimumAgeOf: (file) => (folder ? workspace.rulesOf(folder, file).policy.minimumReleaseAgeMs : 0),
    place: inEditor ? places.place : plainPlace,
    inEditor,
  });
  return {
    html,
    places: places.all.map(({ file, line, character }) => ({
      uri: folder!.uriOf(file),
      range: { start: { line, character }, end: { line, character } },
    })),
    complete: own.complete,
  };
}
