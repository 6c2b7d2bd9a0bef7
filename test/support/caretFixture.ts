import assert from 'node:assert/strict';
import { LineIndex, type Span } from '../../server/src/core/span';
import type { Finding } from '../../server/src/core/finding';
import type { ScannedFile } from '../../server/src/core/report';
import { settingsOf } from '../../server/src/scan/settingsFindings';
import { scanTexts, type ScanSettings } from './scanTexts';

// A fixture is the text of a manifest with lines of carets under the culprits:
//
//   torch>=2.0 # fast
//        ^^^^^ 💡 unpinned: torch is not pinned
//
// A caret line is spaces, carets, `💡` where a fix exists, the rule, its severity in brackets where the fixture cares, a
// colon, and how the message begins. Several may follow one line. Carets are counted in UTF-16 units; a culprit lies on
// one line. `//- path` starts a file; caret lines are taken out before the files are read. No carets means no findings.

/** What a fixture expects at one place. */
interface Mark {
  readonly file: string;
  readonly span: Span;
  readonly rule: string;
  readonly severity?: string;
  readonly fix: boolean;
  readonly message: string;
}

/** Scans the fixture's files on the mini registry and compares what was found with the carets. */
export async function checkFixture(fixture: string, settings: ScanSettings = {}): Promise<void> {
  const { files, marks } = parseFixture(fixture);
  const scanned = await scanTexts(files, settings);
  const found = findingsOf(scanned);
  const missing = marks.filter((mark) => !found.some((finding) => agrees(mark, finding)));
  const unexpected = found.filter((finding) => !marks.some((mark) => agrees(mark, finding)));
  const surplus = found.length - unexpected.length - (marks.length - missing.length);
  if (missing.length === 0 && unexpected.length === 0 && surplus === 0) return;
  const describeAll = (items: readonly (Mark | Finding)[]) => items.map((item) => `  ${describePlace(files, item)}\n`).join('');
  assert.fail(`missing:\n${describeAll(missing)}unexpected:\n${describeAll(unexpected)}${surplus === 0 ? '' : 'the same finding twice\n'}`);
}

/** What was found, in manifests and in the settings beside them. */
export function findingsOf(scanned: readonly ScannedFile[]): readonly Finding[] {
  return [...scanned, ...settingsOf(scanned)].flatMap((file) => file.findings);
}

/** The files of a fixture and what it marks in them. A first file without `//-` is requirements.txt. */
export function parseFixture(fixture: string): { files: Map<string, string>; marks: Mark[] } {
  const files = new Map<string, string>();
  const marks: Mark[] = [];
  let path = 'requirements.txt';
  let text = '';
  let lineStart = 0;
  const finish = () => {
    if (text !== '') files.set(path, text);
  };
  for (const line of fixture.replace(/^\n/, '').split(/(?<=\n)/)) {
    const head = /^\/\/- *(\S+)/.exec(line);
    const mark = /^( *)(\^+) (💡 )?([a-z-]+)(?: \[([a-z]+)\])?:(?: (.*))?$/u.exec(line.trimEnd());
    if (head) {
      finish();
      path = head[1]!.replace(/^\//, '');
      text = '';
    } else if (mark) {
      const [, spaces, carets, bulb, rule, severity, message] = mark;
      const start = lineStart + spaces!.length;
      const span = { start, end: start + carets!.length };
      marks.push({ file: path, span, rule: rule!, ...(severity && { severity }), fix: bulb !== undefined, message: message ?? '' });
    } else {
      lineStart = text.length;
      text += line;
    }
  }
  finish();
  return { files, marks };
}

function agrees(mark: Mark, finding: Finding): boolean {
  return (
    mark.file === finding.file &&
    mark.span.start === finding.span.start &&
    mark.span.end === finding.span.end &&
    mark.rule === finding.rule &&
    (mark.severity ?? finding.severity) === finding.severity &&
    mark.fix === finding.fixes.length > 0 &&
    finding.message.startsWith(mark.message)
  );
}

function describePlace(files: ReadonlyMap<string, string>, item: Mark | Finding): string {
  const text = files.get(item.file) ?? '';
  const { line, character } = new LineIndex(text).position(item.span.start);
  const fix = 'fix' in item ? item.fix : item.fixes.length > 0;
  const culprit = JSON.stringify(text.slice(item.span.start, item.span.end));
  return `${item.file}:${line + 1}:${character + 1} ${culprit} ${fix ? '💡 ' : ''}${item.rule} [${item.severity ?? ''}]: ${item.message}`;
}
