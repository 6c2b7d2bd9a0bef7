import type { DeclarationSubject } from '../core/check';
import type { Registry } from '../core/ecosystem';
import type { Place } from '../core/indexes';
import { shown, type Lookup } from '../core/lookup';
import type { ProvenanceVerdict, VerifiedRelease } from '../core/provenance';
import type { ReleaseFile } from '../core/release';
import type { ScannedFile, SourceState } from '../core/report';
import { releasesBefore } from '../fixes/provenance';
import type { AskedFile, AskedRelease } from '../provenance/release';
import type { Session } from './session';
import { heldDigests } from './provenanceVerdicts';

export interface ProvenanceOptions {
  /** Told of releases that are done, of all. */
  readonly onProgress?: (done: number, all: number) => void;
  /** The promise then rejects with its reason. */
  readonly signal?: AbortSignal;
}

export interface VerifiedReport {
  /** Each release once, by ecosystem, name and version. */
  readonly releases: readonly VerifiedRelease[];
  /** How the asking went, as one source of a report. */
  readonly source: SourceState;
}

/** Packages under way at once; each host has a limit of its own. */
const atOnce = 8;
/** A release has some hundred files at the most. */
const mostFiles = 400;

/**
 * Verifies where the releases come from that the declarations of these files stand for: asks the registry of each for its
 * files and their attestations, and judges these against the trust root that came with this build. What is found is kept in the
 * session, so that whoever assesses the files anew is told. Only an abort rejects.
 */
export async function verifyProvenance(
  session: Pick<Session, 'provenance'>,
  files: readonly ScannedFile[],
  options: ProvenanceOptions = {},
): Promise<VerifiedReport> {
  const { verdicts, trust, off } = session.provenance;
  const wanted = new Map<string, DeclarationSubject>();
  const unasked = new Map<string, VerifiedRelease>();
  for (const subject of files.flatMap((file) => file.subjects)) {
    if (!isOfRegistry(subject)) continue;
    const key = verdicts.keyOf(subject);
    if (key !== undefined) wanted.set(key, wanted.get(key) ?? subject);
    else unasked.set(nameOf(subject), rowOf(subject, notAsked(subject, off)));
  }
  if (off !== undefined) return { releases: sorted(unasked.values()), source: { id: sourceId, state: 'disabled', reason: off } };

  const { judgeRelease } = await import('../provenance/release');
  const { strangeDigest } = await import('../provenance/digests');
  const believed = await trust();
  const expired = new Set(believed.registryKeys.flatMap(({ keyId, end }) => (end ? [keyId] : [])));
  const asking = createAsking(expired, options.signal);
  /** One release may be held to several sets of digests. */
  const judged = new Map<string, Promise<Judged>>();
  const found = new Map<string, VerifiedRelease>();
  let done = 0;
  options.onProgress?.(0, wanted.size);

  const judge = async (subject: DeclarationSubject): Promise<Judged> => {
    const { place, declaration, resolution } = subject;
    const release = await asking.release(place!, declaration.package, resolution.version!);
    if ('reason' in release) return { files: [], verdict: { state: 'unverified', reason: release.reason, unanswered: true, files: [] } };
    const { wantsKeys, ...verdict } = await judgeRelease(release, believed, pause);
    const listed = release.files.map(({ file }) => file);
    if (!wantsKeys) return { files: listed, verdict };
    const { wantsKeys: _, ...again } = await judgeRelease({ ...release, keys: await asking.keys(place!) }, believed, pause);
    return { files: listed, verdict: again };
  };

  /** Who built the release before it: a repository that has changed is worth a word. */
  const judgeBefore = async (subject: DeclarationSubject): Promise<ProvenanceVerdict['before']> => {
    const { version } = subject.resolution;
    const own = shown(subject.releases)?.find((release) => subject.versions.equal(release.version, version!));
    const before = own && releasesBefore(subject, own).find(({ attested }) => attested);
    if (!before) return undefined;
    const release = await asking.release(subject.place!, subject.declaration.package, before.version, 1);
    const { state, publisher } = 'reason' in release ? ({ state: 'none' } as const) : await judgeRelease(release, believed, pause);
    return state === 'verified' && publisher ? { version: before.version, publisher } : undefined;
  };

  await inTurn([...wanted], atOnce, async ([key, subject]) => {
    options.signal?.throwIfAborted();
    const release = JSON.stringify([key.slice(0, key.indexOf(']') + 1), nameOf(subject), subject.resolution.version]);
    let judging = judged.get(release);
    if (!judging) judged.set(release, (judging = judge(subject)));
    const { files: listed, verdict: own } = await judging;
    let verdict = own;
    const strange = listed.length ? strangeDigest(heldDigests(subject), listed) : undefined;
    if (strange !== undefined && verdict.state !== 'failed')
      verdict = {
        ...bare(verdict),
        state: 'failed',
        reason: `the project holds it to ${strange}, and its registry lists no file with that digest`,
      };
    const before = verdict.state === 'verified' ? await judgeBefore(subject) : undefined;
    if (before) verdict = { ...verdict, before };
    // Nobody else can be asked about what is private: that its own index cannot is no gap.
    if (subject.place!.private) verdict = answered(verdict);
    verdicts.put(key, verdict);
    // The worst of what its digests come to speaks for a release.
    const other = found.get(release);
    if (!other || badness.indexOf(verdict.state) > badness.indexOf(other.state)) found.set(release, rowOf(subject, verdict));
    options.onProgress?.(++done, wanted.size);
  });
  options.signal?.throwIfAborted();

  const rows = [...found.values()];
  const lost = rows.filter(({ unanswered }) => unanswered);
  const reason =
    lost[0] && `${lost[0].package} ${lost[0].version}: ${lost[0].reason ?? ''}${lost.length > 1 ? `; and ${lost.length - 1} more` : ''}`;
  const source: SourceState = reason === undefined ? { id: sourceId, state: 'ok' } : { id: sourceId, state: 'unavailable', reason };
  return { releases: sorted([...rows, ...unasked.values()]), source };
}

