import { applyEdits } from '../core/applyEdits';
import type { Finding, Fix } from '../core/finding';
import { lacksReleases, planFixes, preferredFix, whyNoFix } from '../core/fixPlan';
import type { Edit } from '../core/manifest';
import type { Report } from '../core/report';
import { pinnable, pinOf, pinPolicy } from '../fixes/pinning';
import { fileAt } from '../render/positions';
import { unifiedDiff } from '../render/diff';
import { printable } from '../render/printable';
import type { Invocation } from './arguments';
import { exitCodes } from './exitCodes';
import { startRun } from './run';
import { markOf, writeText } from '../platform/writeText';

/** One fix may uncover the next (a lower bound raised, then a newer advisory); after so many rounds something is wrong. */
const maximumRounds = 8;

/** `merlon fix`: writes the cures, or prints them as a unified diff. */
export async function fix(invocation: Invocation): Promise<number> {
  const { pin, rules } = invocation;
  const run = await startRun(invocation, (policy) => (pin ? pinPolicy(policy, pin) : policy));
  const wanted = (finding: Finding) => (pin !== undefined && pinnable(finding, pin)) || rules.includes(finding.rule);
  const choose = (finding: Finding): Fix | undefined =>
    pin !== undefined && pinnable(finding, pin) ? pinOf(finding) : preferredFix(finding);

  let report = await run.report();
  const originals = new Map<string, string>();
  const texts = new Map<string, string>();
  const done: string[] = [];
  for (let round = 0; round < maximumRounds; round++) {
    const plan = planFixes(report.files, wanted, choose);
    if (!plan.edits.length) break;
    for (const [file, edits] of byFile(plan.edits)) {
      const text = fileAt(report, file)!.text;
      if (!originals.has(file)) originals.set(file, text);
      texts.set(file, applyEdits(text, edits));
    }
    done.push(...plan.taken.map(({ finding, fix: taken }) => `${finding.file}: ${taken.title}${elsewhere(finding, taken)}`));
    await run.scan.replace(texts);
    report = await run.report();
  }

  const changed = [...texts].filter(([file, text]) => originals.get(file) !== text).sort(([a], [b]) => (a < b ? -1 : 1));
  const failed: string[] = [];
  for (const [file, text] of changed) {
    const fault = (invocation.dryRun ? printDiff : writeText)(file, originals.get(file)!, text);
    if (fault !== undefined) failed.push(`${file}: ${fault}`);
  }
  for (const line of done) process.stderr.write(`${invocation.dryRun ? 'would fix' : 'fixed'} ${printable(line)}\n`);
  for (const line of failed) process.stderr.write(`not written ${printable(line)}\n`);

  const left = report.files.flatMap((file) => file.findings.filter(wanted));
  for (const finding of left) process.stderr.write(`left ${printable(`${finding.file}: ${finding.message} (${whyNoFix(finding)})`)}\n`);
  if (!done.length && !left.length) process.stderr.write('nothing to fix\n');
  return exitCode(report, left, failed);
}

/** Where a fix writes, if not only in the finding's own file: a catalog's entry stands in another one. */
function elsewhere({ file }: Finding, { edits }: Fix): string {
  const others = [...new Set(edits.map((edit) => edit.file))].filter((other) => other !== file);
  return others.length ? `, in ${others.join(' and ')}` : '';
}

/** As {@link writeText}, on standard output: what could not be written is no part of the diff. */
function printDiff(file: string, before: string, after: string): string | undefined {
  const held = markOf(file, before);
  if ('fault' in held) return held.fault;
  process.stdout.write(unifiedDiff(file, held.mark + before, held.mark + after));
  return undefined;
}

function exitCode(report: Report, left: readonly Finding[], failed: readonly string[]): number {
  if (!report.complete || left.some(lacksReleases)) return exitCodes.incomplete;
  return left.length || failed.length ? exitCodes.findings : exitCodes.clean;
}

function byFile(edits: readonly Edit[]): Map<string, Edit[]> {
  const result = new Map<string, Edit[]>();
  for (const edit of edits) result.set(edit.file, [...(result.get(edit.file) ?? []), edit]);
  return result;
}
