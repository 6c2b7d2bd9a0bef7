import type { Report } from '../../core/report';
import type { Ledger } from '../../platform/ledger';
import { escapeMarkdown } from '../../render/markdown';

/** Everything that this session has sent, as Markdown. */
export function ledgerMarkdown(ledger: Ledger, report: Report): string {
  const entries = ledger.entries();
  const lines = [
    '# What leaves this machine',
    '',
    `${entries.length} requests in this session. ${report.withheld} names were sent nowhere, since they are private.`,
    '',
    'Versions are never sent: advisory feeds are asked about names, and releases are matched on this machine.',
    '',
  ];
  if (entries.length) {
    lines.push('| time | to | what for | names | sent | received | outcome |', '|---|---|---|---|---|---|---|');
    for (const { time, host, path, purpose, names, sent, received, outcome } of entries) {
      const shown = names.slice(0, 20).map(escapeMarkdown).join(', ') + (names.length > 20 ? ` and ${names.length - 20} more` : '');
      lines.push(
        `| ${time.toISOString()} | ${escapeMarkdown(host + path)} | ${escapeMarkdown(purpose)} | ${shown} | ${sent} B | ${received} B | ${escapeMarkdown(outcome)} |`,
      );
    }
  }
  return `${lines.join('\n')}\n`;
}
