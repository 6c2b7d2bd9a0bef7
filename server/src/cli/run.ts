import type { Policy } from '../core/check';
import type { Report } from '../core/report';
import { checks } from '../checks';
import { scanPolicies } from '../scan/policyFindings';
import type { Session } from '../session/session';
import type { Invocation } from './arguments';
import { count } from '../render/text';
import { openSession } from './openSession';
import { newPolicies, policyBase, refined } from './policies';
import { createProgress } from './progress';
import { scanPaths, type PathsScan } from './scanPaths';

/** A scan of the invocation's paths, ready to be assessed. */
export interface Run {
  readonly session: Session;
  readonly scan: PathsScan;
  /** Asks what must be asked, then assesses everything. */
  report(): Promise<Report>;
  /** The same, and verifies where releases come from. */
  provenReport(): Promise<Report>;
  /** Assesses from what is held. */
  assess(): Report;
}

/** Reads the paths and puts an engine beside them. `policy` refines what the settings say. */
export async function startRun(invocation: Invocation, policy: (policy: Policy) => Policy = (same) => same): Promise<Run> {
  const { session, settings } = openSession(invocation);
  const progress = createProgress(process.stderr);
  const base = await policyBase(settings, invocation.switches.policy);
  const rulesOf = refined(policy);
  const scan = await scanPaths(
    invocation.paths,
    process.cwd(),
    settings.exclude,
    (files) => progress.show(`reading: ${files} files`),
    () => newPolicies(base),
  );
  progress.clear();
  // Silence about them must not read as safe.
  if (scan.leftOut()) process.stderr.write(`merlon: ${count(scan.leftOut(), 'file')} left out by the policy\n`);
  // For people the report says so itself; a machine may take an empty list for a clean one.
  if (
    scan.documents().length + scan.unread().length + scan.locks().length === 0 &&
    (invocation.format !== 'text' || invocation.output !== undefined || invocation.command === 'fix')
  )
    process.stderr.write('merlon: no manifest found: nothing was read\n');
  const assess = () => {
    const report = session.engine.report(
      scan
        .documents()
        .map(({ document, locks, policies }) => session.engine.assess(document, rulesOf(policies.rulesOf(document.path)), locks)),
      scan.unread(),
      scan
        .locks()
        .map(({ lock, spokenFor, around, policies }) =>
          session.engine.assessLock(lock, rulesOf(policies.rulesOf(lock.path)), spokenFor, around),
        ),
    );
    const context = { checks, now: session.clock.now(), report, isWhole: scan.isWhole, onFault: session.onFault };
    const policies = new Map(scan.policies().flatMap((own) => scanPolicies(own, context).map((file) => [file.path, file])));
    return policies.size ? { ...report, policies: [...policies.values()] } : report;
  };
  const run: Run = {
    session,
    scan,
    assess,
    async provenReport() {
      const { files } = await run.report();
      const { verifyProvenance } = await import('../session/provenance');
      const { releases, source } = await verifyProvenance(session, files, {
        onProgress: (done, all) => progress.show(`verifying provenance: ${done} of ${count(all, 'release')}`),
      });
      progress.clear();
      // What does not hold is a finding, and of what has one registries are asked for more.
      const report = await run.report();
      return {
        ...report,
        provenance: releases,
        sources: [...report.sources, source],
        complete: report.complete && source.state !== 'unavailable',
      };
    },
    async report() {
      progress.show('asking advisory feeds and registries');
      await session.engine.ask([
        ...scan.documents().map(({ document, locks, policies }) => ({ document, locks, rules: rulesOf(policies.rulesOf(document.path)) })),
        ...scan.locks().map(({ lock, around, policies }) => ({ locks: [lock], around, rules: rulesOf(policies.rulesOf(lock.path)) })),
      ]);
      progress.clear();
      return assess();
    },
  };
  return run;
}
