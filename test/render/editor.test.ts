import assert from 'node:assert/strict';
import type { DeclarationSubject } from '../../server/src/core/check';
import { LineIndex, type Range } from '../../server/src/core/span';
import { FIX_ALL, fixAll, quickFixes, workspaceEdit, type Naming } from '../../server/src/render/codeActions';
import { dateText } from '../../server/src/render/dates';
import { diagnosticsOf, unreadDiagnostic } from '../../server/src/render/diagnostics';
import { unifiedDiff } from '../../server/src/render/diff';
import { hoverMarkdown } from '../../server/src/render/hover';
import { scanTexts } from '../support/scanTexts';
import { advisory, now, subject } from '../support/subjects';

const scan = (texts: Record<string, string>) => scanTexts(new Map(Object.entries(texts)));
const naming: Naming = { uriOf: (path) => `file:///w/${path}`, versionOf: (path) => (path === 'requirements.txt' ? 7 : null) };

describe('diagnostics', () => {
  it('have what the protocol asks for', async () => {
    const [file] = await scan({ 'requirements.txt': '# 💡\r\nstory-llm==1.82.7\r\n-r gone.txt\r\n' });
    const diagnostics = diagnosticsOf(file!, naming.uriOf);
    assert.deepEqual(diagnostics, [
      {
        range: { start: { line: 1, character: 9 }, end: { line: 1, character: 17 } },
        severity: 1,
        source: 'merlon',
        code: 'compromised-release',
        codeDescription: { href: diagnostics[0]!.codeDescription!.href },
        message: file!.findings[0]!.message,
      },
      {
        range: { start: { line: 2, character: 3 }, end: { line: 2, character: 11 } },
        severity: 2,
        source: 'merlon',
        message: 'Not checked: gone.txt is not checked: there is no such file',
      },
    ]);
    assert.match(diagnostics[0]!.codeDescription!.href, /^https:\/\/.*\/docs\/checks\/compromised-release\.md$/);
    assert.equal(unreadDiagnostic('it is not UTF-8').message, 'Not checked: it is not UTF-8');
  });

  it('know every severity, and what is deprecated', async () => {
    const [file] = await scan({ 'requirements.txt': 'story-llm==1.82.7\n' });
    const finding = file!.findings[0]!;
    const of = (severity: 'error' | 'warning' | 'information' | 'hint') =>
      diagnosticsOf({ ...file!, findings: [{ ...finding, severity, fixes: [], tags: ['deprecated'] }] }, naming.uriOf)[0]!;
    assert.deepEqual(
      (['error', 'warning', 'information', 'hint'] as const).map((severity) => of(severity).severity),
      [1, 2, 3, 4],
    );
    assert.deepEqual(of('hint').tags, [2]);
  });
});

