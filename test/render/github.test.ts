import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { Finding } from '../../server/src/core/finding';
import type { Report } from '../../server/src/core/report';
import { githubText } from '../../server/src/render/github';
import { reportOn } from '../support/scanTexts';

/** A line as the runner of GitHub Actions reads it (actions/runner, ActionCommand): `undefined` for one that is no command. */
function commandIn(line: string): { name: string; properties: Record<string, string>; message: string } | undefined {
  const match = /^\s*::([^\s:]+)(?: (.*?))?::(.*)$/.exec(line);
  if (!match) return undefined;
  const decoded = (text: string, pairs: readonly (readonly [string, string])[]) =>
    pairs.reduce((result, [code, character]) => result.replaceAll(code, character), text);
  const data = [
    ['%0D', '\r'],
    ['%0A', '\n'],
    ['%25', '%'],
  ] as const;
  const properties = (match[2] ?? '')
    .split(',')
    .filter(Boolean)
    .map((pair) => [pair.slice(0, pair.indexOf('=')), decoded(pair.slice(pair.indexOf('=') + 1), [['%3A', ':'], ['%2C', ','], ...data])]);
  return { name: match[1]!, properties: Object.fromEntries(properties) as Record<string, string>, message: decoded(match[3]!, data) };
}

const linesOf = (report: Report) => githubText(report).trimEnd().split('\n');

