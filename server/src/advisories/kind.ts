import type { AdvisoryKind } from '../core/advisory';
import type { OsvMarks, OsvRecord } from './osvRecord';

/**
 * An id that malicious-packages has assigned. Its staging files are called `MAL-0000-…`, anybody's pull request can hold
 * one (a prank once named well-known clean packages), and the database began in 2022.
 */
export function isAssignedMalwareId(id: string): boolean {
  const year = /^MAL-(\d{4})-\d+$/.exec(id)?.[1];
  return year !== undefined && Number(year) >= 2022;
}

/** Whether the record is one that must not be listened to: it calls itself malware without an assigned id. */
export function isUnassignedMalware(id: string): boolean {
  return id.startsWith('MAL-') && !isAssignedMalwareId(id);
}

/** How GitHub, Node's security group and malicious-packages begin the summary of a malware entry. */
const malwareSummary = /^(?:(?:embedded )?malware in |(?:embedded )?malicious code in |malicious (?:package|version)s?\b)/i;

/** How PyPI's own advisories, which have neither a summary nor a mark for it, tell of an attack: PYSEC-2026-2 is the model. */
const malwareRelease = /\b(?:releases?|versions?|upload(?:s|ed)?)\b[^.]{0,120}\bcontain(?:s|ed|ing)?\b[^.]{0,60}\bmalware\b/i;

/** CWE-506: embedded malicious code. */
const embeddedMalware = 'CWE-506';

/** What the record is about. `marks`: those of the record and of its entries for the package. */
export function kindOf(record: Pick<OsvRecord, 'id' | 'aliases' | 'summary'>, marks: readonly OsvMarks[]): AdvisoryKind {
  const local = record.id.startsWith('x_') ? marks.find(({ kind }) => kind !== undefined)?.kind : undefined;
  if (local === 'malware' || local === 'vulnerability' || local === 'unmaintained') return local;
  if ([record.id, ...record.aliases].some(isAssignedMalwareId)) return 'malware';
  if (marks.some((mark) => mark.malicious || mark.cwe_ids?.includes(embeddedMalware))) return 'malware';
  if (malwareSummary.test(record.summary)) return 'malware';
  if (record.id.startsWith('PYSEC-') && malwareRelease.test(record.summary)) return 'malware';
  return marks.some(({ informational }) => informational === 'unmaintained') ? 'unmaintained' : 'vulnerability';
}
