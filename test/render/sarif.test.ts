import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { checks } from '../../server/src/checks';
import type { Finding } from '../../server/src/core/finding';
import { applyEdits } from '../../server/src/core/applyEdits';
import type { Report, ScannedFile } from '../../server/src/core/report';
import { sarifLog } from '../../server/src/render/sarif';
import { artifactAt } from '../../server/src/render/sarif/places';
import type { SarifResult, SarifRun } from '../../server/src/render/sarif/types';
import { changedAdvisory } from '../support/advisories';
import { assertSarif, fixedText } from '../support/sarif';
import { reportOn } from '../support/scanTexts';

const now = new Date('2026-06-01T12:00:00Z');
const digest = (text: string) => createHash('sha256').update(text).digest('hex');

function runOf(report: Report, command: 'check' | 'verify' = 'check'): SarifRun {
  return assertSarif(JSON.stringify(sarifLog(report, { command, checks, now, digest }))).runs[0]!;
}

async function resultsOf(texts: Record<string, string>): Promise<readonly SarifResult[]> {
  return runOf(await reportOn(texts)).results;
}

/** Rule and fingerprint, which is what a dismissed alert is found again by. */
const keys = (results: readonly SarifResult[]) =>
  results.map(({ ruleId, partialFingerprints }) => `${ruleId} ${partialFingerprints.primaryLocationLineHash}`).sort();

const withFinding = (file: ScannedFile, change: Partial<Finding>): ScannedFile => ({
  ...file,
  findings: file.findings.map((finding) => ({ ...finding, ...change })),
});

