import type { CancellationToken } from 'vscode-languageserver';
import { countedText } from '../../render/indexText';
import { printable } from '../../render/printable';
import type { SyncIndexParams, SyncIndexResult } from '../messages';
import { asItWas, indexAge, withIndexWork, type IndexWorkParts } from './indexWork';

/** Brings the offline index up to the dump, as `merlon db sync` does. */
export async function syncIndex(
  { workDoneToken }: SyncIndexParams,
  token: CancellationToken,
  parts: IndexWorkParts,
): Promise<SyncIndexResult> {
  const { session, mode } = parts;
  const begin = `asking ${new URL(session.index.dump).host}`;
  const outcome = await withIndexWork({ workDoneToken, begin }, token, parts, (how) => session.index.sync(how));
  if (outcome.state !== 'synced')
    return { ok: false, text: `The offline index was not synced: ${printable(outcome.message)}.${asItWas(parts, outcome)}` };
  const { how, asOf, changed, removed, notes } = outcome;
  const what = {
    full: 'was built from whole dumps',
    changes: `took ${countedText(changed, 'changed record')}, and ${removed} left it`,
    nothing: 'is up to date: nothing has changed',
  }[how];
  const only = mode() === 'local' ? ' Nothing else is sent: the mode is local.' : mode() === 'off' ? ' Advisories are switched off.' : '';
  const more = notes.slice(0, 3).map((note) => ` ${printable(note)}.`);
  const text = `The offline index ${what} (${indexAge(asOf, session)}).${more.join('')}${only}`;
  return { ok: true, text, asOf: asOf.toISOString() };
}