describe('code actions', () => {
  it('cure the findings that the selection touches, with their edit and the version that it is for', async () => {
    const files = await scan({ 'requirements.txt': 'story-llm==1.82.7\nsteady-llm>=1\n' });
    const file = files[0]!;
    const actions = quickFixes(file, { start: 9, end: 9 }, { files }, naming);
    assert.ok(actions.length > 0);
    assert.deepEqual(actions.map(({ isPreferred }) => isPreferred ?? false).indexOf(true), 0, 'the preferred one comes first');
    for (const action of actions) {
      assert.equal(action.kind, 'quickfix');
      assert.deepEqual(action.diagnostics, [diagnosticsOf(file, naming.uriOf)[0]]);
      assert.equal(action.command, undefined);
      const [change] = action.edit!.documentChanges as unknown as [
        { textDocument: { uri: string; version: number }; edits: { range: unknown }[] },
      ];
      assert.deepEqual(change.textDocument, { uri: 'file:///w/requirements.txt', version: 7 });
    }
    assert.deepEqual(quickFixes(file, { start: 0, end: 3 }, { files }, naming), []);
    assert.equal(
      new Set(quickFixes(file, { start: 0, end: 99 }, { files }, naming).map(({ diagnostics }) => diagnostics![0]!.code)).size,
      2,
    );
  });

  it('begin with those of the gravest finding, which alone are preferred', async () => {
    const files = await scan({ 'requirements.txt': 'story-llm==1.82.7\n' });
    const [grave] = files[0]!.findings;
    const note = {
      ...grave!,
      rule: 'note',
      severity: 'information' as const,
      fixes: [{ ...grave!.fixes[0]!, title: 'a note', edits: [] }],
    };
    const actions = quickFixes({ ...files[0]!, findings: [note, grave!] }, { start: 9, end: 9 }, { files }, naming);
    assert.deepEqual([actions[0]!.title, actions[0]!.isPreferred], [grave!.fixes[0]!.title, true]);
    assert.deepEqual([actions.at(-1)!.title, actions.at(-1)!.isPreferred], ['a note', undefined]);
  });

  it('apply every preferred fix at once, and none twice', async () => {
    const files = await scan({ 'requirements.txt': 'story-llm==1.82.7\nsteady-llm>=1\n' });
    const action = fixAll(files[0]!, { files }, naming)!;
    assert.equal(action.kind, FIX_ALL);
    assert.equal(action.kind, 'source.fixAll.merlon');
    const [change] = action.edit!.documentChanges as unknown as [{ edits: { newText: string }[] }];
    assert.equal(change.edits.length, 2);
    const clean = await scan({ 'requirements.txt': 'plain-util==1.1.0\n' });
    assert.equal(fixAll(clean[0]!, { files: clean }, naming), undefined);
  });

  it('change another file where the edit lies there, with positions of that file', async () => {
    const yaml = 'packages: []\ncatalog:\n  steady-llm: ^1.0.0\n';
    const files = await scan({ 'package.json': '{"dependencies":{"steady-llm":"catalog:"}}', 'pnpm-workspace.yaml': yaml });
    const action = fixAll(files[0]!, { files }, naming)!;
    const [change] = action.edit!.documentChanges as unknown as [
      {
        textDocument: { uri: string; version: null };
        edits: { range: Range }[];
      },
    ];
    assert.deepEqual(change.textDocument, { uri: 'file:///w/pnpm-workspace.yaml', version: null });
    const index = new LineIndex(yaml);
    const { start, end } = change.edits[0]!.range;
    assert.equal(yaml.slice(index.offset(start), index.offset(end)), '^1.0.0');
  });

  it('want a confirmation for each annotated edit, also of two at one place', async () => {
    const files = await scan({ 'requirements.txt': 'story-llm==1.82.7\n' });
    const edits = [
      { file: 'requirements.txt', span: { start: 9, end: 9 }, newText: ' ' },
      { file: 'requirements.txt', span: { start: 9, end: 17 }, newText: '==1' },
    ];
    const { documentChanges, changeAnnotations } = workspaceEdit(edits, { files }, naming, ({ newText }) => `writes ${newText}`);
    const [change] = documentChanges as unknown as [{ edits: { annotationId: string }[] }];
    assert.deepEqual(
      change.edits.map(({ annotationId }) => changeAnnotations![annotationId]!.label),
      ['writes  ', 'writes ==1'],
    );
    assert.ok(Object.values(changeAnnotations!).every(({ needsConfirmation }) => needsConfirmation));
  });
});

