import { createLedger } from '../platform/ledger';
import type { Policy } from '../core/check';
import type { Report } from '../core/report';
import { readSettings } from '../policy/settings';
import type { Rules } from '../scan/engine';
import { createSession, type Session } from '../session/session';
import type { Invocation } from './arguments';
import { createProgress } from './progress';
import { scanPaths, type PathsScan } from './scanPaths';

/** A scan of the invocation's paths, ready to be assessed. */
export interface Run {
  readonly session: Session;
  readonly scan: PathsScan;
  readonly rules: Rules;
  /** Asks what must be asked, then assesses everything. */
  report(): Promise<Report>;
  /** Assesses from what is held. */
  assess(): Report;
}

/** Reads the paths and puts an engine beside them. `policy` refines what the settings say. */
export async function startRun(invocation: Invocation, policy: (policy: Policy) => Policy = (same) => same): Promise<Run> {
  const settings = readSettings({});
  const session = createSession({
    settings,
    switches: invocation.switches,
    network: { noProxy: [], strictSsl: true },
    ledger: createLedger(),
    log: (text) => process.stderr.write(`merlon: ${text}\n`),
  });
  const progress = createProgress(process.stderr);
  const rules: Rules = { policy: policy(settings.policy), privatePackages: settings.privatePackages };
  const scan = await scanPaths(invocation.paths, process.cwd(), settings.exclude, (files) => progress.show(`reading: ${files} files`));
  progress.clear();
  // For people the report says so itself; a machine may take an empty list for a clean one.
  if (
    scan.documents().length + scan.unread().length === 0 &&
    (invocation.format !== 'text' || invocation.output !== undefined || invocation.command === 'fix')
  )
    process.stderr.write('merlon: no manifest found: nothing was read\n');
  const assess = () =>
    session.engine.report(
      scan.documents().map(({ document, locks }) => session.engine.assess(document, rules, locks)),
      scan.unread(),
      scan.locks().map(({ lock, alone }) => session.engine.assessLock(lock, rules, alone)),
    );
  return {
    session,
    scan,
    rules,
    assess,
    async report() {
      progress.show('asking advisory feeds and registries');
      await session.engine.ask([
        ...scan.documents().map((one) => ({ ...one, rules })),
        { rules, locks: scan.locks().map(({ lock }) => lock) },
      ]);
      progress.clear();
      return assess();
    },
  };
}
