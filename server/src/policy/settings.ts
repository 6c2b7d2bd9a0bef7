import type { Policy } from '../core/check';
import type { Severity } from '../core/finding';
import { parseDuration } from './duration';

/** The `merlon.*` settings, read. */
export interface Settings {
  readonly policy: Policy;
  readonly feeds: {
    readonly mode: 'online' | 'local' | 'off';
    readonly osvUrl: string;
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
  /** What was wrong with the settings, for the log. A wrong value leaves its default in force. */
  readonly problems: readonly string[];
}

const severities: ReadonlySet<unknown> = new Set<Severity | 'off'>(['error', 'warning', 'information', 'hint', 'off']);

/**
 * Reads the settings object (section `merlon`, nested, without its prefix). Never throws: what has the wrong form keeps
 * its default and is told in `problems`.
 */
export function readSettings(raw: unknown): Settings {
  const problems: string[] = [];
  const value = (path: string): unknown => {
    let current: unknown = raw;
    for (const key of path.split('.')) {
      if (typeof current !== 'object' || current === null || !Object.hasOwn(current, key)) return undefined;
      current = (current as Record<string, unknown>)[key];
    }
    return current ?? undefined;
  };
  const wrong = (path: string, expected: string) => void problems.push(`merlon.${path}: expected ${expected}; the default is used`);

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
    if (Array.isArray(found) && found.every((item) => typeof item === 'string')) return found;
    wrong(path, 'a list of strings');
    return [];
  };
  const age = (path: string, otherwise: string): number => {
    const found = value(path);
    const parsed = typeof found === 'string' ? parseDuration(found) : undefined;
    if (parsed === undefined && found !== undefined) wrong(path, 'an age such as 3d or 12h');
    return parsed ?? parseDuration(otherwise)!;
  };

  const rules: Record<string, Severity | 'off'> = Object.create(null);
  const writtenRules = value('rules');
  if (typeof writtenRules === 'object' && writtenRules !== null) {
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
    },
    registries: { ...(npm && { npm }), pypi: address('registries.pypi') ?? 'https://pypi.org' },
    http: { ...(proxy && { proxy }), timeoutMs: (timeoutOk ? timeout : 10) * 1000 },
    privatePackages: strings('privatePackages'),
    exclude: strings('exclude'),
    problems,
  };
}
