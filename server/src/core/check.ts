import type { Advisory } from './advisory';
import type { Declaration, PackageId } from './declaration';
import type { FileFault, InstalledRelease, StartupHook, Trace } from './environment';
import type { Fix, Observation, Severity } from './finding';
import type { IncidentMark } from './incident';
import type { Place } from './indexes';
import type { LockedPackage } from './lockfile';
import type { Lookup } from './lookup';
import type { AgeLimitEdit, Edit, Manifest, OverrideWish, ScriptRules } from './manifest';
import type { ProvenanceVerdict } from './provenance';
import type { PackageRecord, Release, Resolution } from './release';
import type { ReleaseAgeSetting } from './releaseAge';
import type { Similar } from './similar';
import type { Span } from './span';
import type { TeamPolicy } from './teamPolicy';
import type { Versions } from './versions';

/** The settings that checks are told, already merged; plain data. */
export interface Policy {
  /** Rule id to severity, or `off`. */
  readonly rules: Readonly<Record<string, Severity | 'off'>>;
  readonly unpinnedScope: 'ai' | 'all' | 'off';
  readonly minimumReleaseAgeMs: number;
  /** Rule id to the least severity of its findings: what a policy file of a workspace that is not trusted can say. */
  readonly floors?: Readonly<Record<string, Severity>>;
  /** What the team's policy files say; absent without one. */
  readonly team?: TeamPolicy;
}

/** One declaration with all that is known about it. */
export interface DeclarationSubject {
  readonly kind: 'declaration';
  readonly file: string;
  readonly declaration: Declaration;
  readonly resolution: Resolution;
  /** Roles of an AI package (`llm-sdk`, `agent-framework`, …); empty for any other package. */
  readonly roles: readonly string[];
  /** One answer a feed. */
  readonly advisories: readonly { readonly source: string; readonly answer: Lookup<readonly Advisory[]> }[];
  /** What all feeds say, one advisory for each flaw (aliases merged), malware first, then by severity. */
  readonly known: readonly Advisory[];
  /** What the registry knows of the package. Not asked of everything: see scan/wantedRecords.ts. */
  readonly registry: Lookup<PackageRecord>;
  /** What came of verifying where the release that it stands for comes from, where somebody had that done. */
  readonly provenance?: ProvenanceVerdict;
  /** Who may be asked about it; absent where nobody may. */
  readonly place?: Place;
  /** Where that comes from, where it is not the public registry alone: the indexes by their host, in their order. */
  readonly index?: string;
  /** Of that, the releases. */
  readonly releases: Lookup<readonly Release[]>;
  readonly versions: Versions;
  /** The project's own limit on the age of releases: of its settings the one that counts. */
  readonly releaseAge?: ReleaseAgeSetting;
  /** What the project says of code that runs at installation, where its ecosystem has that. */
  readonly installScripts?: ScriptRules;
  /** Absent where no lockfile speaks for the manifest, or where it cannot be read. */
  readonly lock?: DeclarationLock;
  /** What comes along with it and should not, by the lockfile: worst first. */
  readonly brings: readonly Brought[];
  /** What comes along with it and is on the team's deny-list, by the lockfile. */
  readonly bringsBlocked?: readonly Brought[];
  /** What comes along with it and was published a moment ago, by the lockfile's own times: youngest first. */
  readonly bringsYoung?: readonly BroughtYoung[];
  /** What comes along with it, by the lockfile, while advisories leave it open whether they affect it: those are its advisories. */
  readonly bringsUndecided?: readonly Brought[];
  /** The known name that its own comes near to, which by itself says nothing. Worked out when somebody wants it. */
  readonly similar?: () => Similar | undefined;
  /** Its name is a popular one, or of the catalogue: that there is such a package need not be asked. */
  readonly familiar?: true;
  /** A manifest of the workspace has this very name: what is asked for may be that one. */
  readonly member?: true;
  /** The notation of the file that holds the declaration. `undefined`: it cannot be done there. */
  readonly edit: {
    pin(version: string): Edit[] | undefined;
    pinWithHashes?(version: string, hashes: readonly string[]): Edit[] | undefined;
    exclude(versions: readonly string[]): Edit[] | undefined;
    remove(): Edit[] | undefined;
    rename?(name: string): Edit[] | undefined;
    override?(pkg: PackageId, wish: OverrideWish): Edit[] | undefined;
  };
  readonly now: Date;
}

