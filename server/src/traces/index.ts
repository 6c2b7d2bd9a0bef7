import { hexOf, type InstalledFiles, type NotLooked, type Trace, type WorkspaceReading } from '../core/environment';
import { incidentNames, isElsewhere, type Incident } from '../core/incident';
import { fileTrace, hasNativeSource } from '../core/traceFiles';
import { agentHooks } from './agentHooks';
import { editorTasks } from './editorTasks';
import type { TraceReader } from './reader';

/** THE list of files that make an editor or an agent run commands by itself. */
export const traceReaders: readonly TraceReader[] = [agentHooks, editorTasks];

/** Environments are read for themselves; what is built, and what git keeps, is nobody's source. */
const leftOut: ReadonlySet<string> = new Set(['node_modules', 'site-packages', '.git', '.hg', '.tox', '.nox', '__pycache__', 'target']);
const deepest = 12;
const mostEntries = 300_000;
const mostText = 1024 * 1024;

/** Looks through a project, its environments left out, for what malware plants there. */
export function readTraces(files: InstalledFiles, incidents: readonly Incident[]): WorkspaceReading {
  const traces: Trace[] = [];
  const notLooked: NotLooked[] = [];
  const isNamed = incidentNames(incidents);
  let seen = 0;
  let cut = 0;

  const walk = (folder: string, depth: number): void => {
    const entries = files.entries(folder);
    if (typeof entries === 'string') return void notLooked.push({ path: folder, reason: entries, fault: true });
    for (const { name, kind } of entries ?? []) {
      if (++seen > mostEntries) return;
      const path = folder === '' ? name : `${folder}/${name}`;
      if (kind === 'folder') {
        if (leftOut.has(name) || files.text(`${path}/pyvenv.cfg`, 1).state === 'text') continue;
        if (depth < deepest) walk(path, depth + 1);
        else cut++;
      } else if (kind === 'link' && files.real(path) === undefined) continue;
      else if (name === 'binding.gyp') {
        if (!hasNativeSource(files, folder)) traces.push(fileTrace(files, 'bare-gyp', path, ''));
      } else if (isNamed(folder, name)) traces.push(fileTrace(files, 'named-file', path, ''));
    }
    for (const reader of traceReaders)
      for (const path of reader.paths) read(reader, folder === '' ? path : `${folder}/${path}`, entries ?? []);
  };

  const read = (reader: TraceReader, path: string, beside: readonly { readonly name: string }[]): void => {
    const parts = path.split('/');
    const first = parts.at(-2);
    if (!beside.some(({ name }) => name === first)) return;
    const file = files.text(path, mostText);
    if (file.state === 'absent') return;
    if (file.state !== 'text' || !file.whole) {
      const reason =
        file.state === 'outside' ? 'it is a link that leads out of the project' : file.state === 'text' ? 'it is too large' : file.message;
      notLooked.push({ path, reason, ...(file.state !== 'outside' && { fault: true as const }) });
      return;
    }
    const digest = files.digest(path, 'sha256');
    const sha256 = digest.state === 'known' ? { sha256: hexOf(digest.digest) } : {};
    for (const found of reader.commands(file.text))
      traces.push({ kind: reader.kind, path, owner: '', text: file.text, ...found, ...sha256 });
  };

  walk('', 0);
  if (seen > mostEntries) notLooked.push({ what: 'a part of the project', reason: 'there are too many files to look at', fault: true });
  if (cut) notLooked.push({ what: 'folders that lie deeper than twelve levels', reason: 'there is no end to some of them' });
  const elsewhere = [...new Set(incidents.flatMap((incident) => incident.files.filter(isElsewhere)))];
  if (elsewhere.length)
    notLooked.push({
      what: `places that incidents name (${elsewhere.slice(0, 6).join(', ')}${elsewhere.length > 6 ? ', …' : ''})`,
      reason: 'outside the project, where nothing is read',
    });
  return {
    traces,
    coverage: { looked: [...traceReaders.map(({ looked }) => looked), 'binding.gyp', 'names that incidents give'], notLooked },
  };
}
