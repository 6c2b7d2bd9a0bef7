import { isObject } from '../core/isObject';
import type { Policy } from '../core/check';
import type { Severity } from '../core/finding';
import { parseDuration } from './duration';

/** The `merlon.*` settings, read. */
export interface Settings {
  readonly policy: Policy;
  readonly feeds: {
    readonly mode: 'online' | 'local' | 'off';
    readonly osvUrl: string;
    /** Where OSV's dump lies, from which the offline index is made. */
    readonly dumpUrl: string;
    /** An offline index of before that is told as old. */
    readonly maxAgeMs: number;
  };
  readonly registries: {
    /** Absent: the registry that npm's own configuration names. */
    readonly npm?: string;
    readonly pypi: string;
  };
  readonly http: { readonly proxy?: string; readonly timeoutMs: number };
  /** Name patterns that are sent nowhere. `*` stands for any run of characters. */
  readonly privatePackages: readonly string[];
  /** Patterns of files and folders that are left out, in the dialect of .gitignore. */
  readonly exclude: readonly string[];
  /** Behind which ranges the release that they come to is shown: those with findings, or all. */
  readonly inlayHints: 'off' | 'problems' | 'all';
  /** Whether sections of manifests are headed by their counts. */
  readonly codeLens: boolean;
  /** What was wrong with the settings, for the log. A wrong value leaves its default in force. */
  readonly problems: readonly string[];
}

/** What is in force where nobody has said anything. */
export const defaultPolicy = { unpinnedScope: 'ai', minimumReleaseAgeMs: parseDuration('3d')! } as const satisfies Partial<Policy>;

const severities: ReadonlySet<unknown> = new Set<Severity | 'off'>(['error', 'warning', 'information', 'hint', 'off']);

/**
 * Reads the settings object (section `merlon`, nested, without its prefix). Never throws: what has the wrong form keeps
 * its default and is told in `problems`.
 */
export function readSettings(raw: unknown): Settings {
  const problems: string[] = [];
  const wrong = (path: string, expected: string) => void problems.push(`merlon.${path}: expected ${expected}; the default is used`);
  if (raw !== undefined && raw !== null && !isObject(raw)) problems.push('merlon: expected an object; the defaults are used');
  const told = new Set<string>();
  /** `undefined` and `null` alike stand for a setting that nobody has made. */
  const value = (path: string): unknown => {
    let current: unknown = raw ?? {};
    const keys = path.split('.');
    for (const [depth, key] of keys.entries()) {
      if (!isObject(current)) {
        const parent = keys.slice(0, depth).join('.');
        if (parent !== '' && !told.has(parent)) wrong(parent, 'an object');
        told.add(parent);
        return undefined;
      }
      if (!Object.hasOwn(current, key)) return undefined;
      current = current[key] ?? undefined;
      if (current === undefined) return undefined;
    }
    return current;
  };

  const oneOf = <T extends string>(path: string, allowed: readonly T[], otherwise: T): T => {
    const found = value(path);
    if (found === undefined) return otherwise;
    if (allowed.includes(found as T)) return found as T;
    wrong(path, allowed.join(', '));
    return otherwise;
  };
  const address = (path: string): string | undefined => {
    const found = value(path);
    if (found === undefined || found === '') return undefined;
    if (typeof found === 'string' && /^https?:\/\/[^/]/i.test(found) && URL.canParse(found)) return found.replace(/\/+$/, '');
    wrong(path, 'an http or https address');
    return undefined;
  };
  const strings = (path: string): readonly string[] => {
    const found = value(path);
    if (found === undefined) return [];
    // What can be used of a wrong list stays in force: to drop a pattern is to send the name that it keeps.
    const items: unknown[] = Array.isArray(found) ? found : [found];
    const usable = items.filter((item): item is string => typeof item === 'string');
    if (usable.length < items.length || !Array.isArray(found)) problems.push(`merlon.${path}: expected a list of strings`);
    return usable;
  };
  const age = (path: string, otherwise: string): number => {
    const found = value(path);
    const parsed = typeof found === 'string' ? parseDuration(found) : undefined;
    if (parsed === undefined && found !== undefined) wrong(path, 'an age such as 3d or 12h');
    return parsed ?? parseDuration(otherwise)!;
  };

  const flag = (path: string, otherwise: boolean): boolean => {
    const found = value(path);
    if (found !== undefined && typeof found !== 'boolean') wrong(path, 'true or false');
    return typeof found === 'boolean' ? found : otherwise;
  };

  const rules: Record<string, Severity | 'off'> = Object.create(null) as Record<string, Severity | 'off'>;
  const writtenRules = value('rules');
  if (writtenRules !== undefined && !isObject(writtenRules)) wrong('rules', 'an object of rule ids');
  if (isObject(writtenRules)) {
    for (const [id, severity] of Object.entries(writtenRules)) {
      if (severities.has(severity)) rules[id] = severity as Severity | 'off';
      else if (severity !== undefined && severity !== null) wrong(`rules.${id}`, 'error, warning, information, hint, off');
    }
  }

  const timeout = value('http.timeout');
  const timeoutOk = typeof timeout === 'number' && timeout >= 1 && timeout <= 30;
  if (timeout !== undefined && !timeoutOk) wrong('http.timeout', 'seconds from 1 to 30');
  const npm = address('registries.npm');
  const proxy = address('http.proxy');

  return {
    policy: {
      rules,
      unpinnedScope: oneOf('unpinned.scope', ['ai', 'all', 'off'], 'ai'),
      minimumReleaseAgeMs: age('minimumReleaseAge', '3d'),
    },
    feeds: {
      mode: oneOf('feeds.mode', ['online', 'local', 'off'], 'online'),
      osvUrl: address('feeds.osv.url') ?? 'https://api.osv.dev',
      dumpUrl: address('feeds.osv.dump') ?? 'https://storage.googleapis.com/osv-vulnerabilities',
      maxAgeMs: age('feeds.maxAge', '7d'),
    },
    registries: { ...(npm && { npm }), pypi: address('registries.pypi') ?? 'https://pypi.org' },
    http: { ...(proxy && { proxy }), timeoutMs: (timeoutOk ? timeout : 10) * 1000 },
    privatePackages: strings('privatePackages'),
    exclude: strings('exclude'),
    inlayHints: oneOf('inlayHints', ['off', 'problems', 'all'], 'problems'),
    codeLens: flag('codeLens', true),
    problems,
  };
}
