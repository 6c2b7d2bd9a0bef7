import type { DeclarationSubject } from '../../core/check';
import { shown } from '../../core/lookup';
import { limitFor } from '../../core/releaseAge';
import type { Report } from '../../core/report';
import { isTime } from '../ages';
import type { ReportFacts } from './facts';

/** A release that the project stands on, with the time at which it was published. */
export interface AgedRelease {
  readonly name: string;
  readonly version: string;
  readonly publishedAt: Date;
  /** Younger than the limit that holds for it. */
  readonly young: boolean;
  /** A finding of a severity that counts speaks of this very release. */
  readonly bad: boolean;
  readonly direct: boolean;
}

export interface ReleaseAges {
  /** Youngest first. */
  readonly releases: readonly AgedRelease[];
  /** Releases whose time nobody told. */
  readonly unknown: number;
  /** The least ages in force, in milliseconds, ascending, each once. */
  readonly limits: readonly number[];
}

const day = 86_400_000;

/** The age of every release that is resolved or locked, as far as registries and lockfiles tell. */
export function releaseAges(report: Report, { now, minimumAgeOf }: Pick<ReportFacts, 'now' | 'minimumAgeOf'>): ReleaseAges {
  const known = new Map<string, AgedRelease>();
  const all = new Set<string>();
  const limits = new Set<number>();
  const bad = badReleases(report);
  const add = (key: string, release: Omit<AgedRelease, 'young' | 'bad'>, limit: number) => {
    const before = known.get(key);
    const isYoung = now.getTime() - release.publishedAt.getTime() < limit;
    known.set(key, {
      ...release,
      bad: bad.has(key),
      young: isYoung || before?.young === true,
      direct: release.direct || before?.direct === true,
    });
  };
  for (const file of report.files)
    for (const subject of file.subjects) {
      const { resolution, declaration } = subject;
      if (resolution.version === undefined || declaration.source.kind !== 'registry') continue;
      const { ecosystem, name } = declaration.package;
      const key = `${ecosystem} ${name} ${resolution.version}`;
      const limit = limitOf(subject, minimumAgeOf(file.path));
      all.add(key);
      if (limit) limits.add(limit);
      const publishedAt = publishedOf(subject, resolution.version);
      if (publishedAt) add(key, { name, version: resolution.version, publishedAt, direct: true }, limit);
    }
  for (const lock of report.locks) {
    const limit = minimumAgeOf(lock.path);
    for (const entry of lock.lock.packages) {
      if (entry.own || entry.version === '' || entry.source !== 'registry') continue;
      const { ecosystem, name } = entry.package;
      const key = `${ecosystem} ${name} ${entry.version}`;
      all.add(key);
      if (isTime(entry.uploadedAt) && !known.has(key))
        add(key, { name, version: entry.version, publishedAt: entry.uploadedAt, direct: false }, limit);
    }
    if (limit && lock.lock.packages.length) limits.add(limit);
  }
  const releases = [...known.values()].sort(
    (a, b) => b.publishedAt.getTime() - a.publishedAt.getTime() || (`${a.name} ${a.version}` < `${b.name} ${b.version}` ? -1 : 1),
  );
  return { releases, unknown: all.size - known.size, limits: [...limits].sort((a, b) => a - b) };
}

/** The project's own limit where it has one, else the policy's. A fixed day is no age. */
function limitOf({ releaseAge, declaration, versions, resolution }: DeclarationSubject, minimum: number): number {
  if (!releaseAge || releaseAge.byDefault) return minimum;
  const own = limitFor(releaseAge, declaration.package.name, resolution.version ?? '', versions);
  if (!own) return 0;
  return 'ageMs' in own ? own.ageMs : minimum;
}

function publishedOf({ releases, lock, versions }: DeclarationSubject, version: string): Date | undefined {
  const release = shown(releases)?.find((one) => versions.equal(one.version, version));
  const told = release?.publishedAt ?? lock?.releases.find((one) => versions.equal(one.version, version))?.uploadedAt;
  return isTime(told) ? told : undefined;
}

function badReleases(report: Report): ReadonlySet<string> {
  const bad = new Set<string>();
  for (const { findings, ecosystem } of [...report.files, ...report.locks])
    for (const finding of findings)
      if (finding.severity === 'error' && finding.version !== undefined)
        bad.add(`${finding.ecosystem || ecosystem} ${finding.package} ${finding.version}`);
  return bad;
}

/** `3 days`, `36 hours`: an age as people set it. */
export function limitWords(ms: number): string {
  const [size, unit] = ms % day === 0 ? [day, 'day'] : ms % 3_600_000 === 0 ? [3_600_000, 'hour'] : [60_000, 'minute'];
  const n = Math.round(ms / size);
  return `${n} ${unit}${n === 1 ? '' : 's'}`;
}