describe('the hover', () => {
  const hover = (one: DeclarationSubject, url?: string) => hoverMarkdown(one, { packageUrl: url });

  it('says who decides on what the line stands for, where that is another one', () => {
    const bounded = { bounded: { own: '>=1', by: 'c.txt' }, notes: ['c.txt narrows it to ==1.2'] };
    assert.match(hover(subject('openai==1.2', { declaration: bounded })), /Stands for release 1\.2 \(by c\.txt\)\. c\.txt narrows it to/);
  });

  it('says what the line stands for, what is known, who said so and when', () => {
    const known = [
      advisory('MAL-2026-1', ['1.2'], { summary: 'Malware in x' }),
      advisory('GHSA-1', '>=1,<2', { severity: 'high' }),
      advisory('GHSA-2', '<1'),
    ];
    assert.equal(
      hover(subject('openai==1.2', { advisories: known }), 'https://pypi.org/project/openai/'),
      `**[openai](https://pypi.org/project/openai/)** · llm\\-sdk

Stands for release 1.2 (pinned here).

- **malware** [MAL\\-2026\\-1](https://advisories.example/MAL-2026-1): Malware in x
- **high** [GHSA\\-1](https://advisories.example/GHSA-1): Fixed in 2.
- 1 other advisory does not touch this release

*Releases: PyPI could not be asked: the registry is down.*

*Sources: test as of 2026-06-01 12:00 UTC.*`,
    );
    assert.match(
      hover(subject('openai>=1', { advisories: known })),
      /No single release: [^\n]*\n\nKnown of one or the other of its releases:\n\n- \*\*malware/,
    );
    assert.match(hover(subject('openai==1.2')), /No known advisory\. \*Sources: test as of/);
  });

  it('never lets an empty list read as safe', () => {
    const one = subject('openai==1.2');
    const with_ = (answer: DeclarationSubject['advisories'][number]['answer']) =>
      hover({ ...one, advisories: [{ source: 'osv', answer }, one.advisories[0]!] });
    const caution = /Not fully checked: an empty list does not mean safe\. \*Sources: osv /;
    assert.match(with_({ state: 'pending', reason: 'r' }), caution);
    assert.match(with_({ state: 'unavailable', reason: 'a_b' }), caution);
    assert.match(with_({ state: 'unavailable', reason: 'a_b' }), /osv could not be asked: a\\_b;/);
    assert.match(
      with_({ state: 'unavailable', reason: 'r', last: { value: [], asOf: now } }),
      /osv could not be asked: r, last known 2026-06-01 12:00 UTC;/,
    );
    assert.match(with_({ state: 'withheld', reason: 'listed' }), caution);
    assert.match(with_({ state: 'disabled', reason: 'off' }), caution);
    assert.match(hover({ ...one, advisories: [] }), /Not checked: advisories are off\./);
    assert.doesNotMatch(hover({ ...subject('x', { source: { kind: 'path', path: '.' } }), advisories: [] }), /No known advisory/);
  });

  it('shows nothing of a feed or a file as Markdown', () => {
    const evil = '[x](command:evil) ![](https://e/i.png) <img src=x>\n# h `c` www.evil.example';
    const one = subject('openai==1.2', {
      advisories: [advisory(evil, ['1.2'], { summary: evil, url: 'command:evil', aliases: [evil], fixedIn: [evil] })],
      roles: [evil],
      declaration: { notes: [evil], package: { ecosystem: 'PyPI', name: evil }, writtenName: evil },
    });
    const text = hover({ ...one, resolution: { version: '1.2', from: 'exact-range' } }, 'https://pypi.org/project/x)/');
    const left = text.replace(/&#\d+;|\\[!-/:-@[-`{-~]/g, '');
    assert.doesNotMatch(left, /!\[|<|`|^#|www\./m);
    assert.equal(left.match(/\]\(/g)!.length, 1, 'the one link is ours');
    assert.match(left, /\(https:\/\/pypi\.org\/project\/x%29\/\)/);
  });

  it('shows a dozen of many, and names an entry that has no name', () => {
    const many = Array.from({ length: 40 }, (_, n) => advisory(`GHSA-${n}`, ['1.2']));
    assert.match(hover(subject('openai==1.2', { advisories: many })), /- and 28 more\n/);
    const nameless = subject('', { source: { kind: 'path', path: '.' } });
    assert.match(hover({ ...nameless, roles: [] }), /^\*\*This entry\*\*\n/);
  });
});

describe('small renderings', () => {
  it('tell a date without the time where it is midnight', () => {
    assert.equal(dateText(new Date('2026-05-30T00:00:00Z')), '2026-05-30');
    assert.equal(dateText(new Date('2026-05-30T09:05:59Z')), '2026-05-30 09:05 UTC');
  });

  it('write a diff as git takes it', () => {
    assert.equal(
      unifiedDiff('a/r.txt', 'one\ntwo\nthree', 'one\n2\nthree'),
      `--- a/a/r.txt\n+++ b/a/r.txt\n@@ -1,3 +1,3 @@\n one\n-two\n+2\n three\n\\ No newline at end of file\n`,
    );
    assert.match(unifiedDiff('r.txt', 'a\r\nb\r\n', 'a\r\nc\r\n'), /\n-b\r\n\+c\r\n$/);
  });
});
