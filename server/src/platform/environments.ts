import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileFault } from './fileFault';

/** An installed environment on disk. */
export interface FoundEnvironment {
  /** OSV's name of the ecosystem. */
  readonly ecosystem: 'PyPI' | 'npm';
  /** Absolute. Links that lead out of it are not followed. */
  readonly root: string;
  /** The environment, relative to its root; `''` for the root itself. */
  readonly folder: string;
  /** Absolute. */
  readonly path: string;
  /** Absolute: the folders in which its lockfile may lie, the nearest first. */
  readonly projects: readonly string[];
}

export interface FoundPlace {
  readonly environments: readonly FoundEnvironment[];
  /** Absolute: where the place is a project, it is looked through as well. */
  readonly project?: string;
  /** Links to environments, absolute: they may lead anywhere, and are followed where somebody names them. */
  readonly links: readonly string[];
  /** Folders that may be environments, absolute, and could not be looked into, with the reason. */
  readonly unlisted: readonly { readonly path: string; readonly reason: string }[];
  /** Whether there were more folders than are searched. */
  readonly cut: boolean;
}

const deepest = 4;
const mostFolders = 20_000;
const leftOut: ReadonlySet<string> = new Set(['.git', '.hg', 'dist', 'build', 'target', '__pycache__']);
const marks =
  /^(?:\.git|\.vscode|\.claude|\.cursor|package\.json|pyproject\.toml|setup\.py|setup\.cfg|Pipfile|binding\.gyp|.*requirements.*\.(?:txt|in)|.*\.lock|.*-lock\.(?:json|yaml)|pylock.*\.toml)$/;

/**
 * What a folder is: a virtual environment or another Python prefix, a site-packages or node_modules folder, or a project, which
 * is searched for all of these. `undefined`: none of them.
 */
export function findEnvironments(place: string): FoundPlace | undefined {
  const absolute = path.resolve(place);
  if (!isFolder(absolute)) return undefined;
  const itself = environmentAt(absolute);
  if (itself) return { environments: [itself], links: [], unlisted: [], cut: false };
  const { environments, links, unlisted, cut } = search(absolute);
  if (environments.length + links.length + unlisted.length === 0 && !list(absolute).some(({ name }) => marks.test(name))) return undefined;
  return { environments, project: absolute, links, unlisted, cut };
}

function environmentAt(folder: string): FoundEnvironment | undefined {
  const name = path.basename(folder);
  const above = path.dirname(folder);
  if (name === 'node_modules') return { ecosystem: 'npm', root: above, folder: name, path: folder, projects: [above] };
  if (isVirtual(folder)) return { ecosystem: 'PyPI', root: folder, folder: '', path: folder, projects: [above] };
  // What the machine has for everybody was made for no project.
  if (isPrefix(folder)) return { ecosystem: 'PyPI', root: folder, folder: '', path: folder, projects: [] };
  if (name === 'site-packages' || name === 'dist-packages' || list(folder).some((entry) => /\.(?:dist-info|egg-info)$/.test(entry.name))) {
    const root = prefixOf(folder);
    const projects = root !== folder && isVirtual(root) ? [path.dirname(root)] : [];
    return { ecosystem: 'PyPI', root, folder: slashed(path.relative(root, folder)), path: folder, projects };
  }
  return undefined;
}

/** PEP 405. */
function isVirtual(folder: string): boolean {
  return fs.existsSync(path.join(folder, 'pyvenv.cfg'));
}

/** Where Python itself, or conda, was installed: no virtual environment, and laid out like one. */
function isPrefix(folder: string): boolean {
  const lib = path.join(folder, 'lib');
  return (
    fs.existsSync(path.join(folder, 'conda-meta')) ||
    fs.existsSync(path.join(folder, 'Lib', 'site-packages')) ||
    list(lib).some(({ name }) => /^(?:python|pypy)\d/.test(name) && fs.existsSync(path.join(lib, name, 'site-packages')))
  );
}

