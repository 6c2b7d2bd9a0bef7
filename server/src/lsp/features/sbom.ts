import { createHash } from 'node:crypto';
import { sbomText } from '../../render/sbom';
import { sbomFormats } from '../../render/sbom/formats';
import type { Session } from '../../session/session';
import { sbomKnowledge } from '../../session/sbom';
import type { Asker } from '../asker';
import { folderReport, nameOfFolder } from '../folderReport';
import type { SbomParams, SbomResult } from '../messages';
import type { Workspace } from '../workspace';

/** Longer than that nobody waits; what has not been answered then makes the bill incomplete, and it says so. */
const patienceMs = 28_000;

/** The bill of materials of one workspace folder, as `merlon sbom` writes it. */
export async function sbom(
  { folder: uri, format }: SbomParams,
  version: string,
  session: Session,
  workspace: Workspace,
  asker: Asker,
): Promise<SbomResult> {
  const kind = sbomFormats.find((known) => known === format);
  if (!kind) throw new Error(`there is no format ${JSON.stringify(format)}`);
  // What was not read yet must not be missing.
  await workspace.rescan();
  await workspace.reassess();
  await asker.now(patienceMs);
  const { report } = folderReport(uri, session, workspace);
  const facts = { ...sbomKnowledge, tool: { name: 'Merlon', version }, now: session.clock.now(), name: nameOfFolder(uri) };
  const text = await sbomText(report, kind, facts, (content) => createHash('sha256').update(content).digest('hex'));
  return { text, files: report.files.length + report.locks.length, complete: report.complete };
}
