import type { Advisory } from './advisory';
import type { DeclarationSubject } from './check';
import type { Coverage } from './environment';
import type { Finding } from './finding';
import type { PackageId } from './declaration';
import type { Place } from './indexes';
import type { Lock } from './lockfile';
import type { Lookup } from './lookup';
import type { Companion, Manifest } from './manifest';
import type { VerifiedRelease } from './provenance';

export interface SourceState {
  readonly id: string;
  /** `stale`: answers shown are older than they should be. */
  readonly state: 'ok' | 'stale' | 'pending' | 'unavailable' | 'disabled';
  readonly asOf?: Date;
  /** All that is to be said of it, as clauses with `; ` between them; of one that is `ok` what it could not tell all the same. */
  readonly reason?: string;
  /** Of one that is `stale`: what renews it, as a clause. */
  readonly renewal?: string;
  /**
   * An index beside the public one that cannot be asked, and whose silence leaves nothing open that others could tell: a check
   * is no less complete for it.
   */
  readonly beside?: true;
}

/** What a feed answers about one package of a lockfile. */
export interface LockedAnswer {
  readonly package: PackageId;
  readonly source: string;
  readonly answer: Lookup<readonly Advisory[]>;
}

/** What a registry is to say of a package: everything, or only whether there is such a name; with what is held of that. */
export interface WantedRecord {
  readonly package: PackageId;
  readonly what: 'record' | 'existence';
  readonly answer: Lookup<unknown>;
  /** What is known is young enough, and yet does not hold what a line names. */
  readonly again?: true;
  /** Who is to say it. */
  readonly place: Place;
}

/** One file of a report. */
export interface ScannedFile {
  /** Workspace-relative, forward slashes. */
  readonly path: string;
  readonly ecosystem: string;
  readonly text: string;
  readonly manifest: Manifest;
  /** Files beside it that an edit may have to change. */
  readonly companions: readonly Companion[];
  /** One for each declaration, in their order. */
  readonly subjects: readonly DeclarationSubject[];
  /** Findings of this file, by position. */
  readonly findings: readonly Finding[];
  /** Findings that point into a companion; another manifest that it lies beside may have the same ones. */
  readonly elsewhere?: readonly Finding[];
  /** Findings that the team's policy suppresses: shown as such where people look, counted nowhere. */
  readonly suppressed: readonly Finding[];
  /** What registries are to be asked about, each package once: those with findings, those that matter most, those that few people use. */
  readonly wantsRecords: readonly WantedRecord[];
  /** About every package of the lockfile that speaks for it; one array for all that share the lockfile. */
  readonly locked?: readonly LockedAnswer[];
}

/** A lockfile of a report: its findings are the entries that are malware. */
export interface ScannedLock {
  readonly path: string;
  readonly ecosystem: string;
  readonly text: string;
  readonly lock: Lock;
  readonly findings: readonly Finding[];
  /** As those of a {@link ScannedFile}. */
  readonly suppressed: readonly Finding[];
  readonly locked: readonly LockedAnswer[];
  /** Of its packages those that advisories speak of, whatever the release: one advisory for each flaw, malware first. */
  readonly known: readonly { readonly package: PackageId; readonly advisories: readonly Advisory[] }[];
}

/** A policy file of a report: its findings are its own faults. */
export interface ScannedPolicy {
  readonly path: string;
  /** It is of none. */
  readonly ecosystem: '';
  readonly text: string;
  readonly findings: readonly Finding[];
  readonly suppressed: readonly [];
}

/** A file of settings that lies beside manifests: its findings are about what stands in it. */
export interface ScannedSettings {
  readonly path: string;
  /** It may be of several. */
  readonly ecosystem: '';
  readonly text: string;
  readonly findings: readonly Finding[];
  readonly suppressed: readonly Finding[];
}

/** A file that should have been read and could not be. */
export interface UnreadFile {
  readonly path: string;
  readonly message: string;
}

/** A name that was asked nowhere. */
export interface WithheldName {
  readonly package: PackageId;
  /** Why, and by which file or setting, as a clause. */
  readonly reason: string;
  /** There is a public package that everybody knows by this name. */
  readonly wellKnown: boolean;
}

/** What every renderer shows. */
export interface Report {
  readonly sources: readonly SourceState[];
  readonly files: readonly ScannedFile[];
  readonly locks: readonly ScannedLock[];
  /** The policy files that decided on any of it. */
  readonly policies?: readonly ScannedPolicy[];
  /** The settings beside manifests that something is wrong with. */
  readonly settings?: readonly ScannedSettings[];
  readonly unread: readonly UnreadFile[];
  /** Of installed environments: what was looked at and what was not. Absent where manifests were scanned. */
  readonly coverage?: readonly Coverage[];
  /** Releases whose origin was to be verified; absent where nobody asked for that. */
  readonly provenance?: readonly VerifiedRelease[];
  /** Names that were asked nowhere since they are private. */
  readonly withheld: number;
  /** Which these are, well-known ones first. */
  readonly withheldNames?: readonly WithheldName[];
  /** False where something could not be asked or read. Then silence must not read as safe. */
  readonly complete: boolean;
}

/** Everything that has findings, in the order in which it is shown. */
export function partsOf({
  files,
  locks,
  policies = [],
  settings = [],
}: Pick<Report, 'files' | 'locks' | 'policies' | 'settings'>): readonly (ScannedFile | ScannedLock | ScannedPolicy | ScannedSettings)[] {
  return [...files, ...locks, ...policies, ...settings];
}
