import type { LedgerEntry, LedgerState } from '../core/ledger';
import type { WithheldName } from '../core/report';
import { escapeMarkdown } from './markdown';
import { byReason, someOf } from './withheldText';

const namesShown = 20;

/** Everything that this session has sent, as a Markdown document: what people read. */
export function ledgerMarkdown({ entries, hosts, since, forgotten }: LedgerState, withheld: readonly WithheldName[], mode: string): string {
  const requests = [...hosts.values()].reduce((sum, host) => sum + host.requests, 0);
  const count = withheld.length;
  const kept = [...byReason(withheld)].map(
    ([reason, own]) => `- ${plural(own.length, 'name')}: ${escapeMarkdown(reason)} (${escapeMarkdown(someOf(own, namesShown))})`,
  );
  const lines = [
    '# What leaves this machine',
    '',
    `${plural(requests, 'request')} since ${since.toISOString()}. Mode: ${mode}.`,
    '',
    'Versions are never sent: advisory feeds are asked about names, and releases are matched on this machine.',
    '',
    ...(kept.length ? [`${plural(count, 'name')} ${count === 1 ? 'was' : 'were'} sent nowhere:`, '', ...kept] : ['No name is private.']),
    '',
  ];
  if (hosts.size) {
    lines.push('## By host', '', '| host | requests | sent | received |', '|---|---|---|---|');
    for (const [host, sums] of hosts) lines.push(`| ${escapeMarkdown(host)} | ${sums.requests} | ${sums.sent} B | ${sums.received} B |`);
    lines.push('', '## Every request', '');
    if (forgotten) lines.push(`The first ${forgotten} are too long ago to be listed.`, '');
    lines.push('| time | to | what for | names | sent | received | outcome |', '|---|---|---|---|---|---|---|');
    for (const entry of entries) lines.push(rowOf(entry));
  }
  return `${lines.join('\n')}\n`;
}

function rowOf({ time, host, path, purpose, names, nameCount, sent, received, tries, redirectedTo, outcome }: LedgerEntry): string {
  const more = nameCount > namesShown ? ` and ${nameCount - namesShown} more` : '';
  const shown = names.slice(0, namesShown).map(escapeMarkdown).join(', ') + more;
  const to = [host + path, ...redirectedTo].map(escapeMarkdown).join(' → ');
  const often = tries > 1 ? ` (${tries} tries)` : '';
  return `| ${time.toISOString()} | ${to} | ${escapeMarkdown(purpose)} | ${shown} | ${sent} B | ${received} B | ${escapeMarkdown(outcomeText(outcome) + often)} |`;
}

/** RFC 9110: 304 is the answer that what is kept here still holds. */
function outcomeText(outcome: string): string {
  return outcome === '304' ? '304, what is kept here still holds' : outcome;
}

/** The same for machines: `merlon.ledger/1`. */
export function ledgerJson({ entries, hosts, since, forgotten }: LedgerState, withheld: readonly WithheldName[], mode: string): string {
  const document = {
    schema: 'merlon.ledger/1',
    since: since.toISOString(),
    mode,
    withheld: [...byReason(withheld)].map(([reason, packages]) => ({ reason, names: packages.length, packages })),
    hosts: [...hosts].map(([host, sums]) => ({ host, ...sums })),
    forgotten,
    requests: entries.map(({ time, ...entry }) => ({ time: time.toISOString(), ...entry })),
  };
  return `${JSON.stringify(document, undefined, 2)}\n`;
}

const columns = ['time', 'host', 'path', 'purpose', 'names', 'nameCount', 'sent', 'received', 'tries', 'redirectedTo', 'outcome'] as const;

/** The requests as a table (RFC 4180). A text that a spreadsheet would take for a formula gets an apostrophe before it. */
export function ledgerCsv({ entries }: LedgerState): string {
  const rows = entries.map((entry) => {
    const values = { ...entry, time: entry.time.toISOString(), names: entry.names.join(' '), redirectedTo: entry.redirectedTo.join(' ') };
    return columns.map((column) => cell(values[column])).join(',');
  });
  return [columns.join(','), ...rows, ''].join('\r\n');
}

function cell(value: string | number): string {
  if (typeof value === 'number') return String(value);
  const safe = /^[=+\-@\t\r]/.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

function plural(n: number, noun: string): string {
  return `${n} ${noun}${n === 1 ? '' : 's'}`;
}
