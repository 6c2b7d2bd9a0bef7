import { isObject } from '../core/isObject';

/**
 * An OSV record (schema 1.7.5) as far as Merlon judges by it, in OSV's own JSON shape, so that a record that was read and
 * stored reads again as itself. GIT ranges, and those of a type that the schema does not have yet, are left out: manifests name
 * releases, not commits. What of `affected` cannot be read is not left out but stands there as {@link unreadableRange}, or without the
 * name of its package, so that no release is called free of it.
 */
export interface OsvRecord {
  readonly id: string;
  readonly modified: string;
  readonly aliases: readonly string[];
  readonly withdrawn?: string;
  /** One line; the head of `details` where the record has no summary. */
  readonly summary: string;
  readonly severity: readonly OsvSeverity[];
  readonly affected: readonly OsvAffected[];
  readonly references: readonly { readonly type: string; readonly url: string }[];
  readonly database_specific: OsvMarks;
}

export interface OsvAffected {
  /** `''` for what could not be read of it. */
  readonly package: { readonly ecosystem: string; readonly name: string };
  readonly versions: readonly string[];
  readonly ranges: readonly OsvRange[];
  readonly severity: readonly OsvSeverity[];
  readonly database_specific: OsvMarks;
}

export interface OsvRange {
  readonly type: 'SEMVER' | 'ECOSYSTEM';
  readonly events: readonly OsvEvent[];
}

/** One key each. */
export type OsvEvent =
  | { readonly introduced: string }
  | { readonly fixed: string }
  | { readonly last_affected: string }
  | { readonly limit: string };

/** What stands for a range that cannot be read: `''` is a version nowhere. */
export const unreadableRange: OsvRange = { type: 'ECOSYSTEM', events: [{ introduced: '' }] };

export interface OsvSeverity {
  readonly type: string;
  readonly score: string;
}

/** What databases say beyond the schema, as far as it changes a verdict. */
export interface OsvMarks {
  /** GHSA: LOW, MODERATE, HIGH, CRITICAL. */
  readonly severity?: string;
  /** GHSA and malicious-packages name weaknesses in two ways (`cwe_ids`, `cwes`); both are read into this one. */
  readonly cwe_ids?: readonly string[];
  readonly malicious?: boolean;
  /** RustSec's word for a record that is no vulnerability: `unmaintained`, `notice`. */
  readonly informational?: string;
  /** Of local records (`x_…`): what kind of finding it is. */
  readonly kind?: string;
}

const maximumSummary = 300;
const maximumReferences = 3;

/** Reads one record. `undefined` where there is no object with an id; any other fault costs the faulty part alone. Never throws. */
export function readOsvRecord(json: unknown): OsvRecord | undefined {
  if (!isObject(json)) return undefined;
  const id = text(json.id);
  if (id === undefined || id === '') return undefined;
  const withdrawn = text(json.withdrawn);
  return {
    id,
    modified: text(json.modified) ?? '',
    aliases: texts(json.aliases),
    ...(withdrawn && { withdrawn }),
    summary: firstLine(text(json.summary)) || firstLine(text(json.details)),
    severity: severities(json.severity),
    affected: (isListOrAbsent(json.affected) ? list(json.affected) : [undefined]).flatMap(readAffected),
    references: list(json.references).flatMap(readReference).slice(0, maximumReferences),
    database_specific: readMarks(json.database_specific),
  };
}

/** An entry need not name a package: those with GIT ranges alone do not. */
function readAffected(json: unknown): OsvAffected[] {
  if (!isObject(json)) return [{ package: { ecosystem: '', name: '' }, versions: [], ranges: [], severity: [], database_specific: {} }];
  if (json.package === undefined || json.package === null) return [];
  const named = isObject(json.package) ? json.package : {};
  const versions = texts(json.versions);
  const isWhole = isListOrAbsent(json.versions) && versions.length === list(json.versions).length && isListOrAbsent(json.ranges);
  return [
    {
      package: { ecosystem: text(named.ecosystem) ?? '', name: text(named.name) ?? '' },
      versions,
      ranges: [...list(json.ranges).flatMap(readRange), ...(isWhole ? [] : [unreadableRange])],
      severity: severities(json.severity),
      database_specific: readMarks(json.database_specific, json.ecosystem_specific),
    },
  ];
}

