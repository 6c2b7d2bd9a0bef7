import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { Report } from '../../server/src/core/report';
import { gapLines } from '../../server/src/render/gaps';
import { listJson, reportJson } from '../../server/src/render/json';
import { jsonText } from '../../server/src/render/jsonText';
import { listText } from '../../server/src/render/listText';
import { printable, printableLines } from '../../server/src/render/printable';
import { plainStyle, reportText } from '../../server/src/render/text';
import { verifyText } from '../../server/src/render/verifyText';
import { scanTexts } from '../support/scanTexts';

const commands: ReadonlySet<string> = new Set(['error', 'warning', 'add-mask', 'stop-commands', 'set-output']);

/** Whether a runner of GitHub Actions obeys a line (actions/runner, ActionCommand): `::name …::` at its beginning, or `##[name …]` anywhere. */
function isObeyed(line: string): boolean {
  const newer = /^\s*::(.*?)::/s.exec(line)?.[1];
  const older = /##\[([^\]]*)\]/.exec(line)?.[1];
  return [newer, older].some((info) => info !== undefined && commands.has(info.split(' ', 1)[0]!.toLowerCase()));
}

const obeyed = (text: string) => text.split(/\r\n|\r|\n/).filter(isObeyed);

const piece = fc.constantFrom(
  '::stop-commands::t',
  '::error file=a::x',
  ' ::add-mask::',
  '\u00a0::error::x',
  '\n::error::x',
  '##[error]x',
  '###[stop-commands]t',
  '##',
  '#',
  '[error]',
  '::',
  ':',
  'error',
  '\t',
  'a',
);
const words = fc.array(piece, { maxLength: 5 }).map((parts) => parts.join(''));

describe('a log of GitHub Actions', () => {
  it('is told no command by a name, a message or a reason, in any text of ours', async () => {
    const files = await scanTexts(new Map([['requirements.txt', 'steady-llm\n']]));
    fc.assert(
      fc.property(words, words, words, (path, message, what) => {
        const [one] = files;
        const { declaration } = one!.subjects[0]!;
        const named = { ...declaration, writtenName: what, specifier: message, section: path };
        const subjects = [{ ...one!.subjects[0]!, declaration: named }];
        const problems = [{ kind: 'unreadable' as const, span: { start: 0, end: 1 }, message }];
        const findings = one!.findings.map((finding) => ({ ...finding, file: path, message }));
        const report: Report = {
          files: [{ ...one!, path, subjects, findings, manifest: { ...one!.manifest, problems } }],
          sources: [{ id: 'osv', state: 'unavailable', reason: message }],
          unread: [{ path: what, message }],
          locks: [],
          coverage: [{ path, looked: [what], notLooked: [{ what, reason: message, fault: true }] }],
          withheld: 1,
          withheldNames: [{ package: { ecosystem: 'npm', name: what }, reason: message, wellKnown: false }],
          complete: false,
        };
        for (const text of [
          reportText(report, plainStyle),
          listText(report, plainStyle, true),
          verifyText(report, plainStyle),
          gapLines(report).join('\n'),
          jsonText(reportJson(report)),
          jsonText(listJson(report)),
          `${printable(path)}: x`,
          printableLines(`${path}\n${message}`),
        ])
          assert.deepEqual(obeyed(text), []);
        assert.deepEqual(JSON.parse(jsonText({ [path]: message })), { [path]: message });
      }),
      { numRuns: 400 },
    );
  });

  it('shows what would have been one', () => {
    assert.equal(printable('::error::x'), '\\x3a:error::x');
    assert.equal(printable('  ::error::x'), '  \\x3a:error::x');
    assert.equal(printable('a ::b ##[x] #[y] ##z'), 'a ::b \\x23#[x] #[y] ##z');
  });
});
