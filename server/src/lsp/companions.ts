import type { ScannedFile } from '../core/report';
import type { Assessed } from './folder';
import type { Workspace } from './workspace';

/** The file with those companions only whose text is still the one that was read: an edit of another would go astray. */
export function currentCompanions({ file, folder }: Pick<Assessed, 'file' | 'folder'>, workspace: Workspace): ScannedFile {
  const companions = file.companions.filter(({ path, text }) => (workspace.openText(folder.uriOf(path)) ?? text) === text);
  return companions.length === file.companions.length ? file : { ...file, companions };
}
