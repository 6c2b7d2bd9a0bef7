import { createLedger } from '../platform/ledger';
import { readSettings, type Settings } from '../policy/settings';
import { printableLines } from '../render/printable';
import { createSession, type Session } from '../session/session';
import type { Invocation } from './arguments';

/** The session of a command, by its switches: no settings of an editor count. What there is to be said goes to standard error. */
export function openSession({ switches }: Invocation): { readonly session: Session; readonly settings: Settings } {
  const settings = readSettings({});
  const session = createSession({
    settings,
    switches,
    network: { noProxy: [], strictSsl: true },
    ledger: createLedger(),
    log: (text) => process.stderr.write(`merlon: ${printableLines(text)}\n`),
  });
  return { session, settings };
}
