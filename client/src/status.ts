import * as vscode from 'vscode';
import type { SourceStatus, Status, StatusState } from '../../server/src/lsp/messages';

/** The language status item: whether what is shown rests on fresh answers, and if not, since when. */
export interface StatusView extends vscode.Disposable {
  current(): Status | undefined;
  starting(): void;
  stopped(): void;
  show(status: Status): void;
}

const calm: ReadonlySet<StatusState> = new Set(['fresh', 'checking', 'local']);

export function createStatus(selector: vscode.DocumentSelector): StatusView {
  const item = vscode.languages.createLanguageStatusItem('merlon.status', selector);
  let last: Status | undefined;
  item.name = 'Merlon';
  item.text = 'Merlon';
  return {
    current: () => last,
    starting: () => {
      item.busy = true;
      item.text = 'Merlon: starting';
      item.severity = vscode.LanguageStatusSeverity.Information;
    },
    stopped: () => {
      last = undefined;
      item.busy = false;
      item.text = 'Merlon: stopped';
      item.detail = 'nothing is checked';
      item.severity = vscode.LanguageStatusSeverity.Error;
      item.command = { title: 'Restart', command: 'merlon.restartServer' };
    },
    show: (status) => {
      last = status;
      item.busy = status.state === 'checking';
      item.text = `Merlon: ${status.text}`;
      item.detail = describe(status);
      item.severity = calm.has(status.state) ? vscode.LanguageStatusSeverity.Information : vscode.LanguageStatusSeverity.Warning;
      item.command =
        status.state === 'stale'
          ? { title: 'Sync offline index', command: 'merlon.syncIndex', tooltip: 'Fetches what OSV has published since' }
          : { title: 'What leaves this machine', command: 'merlon.showLedger', tooltip: 'Every request that was made' };
    },
    dispose: () => item.dispose(),
  };
}

function describe(status: Status): string {
  const parts = status.detail.filter((source) => source.state !== 'disabled').map(describeSource);
  if (status.withheld) {
    const which = status.withheldNames === undefined ? '' : ` (${status.withheldNames})`;
    parts.push(`${status.withheld} ${status.withheld === 1 ? 'name' : 'names'} not asked: private${which}`);
  }
  return parts.join(' · ');
}

function describeSource(source: SourceStatus): string {
  const asOf = source.asOf ? ` as of ${shortTime(source.asOf)}` : '';
  const why = source.reason === undefined ? '' : ` (${source.reason})`;
  if (source.state === 'ok') return `${source.id}${asOf}${why}`;
  if (source.state === 'pending') return `${source.id}: asking`;
  const since = source.since ? ` since ${shortTime(source.since)}` : '';
  return `${source.id}: ${source.state === 'stale' ? 'old answers' : 'could not ask'}${since}${asOf && `, shown${asOf}`}${why}`;
}

/** The hour for today, the date for any other day, as the reader's machine writes them. */
function shortTime(iso: string): string {
  const time = new Date(iso);
  if (Number.isNaN(time.getTime())) return iso;
  return time.toDateString() === new Date().toDateString()
    ? time.toLocaleTimeString(undefined, { hour: '2-digit', minute: '2-digit' })
    : iso.slice(0, 10);
}
