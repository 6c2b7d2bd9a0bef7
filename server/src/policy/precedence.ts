import type { Policy, PolicyFault } from '../core/check';
import type { Severity } from '../core/finding';
import type { PolicyFile, SuppressEntry } from './policyFile';
import { defaultPolicy } from './settings';

/** What is to be weighed for one file. */
export interface Weighed {
  /** What the user's settings say; where they say what is the default anyway, nobody can tell whether the user has said it. */
  readonly settings: Policy;
  /** The policy files from the file's folder up, nearest first. */
  readonly files: readonly PolicyFile[];
  /** `policy files may only tighten`: the workspace is not trusted. `files first`: the command line has named the one file. */
  readonly mode: 'settings first' | 'files first' | 'tighten';
}

/** An entry that holds for a file. */
export interface Suppressing {
  /** The policy file. */
  readonly file: string;
  /** The folder from which its paths are seen, `''` or with a slash at its end. */
  readonly base: string;
  readonly entry: SuppressEntry;
}

export interface InForce {
  readonly policy: Policy;
  /** Nearest first; of a workspace that is not trusted none. */
  readonly suppressions: readonly Suppressing[];
  /** The files whose `trusted-…`, `private-packages` and `exclude` count. */
  readonly loosening: readonly PolicyFile[];
}

const scopes = ['off', 'ai', 'all'] as const;
const ranks: Readonly<Record<Severity, number>> = { error: 3, warning: 2, information: 1, hint: 0 };

/**
 * The one place that decides who wins; docs/policy.md has it as a table. A single value is the nearest policy file's; over it the
 * editor's setting, over that the file of `--policy`, which stands in place of all others. Lists of all files add up.
 */
export function inForce({ settings, files, mode }: Weighed): InForce {
  if (mode === 'tighten') return { policy: tightened(settings, files), suppressions: [], loosening: [] };
  const byFiles = Object.create(null) as Record<string, Severity | 'off'>;
  for (const { rules } of files.toReversed()) for (const [id, { value }] of rules) byFiles[id] = value;
  const scope = files.find(({ unpinnedScope }) => unpinnedScope)?.unpinnedScope?.value;
  const age = files.find(({ minimumReleaseAgeMs }) => minimumReleaseAgeMs)?.minimumReleaseAgeMs?.value;
  const filesWin = mode === 'files first';
  const pick = <T>(byFile: T | undefined, setting: T, otherwise: T): T =>
    filesWin ? (byFile ?? setting) : setting === otherwise ? (byFile ?? setting) : setting;
  return {
    policy: {
      ...settings,
      rules: filesWin ? { ...settings.rules, ...byFiles } : { ...byFiles, ...settings.rules },
      unpinnedScope: pick(scope, settings.unpinnedScope, defaultPolicy.unpinnedScope),
      minimumReleaseAgeMs: pick(age, settings.minimumReleaseAgeMs, defaultPolicy.minimumReleaseAgeMs),
    },
    suppressions: files.flatMap(({ path, suppressions }) =>
      suppressions.map((entry) => ({ file: path, base: filesWin ? '' : path.slice(0, path.lastIndexOf('/') + 1), entry })),
    ),
    loosening: files,
  };
}

/** The settings, made stricter where a file is; a rule that the settings name is theirs. */
function tightened(settings: Policy, files: readonly PolicyFile[]): Policy {
  const floors = Object.create(null) as Record<string, Severity>;
  let { unpinnedScope, minimumReleaseAgeMs } = settings;
  for (const file of files) {
    for (const [id, { value }] of file.rules) {
      if (value === 'off' || Object.hasOwn(settings.rules, id)) continue;
      if (!floors[id] || ranks[value] > ranks[floors[id]]) floors[id] = value;
    }
    const scope = file.unpinnedScope?.value;
    if (scope && scopes.indexOf(scope) > scopes.indexOf(unpinnedScope)) unpinnedScope = scope;
    minimumReleaseAgeMs = Math.max(minimumReleaseAgeMs, file.minimumReleaseAgeMs?.value ?? 0);
  }
  return { ...settings, unpinnedScope, minimumReleaseAgeMs, floors };
}

/**
 * What a file switches off although it can be suppressed for a time only: nothing that it hides is seen anywhere, so the file itself
 * says so.
 */
export function silenced({ rules }: PolicyFile): PolicyFault[] {
  return ['compromised-release', 'admits-compromised'].flatMap((id) => {
    const own = rules.get(id);
    const message = `Nothing says what ${id} would have found, for as long as this stands here; a [[suppress]] with expires ends by itself`;
    return own?.value === 'off' ? [{ span: own.span, message }] : [];
  });
}

/** What of a file has no effect while the workspace is not trusted, told at its first entry of each kind. */
export function loosened(file: PolicyFile, settings: Policy): PolicyFault[] {
  const told = (place: { readonly span: PolicyFault['span'] } | undefined, what: string): PolicyFault[] =>
    place
      ? [
          {
            span: place.span,
            severity: 'information',
            message: `This workspace is not trusted, so its policy may only tighten: ${what} until you trust it`,
          },
        ]
      : [];
  const off = [...file.rules.values()].find(({ value }) => value === 'off');
  const scope = file.unpinnedScope;
  const age = file.minimumReleaseAgeMs;
  return [
    ...told(off, 'no rule is switched off'),
    ...told(
      scope && scopes.indexOf(scope.value) < scopes.indexOf(settings.unpinnedScope) ? scope : undefined,
      'no less counts as unpinned',
    ),
    ...told(age && age.value < settings.minimumReleaseAgeMs ? age : undefined, 'no younger release is proposed'),
    ...told(file.trustedPackages[0] ?? file.trustedPublishers[0], 'nothing is taken on trust'),
    ...told(file.privatePackages[0], 'names are asked about that it calls private'),
    ...told(file.exclude[0], 'no file is left out'),
    ...told(file.suppressions[0], 'nothing is suppressed'),
  ];
}
