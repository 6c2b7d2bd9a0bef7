import { createHash } from 'node:crypto';
import type { Report } from '../core/report';
import { plainPlace, reportPage } from '../render/html';
import { reportKnowledge } from '../session/reportKnowledge';
import { version } from '../../../package.json';
import type { Invocation } from './arguments';
import { nameOf } from './names';
import type { Run } from './run';

/** The report as a page for people who have no editor at hand. */
export function reportHtml(report: Report, run: Run, { paths }: Pick<Invocation, 'paths'>): string {
  const limits = new Map<string, number>();
  for (const { document, policies } of run.scan.documents())
    limits.set(document.path, policies.rulesOf(document.path).policy.minimumReleaseAgeMs);
  for (const { lock, policies } of run.scan.locks()) limits.set(lock.path, policies.rulesOf(lock.path).policy.minimumReleaseAgeMs);
  return reportPage(report, {
    ...reportKnowledge,
    tool: { name: 'Merlon', version },
    name: paths.length === 1 ? nameOf(paths[0]!) : `${nameOf('.')}: ${paths.length} paths`,
    now: run.session.clock.now(),
    sha256: (text) => createHash('sha256').update(text).digest('base64'),
    minimumAgeOf: (file) => limits.get(file) ?? 0,
    leftOut: run.scan.leftOut(),
    place: plainPlace,
    inEditor: false,
  });
}
