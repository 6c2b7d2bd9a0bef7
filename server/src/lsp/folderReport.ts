import type { Report, UnreadFile } from '../core/report';
import type { Session } from '../session/session';
import type { Folder } from './folder';
import { withoutSlash } from './folders';
import type { Workspace } from './workspace';

/** What is known of one workspace folder at present; the folder is absent where nothing of it is held. */
export function folderReport(uri: string, session: Session, workspace: Workspace): { readonly report: Report; readonly folder?: Folder } {
  const own = workspace.all().filter(({ folder }) => folder.uri === withoutSlash(uri));
  const folder = own[0]?.folder;
  if (!folder) return { report: session.engine.report([], workspace.unread(), []) };
  const unread: readonly UnreadFile[] = [...folder.project.unread(), ...folder.unwalked];
  const report = session.engine.report(
    own.map(({ file }) => file),
    folder.isWalked ? unread : [...unread, { path: '.', message: 'the folder is still being read' }],
    [...folder.assessedLocks.values()].sort((a, b) => (a.path < b.path ? -1 : 1)),
  );
  const policies = workspace.policies().filter(({ path }) => workspace.policyAt(folder.uriOf(path))?.folder === folder);
  return { report: policies.length ? { ...report, policies } : report, folder };
}

/** The folder's own name. */
export function nameOfFolder(uri: string): string {
  const last = withoutSlash(uri).split('/').at(-1) ?? '';
  try {
    return decodeURIComponent(last) || 'project';
  } catch {
    return last;
  }
}
