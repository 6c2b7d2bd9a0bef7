import { createHash } from 'node:crypto';
import { sbomText } from '../render/sbom';
import { sbomKnowledge } from '../session/sbom';
import { version } from '../../../package.json';
import type { Invocation } from './arguments';
import { exitCodes } from './exitCodes';
import { nameOf } from './names';
import { putResult } from './output';
import { startRun } from './run';

/** `merlon sbom`: says what a project is made of. What is wrong with it is no fault here: that is what `check` is for. */
export async function sbom(invocation: Invocation): Promise<number> {
  const run = await startRun(invocation);
  const report = await run.report();
  const text = await sbomText(
    report,
    invocation.bill ?? 'cyclonedx',
    { ...sbomKnowledge, tool: { name: 'Merlon', version }, now: run.session.clock.now(), name: nameOf(invocation.paths[0]!) },
    (content) => createHash('sha256').update(content).digest('hex'),
  );
  putResult(text, invocation);
  return report.complete ? exitCodes.clean : exitCodes.incomplete;
}