/** What the lockfile that the package manager would use says of a declaration. */
export interface DeclarationLock {
  readonly file: string;
  /** The releases it holds; several where markers choose between them; none where the entry is missing. */
  readonly releases: readonly LockedPackage[];
  /** Why there need be no release of it here: it is the workspace's own, or of a kind that the tool does not lock. */
  readonly exempt?: 'own' | 'not-locked';
  /** The range that the lockfile was written for, where it records that. */
  readonly asked?: string;
  /** Lockfiles beside it that hold another release, which comes if their tool installs. */
  readonly conflicts: readonly { readonly file: string; readonly version: string }[];
  /** Why the project's users never see the lockfile, as a clause: it is a library. */
  readonly library?: string;
  /** The command that writes the lockfile anew, for people. */
  readonly relock: string;
  /** Where an entry stands in the lockfile. */
  readonly locate: (entry: LockedPackage) => Span | undefined;
}

/** A release with advisories that comes along with a declaration, by the lockfile. */
export interface Brought {
  readonly package: PackageId;
  readonly version: string;
  /** `name version` of each release on the way, the declaration's own first, this one last. */
  readonly path: readonly string[];
  readonly entry: LockedPackage;
  /** Those that affect the release; malware first, then by severity. */
  readonly advisories: readonly Advisory[];
  /** Everything known of the package, for the choice of a clean release. */
  readonly known: readonly Advisory[];
}

/** A release that comes along with a declaration, and was published a moment ago. */
export interface BroughtYoung extends Brought {
  readonly publishedAt: Date;
  /** Who says so: a registry where one knows, else the lockfile. */
  readonly toldBy: 'registry' | 'lockfile';
}

/** One release of a lockfile. */
export interface LockedSubject {
  readonly kind: 'locked';
  readonly file: string;
  readonly entry: LockedPackage;
  /** Those that affect it. */
  readonly advisories: readonly Advisory[];
  /** Those that leave it open. */
  readonly undecided?: readonly Advisory[];
  /** What a release's age is measured by; absent where a declaration is there to speak of it. */
  readonly age?: Pick<DeclarationSubject, 'now' | 'releaseAge' | 'versions'>;
  /** Where it stands; looked for only when it is wanted. */
  readonly span: () => Span;
}

/** A lockfile as a whole: where its releases come from. */
export interface LockfileSubject {
  readonly kind: 'lockfile';
  readonly file: string;
  readonly ecosystem: string;
  readonly places: readonly LockedPlace[];
  readonly locate: (entry: LockedPackage) => Span | undefined;
}

/** Where some of a lockfile's releases come from. */
export interface LockedPlace {
  /** Host and port, without credentials. */
  readonly host: string;
  /**
   * `index`: the address of an index. `archives`: a folder below one, or one itself. `files`: scheme and host of files that an index lists.
   * `direct`: what somebody asked for by its address.
   */
  readonly kind: 'index' | 'archives' | 'files' | 'direct';
  /** As written, without credentials. */
  readonly address: string;
  readonly entries: readonly LockedPackage[];
  /** Its connection has no encryption. */
  readonly plain: boolean;
  /** Of the entries those that nothing explains: neither the project nor the user has set the host up, and it is no public registry's. */
  readonly unexplained: readonly LockedPackage[];
  /** The tool takes them from the index that is set up instead. */
  readonly replaced?: true;
}

