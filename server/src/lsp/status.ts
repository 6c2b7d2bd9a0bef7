import type { Report, SourceState } from '../core/report';
import type { SourceStatus, Status } from './messages';

/** What the status item shows, from a report over the whole workspace. `failing` keeps since when each source could not be asked. */
export function statusOf(report: Report, asking: boolean, mode: 'online' | 'local' | 'off', failing: Map<string, Date>, now: Date): Status {
  const network = report.sources.filter(({ id, state }) => id !== 'bundled' && state !== 'disabled');
  for (const { id, state } of report.sources) {
    if (state === 'unavailable') failing.set(id, failing.get(id) ?? now);
    else if (state === 'ok') failing.delete(id);
  }
  const down = network.filter(({ id, state }) => state === 'unavailable' || (state === 'pending' && failing.has(id)));
  const detail = report.sources.map((source) => sourceStatus(source, failing.get(source.id)));
  const oldest = report.sources
    .flatMap(({ asOf, state }) => (asOf && state !== 'disabled' ? [asOf] : []))
    .sort((a, b) => a.getTime() - b.getTime())[0];
  const base = { detail, withheld: report.withheld, ...(oldest && { asOf: oldest.toISOString() }) };
  const since = down.map(({ id }) => failing.get(id)!).sort((a, b) => a.getTime() - b.getTime())[0];

  if (mode === 'off') return { ...base, state: 'off', text: 'advisories are switched off' };
  if (asking) return { ...base, state: 'checking', text: 'checking' };
  if (down.length && down.length === network.length) return { ...base, state: 'offline', text: `offline since ${clock(since!)}` };
  if (down.length)
    return { ...base, state: 'unavailable', text: `could not ask ${down.map(({ id }) => id).join(', ')} since ${clock(since!)}` };
  if (mode === 'local' || network.length === 0) return { ...base, state: 'local', text: 'local knowledge only' };
  return { ...base, state: 'fresh', text: 'fresh' };
}

function sourceStatus({ id, state, asOf, reason }: SourceState, since: Date | undefined): SourceStatus {
  return {
    id,
    state,
    ...(asOf && { asOf: asOf.toISOString() }),
    ...(since && { since: since.toISOString() }),
    ...(reason !== undefined && { reason }),
  };
}

function clock(date: Date): string {
  return `${String(date.getHours()).padStart(2, '0')}:${String(date.getMinutes()).padStart(2, '0')}`;
}
