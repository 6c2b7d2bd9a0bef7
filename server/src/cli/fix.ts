import { applyEdits } from '../core/applyEdits';
import type { Finding, Fix } from '../core/finding';
import { lacksReleases, planFixes, preferredFix, whyNoFix, type FixPlan } from '../core/fixPlan';
import type { Edit } from '../core/manifest';
import { partsOf, type Report } from '../core/report';
import { pinnable, pinOf, pinPolicy } from '../fixes/pinning';
import { fileAt } from '../render/positions';
import { unifiedDiff } from '../render/diff';
import { gapLines } from '../render/gaps';
import { printable } from '../render/printable';
import type { Invocation } from './arguments';
import { exitCodes } from './exitCodes';
import { startRun } from './run';
import { markOf, writeNew, writeText } from '../platform/writeText';

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
  /** By path, what stood there; nothing where there is no such file yet. */
  const originals = new Map<string, string | undefined>();
  const texts = new Map<string, string>();
  const done: FixPlan['taken'][number][] = [];
  for (let round = 0; round < maximumRounds; round++) {
    const plan = planFixes([...report.files, ...(report.policies ?? []), ...(report.settings ?? [])], wanted, choose);
    if (!plan.edits.length) break;
    for (const [file, edits] of byFile(plan.edits)) {
      const isNew = edits.some(({ creates }) => creates);
      const text = isNew ? '' : fileAt(report, file)!.text;
      if (!originals.has(file)) originals.set(file, isNew ? undefined : text);
      texts.set(file, applyEdits(text, edits));
    }
    done.push(...plan.taken);
    await run.scan.replace(texts);
    report = await run.report();
  }

  const changed = [...texts].filter(([file, text]) => originals.get(file) !== text).sort(([a], [b]) => (a < b ? -1 : 1));
  const failed = new Map<string, string>();
  for (const [file, text] of changed) {
    const before = originals.get(file);
    const fault =
      before === undefined
        ? (invocation.dryRun ? printNew : writeNew)(file, text)
        : (invocation.dryRun ? printDiff : writeText)(file, before, text);
    if (fault !== undefined) failed.set(file, fault);
  }
  for (const { finding, fix: taken } of done) {
    const files = [...new Set(taken.edits.map((edit) => edit.file))];
    if (files.some((file) => failed.has(file))) continue;
    // A catalog's entry stands in another file than the finding.
    const cause = files.includes(finding.file) ? '' : `, for ${finding.file}`;
    process.stderr.write(`${invocation.dryRun ? 'would fix' : 'fixed'} ${printable(`${files.join(' and ')}: ${taken.title}${cause}`)}\n`);
  }
  for (const [file, fault] of failed) process.stderr.write(`not written ${printable(`${file}: ${fault}`)}\n`);

  const left = partsOf(report).flatMap((file) => file.findings.filter(wanted));
  for (const finding of left) process.stderr.write(`left ${printable(`${finding.file}: ${finding.message} (${whyNoFix(finding)})`)}\n`);
  const gaps = gapLines(report);
  for (const line of gaps) process.stderr.write(`${line}\n`);
  if (!done.length && !left.length)
    process.stderr.write(gaps.length ? 'nothing to fix in what could be read and asked\n' : 'nothing to fix\n');
  return exitCode(report, left, failed.size);
}

/** As {@link writeText}, on standard output: what could not be written is no part of the diff. */
function printDiff(file: string, before: string, after: string): string | undefined {
  const held = markOf(file, before);
  if ('fault' in held) return held.fault;
  process.stdout.write(unifiedDiff(file, held.mark + before, held.mark + after));
  return undefined;
}

function printNew(file: string, text: string): string | undefined {
  process.stdout.write(unifiedDiff(file, undefined, text));
  return undefined;
}

function exitCode(report: Report, left: readonly Finding[], failed: number): number {
  if (!report.complete || left.some(lacksReleases)) return exitCodes.incomplete;
  return left.length || failed ? exitCodes.findings : exitCodes.clean;
}

function byFile(edits: readonly Edit[]): Map<string, Edit[]> {
  const result = new Map<string, Edit[]>();
  for (const edit of edits) result.set(edit.file, [...(result.get(edit.file) ?? []), edit]);
  return result;
}
