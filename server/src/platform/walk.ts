import type { Dirent } from 'node:fs';
import fs from 'node:fs/promises';
import path from 'node:path';
import type { Ignore } from 'ignore';
import defer * as gitignore from 'ignore';

export interface WalkOptions {
  /** Glob patterns of files and folders that are left out, relative to the root. */
  readonly exclude?: readonly string[];
  /** Which relative paths are wanted. */
  readonly matches: (path: string) => boolean;
  /** Told of folders that could not be read, and where the walk was cut short. */
  readonly onProblem?: (path: string, message: string) => void;
}

const leftOut: ReadonlySet<string> = new Set(['node_modules', '.venv', 'venv', '.git', 'dist', 'build', 'site-packages']);
const deepest = 64;
const mostEntries = 2_000_000;
const longestIgnoreFile = 1024 * 1024;
const mostAlternatives = 500;

/** What one `.gitignore` says about a folder, which is named relative to the root of the walk. */
type Rules = (folder: string) => { readonly ignored: boolean; readonly unignored: boolean };

/**
 * The wanted files below a folder, relative to it, with forward slashes, a folder's own files first. Installed packages,
 * build output and git-ignored folders are left out; the root itself is walked whatever it is called. Folders that are
 * links are not entered, since they may lead anywhere, or in a circle; a file that is a link is named, and reading decides.
 */
export async function* walk(root: string, options: WalkOptions, signal?: AbortSignal): AsyncIterable<string> {
  const top = path.resolve(root);
  const isExcluded = excluder(options.exclude ?? []);
  const above = await rulesAbove(top);
  let entries = 0;
  const stack: { readonly folder: string; readonly depth: number; readonly rules: readonly Rules[] }[] = [
    { folder: '', depth: 0, rules: above },
  ];

  for (let next = stack.pop(); next; next = stack.pop()) {
    signal?.throwIfAborted();
    const { folder, depth } = next;
    const found = await list(path.join(top, folder));
    if (typeof found === 'string') {
      options.onProblem?.(folder, found);
      continue;
    }
    const own = await rulesIn(top, folder, found);
    const rules = own ? [...next.rules, own] : next.rules;
    const folders: typeof stack = [];
    for (const entry of found) {
      if (++entries > mostEntries) {
        options.onProblem?.(folder, 'there are too many files to look at');
        return;
      }
      const name = folder === '' ? entry.name : `${folder}/${entry.name}`;
      if (entry.isDirectory()) {
        if (leftOut.has(entry.name) || isExcluded(`${name}/`) || isGitIgnored(name, rules)) continue;
        if (depth >= deepest) options.onProblem?.(name, 'it lies too deep');
        else folders.push({ folder: name, depth: depth + 1, rules });
      } else if (options.matches(name) && !isExcluded(name) && (entry.isFile() || (await linksToFile(entry, path.join(top, name))))) {
        yield name;
      }
    }
    stack.push(...folders.reverse());
  }
}

/**
 * Whether patterns, in the dialect of .gitignore, leave out a path relative to the root (a folder's ends with a slash), or a folder that it
 * lies in.
 */
export function excluder(patterns: readonly string[]): (path: string) => boolean {
  if (patterns.length === 0) return () => false;
  const rules = gitignore.default({ allowRelativePaths: true }).add(patterns.flatMap(braces).filter(isBearable));
  return (path) => rules.ignores(path);
}

async function list(folder: string): Promise<Dirent[] | string> {
  try {
    const entries = await fs.readdir(folder, { withFileTypes: true });
    return entries.sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0));
  } catch (error) {
    return `it cannot be read (${(error as NodeJS.ErrnoException).code ?? 'unknown fault'})`;
  }
}

async function linksToFile(entry: Dirent, place: string): Promise<boolean> {
  if (!entry.isSymbolicLink()) return false;
  const target = await fs.stat(place).catch(() => undefined);
  return target?.isFile() ?? false;
}

/** gitignore(5): the last rule that speaks decides, and nearer files speak after farther ones. What lies in an ignored folder is never reached. */
function isGitIgnored(folder: string, rules: readonly Rules[]): boolean {
  let ignored = false;
  for (const verdictOn of rules) {
    const verdict = verdictOn(folder);
    if (verdict.ignored) ignored = true;
    else if (verdict.unignored) ignored = false;
  }
  return ignored;
}

async function rulesIn(top: string, folder: string, entries: readonly Dirent[]): Promise<Rules | undefined> {
  if (!entries.some((entry) => entry.name === '.gitignore' && entry.isFile())) return undefined;
  const patterns = await readPatterns(path.join(top, folder, '.gitignore'));
  return patterns && ((name) => patterns.test(`${folder === '' ? name : name.slice(folder.length + 1)}/`));
}

/**
 * The `.gitignore` files between the top of the checkout and the root of the walk, since they speak about what lies below
 * too. None where they ignore the root itself: whoever names an ignored folder wants it walked.
 */
async function rulesAbove(top: string): Promise<Rules[]> {
  const rules: Rules[] = [];
  let rootIgnored = false;
  let folder = top;
  for (let up = 0; !(await exists(path.join(folder, '.git'))); up++) {
    const parent = path.dirname(folder);
    if (parent === folder || up > deepest) return [];
    folder = parent;
    const patterns = await readPatterns(path.join(folder, '.gitignore'));
    if (!patterns) continue;
    const prefix = path.relative(folder, top).split(path.sep).join('/');
    rootIgnored ||= patterns.ignores(`${prefix}/`);
    rules.unshift((name) => patterns.test(`${prefix}/${name}/`));
  }
  return rootIgnored ? [] : rules;
}

async function readPatterns(file: string): Promise<Ignore | undefined> {
  const stat = await fs.lstat(file).catch(() => undefined);
  if (!stat?.isFile() || stat.size > longestIgnoreFile) return undefined;
  const text = await fs.readFile(file, 'utf8').catch(() => '');
  return gitignore.default({ allowRelativePaths: true }).add(text.split(/\r?\n/).filter(isBearable));
}

async function exists(place: string): Promise<boolean> {
  return (await fs.lstat(place).catch(() => undefined)) !== undefined;
}

/**
 * Each `**` between two names multiplies the time that a deep path takes, and a pattern may come from anybody. One with more
 * than two of them is passed over, so that what it would leave out is looked at.
 */
function isBearable(pattern: string): boolean {
  return pattern.split('/**/').length <= 3;
}

/** VS Code's globs know `{a,b}`, gitignore's do not. The last opening brace has no other inside it, so it is taken first. */
function braces(pattern: string): string[] {
  const done: string[] = [];
  const open = [pattern];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const start = next.lastIndexOf('{');
    const end = next.indexOf('}', start);
    if (start < 0 || end < 0 || done.length + open.length > mostAlternatives) {
      done.push(next);
      continue;
    }
    for (const choice of next.slice(start + 1, end).split(',')) open.push(next.slice(0, start) + choice + next.slice(end + 1));
  }
  return done;
}
