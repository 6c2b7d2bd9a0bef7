import type { Advisory } from './advisory';
import type { DeclarationSubject } from './check';
import type { PackageId } from './declaration';
import type { Edit } from './manifest';
import type { Span } from './span';

export type Severity = 'error' | 'warning' | 'information' | 'hint';

export type FixKind = 'pin' | 'exclude' | 'upgrade' | 'remove' | 'replace' | 'override' | 'setting' | 'suppress';

/** A change that cures a finding. */
export interface Fix {
  readonly title: string;
  readonly kind: FixKind;
  /** The one that Ctrl+. and fix-all take. At most one of a finding. */
  readonly preferred: boolean;
  readonly edits: readonly Edit[];
}

/** What a check saw; the file, the severity in force and the rest are added by the scan. */
export interface Observation {
  readonly message: string;
  /** Where the span lies, where that is not the subject's own file but one of its companions. */
  readonly file?: string;
  readonly span: Span;
  /** The package at fault, where it is not the declaration's own; with its release, and the way to it. */
  readonly package?: PackageId;
  readonly version?: string;
  /** `name@version` of each release on the way from the declaration to the one at fault. */
  readonly via?: readonly string[];
  /** Overrides the check's default severity (still under the policy). */
  readonly severity?: Severity;
  readonly advisories?: readonly Advisory[];
  /** Worked out only when somebody wants them: on a keystroke nobody does. Pure. */
  readonly fixes?: () => readonly Fix[];
  readonly related?: readonly Related[];
  readonly tags?: readonly 'deprecated'[];
  /** It says what could not be told, so that the report is not complete by it. */
  readonly undecided?: true;
}

export interface Related {
  readonly file: string;
  readonly span: Span;
  readonly message: string;
}

export interface Finding {
  readonly rule: string;
  readonly severity: Severity;
  readonly message: string;
  readonly file: string;
  readonly span: Span;
  readonly ecosystem: string;
  /** Normalized name; `''` where the finding is about no package. */
  readonly package: string;
  readonly version?: string;
  readonly resolvedBy?: 'exact-range' | 'lockfile' | 'installed';
  /** `name@version` of each package on the way from the declaration to the culprit. */
  readonly via: readonly string[];
  readonly advisories: readonly Advisory[];
  /** Best first; worked out when first read. */
  readonly fixes: readonly Fix[];
  /** Whether the rule has cures at all; others are mended by hand. */
  readonly fixable: boolean;
  readonly related: readonly Related[];
  readonly tags: readonly 'deprecated'[];
  /** As that of the {@link Observation}. */
  readonly undecided?: true;
  /** The declaration that the finding is about, with all that is known of it; absent for findings about a whole file. */
  readonly subject?: DeclarationSubject;
  /** Why it is not counted; of a suppressed finding alone. */
  readonly suppression?: Suppression;
}

/** An entry of the team's policy file that suppresses a finding. */
export interface Suppression {
  /** In the team's words. */
  readonly reason: string;
  /** The policy file, as the report names files, and the entry in it. */
  readonly file: string;
  readonly span: Span;
  /** From this moment on the finding counts again. */
  readonly expires?: Date;
  /** It ends when a release that is free of the flaw is known. */
  readonly untilFixed?: true;
}