describe('SARIF', () => {
  it('says of a finding where it is, how bad, what is known, and what cures it', async () => {
    const [result] = await resultsOf({ 'sub dir/requirements.txt': '# one\nstory-llm==1.82.7\n' });
    assert.ok(result);
    assert.deepEqual(
      [result.ruleId, result.level, result.kind, result.locations],
      [
        'compromised-release',
        'error',
        'fail',
        [
          {
            physicalLocation: {
              artifactLocation: { uri: 'sub%20dir/requirements.txt', uriBaseId: '%SRCROOT%' },
              region: { startLine: 2, startColumn: 10, endLine: 2, endColumn: 18 },
            },
          },
        ],
      ],
    );
    assert.match(result.message.text, /story-llm 1\.82\.7 is malware/);
    assert.deepEqual(result.properties.version, '1.82.7');
    assert.deepEqual(result.properties['security-severity'], '10.0');
    assert.deepEqual(
      (result.properties.advisories as { id: string }[]).map(({ id }) => id),
      ['MAL-2026-9001', 'GHSA-aaaa-bbbb-0001', 'GHSA-aaaa-bbbb-0002'],
    );
    assert.equal(fixedText('# one\nstory-llm==1.82.7\n', 'sub%20dir/requirements.txt', result.fixes![0]!), '# one\nstory-llm==1.84.0\n');
  });

  it('counts columns in UTF-16 and lines as editors do', async () => {
    const text = '{\r\n  "description": "💡", "dependencies": { "steady-llm": "^1.0.0" }\r}\r\n';
    const [result] = await resultsOf({ 'package.json': text });
    const { region } = result!.locations[0]!.physicalLocation;
    assert.deepEqual([region!.startLine, region!.startColumn, region!.endColumn], [2, text.indexOf('^') - 2, text.indexOf('^') + 4]);
    const run = runOf(await reportOn({ 'package.json': text }));
    assert.deepEqual([run.columnKind, run.newlineSequences], ['utf16CodeUnits', ['\r\n', '\n', '\r']]);
  });

  it('does as fixes the very edits that the editor would do', async () => {
    const text = '# 💡\r\nstory-llm==1.82.7 ; python_version > "3"\nsteady-llm>=1\rhijacked-agent>=2,<2.3\n';
    const report = await reportOn({ 'requirements.txt': text });
    const { results } = runOf(report);
    let fixes = 0;
    report.files[0]!.findings.forEach((finding, at) => {
      const written = results[at]!.fixes ?? [];
      assert.equal(written.length, finding.fixes.length);
      finding.fixes.forEach((fix, which) => {
        assert.equal(fixedText(text, 'requirements.txt', written[which]!), applyEdits(text, fix.edits));
        fixes++;
      });
    });
    assert.ok(fixes >= 3, `${fixes}`);
  });

  it('has every rule with help, a level and a severity that GitHub reads', async () => {
    const { rules } = runOf(await reportOn({})).tool.driver;
    assert.deepEqual(
      rules.map(({ id }) => id),
      checks.map(({ id }) => id),
    );
    for (const { id, name, shortDescription, fullDescription, help, helpUri, properties } of rules) {
      assert.match(name, /^[A-Z][A-Za-z]+$/);
      assert.ok(shortDescription.text.length <= 1024 && fullDescription.text.length <= 1024, id);
      assert.ok(fullDescription.text.length > 40 && !/[`*]/.test(fullDescription.text), fullDescription.text);
      assert.ok(help.text.length > 100 && help.markdown!.includes('## How to fix it'), id);
      assert.ok(helpUri.endsWith(`/docs/checks/${id}.md`));
      const risk = properties['security-severity'];
      assert.equal((properties.tags as string[]).includes('security'), risk !== undefined);
      if (risk !== undefined) assert.ok(/^\d+\.\d$/.test(risk as string) && Number(risk) > 0 && Number(risk) <= 10, id);
    }
    assert.equal(rules.find(({ id }) => id === 'compromised-release')!.properties['security-severity'], '10.0');
  });

  it('rates vulnerable releases by the worst that it holds, and a suppressed one rates nothing', async () => {
    const risk = (report: Report) =>
      runOf(report).tool.driver.rules.find(({ id }) => id === 'vulnerable-release')!.properties['security-severity'];
    const medium = await reportOn({ 'requirements.txt': 'story-llm==1.83.7\n' });
    const critical = await reportOn({ 'requirements.txt': 'story-llm==1.83.7\n', 'b/requirements.txt': 'story-llm==1.82.6\n' });
    assert.deepEqual([risk(await reportOn({})), risk(medium), risk(critical)], ['8.0', '5.5', '9.5']);
    const files = critical.files.map((file) => (file.path.startsWith('b/') ? { ...file, findings: [], suppressed: file.findings } : file));
    assert.equal(risk({ ...critical, files }), '5.5');
  });

  it('maps each severity to a level of its own', async () => {
    const { files } = await reportOn({ 'requirements.txt': 'steady-llm\n' });
    for (const [severity, level] of [
      ['error', 'error'],
      ['warning', 'warning'],
      ['information', 'note'],
      ['hint', 'none'],
    ] as const) {
      const { results } = runOf(await reportOn({}, { files: files.map((file) => withFinding(file, { severity })) }));
      assert.deepEqual(
        results.map((result) => result.level),
        [level],
      );
    }
  });

  describe('knows a finding again', () => {
    const text = 'story-llm==1.82.7\nsteady-llm\nsteady-llm>=1\n--extra-index-url http://a.example\n--extra-index-url http://b.example\n';

    it('when its line has moved, when others come or go, and when it is suppressed', async () => {
      const report = await reportOn({ 'requirements.txt': text });
      const before = keys(runOf(report).results);
      assert.ok(before.length >= 5, before.join('\n'));
      const moved = await resultsOf({ 'requirements.txt': `# moved\r\n\r\n${text.replaceAll('\n', ' # why\n')}` });
      assert.deepEqual(keys(moved), before);
      const more = await resultsOf({ 'requirements.txt': `hijacked-agent==2.1.1\n${text}`, 'b/requirements.txt': text });
      for (const key of before) assert.ok(keys(more).includes(key), key);
      const [file] = report.files;
      const suppressed = { ...file!, findings: file!.findings.slice(2), suppressed: file!.findings.slice(0, 2) };
      const hidden = runOf({ ...report, files: [suppressed] });
      assert.deepEqual(keys(hidden.results), before);
      assert.equal(hidden.results.filter(({ suppressions }) => suppressions).length, 2);
    });

    it('by its place among those that are otherwise alike, be it suppressed or not', async () => {
      const report = await reportOn({ 'requirements.txt': 'steady-llm\nsteady-llm\n' });
      const [file] = report.files;
      const [first, second] = file!.findings;
      const { results } = runOf({ ...report, files: [{ ...file!, findings: [second!], suppressed: [first!] }] });
      assert.deepEqual(
        results.map(({ partialFingerprints, suppressions }) => [partialFingerprints.primaryLocationLineHash!.slice(-2), !!suppressions]),
        [
          [':1', true],
          [':2', false],
        ],
      );
    });

    it('and not what is another: release, file, advisory, address', async () => {
      const one = async (line: string, file = 'requirements.txt') => {
        const results = await resultsOf({ [file]: `${line}\n` });
        assert.equal(results.length, 1, line);
        return keys(results)[0]!;
      };
      const different = await Promise.all([
        one('story-llm==1.82.7'),
        one('story-llm==1.82.8'),
        one('story-llm==1.82.7', 'b/requirements.txt'),
        one('steady-llm @ git+https://git.example/a.git@main'),
        one('steady-llm @ git+https://git.example/b.git@main'),
        one('--extra-index-url http://a.example'),
        one('--extra-index-url http://b.example'),
      ]);
      assert.equal(new Set(different).size, different.length);
      const report = await reportOn({ 'requirements.txt': 'story-llm==1.83.7\n' });
      const { advisories } = report.files[0]!.findings[0]!;
      const other = [changedAdvisory(advisories[0]!, { id: 'GHSA-aaaa-bbbb-0009' })];
      const changed = runOf({ ...report, files: report.files.map((file) => withFinding(file, { advisories: other })) });
      assert.notDeepEqual(keys(changed.results), keys(runOf(report).results));
    });
  });

  it('shows suppressed findings with their justification, and the entry that suppresses them', async () => {
    const report = await reportOn({ 'requirements.txt': 'steady-llm\n' });
    const policy = '[[suppress]]\nreason = "{why} [x](http://y)"\n';
    const [file] = report.files;
    const suppression = {
      reason: 'Pinned by the {image} [x](http://y)',
      file: 'merlon.toml',
      span: { start: 0, end: 12 },
      expires: new Date('2026-07-01T00:00:00Z'),
    };
    const { results } = runOf({
      ...report,
      files: [{ ...file!, findings: [], suppressed: file!.findings.map((finding) => ({ ...finding, suppression })) }],
      policies: [{ path: 'merlon.toml', ecosystem: '', text: policy, findings: [], suppressed: [] }],
    });
    assert.deepEqual(results[0]!.suppressions, [
      {
        kind: 'external',
        status: 'accepted',
        justification: 'Pinned by the {image} [x](http://y)',
        location: {
          physicalLocation: {
            artifactLocation: { uri: 'merlon.toml', uriBaseId: '%SRCROOT%' },
            region: { startLine: 1, startColumn: 1, endLine: 1, endColumn: 13 },
          },
        },
        properties: { expires: '2026-07-01T00:00:00.000Z' },
      },
    ]);
  });

  it('is not successful where something could not be read or asked, and says what', async () => {
    const asOf = new Date('2026-05-01T00:00:00Z');
    const run = runOf(
      await reportOn(
        { 'requirements.txt': 'steady-llm==1.0.0\n-r gone.txt\n' },
        {
          complete: false,
          withheld: 2,
          unread: [{ path: 'big file.txt', message: 'it is too large' }],
          sources: [
            { id: 'bundled', state: 'ok', asOf },
            { id: 'osv', state: 'unavailable', reason: 'down\u001b[31m', asOf },
            { id: 'npm-registry', state: 'pending' },
            { id: 'pypi', state: 'disabled', reason: 'offline' },
          ],
          coverage: [
            {
              path: '.venv',
              looked: ['RECORD'],
              notLooked: [
                { what: 'a part of RECORD', reason: 'it is damaged', fault: true },
                { what: 'bytecode', reason: 'it is not in RECORD' },
              ],
            },
          ],
        },
      ),
    );
    const [invocation] = run.invocations;
    assert.equal(invocation!.executionSuccessful, false);
    assert.equal(invocation!.endTimeUtc, '2026-06-01T12:00:00.000Z');
    assert.deepEqual(
      invocation!.toolExecutionNotifications.map(({ descriptor, level, message, locations }) => [
        descriptor.id,
        level,
        message.text,
        locations?.[0]!.physicalLocation.artifactLocation.uri ?? null,
      ]),
      [
        ['not-read', 'error', 'big file.txt is not checked: it is too large', 'big%20file.txt'],
        ['not-read', 'error', 'Not checked: gone.txt is not checked: there is no such file', 'requirements.txt'],
        ['not-asked', 'error', 'Could not ask osv: down\\x1b[31m; what it last said, 2026-05-01, is still shown', null],
        ['not-asked', 'error', 'Could not ask npm-registry: no answer yet', null],
        ['switched-off', 'note', 'pypi was not asked: offline', null],
        ['private-names', 'note', '2 private names were not asked about', null],
        ['not-read', 'error', '.venv: could not read a part of RECORD: it is damaged', null],
        ['not-looked-at', 'note', '.venv: bytecode was not looked at: it is not in RECORD', null],
      ],
    );
  });

  it('says that there was nothing to read', async () => {
    const [invocation] = runOf(await reportOn({})).invocations;
    assert.deepEqual(
      invocation!.toolExecutionNotifications.map(({ level, message }) => [level, message.text]),
      [['warning', 'No manifest found: nothing was checked']],
    );
  });

  it('has one name for each command, so that one log does not replace the other', async () => {
    const report = await reportOn({});
    assert.equal(runOf(report).automationDetails.id, 'merlon/check/');
    assert.equal(runOf(report, 'verify').automationDetails.id, 'merlon/verify/');
  });

  it('leaves out fixes that it cannot place as a whole, and those that only silence', async () => {
    const report = await reportOn({ 'requirements.txt': 'story-llm==1.82.7\n' });
    const [fix] = report.files[0]!.findings[0]!.fixes;
    const elsewhere = { file: 'gone.txt', span: { start: 0, end: 1 }, newText: 'x' };
    const fixes = [
      { ...fix!, edits: [...fix!.edits, elsewhere] },
      { ...fix!, kind: 'suppress' as const },
      { ...fix!, edits: [] },
    ];
    const { results } = runOf({ ...report, files: report.files.map((file) => withFinding(file, { fixes })) });
    assert.equal(results[0]!.fixes, undefined);
  });

  it('is valid whatever the manifest holds, and a rule of which no check is known', async () => {
    const { files } = await reportOn({ 'requirements.txt': 'steady-llm\n' });
    const anything = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 12 }),
      fc.constantFrom('{0}', '](http://e)', '\ud83d', '\u202e', '::error::', '\u001b]0;x\u0007', '%2e', '$$', '$&'),
    );
    await fc.assert(
      fc.asyncProperty(anything, anything, anything, async (message, path, name) => {
        const file = {
          ...files[0]!,
          path: `${path}x`,
          text: `${name}\n`,
          findings: files[0]!.findings.map((finding) => ({
            ...finding,
            message: `a ${message}`,
            rule: 'not-a-check',
            file: `${path}x`,
            package: name,
            fixes: [
              { ...finding.fixes[0]!, title: `b ${message}`, edits: [{ file: `${path}x`, span: { start: 0, end: 1 }, newText: name }] },
            ],
          })),
        };
        if (file.path.includes('\u0000') || file.path.startsWith('/')) return;
        runOf(await reportOn({}, { files: [file], unread: [{ path, message }], complete: false }));
      }),
      { numRuns: 120 },
    );
  });

  it('names files by URI', () => {
    const uri = (path: string) => artifactAt(path).uri;
    assert.equal(uri('a b/ü#?%/re:q.txt'), 'a%20b/%C3%BC%23%3F%25/re%3Aq.txt');
    assert.equal(uri('../up/package.json'), '../up/package.json');
    assert.equal(uri('half\ud83d.txt'), 'half%EF%BF%BD.txt');
    assert.deepEqual(artifactAt('D:/x/a b.txt'), { uri: 'file:///D:/x/a%20b.txt' });
  });
});
