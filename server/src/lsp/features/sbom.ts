import { createHash } from 'node:crypto';
import type { UnreadFile } from '../../core/report';
import { sbomFormats, sbomText } from '../../render/sbom';
import type { Session } from '../../session/session';
import { sbomKnowledge } from '../../session/sbom';
import type { Asker } from '../asker';
import { withoutSlash } from '../folders';
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
  const own = workspace.all().filter(({ folder }) => folder.uri === withoutSlash(uri));
  const folder = own[0]?.folder;
  const unread: readonly UnreadFile[] = folder ? [...folder.project.unread(), ...folder.unwalked] : workspace.unread();
  const report = session.engine.report(
    own.map(({ file }) => file),
    folder && !folder.isWalked ? [...unread, { path: '.', message: 'the folder is still being read' }] : unread,
    folder ? [...folder.assessedLocks.values()].sort((a, b) => (a.path < b.path ? -1 : 1)) : [],
  );
  const name = decodeURIComponent(withoutSlash(uri).split('/').at(-1) ?? '') || 'project';
  const facts = { ...sbomKnowledge, tool: { name: 'Merlon', version }, now: session.clock.now(), name };
  const text = await sbomText(report, kind, facts, (content) => createHash('sha256').update(content).digest('hex'));
  return { text, files: report.files.length + report.locks.length, complete: report.complete };
}
