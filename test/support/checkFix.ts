import assert from 'node:assert/strict';
import { applyEdits } from '../../server/src/core/applyEdits';
import type { Declaration } from '../../server/src/core/declaration';
import type { Finding, Fix, FixKind } from '../../server/src/core/finding';
import type { ScannedFile } from '../../server/src/core/report';
import { findingsOf, parseFixture } from './caretFixture';
import { scanTexts, type ScanSettings } from './scanTexts';

export interface FixCase extends ScanSettings {
  /** The rule whose finding is cured. Where several findings are of it, `$0` stands in the right one. */
  readonly rule: string;
  /** Which of the fixes; the preferred one where absent. */
  readonly kind?: FixKind;
  readonly title?: string;
  /** Rules that may speak now, since the first one does no longer. */
  readonly leaves?: readonly string[];
}

/** Applies a fix, compares the text, and scans again: the finding is gone, none is new, every other declaration reads the same. */
export async function checkFix(before: string, after: string, wanted: FixCase): Promise<void> {
  const { files, cursor } = withoutCursor(parseFixture(before).files);
  const expected = parseFixture(after).files;
  const first = await scanTexts(files, wanted);
  const finding = findingAt(first, wanted.rule, cursor);
  const fix = finding.fixes.find((other) => (wanted.kind ? other.kind === wanted.kind : other.preferred));
  assert.ok(fix, `no such fix among: ${finding.fixes.map(({ kind, title }) => `${kind} ${title}`).join('; ') || 'none'}`);
  if (wanted.title !== undefined) assert.equal(fix.title, wanted.title);

  const changed = await verifyFix(files, first, finding, fix, wanted);
  assert.deepEqual(Object.fromEntries(changed), Object.fromEntries([...files, ...expected]));
}

/** Applies a fix and scans again. Answers the texts after it. */
export async function verifyFix(
  files: ReadonlyMap<string, string>,
  first: readonly ScannedFile[],
  finding: Finding,
  fix: Fix,
  { leaves = [], ...settings }: ScanSettings & Pick<FixCase, 'leaves'>,
): Promise<Map<string, string>> {
  const changed = new Map(files);
  for (const file of new Set(fix.edits.map((edit) => edit.file))) {
    const creates = fix.edits.some((edit) => edit.file === file && edit.creates);
    const text = creates ? '' : files.get(file);
    assert.ok(text !== undefined, `an edit of ${file}, which is not there`);
    assert.ok(!creates || !files.has(file), `${file} is there already`);
    changed.set(
      file,
      applyEdits(
        text,
        fix.edits.filter((edit) => edit.file === file),
      ),
    );
  }
  const second = await scanTexts(changed, settings);
  assert.deepEqual(newFindings(first, second, finding, leaves), [], 'no finding is new');
  assertCured(second, first, finding);
  assertOthersSame(first, second, finding, fix);
  return changed;
}

/** No fix is offered for the finding: it would lie. */
export async function checkNoFix(text: string, wanted: FixCase): Promise<void> {
  const { files, cursor } = withoutCursor(parseFixture(text).files);
  const finding = findingAt(await scanTexts(files, wanted), wanted.rule, cursor);
  assert.deepEqual(
    finding.fixes.filter(({ kind }) => !wanted.kind || kind === wanted.kind).map(({ title }) => title),
    [],
  );
}

function withoutCursor(files: ReadonlyMap<string, string>): { files: Map<string, string>; cursor?: { file: string; offset: number } } {
  const clean = new Map(files);
  for (const [file, text] of files) {
    const offset = text.indexOf('$0');
    if (offset < 0) continue;
    clean.set(file, text.slice(0, offset) + text.slice(offset + 2));
    return { files: clean, cursor: { file, offset } };
  }
  return { files: clean };
}

function findingAt(scanned: readonly ScannedFile[], rule: string, cursor: { file: string; offset: number } | undefined): Finding {
  const found = findingsOf(scanned)
    .filter((finding) => finding.rule === rule)
    .filter(({ file, span }) => !cursor || (file === cursor.file && span.start <= cursor.offset && cursor.offset <= span.end));
  assert.equal(found.length, 1, `one finding of ${rule}${cursor ? ' at $0' : ''}`);
  return found[0]!;
}

/** Findings that were not there before. What they say of the cured package by the rules in `leaves` is let pass. */
function newFindings(first: readonly ScannedFile[], second: readonly ScannedFile[], cured: Finding, leaves: readonly string[]): string[] {
  const before = findingsOf(first).map(worded);
  return findingsOf(second)
    .filter((finding) => !(finding.package === cured.package && leaves.includes(finding.rule)))
    .map(worded)
    .filter((text) => {
      const index = before.indexOf(text);
      if (index >= 0) before.splice(index, 1);
      return index < 0;
    });
}

function assertCured(second: readonly ScannedFile[], first: readonly ScannedFile[], cured: Finding): void {
  const count = (scanned: readonly ScannedFile[]) => findingsOf(scanned).filter((finding) => worded(finding) === worded(cured)).length;
  assert.equal(count(second), count(first) - 1, 'the finding is gone');
}

/** An edit of another file (a catalog's entry) may change the reading of every entry that refers to it: of the same package, then. */
function assertOthersSame(first: readonly ScannedFile[], second: readonly ScannedFile[], cured: Finding, fix: Fix): void {
  for (const [index, file] of first.entries()) {
    const entries = file.manifest.declarations;
    const now = second[index]!.manifest.declarations;
    const at =
      file.path === cured.file
        ? entries.findIndex(({ spans }) => spans.entry.start <= cured.span.start && cured.span.end <= spans.entry.end)
        : -1;
    const others = entries.filter((_, i) => i !== at);
    const othersNow = fix.kind === 'remove' && at >= 0 ? now : now.filter((_, i) => i !== at);
    const elsewhere = fix.edits.some((edit) => edit.file !== cured.file);
    const kept = (all: readonly Declaration[]) => all.filter((other) => !elsewhere || other.package.name !== cured.package).map(reading);
    assert.deepEqual(kept(othersNow), kept(others), 'every other declaration reads the same');
    const problems = (scanned: ScannedFile) => scanned.manifest.problems.map(({ message }) => message);
    assert.deepEqual(problems(second[index]!), problems(file), 'and the file is as readable as before');
  }
}

function reading(declaration: Declaration): unknown {
  const { package: pkg, writtenName, source, group, section, specifier, extras, marker, hashes } = declaration;
  return { pkg, writtenName, source, group, section, specifier, extras, marker, hashes };
}

function worded({ file, rule, package: name, message }: Finding): string {
  return `${file} ${rule} ${name}: ${message}`;
}
