import type { Policy } from '../core/check';
import type { Versions } from '../core/versions';
import defer * as merlonToml from '../policy/merlonToml';
import { policyFileName, type KnownNames, type PolicyFile } from '../policy/policyFile';
import { inForce, type Weighed } from '../policy/precedence';
import type { FileText } from '../core/io';
import { dirname } from './document';
import type { Rules } from './engine';
import defer * as teamPolicy from './teamPolicy';

/** What holds of a workspace before its policy files are looked at. */
export interface PolicyBase {
  readonly policy: Policy;
  readonly privatePackages: readonly string[];
  /** A workspace that is not trusted may only make things stricter. */
  readonly trusted: boolean;
  /** The file of `--policy`, which stands in place of the workspace's own. */
  readonly override?: PolicyFile;
}

export interface PoliciesOptions {
  readonly known: KnownNames;
  /** A predicate for patterns in the dialect of .gitignore. */
  readonly excluder: (patterns: readonly string[]) => (path: string) => boolean;
}

/** The policy files of one workspace, and what they decide for each of its files. Paths are the report's. */
export interface Policies {
  /** Whether anything that it decides has changed with it. */
  configure(base: PolicyBase): boolean;
  /** Takes a policy file as it stands. Answers whether anything has changed. */
  set(path: string, file: FileText): boolean;
  /** Those that are in force, by path. */
  files(): readonly PolicyFile[];
  /** The same object for all files that the same policy files decide on, as long as nothing changes. */
  rulesOf(path: string): Rules;
  /** Whether a policy file leaves it out; what the settings leave out is left to who walks. */
  isExcluded(path: string): boolean;
  /** Changes when what is left out changes. */
  excludeKey(): string;
  /** The paths of the policy files that it was given. */
  held(): readonly string[];
  isTrusted(): boolean;
  /** What the settings say, before any file is looked at. */
  settings(): Policy;
}

export { policyFileName };

export function isPolicyFile(path: string): boolean {
  return path === policyFileName || path.endsWith(`/${policyFileName}`);
}

/** The names that policy files may use of this Merlon. */
export function knownNames(
  checks: readonly { readonly id: string }[],
  ecosystems: readonly { readonly id: string; readonly versions: Versions }[],
): KnownNames {
  return { rules: checks.map(({ id }) => id), ecosystems: new Map(ecosystems.map(({ id, versions }) => [id, versions])) };
}

export function createPolicies({ known, excluder }: PoliciesOptions, initial: PolicyBase): Policies {
  const held = new Map<string, PolicyFile>();
  let base = initial;
  let byFolder = new Map<string, Rules>();
  let byFiles = new Map<string, Rules>();
  let privatePackages: readonly string[] = initial.privatePackages;
  let privateBy: ReadonlyMap<string, string> = new Map();
  let excludeKey = '';
  let excludes: readonly { readonly base: string; readonly matches: (path: string) => boolean }[] = [];

  const files = (): readonly PolicyFile[] =>
    base.override ? [base.override] : [...held.values()].sort((a, b) => (a.path < b.path ? -1 : 1));
  const mode = (): Weighed['mode'] => (base.override ? 'files first' : base.trusted ? 'settings first' : 'tighten');

  const renew = () => {
    byFolder = new Map();
    byFiles = new Map();
    const { loosening } = inForce({ settings: base.policy, files: files(), mode: mode() });
    // A name that is private anywhere in a workspace is private in all of it. Caches hold by the list, so the same one stays.
    const names = [...base.privatePackages, ...loosening.flatMap((file) => file.privatePackages.map(({ value }) => value))];
    const by = new Map(loosening.flatMap((file) => file.privatePackages.map(({ value }): [string, string] => [value, file.path])));
    for (const name of base.privatePackages) by.delete(name);
    if (!isSame(names, privatePackages) || !isSame([...by].flat(), [...privateBy].flat())) {
      privatePackages = names;
      privateBy = by;
    }
    excludeKey = JSON.stringify(loosening.flatMap((file) => file.exclude.map(({ value }) => [file.path, value])));
    excludes = loosening
      .filter((file) => file.exclude.length > 0)
      .map((file) => ({ base: folderOf(file), matches: excluder(file.exclude.map(({ value }) => value)) }));
  };
  renew();

  /** A file of `--policy` lies anywhere, and decides on everything. */
  const folderOf = (file: PolicyFile): string => (file === base.override ? '' : dirname(file.path));

  const rulesFor = (folder: string): Rules => {
    const own = base.override
      ? [base.override]
      : files()
          .filter((file) => isWithin(folder, dirname(file.path)))
          .sort((a, b) => depth(dirname(b.path)) - depth(dirname(a.path)));
    const key = own.map(({ path }) => path).join('\n');
    let rules = byFiles.get(key);
    if (!rules) byFiles.set(key, (rules = build(own)));
    return rules;
  };

  const build = (own: readonly PolicyFile[]): Rules => {
    if (!own.length) return { policy: base.policy, privatePackages, privateBy };
    const { policy, suppressions, loosening } = inForce({ settings: base.policy, files: own, mode: mode() });
    const team = teamPolicy.teamPolicyOf(own, loosening, (ecosystem) => known.ecosystems.get(ecosystem));
    return {
      policy: { ...policy, ...(team && { team }) },
      privatePackages,
      privateBy,
      suppressions,
      policyFiles: own.map(({ path, text }) => ({ path, text })),
    };
  };

  return {
    configure(next) {
      base = next;
      renew();
      return true;
    },
    set(path, file) {
      const before = held.get(path);
      if (base.override?.path === path && file.state === 'text') {
        if (file.text === base.override.text) return false;
        base = { ...base, override: merlonToml.readPolicy(file.text, path, known) };
        renew();
        return true;
      }
      if (file.state === 'absent') {
        if (!before) return false;
        held.delete(path);
      } else if (file.state === 'unreadable') held.set(path, merlonToml.unreadPolicy(path, file.message));
      else if (before && before.text === file.text && file.text !== '') return false;
      else held.set(path, merlonToml.readPolicy(file.text, path, known));
      renew();
      return true;
    },
    files,
    rulesOf(path) {
      const folder = dirname(path);
      let rules = byFolder.get(folder);
      if (!rules) byFolder.set(folder, (rules = rulesFor(folder)));
      return rules;
    },
    isExcluded(path) {
      return excludes.some(({ base: above, matches }) => {
        const below = above === '' ? path : path.startsWith(`${above}/`) ? path.slice(above.length + 1) : '';
        return below !== '' && matches(below);
      });
    },
    excludeKey: () => excludeKey,
    held: () => [...held.keys()],
    isTrusted: () => mode() !== 'tighten',
    settings: () => base.policy,
  };
}

/** Folders are `''`, `a/b`, or begin with `..` where they lie above the working directory. */
function isWithin(folder: string, above: string): boolean {
  if (folder === above) return true;
  const ups = (path: string) => path.split('/').filter((part) => part === '..').length;
  const rest = above.split('/').filter((part) => part !== '' && part !== '..');
  if (rest.length) return folder.startsWith(`${above}/`);
  return ups(folder) <= ups(above);
}

function depth(folder: string): number {
  return folder.split('/').reduce((sum, part) => sum + (part === '' ? 0 : part === '..' ? -1 : 1), 0);
}

function isSame(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((one, i) => one === b[i]);
}