describe('annotations of GitHub', () => {
  it('name file, lines, columns and rule, the worst first, and end with the summary', async () => {
    const report = await reportOn({ 'requirements.txt': 'steady-llm\nstory-llm==1.82.7\nstory-llm==1.83.7\n' });
    const lines = linesOf(report);
    assert.deepEqual(
      lines.slice(0, -1).map((line) => {
        const { name, properties } = commandIn(line)!;
        return [name, ...Object.values(properties)];
      }),
      [
        ['error', 'requirements.txt', '2', '2', '10', '17', 'Merlon: compromised-release'],
        ['warning', 'requirements.txt', '1', '1', '1', '10', 'Merlon: unpinned'],
        ['warning', 'requirements.txt', '3', '3', '10', '17', 'Merlon: vulnerable-release'],
      ],
    );
    assert.equal(lines.at(-1), '1 error, 2 warnings (3 declarations in 1 file)');
  });

  it('say what could not be checked before anything else, and never let it crowd the findings out', async () => {
    const unread = Array.from({ length: 20 }, (_, n) => ({ path: `f${n}.txt`, message: 'it is too large' }));
    const lines = linesOf(
      await reportOn(
        { 'requirements.txt': 'steady-llm\n' },
        { unread, sources: [{ id: 'osv', state: 'unavailable', reason: 'down' }], complete: false },
      ),
    );
    const commands = lines.flatMap((line) => commandIn(line) ?? []);
    assert.equal(commands.filter(({ properties }) => properties.title === 'Merlon: not checked').length, 4);
    assert.deepEqual(
      commands.slice(3).map(({ message }) => message),
      ['and 18 other gaps: the JSON report lists all', commands.at(-1)!.message],
    );
    assert.match(lines.at(-1)!, /not everything could be checked/);
    const one = linesOf(
      await reportOn({}, { sources: [{ id: 'osv', state: 'unavailable', reason: 'down' }], complete: false, unread: unread.slice(0, 1) }),
    );
    assert.ok(one.some((line) => line.includes('could not ask osv: down')));
  });

  it('say of sources what a log of code scanning says: that one is old, what one lacks, who was not asked', async () => {
    const evil = 'x\n::error::y\u001b[31m%0A';
    const report = await reportOn(
      { 'requirements.txt': 'plain-util==1.0\n' },
      {
        sources: [
          { id: 'bundled', state: 'ok', asOf: new Date(0) },
          { id: 'index', state: 'stale', reason: `it is 11 days old; ${evil}` },
          { id: 'mirror', state: 'stale' },
          { id: 'osv', state: 'ok', reason: evil },
          { id: 'npm', state: 'disabled', reason: evil },
          { id: 'pypi', state: 'disabled' },
        ],
        withheld: 2,
        withheldNames: [
          { package: { ecosystem: 'npm', name: '@corp/a' }, reason: evil, wellKnown: false },
          { package: { ecosystem: 'npm', name: '@corp/b' }, reason: evil, wellKnown: false },
        ],
      },
    );
    const lines = linesOf(report);
    const cleaned = 'x ::error::y\\x1b[31m%0A';
    assert.deepEqual(
      lines.slice(0, -1).map((line) => {
        const { name, properties, message } = commandIn(line)!;
        return [name, properties.title, message];
      }),
      [
        ['warning', 'Merlon: old', `index is old: it is 11 days old; ${cleaned}`],
        ['warning', 'Merlon: old', 'mirror is old: it was not renewed'],
        ['notice', 'Merlon: not whole', `osv: ${cleaned}`],
        ['notice', 'Merlon: not asked', `npm (${cleaned}), pypi (switched off)`],
        ['notice', 'Merlon: private names', `2 names not asked: @corp/a, @corp/b: ${cleaned}`],
      ],
    );
    assert.equal(lines.at(-1), 'Nothing found (1 declaration in 1 file)');
  });

  it('are counted where GitHub shows but the first', async () => {
    const lines = linesOf(await reportOn({ 'requirements.txt': 'steady-llm\n'.repeat(11) }));
    assert.equal(lines.filter((line) => line.startsWith('::warning')).length, 11);
    assert.ok(lines.includes('GitHub shows the first 10 annotations of a kind; there are 11 warnings, all of them in this log.'));
    const ten = linesOf(await reportOn({ 'requirements.txt': 'steady-llm\n'.repeat(10) }));
    assert.ok(!ten.some((line) => line.startsWith('GitHub shows')));
    // What stands before them takes one of the places.
    const old = { sources: [{ id: 'index', state: 'stale' }] } as const;
    const last = linesOf(await reportOn({ 'requirements.txt': 'steady-llm\n'.repeat(10) }, old));
    assert.ok(last.includes('GitHub shows the first 10 annotations of a kind; there are 11 warnings, all of them in this log.'));
  });

  it('say that there was nothing to read', async () => {
    assert.equal(githubText(await reportOn({})), '::warning title=Merlon%3A not checked::No manifest found: nothing was checked.\n');
  });

  it('have columns only of one line', async () => {
    const { files } = await reportOn({ 'requirements.txt': 'steady-llm \\\n >=1\n' });
    const findings = files[0]!.findings.map((finding): Finding => ({ ...finding, span: { start: 0, end: 15 } }));
    const { properties } = commandIn(linesOf(await reportOn({}, { files: [{ ...files[0]!, findings }] }))[0]!)!;
    assert.deepEqual(Object.keys(properties), ['file', 'line', 'endLine', 'title']);
  });

  it('are read by GitHub as what they are, whatever stands in names and messages', async () => {
    const { files } = await reportOn({ 'requirements.txt': 'steady-llm\n' });
    const piece = fc.constantFrom(
      '::',
      '%',
      '%0A',
      '%25',
      ':',
      ',',
      '=',
      '\n',
      '\r',
      ' ',
      'a',
      '::error::x',
      '::stop-commands::t',
      '\u001b[31m',
      '\u202e',
    );
    const words = fc.array(piece, { maxLength: 6 }).map((parts) => parts.join(''));
    await fc.assert(
      fc.asyncProperty(words, words, words, async (path, message, unread) => {
        const file = { ...files[0]!, path, findings: files[0]!.findings.map((finding) => ({ ...finding, file: path, message })) };
        const lines = linesOf(await reportOn({}, { files: [file], unread: [{ path: unread, message }], complete: false }));
        assert.equal(lines.length, 3);
        const [gap, annotation] = lines.map(commandIn);
        assert.equal(lines.flatMap((line) => commandIn(line) ?? []).length, 2);
        assert.deepEqual([gap!.name, annotation!.name, annotation!.properties.title], ['warning', 'warning', 'Merlon: unpinned']);
        assert.deepEqual(Object.keys(annotation!.properties), ['file', 'line', 'endLine', 'col', 'endColumn', 'title']);
        // What is printed as it is comes back to the letter.
        // eslint-disable-next-line no-control-regex
        if (!/[\u001b\u202e]/.test(path)) assert.equal(annotation!.properties.file, path);
        // eslint-disable-next-line no-control-regex
        assert.doesNotMatch(lines.join(''), /[\u0000-\u001f\u202e]/);
      }),
      { numRuns: 300 },
    );
  });
});
