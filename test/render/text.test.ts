import assert from 'node:assert/strict';
import type { Report, SourceState } from '../../server/src/core/report';
import { reportText, type Style } from '../../server/src/render/text';
import { listText } from '../../server/src/render/listText';
import { reportOn, scanTexts } from '../support/scanTexts';

const same = (text: string) => text;
const plain: Style = { red: same, yellow: same, blue: same, dim: same, bold: same };

async function text(texts: Record<string, string>, more: Partial<Report> = {}): Promise<string> {
  return reportText(await reportOn(texts, more), plain);
}

const asOf = new Date('2026-06-01T10:42:00Z');
const sources: SourceState[] = [
  { id: 'bundled', state: 'ok', asOf: new Date('2026-05-30T00:00:00Z') },
  { id: 'osv', state: 'ok', asOf },
];

describe('the report in a terminal', () => {
  it('names file, place, severity, rule and cure, and what it knows from where', async () => {
    const report = await reportOn({ 'requirements.txt': 'story-llm==1.82.7\n' }, { sources });
    const [finding] = report.files[0]!.findings;
    assert.equal(
      reportText(report, plain),
      `requirements.txt
  1:10    error    ${finding!.message}  compromised-release
                   fix: ${finding!.fixes[0]!.title}

1 error (1 declaration in 1 file)
Known from: bundled as of 2026-05-30, osv as of 2026-06-01 10:42 UTC
`,
    );
  });

  it('says that nothing was found only where everything was looked at', async () => {
    assert.match(await text({ 'requirements.txt': 'plain-util==1.0\n' }), /^Nothing found \(1 declaration in 1 file\)\n$/);
    assert.match(await text({}), /^No manifest found: nothing was checked\.\n$/);
  });

  it('never lets silence read as safe', async () => {
    const down: SourceState = { id: 'osv', state: 'unavailable', reason: 'osv.example did not answer' };
    const files = { 'requirements.txt': 'plain-util==1.0\n' };
    const unavailable = await text(files, { sources: [down], complete: false });
    assert.match(unavailable, /^Nothing found in what could be checked/);
    assert.match(unavailable, /^Could not ask osv: osv\.example did not answer$/m);

    const old = await text(files, { sources: [{ ...down, asOf }], complete: false });
    assert.match(old, /^Could not ask osv: osv\.example did not answer; what it last said, 2026-06-01 10:42 UTC, is still shown$/m);
    assert.doesNotMatch(old, /Known from/);

    const waiting = await text(files, { sources: [{ id: 'osv', state: 'pending' }], complete: false });
    assert.match(waiting, /^Could not ask osv: no answer yet$/m);

    const off = await text(files, {
      sources: [
        { id: 'osv', state: 'disabled', reason: 'offline' },
        { id: 'pypi', state: 'disabled' },
      ],
      withheld: 2,
    });
    assert.match(off, /^Not asked: osv \(offline\), pypi \(switched off\)$/m);
    assert.match(off, /^2 names not asked: private$/m);

    const stale = await text(files, { sources: [{ id: 'index', state: 'stale', asOf }] });
    assert.match(stale, /^Known from: index as of 2026-06-01 10:42 UTC, which is old$/m);

    const unread = await text({}, { unread: [{ path: 'package.json', message: 'it is not UTF-8' }], complete: false });
    assert.match(
      unread,
      /^package\.json\n {2}not read it is not UTF-8\n\nNothing found in what could be checked \(0 declarations in 0 files\)/,
    );

    const partly = await text({ 'requirements.txt': 'plain-util==1.0\n-r gone.txt\n' }, { complete: false });
    assert.match(
      partly,
      /^requirements\.txt\n {2}2:4 {5}not read gone\.txt is not checked: there is no such file\n\nNothing found in what could/,
    );

    const both = await text({ 'requirements.txt': 'story-llm==1.82.7\n' }, { sources: [down], complete: false });
    assert.match(both, /^1 error \(1 declaration in 1 file\); not everything could be checked$/m);
  });

  it('counts notes apart, and says what is one', async () => {
    const report = await text({ 'requirements.txt': 'story-llm\nsteady-llm\nholey-vector==1.5.0\n' });
    assert.match(report, /^\d warnings?, 1 note \(3 declarations in 1 file\)$/m);
    assert.match(report, / info {5}holey-vector/);
  });

  it('lets no text of a file at the terminal', async () => {
    const evil = '\u001b[2J\u202e';
    const report = await reportOn(
      {
        [`${evil}/requirements.txt`]: `steady-llm>=1${evil}\n-r ${evil}\n`,
        'pyproject.toml': '[tool.poetry.group."\\u001b[2J".dependencies]\nsteady-llm = "*"\n',
      },
      { unread: [{ path: evil, message: evil }], sources: [{ id: 'osv', state: 'unavailable', reason: evil }] },
    );
    for (const written of [reportText(report, plain), listText(report, plain)]) {
      // eslint-disable-next-line no-control-regex
      assert.doesNotMatch(written, /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202e]/);
      assert.match(written, /\\x1b\[2J/);
    }
  });
});

describe('the list in a terminal', () => {
  it('has a line for each declaration', async () => {
    const report = await reportOn(
      { 'requirements.txt': 'steady-llm>=1\nplain-util\n-e .\n' },
      { unread: [{ path: 'big.txt', message: 'it is too large' }] },
    );
    assert.equal(
      listText(report, plain),
      `requirements.txt (3 declarations)
  steady-llm  >=1  llm-sdk  runtime
  plain-util  any  runtime
  (no name)   path  runtime

big.txt
  it is too large
`,
    );
    assert.equal(listText({ ...report, files: [], unread: [] }, plain), 'No manifest found.\n');
  });

  it('stands a file with more entries than a call has arguments', async () => {
    const [file] = await scanTexts(new Map([['requirements.txt', 'plain-util\n']]));
    const many = { ...file!, subjects: Array.from({ length: 300_000 }, () => file!.subjects[0]!) };
    assert.ok(listText({ sources: [], files: [many], unread: [], locks: [], withheld: 0, complete: true }, plain).length > 300_000);
  });
});
