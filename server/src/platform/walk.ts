import fs from 'node:fs/promises';
import path from 'node:path';
import ignore, { type Ignore } from 'ignore';

/** Folders that hold what was installed or built, whatever a `.gitignore` says. */
const leftOut: ReadonlySet<string> = new Set(['node_modules', '.venv', 'venv', '.git', 'dist', 'build', 'site-packages']);
const maximumDepth = 64;

export interface WalkOptions {
  /** Patterns in the dialect of `.gitignore`, against paths below the root. */
  readonly exclude: readonly string[];
  /** Which files are wanted, by their path below the root, with forward slashes. */
  matches(relative: string): boolean;
}

/**
 * The wanted files below a folder, sorted within each folder. Installed and built folders and what git ignores are left out;
 * links are not followed, so that no file is met twice and none lies outside.
 */
export async function* walk(root: string, options: WalkOptions, signal?: AbortSignal): AsyncGenerator<string> {
  const own = ignore().add(options.exclude as string[]);
  yield* walkFolder(root, '', [{ base: '', rules: own }, ...(await outerRules(root))], options, 0, signal);
}

interface Rules {
  /** The folder that the patterns are relative to, below the root; `..` for one above it. */
  readonly base: string;
  readonly rules: Ignore;
}

async function* walkFolder(
  root: string,
  folder: string,
  rules: readonly Rules[],
  options: WalkOptions,
  depth: number,
  signal?: AbortSignal,
): AsyncGenerator<string> {
  signal?.throwIfAborted();
  if (depth > maximumDepth) return;
  const entries = await fs.readdir(path.join(root, folder), { withFileTypes: true }).catch(() => []);
  const own = entries.some(({ name }) => name === '.gitignore') ? await rulesOf(path.join(root, folder), folder) : undefined;
  const all = own ? [...rules, own] : rules;
  for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
    const relative = folder === '' ? entry.name : `${folder}/${entry.name}`;
    if (entry.isDirectory()) {
      if (!leftOut.has(entry.name) && !isIgnored(`${relative}/`, all)) yield* walkFolder(root, relative, all, options, depth + 1, signal);
    } else if (entry.isFile() && options.matches(relative) && !isIgnored(relative, all)) yield relative;
  }
}

/** The innermost `.gitignore` that has an opinion decides, as in git. */
function isIgnored(relative: string, rules: readonly Rules[]): boolean {
  let ignored = false;
  for (const { base, rules: own } of rules) {
    const below = base === '' ? relative : base.startsWith('..') ? `${base.slice(3)}${relative}` : relative.slice(base.length + 1);
    const verdict = own.test(below);
    if (verdict.ignored) ignored = true;
    else if (verdict.unignored) ignored = false;
  }
  return ignored;
}

async function rulesOf(folder: string, base: string): Promise<Rules | undefined> {
  const text = await fs.readFile(path.join(folder, '.gitignore'), 'utf8').catch(() => undefined);
  return text === undefined ? undefined : { base, rules: ignore().add(text) };
}

/** The `.gitignore` files above the root, up to the checkout that it lies in. */
async function outerRules(root: string): Promise<Rules[]> {
  const found: Rules[] = [];
  let below = '';
  for (let folder = root; ; folder = path.dirname(folder)) {
    if (folder !== root) {
      const rules = await rulesOf(folder, `../${below}`);
      if (rules) found.unshift(rules);
    }
    const top = await fs.stat(path.join(folder, '.git')).then(
      () => true,
      () => false,
    );
    if (top) return found;
    if (folder === path.dirname(folder)) return [];
    below = `${path.basename(folder)}/${below}`;
  }
}