/** A manifest as a whole: its options and problems. */
export interface ManifestSubject {
  readonly kind: 'manifest';
  readonly file: string;
  readonly ecosystem: string;
  readonly manifest: Manifest;
  readonly text: string;
  /** One for each declaration, in their order. */
  readonly subjects: readonly DeclarationSubject[];
  /** The known name that a text comes near to, also one that is no name of a package. */
  readonly similarTo?: (name: string) => Similar | undefined;
  /** The lockfile that speaks for it. */
  readonly lock?: { readonly file: string; readonly tool: string };
  /** The project's own limit on the age of releases: of its settings the one that counts. */
  readonly releaseAge?: ReleaseAgeSetting;
  /** Sets such a limit, in the file and the unit of the project's tool. `undefined`: it cannot be done there. */
  limitReleaseAge?(ageMs: number): AgeLimitEdit | undefined;
}

/** A release that is installed in an environment. */
export interface InstalledSubject {
  readonly kind: 'installed';
  /** METADATA, PKG-INFO or package.json. */
  readonly file: string;
  readonly release: InstalledRelease;
  /** One answer a feed; none where it does not come from a registry. */
  readonly advisories: DeclarationSubject['advisories'];
  /** Everything known of the package, aliases merged, malware first. */
  readonly known: readonly Advisory[];
  /** What it should be: one for each list that says so, the project's lockfile before the installer's own. */
  readonly expected: readonly ExpectedRelease[];
  readonly versions: Versions;
}

/** What a lockfile, or an installer's own list, holds for what is installed at one place. */
export interface ExpectedRelease {
  readonly file: string;
  /** The releases of this name; several where markers choose between them. */
  readonly entries: readonly LockedPackage[];
  /** Whether only the release at this very place was looked up. */
  readonly byPlace: boolean;
  readonly locate?: (entry: LockedPackage) => Span | undefined;
}

/** A file of an environment that is not what its installer wrote down. */
export interface InstalledFileSubject {
  readonly kind: 'installed-file';
  readonly file: string;
  readonly fault: FileFault;
  /** `''` where no distribution lists it. */
  readonly package: PackageId;
  readonly version?: string;
}

/** A file that runs at every start of Python. */
export interface StartupSubject {
  readonly kind: 'startup';
  readonly file: string;
  readonly hook: StartupHook;
  readonly package: PackageId;
  readonly version?: string;
  /** What incidents say of it. */
  readonly marks: readonly IncidentMark[];
}

/** What may show that malware was here. */
export interface TraceSubject {
  readonly kind: 'trace';
  readonly file: string;
  readonly trace: Trace;
  readonly package: PackageId;
  readonly version?: string;
  readonly marks: readonly IncidentMark[];
}

/** A policy file, with its faults. */
export interface PolicySubject {
  readonly kind: 'policy';
  readonly file: string;
  readonly faults: readonly PolicyFault[];
}

/** What is wrong with a policy file, at one place of it. */
export interface PolicyFault {
  readonly span: Span;
  readonly message: string;
  /** Where it is less than a fault. */
  readonly severity?: Severity;
  readonly fixes?: () => readonly Fix[];
}

export interface Subjects {
  declaration: DeclarationSubject;
  manifest: ManifestSubject;
  locked: LockedSubject;
  lockfile: LockfileSubject;
  installed: InstalledSubject;
  'installed-file': InstalledFileSubject;
  startup: StartupSubject;
  trace: TraceSubject;
  policy: PolicySubject;
}

/** A rule: its text, its detection, its fixes, in one file. One new check = one new file and one line in checks/index.ts. */
export interface Check {
  /** Stable id, kebab-case. */
  readonly id: string;
  /** One line for a settings page. */
  readonly title: string;
  /** Default severity; an observation may say otherwise, the policy has the last word. */
  readonly severity: Severity;
  /** The page of docs/checks, in Markdown. */
  readonly docs: {
    readonly why: string;
    /** A few lines of a manifest that show the finding. */
    readonly example: string;
    readonly fix: string;
    /** What decides on the severity, where the check's own is not the whole story. */
    readonly severity?: string;
  };
  /** What it looks at, by kind of subject. Pure. At most one observation for a declaration. */
  readonly assess: { readonly [K in keyof Subjects]?: (subject: Subjects[K], policy: Policy) => Observation[] };
}