const sourceId = 'provenance';
const badness: readonly ProvenanceVerdict['state'][] = ['verified', 'none', 'unverified', 'failed'];
const pause = () => new Promise<void>((resolve) => setImmediate(resolve));

interface Judged {
  readonly files: readonly ReleaseFile[];
  readonly verdict: ProvenanceVerdict;
}

/** What registries answer, each question once. */
function createAsking(expired: ReadonlySet<string>, signal: AbortSignal | undefined) {
  const keys = new Map<Registry, Promise<Lookup<unknown>>>();
  return {
    keys({ registry }: Place): Promise<Lookup<unknown>> {
      let answer = keys.get(registry);
      if (!answer) {
        const none = { state: 'disabled', reason: 'it tells no keys' } as const;
        keys.set(registry, (answer = registry.signingKeys?.(signal) ?? Promise.resolve(none)));
      }
      return answer;
    },
    /** `most`: attestations of so many files are enough. */
    async release(
      { registry, parts }: Place,
      { ecosystem, name }: { readonly ecosystem: string; readonly name: string },
      version: string,
      most = mostFiles,
    ): Promise<AskedRelease | { readonly reason: string }> {
      // Of several indexes the one that serves the release is known only when all have been asked for the package.
      if (parts.length > 1) await registry.recordOf(name, signal);
      const listed = await registry.filesOf?.(name, version, signal);
      if (listed?.state !== 'known') return { reason: listed?.reason ?? 'its registry lists no files' };
      if (listed.value.length > mostFiles) return { reason: `it has more than ${mostFiles} files` };
      const chosen = most < listed.value.length ? listed.value.filter(hasAttestations).slice(0, most) : listed.value;
      const files = await Promise.all(
        chosen.map(async (file): Promise<AskedFile> => {
          if (!hasAttestations(file)) return { file };
          const none = { state: 'disabled', reason: 'its registry has no attestations' } as const;
          return { file, attestations: (await registry.attestationsOf?.(name, version, file, signal)) ?? none };
        }),
      );
      const publishedAt = await publishedOf(registry, ecosystem, name, version, listed.value);
      return { ecosystem, name, version, files, ...(publishedAt && { publishedAt }) };
    },
  };

  /** A key that has gone out of use may not have signed what came after: for those alone the day is wanted. */
  async function publishedOf(
    registry: Place['registry'],
    ecosystem: string,
    name: string,
    version: string,
    files: readonly ReleaseFile[],
  ): Promise<Date | undefined> {
    if (ecosystem !== 'npm' || !files.some(({ signatures = [] }) => signatures.some(({ keyid }) => expired.has(keyid)))) return undefined;
    const held = registry.held(name);
    const record = shown(held.state === 'pending' ? await registry.recordOf(name, signal) : held);
    return record?.releases.find((release) => release.version === version)?.publishedAt;
  }
}

function hasAttestations({ attestationUrl }: ReleaseFile): boolean {
  return attestationUrl !== undefined;
}

/** Whether it stands for a release of a registry, be it one that nobody may ask. */
function isOfRegistry({ declaration, resolution, lock }: DeclarationSubject): boolean {
  const { source, package: pkg } = declaration;
  if (source.kind !== 'registry' || pkg.name === '' || resolution.version === undefined || lock?.exempt === 'own') return false;
  return resolution.from !== 'lockfile' || lock!.releases.some((one) => one.version === resolution.version && one.source === 'registry');
}

function notAsked({ registry }: DeclarationSubject, off: string | undefined): ProvenanceVerdict {
  return { state: 'unverified', reason: `not asked: ${off ?? (registry.state === 'known' ? 'no index' : registry.reason)}`, files: [] };
}

function answered(verdict: ProvenanceVerdict): ProvenanceVerdict {
  const { unanswered, ...rest } = verdict;
  return unanswered ? rest : verdict;
}

/** Without what no longer holds. */
function bare({ files, signature }: ProvenanceVerdict): Pick<ProvenanceVerdict, 'files' | 'signature'> {
  return { files, ...(signature && { signature }) };
}

function rowOf({ declaration, resolution }: DeclarationSubject, verdict: ProvenanceVerdict): VerifiedRelease {
  return { ecosystem: declaration.package.ecosystem, package: declaration.package.name, version: resolution.version!, ...verdict };
}

function nameOf({ declaration, resolution }: DeclarationSubject): string {
  return `${declaration.package.ecosystem} ${declaration.package.name} ${resolution.version ?? ''}`;
}

function sorted(rows: Iterable<VerifiedRelease>): VerifiedRelease[] {
  const keyOf = ({ ecosystem, package: name, version }: VerifiedRelease) => `${ecosystem} ${name} ${version}`;
  return [...rows].sort((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1));
}

async function inTurn<T>(items: readonly T[], limit: number, work: (item: T) => Promise<void>): Promise<void> {
  const open = items.values();
  const worker = async () => {
    for (const item of open) await work(item);
  };
  await Promise.all(Array.from({ length: Math.min(limit, items.length) }, worker));
}