/** What RECORD lists beside the packages, such as scripts, lies below this folder: `PREFIX/lib/pythonX.Y/site-packages`. */
function prefixOf(site: string): string {
  const parts = site.split(path.sep);
  const [library, version] = [parts.at(-3), parts.at(-2)];
  if (/^lib(?:64)?$/i.test(library ?? '') && /^(?:python|pypy)\d?/.test(version ?? ''))
    return parts.slice(0, -3).join(path.sep) || path.sep;
  if (/^lib$/i.test(version ?? '')) return parts.slice(0, -2).join(path.sep) || path.sep;
  return site;
}

function search(project: string): Omit<FoundPlace, 'project'> {
  const environments: FoundEnvironment[] = [];
  const links: string[] = [];
  const unlisted: FoundPlace['unlisted'][number][] = [];
  const open: { readonly folder: string; readonly depth: number; readonly projects: readonly string[] }[] = [
    { folder: project, depth: 0, projects: [project] },
  ];
  let seen = 0;
  // By levels, so that what lies near is found before the search is cut short.
  for (const { folder, depth, projects } of open) {
    for (const entry of list(folder)) {
      const { name } = entry;
      const inner = path.join(folder, name);
      const reason = usual.has(name) && (entry.isLink || entry.isFolder) ? faultAt(inner) : undefined;
      if (reason !== undefined) {
        unlisted.push({ path: inner, reason });
        continue;
      }
      if (entry.isLink && (name === 'node_modules' || isVirtual(inner))) links.push(inner);
      if (leftOut.has(name) || !entry.isFolder) continue;
      if (++seen > mostFolders) return { environments, links, unlisted, cut: true };
      if (name === 'node_modules')
        environments.push({ ecosystem: 'npm', root: project, folder: slashed(path.relative(project, inner)), path: inner, projects });
      else if (isVirtual(inner)) environments.push({ ecosystem: 'PyPI', root: inner, folder: '', path: inner, projects });
      else if (name === 'site-packages') environments.push({ ...environmentAt(inner)!, projects });
      else if (depth < deepest && !name.startsWith('.')) open.push({ folder: inner, depth: depth + 1, projects: [inner, ...projects] });
    }
  }
  return { environments, links, unlisted, cut: false };
}

/** How environments are mostly called. */
const usual: ReadonlySet<string> = new Set(['.venv', 'venv', 'node_modules', 'site-packages']);

/** Why a folder that is there cannot be looked into; a link to nowhere is nothing that can be imported. */
function faultAt(folder: string): string | undefined {
  try {
    fs.readdirSync(folder);
    return undefined;
  } catch (error) {
    return fileFault(error);
  }
}

/** What lies in a folder, by name. */
function list(folder: string): { readonly name: string; readonly isFolder: boolean; readonly isLink: boolean }[] {
  try {
    return fs
      .readdirSync(folder, { withFileTypes: true })
      .map((entry) => ({ name: entry.name, isFolder: entry.isDirectory(), isLink: entry.isSymbolicLink() }))
      .sort((a, b) => (a.name < b.name ? -1 : 1));
  } catch {
    return [];
  }
}

function isFolder(place: string): boolean {
  return fs.statSync(place, { throwIfNoEntry: false })?.isDirectory() ?? false;
}

/** The files with these names in the nearest of the folders that has any, absolute. */
export function nearestFiles(
  folders: readonly string[],
  isWanted: (name: string) => boolean,
): { readonly folder: string; readonly names: readonly string[] } | undefined {
  for (const folder of folders) {
    const names = list(folder).flatMap(({ name, isFolder }) => (!isFolder && isWanted(name) ? [name] : []));
    if (names.length) return { folder, names };
  }
  return undefined;
}

/** A path as the report calls it: relative to `base`, with forward slashes; `.` for the base itself. */
export function nameFrom(base: string, place: string): string {
  return slashed(path.relative(base, place)) || '.';
}

/** How many workers verify one environment. Where cores are few a second one only costs its start. */
export function workersPerEnvironment(): number {
  return os.availableParallelism() < 4 ? 1 : 2;
}

function slashed(relative: string): string {
  return relative.split(path.sep).join('/');
}
