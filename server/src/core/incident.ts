/** A documented compromise, by what it leaves behind on a machine. */
export interface Incident {
  /** The id of its record (`MAL-2026-2144`), or the name of a campaign. */
  readonly id: string;
  /** What it is about, for people: `the litellm compromise`. */
  readonly title: string;
  readonly url: string;
  /** Names or paths of files; `*` stands for any name. Those that begin with `/`, `~` or `%` lie outside any workspace. */
  readonly files: readonly string[];
  /** Lower-case hex SHA-256 of files, with the name each one has. */
  readonly sha256: Readonly<Record<string, string>>;
  /** Hosts that the malware calls. */
  readonly hosts: readonly string[];
}

/** By what an incident names a file: its very content, a host in its text, or merely its name. */
export interface IncidentMark {
  readonly incident: Incident;
  readonly by: 'content' | 'host' | 'name';
}

export interface Suspect {
  /** Forward slashes. */
  readonly path: string;
  /** Lower-case hex; absent where it was not worked out. */
  readonly sha256?: string;
  readonly text?: string;
}

/** What the incidents say of a file, the strongest first; at most one mark an incident. */
export function incidentMarks(suspect: Suspect, incidents: readonly Incident[]): IncidentMark[] {
  const marks: IncidentMark[] = [];
  for (const incident of incidents) {
    if (suspect.sha256 !== undefined && Object.hasOwn(incident.sha256, suspect.sha256)) marks.push({ incident, by: 'content' });
    else if (suspect.text !== undefined && incident.hosts.some((host) => namesHost(suspect.text!, host)))
      marks.push({ incident, by: 'host' });
    else if (incident.files.some((pattern) => isNamed(suspect.path, pattern))) marks.push({ incident, by: 'name' });
  }
  return marks.sort((a, b) => strength[b.by] - strength[a.by]);
}

const strength = { content: 2, host: 1, name: 0 };

/** Whether some incident gives the name of a file: the first look, before anything is hashed. Made once for many files. */
export function incidentNames(incidents: readonly Incident[]): (folder: string, name: string) => boolean {
  const exact = new Set<string>();
  const others: string[] = [];
  for (const { files, sha256 } of incidents) {
    for (const pattern of [...files, ...Object.values(sha256)]) {
      if (/^[^*/]+$/.test(pattern)) exact.add(pattern);
      else if (!isElsewhere(pattern)) others.push(pattern);
    }
  }
  return (folder, name) =>
    exact.has(name) || others.some((pattern) => isNamed(pattern.includes('/') ? `${folder}/${name}` : name, pattern));
}

/** Whether a pattern of an incident speaks of a place that every machine has, and not of a file in a workspace or environment. */
export function isElsewhere(pattern: string): boolean {
  return /^[/~%]/.test(pattern);
}

function isNamed(path: string, pattern: string): boolean {
  if (isElsewhere(pattern)) return false;
  const parts = pattern.split('/');
  const tail = path.split('/').slice(-parts.length);
  return tail.length === parts.length && parts.every((part, at) => matches(tail[at]!, part));
}

/** One `*` at the most is meaningful in a name; no regular expression is made of data. */
function matches(name: string, pattern: string): boolean {
  const star = pattern.indexOf('*');
  if (star < 0) return name === pattern;
  const head = pattern.slice(0, star);
  const end = pattern.slice(star + 1);
  return name.length >= head.length + end.length && name.startsWith(head) && name.endsWith(end);
}

/** A whole host and no part of a longer name: `1.2.3.4` is not in `11.2.3.45`. */
function namesHost(text: string, host: string): boolean {
  const lower = text.toLowerCase();
  for (let at = lower.indexOf(host); at >= 0; at = lower.indexOf(host, at + 1)) {
    if (!/[\w-]/.test(lower[at - 1] ?? ' ') && !/[\w-]/.test(lower[at + host.length] ?? ' ')) return true;
  }
  return false;
}