function readRange(json: unknown): OsvRange[] {
  if (!isObject(json) || typeof json.type !== 'string') return [unreadableRange];
  if (json.type !== 'SEMVER' && json.type !== 'ECOSYSTEM') return [];
  if (!Array.isArray(json.events)) return [unreadableRange];
  return [{ type: json.type, events: list(json.events).flatMap(readEvents) }];
}

/** The schema wants one key an event; an event with more of them is taken as several. */
function readEvents(json: unknown): readonly OsvEvent[] {
  if (!isObject(json)) return unreadableRange.events;
  const events: OsvEvent[] = [];
  const introduced = versionText(json.introduced);
  const fixed = versionText(json.fixed);
  const lastAffected = versionText(json.last_affected);
  const limit = versionText(json.limit);
  if (introduced !== undefined) events.push({ introduced });
  if (fixed !== undefined) events.push({ fixed });
  if (lastAffected !== undefined) events.push({ last_affected: lastAffected });
  if (limit !== undefined) events.push({ limit });
  return events.length > 0 ? events : unreadableRange.events;
}

function readReference(json: unknown): { type: string; url: string }[] {
  if (!isObject(json)) return [];
  const url = text(json.url);
  return url?.startsWith('https://') ? [{ type: text(json.type) ?? 'WEB', url }] : [];
}

function readMarks(...sources: unknown[]): OsvMarks {
  const marks: { -readonly [K in keyof OsvMarks]: OsvMarks[K] } = {};
  const cwes: string[] = [];
  for (const source of sources) {
    if (!isObject(source)) continue;
    marks.severity ??= text(source.severity);
    marks.informational ??= text(source.informational);
    marks.kind ??= text(source.kind);
    if (source.malicious === true || Array.isArray(source['malicious-packages-origins'])) marks.malicious = true;
    cwes.push(...texts(source.cwe_ids), ...texts(list(source.cwes).map((cwe) => (isObject(cwe) ? cwe.cweId : cwe))));
  }
  if (cwes.length) marks.cwe_ids = cwes;
  return Object.fromEntries(Object.entries(marks).filter(([, value]) => value !== undefined));
}

function severities(json: unknown): OsvSeverity[] {
  return list(json).flatMap((item) => {
    if (!isObject(item)) return [];
    const type = text(item.type);
    const score = text(item.score);
    return type && score ? [{ type, score }] : [];
  });
}

function list(json: unknown): readonly unknown[] {
  return Array.isArray(json) ? (json as unknown[]) : [];
}

function text(json: unknown): string | undefined {
  return typeof json === 'string' ? json : undefined;
}

function texts(json: unknown): string[] {
  return list(json).filter((item): item is string => typeof item === 'string' && item !== '');
}

/** Absent keys apart, what is no text is no version. Hand-written records hold `0` where `"0"` is meant; of `1.10` a zero is lost. */
function versionText(json: unknown): string | undefined {
  if (json === undefined || json === null) return undefined;
  return typeof json === 'number' && Number.isSafeInteger(json) ? String(json) : (text(json) ?? '');
}

/** Whether a list is there, or nothing at all. */
function isListOrAbsent(json: unknown): boolean {
  return json === undefined || json === null || Array.isArray(json);
}

function firstLine(prose: string | undefined): string {
  const head = (prose ?? '').slice(0, 4 * maximumSummary).trim();
  const line = (head.split(/[\r\n]/, 1)[0] ?? '').replace(/^#+ /, '').trim();
  return line.length > maximumSummary ? `${line.slice(0, maximumSummary - 1).trimEnd()}…` : line;
}
