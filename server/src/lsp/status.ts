import type { Finding } from '../core/finding';
import type { Problem } from '../core/manifest';
import { partsOf, type Report, type SourceState } from '../core/report';
import { agoText } from '../render/ages';
import { printable } from '../render/printable';
import { withheldWords } from '../render/withheldText';
import type { SourceStatus, Status } from './messages';

export interface StatusInput {
  readonly report: Report;
  /** Whether something is being asked or read. */
  readonly busy: boolean;
  readonly mode: 'online' | 'local' | 'off';
  /** Keeps since when each source could not be asked. */
  readonly failing: Map<string, Date>;
  readonly now: Date;
  /** Of the offline index: as of when it counts, or why it cannot be used. */
  readonly index?: { readonly asOf?: Date; readonly fault?: string };
}

/** What the status item shows, from a report over the whole workspace. Only what is complete is `fresh`: silence must not read as safe. */
export function statusOf({ report, busy, mode, failing, now, index = {} }: StatusInput): Status {
  const asked = report.sources.filter(({ id, state, beside }) => id !== 'bundled' && !isCheck(id) && state !== 'disabled' && !beside);
  const network = asked.filter(({ id }) => id !== 'index');
  for (const { id, state } of report.sources) {
    if (state === 'unavailable') failing.set(id, failing.get(id) ?? now);
    else if (state !== 'pending') failing.delete(id);
  }
  const isDown = ({ id, state }: SourceState) => state === 'unavailable' || (state === 'pending' && failing.has(id));
  const down = asked.filter(isDown);
  const broken = report.sources.filter(({ id, state }) => isCheck(id) && state === 'unavailable');
  const unread = unreadFiles(report);
  const detail = report.sources.map((source) => sourceStatus(source, failing.get(source.id)));
  if (unread.length) detail.push({ id: 'files', state: 'unavailable', reason: unread.slice(0, 3).join('; ') });
  const oldest = earliest(report.sources.flatMap(({ asOf, state }) => (asOf && state !== 'disabled' ? [asOf] : [])));
  const age = index.asOf ? ` · index ${agoText(index.asOf, now).replace(/ ago$/, ' old')}` : '';
  const base = {
    detail,
    withheld: report.withheld,
    ...(report.withheldNames?.length && { withheldNames: printable(withheldWords(report.withheldNames)) }),
    ...(oldest && { asOf: oldest.toISOString() }),
    ...(index.asOf && { index: index.asOf.toISOString() }),
  };

  if (mode === 'off') return { ...base, state: 'off', text: 'advisories are switched off' };
  if (down.length) {
    const since = clock(earliest(down.map(({ id }) => failing.get(id)!))!, now);
    if (network.length && network.every(isDown)) return { ...base, state: 'offline', text: `offline since ${since}${age}` };
    return { ...base, state: 'unavailable', text: `could not ask ${down.map(({ id }) => id).join(', ')} since ${since}` };
  }
  if (busy || network.some(({ state }) => state === 'pending')) return { ...base, state: 'checking', text: 'checking' };
  if (broken.length) return { ...base, state: 'unavailable', text: `${broken.map(({ id }) => id).join(', ')} failed` };
  if (unread.length) {
    const files = unread.length === 1 ? '1 file was' : `${unread.length} files were`;
    return { ...base, state: 'unavailable', text: `${files} not read whole` };
  }
  const open = new Set(partsOf(report).flatMap(({ findings }) => findings.filter(({ undecided }) => undecided).map(releaseOf)));
  if (open.size) {
    return { ...base, state: 'unavailable', text: `${open.size} ${open.size === 1 ? 'release' : 'releases'} could not be judged` };
  }
  const isLocal = mode === 'local' || network.length === 0;
  const old = report.sources.find(({ state }) => state === 'stale');
  if (old)
    return {
      ...base,
      state: 'stale',
      text: `${isLocal ? 'local knowledge only · ' : ''}the offline index is old${age.replace(' · index', ':')}`,
    };
  if (isLocal) return { ...base, state: 'local', text: `local knowledge only${age}` };
  return { ...base, state: 'fresh', text: `fresh${age}` };
}

function releaseOf({ ecosystem, package: name, version = '' }: Finding): string {
  return `${ecosystem} ${name} ${version}`;
}

/** A check that threw stands among the sources, since what it would have said is not known. */
function isCheck(id: string): boolean {
  return id.startsWith('check ');
}

/** Files that could not be read, or not all of them. */
function unreadFiles({ files, locks, unread }: Report): string[] {
  const whole = (problems: readonly Problem[]) => problems.every(({ kind }) => kind !== 'unreadable');
  const broken = [...files.filter(({ manifest }) => !whole(manifest.problems)), ...locks.filter(({ lock }) => !whole(lock.problems))];
  return [
    ...unread.map(({ path, message }) => `${path || 'the folder'}: ${message}`),
    ...broken.map(({ path }) => `${path}: not read whole`),
  ];
}

function earliest(dates: readonly Date[]): Date | undefined {
  return [...dates].sort((a, b) => a.getTime() - b.getTime())[0];
}

function sourceStatus({ id, state, asOf, reason }: SourceState, since: Date | undefined): SourceStatus {
  return {
    id,
    state,
    ...(asOf && { asOf: asOf.toISOString() }),
    ...(since && { since: since.toISOString() }),
    ...(reason !== undefined && { reason: printable(reason) }),
  };
}

/** The hour; for another day the date as well. */
function clock(date: Date, now: Date): string {
  const two = (value: number) => String(value).padStart(2, '0');
  const hour = `${two(date.getHours())}:${two(date.getMinutes())}`;
  const day = `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
  return date.toDateString() === now.toDateString() ? hour : `${day} ${hour}`;
}
