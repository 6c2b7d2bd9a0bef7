import { isObject } from '../core/isObject';
import type { PackageRecord, Publisher, Release, RemovedRelease } from '../core/release';

// What the cache keeps of a package: the record as JSON, with dates written out, and each list of dependencies once, since
// hundreds of releases share it. Reading checks every form again: the disk is not trusted.

type Dependencies = Readonly<Record<string, string>>;

/** The JSON form of a record. Lists that are one object are written once: see recordBounds. */
export function encodeRecord({ releases, removed, createdAt, statusSince, ...record }: PackageRecord): unknown {
  const lists: Dependencies[] = [];
  const positions = new Map<Dependencies, number>();
  const listOf = (dependencies: Dependencies): number => {
    let position = positions.get(dependencies);
    if (position === undefined) positions.set(dependencies, (position = lists.push(dependencies) - 1));
    return position;
  };
  const rows = releases.map(({ publishedAt, dependencies, ...release }) => ({
    ...release,
    ...optional('publishedAt', publishedAt?.toISOString()),
    ...optional('dependencies', dependencies && listOf(dependencies)),
  }));
  return {
    ...record,
    ...optional('createdAt', createdAt?.toISOString()),
    ...optional('statusSince', statusSince?.toISOString()),
    ...optional(
      'removed',
      removed?.map(({ version, publishedAt }) => ({ version, publishedAt: publishedAt.toISOString() })),
    ),
    releases: rows,
    dependencies: lists,
  };
}

/** Reads {@link encodeRecord} back; `undefined` where the value is anything else. */
export function decodeRecord(value: unknown): PackageRecord | undefined {
  if (!isObject(value) || typeof value.exists !== 'boolean' || !Array.isArray(value.releases)) return undefined;
  const lists = Array.isArray(value.dependencies) ? (value.dependencies as unknown[]).map(dependencyList) : [];
  const releases: Release[] = [];
  for (const row of value.releases as unknown[]) {
    const release = decodeRelease(row, lists);
    if (!release) return undefined;
    releases.push(release);
  }
  return {
    exists: value.exists,
    releases,
    ...optional('removed', Array.isArray(value.removed) ? (value.removed as unknown[]).flatMap(decodeRemoved) : undefined),
    ...optional(
      'status',
      statuses.find((status) => status === value.status),
    ),
    ...optional('statusReason', text(value.statusReason)),
    ...optional('statusSince', date(value.statusSince)),
    ...optional('latest', text(value.latest)),
    ...optional('createdAt', date(value.createdAt)),
    ...optional('license', text(value.license)),
  };
}

const statuses = ['active', 'archived', 'quarantined', 'deprecated'] as const;

function decodeRelease(row: unknown, lists: readonly (Dependencies | undefined)[]): Release | undefined {
  if (!isObject(row) || typeof row.version !== 'string') return undefined;
  const { yanked, attested, dependencies } = row;
  return {
    version: row.version,
    ...optional('publishedAt', date(row.publishedAt)),
    ...optional('yanked', yanked === true ? (true as const) : text(yanked)),
    ...optional('deprecated', text(row.deprecated)),
    ...optional('attested', typeof attested === 'boolean' ? attested : undefined),
    ...optional('publisher', publisher(row.publisher)),
    ...optional('hashes', strings(row.hashes)),
    ...optional('dependencies', typeof dependencies === 'number' ? lists[dependencies] : undefined),
    ...optional('installScripts', strings(row.installScripts)),
  };
}

function decodeRemoved(row: unknown): readonly RemovedRelease[] {
  const publishedAt = isObject(row) ? date(row.publishedAt) : undefined;
  return isObject(row) && typeof row.version === 'string' && publishedAt ? [{ version: row.version, publishedAt }] : [];
}

function publisher(value: unknown): Publisher | undefined {
  if (!isObject(value)) return undefined;
  return {
    ...optional('account', text(value.account)),
    ...optional('trusted', text(value.trusted)),
    ...optional('repository', text(value.repository)),
    ...optional('workflow', text(value.workflow)),
  };
}

function dependencyList(list: unknown): Dependencies | undefined {
  return isObject(list) && Object.values(list).every((range) => typeof range === 'string') ? (list as Dependencies) : undefined;
}

/** The date that a registry wrote, if it is one. */
export function dateOf(written: string): Date | undefined {
  const moment = new Date(written);
  return Number.isNaN(moment.getTime()) ? undefined : moment;
}

function date(value: unknown): Date | undefined {
  return typeof value === 'string' ? dateOf(value) : undefined;
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

function strings(value: unknown): readonly string[] | undefined {
  return Array.isArray(value) && value.every((item) => typeof item === 'string') ? value : undefined;
}

function optional<K extends string, V>(key: K, value: V | undefined): { [k in K]?: V } {
  return value === undefined ? {} : ({ [key]: value } as { [k in K]: V });
}
