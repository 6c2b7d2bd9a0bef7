import { matchesNamePattern } from './namePattern';
import type { Span } from './span';
import type { Versions } from './versions';

/** Who waits for a release to grow old: package managers at every resolution, bots only before they propose an update. */
export type ReleaseAgeTool = 'npm' | 'pnpm' | 'yarn' | 'bun' | 'pip' | 'uv' | 'poetry' | 'renovate' | 'dependabot';

/** What releases are let in: those of this age, or those published before a moment. */
export type AgeLimit = { readonly ageMs: number } | { readonly until: Date };

/** A package to which the limit does not apply, or another one does. */
export interface AgeException {
  /** A package name; `*` stands for any run of characters. */
  readonly name: string;
  /** Only the releases that this range admits, where the setting says so. */
  readonly range?: string;
  /** Absent: any age will do. */
  readonly limit?: AgeLimit;
}

/** A project's own limit on the age of releases, as it stands in a file. */
export interface ReleaseAgeSetting {
  readonly tool: ReleaseAgeTool;
  /** As the tool calls it: `min-release-age`. */
  readonly key: string;
  /** Workspace-relative, forward slashes. */
  readonly file: string;
  /** The value, without quotes. */
  readonly span: Span;
  readonly written: string;
  /** Absent where the setting limits nothing: `0`, `false`, or a value that the tool does not understand. */
  readonly limit?: AgeLimit;
  readonly exceptions: readonly AgeException[];
  readonly problem?: AgeProblem;
  /** Nobody wrote it: the tool does so by itself. */
  readonly byDefault?: true;
}

export interface AgeProblem {
  /** `wrong-unit`: as the tool reads it, it makes no sense. `not-understood`: the tool rejects or ignores it. */
  readonly kind: 'wrong-unit' | 'not-understood';
  /** What the tool makes of it, for people: `4320 days`. */
  readonly reads: string;
  /** The unit that it was most likely meant in: `minutes`. */
  readonly meantUnit?: string;
  /** What was meant, where only one thing can have been. */
  readonly meantMs?: number;
  /** That, as the tool wants it written. */
  readonly rewritten?: string;
}

const bots: ReadonlySet<ReleaseAgeTool> = new Set<ReleaseAgeTool>(['renovate', 'dependabot']);

/** Whether the tool keeps young releases out of an installation, and not only out of its own proposals. */
export function guardsInstalls({ tool }: ReleaseAgeSetting): boolean {
  return !bots.has(tool);
}

/** By the id of the reader of its lockfile, the tools whose settings a project obeys. */
const toolsByLock: Readonly<Record<string, readonly ReleaseAgeTool[]>> = {
  'package-lock': ['npm'],
  pnpm: ['pnpm'],
  yarn: ['yarn'],
  bun: ['bun'],
  uv: ['uv'],
  poetry: ['poetry'],
  pdm: [],
  pipfile: [],
  pylock: ['uv', 'pip'],
  compiled: ['uv', 'pip'],
};

/**
 * Of a project's settings the one that counts: that of the tool which installs, by its lockfile or by what the manifest
 * says of it; where neither tells, the first of any tool that installs; and without one that of a bot. A setting that limits
 * nothing, or not what it was meant to, gives way to one that does.
 */
export function settingThatCounts(settings: readonly ReleaseAgeSetting[], lockTool: string | undefined): ReleaseAgeSetting | undefined {
  const named = lockTool === undefined ? undefined : toolsByLock[lockTool.replace(/-.*binary$/, '')];
  const candidates = settings.filter((setting) => !guardsInstalls(setting) || named === undefined || named.includes(setting.tool));
  const sound = candidates.filter(({ limit, problem }) => limit !== undefined && !problem);
  return sound.find(guardsInstalls) ?? sound[0];
}

/** The limit for one release of a package under a setting: `undefined` where any age will do. */
export function limitFor(setting: ReleaseAgeSetting, name: string, version: string, versions: Versions): AgeLimit | undefined {
  const exception = setting.exceptions.find(
    (candidate) =>
      matchesNamePattern(candidate.name, name) && (candidate.range === undefined || versions.satisfies(version, candidate.range)),
  );
  return exception ? exception.limit : setting.limit;
}
