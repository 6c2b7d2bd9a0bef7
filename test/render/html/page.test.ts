import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import fc from 'fast-check';
import type { Report, ScannedFile } from '../../../server/src/core/report';
import { numberedPlaces, plainPlace, reportPage, type ReportFacts } from '../../../server/src/render/html';
import { script } from '../../../server/src/render/html/script';
import { styles } from '../../../server/src/render/html/styles';
import { miniNow, miniRoles } from '../../support/miniRegistry';
import { readPage } from '../../support/pages';
import { scanTexts } from '../../support/scanTexts';

const sha256 = (text: string) => createHash('sha256').update(text).digest('base64');
const facts: ReportFacts = {
  tool: { name: 'Merlon', version: '1.0.0' },
  name: 'project',
  now: miniNow,
  sha256,
  rolesOf: ({ name }) => miniRoles(name),
  roleTexts: {},
  ruleTitles: new Map(),
  minimumAgeOf: () => 3 * 86_400_000,
  place: plainPlace,
  inEditor: false,
};

function reportOf(files: readonly ScannedFile[], more: Partial<Report> = {}): Report {
  return { sources: [{ id: 'osv', state: 'ok', asOf: miniNow }], files, locks: [], unread: [], withheld: 0, complete: true, ...more };
}

const manifest = new Map([['requirements.txt', 'litellm==1.82.7\nopenai>=1\n-e git+https://github.com/x/y\n']]);

describe('the page of a report', () => {
  it('is well formed, and lets in its own style and script alone', async () => {
    const page = reportPage(reportOf(await scanTexts(manifest, { world: 'bundled' })), facts);
    const { tags, text } = readPage(page);
    const policy = tags.find(({ attributes }) => attributes['http-equiv'] === 'Content-Security-Policy')!.attributes.content!;
    assert.match(policy, /^default-src 'none'; style-src 'sha256-[^']+'; script-src 'sha256-[^']+'; base-uri 'none'; form-action 'none'$/);
    assert.ok(policy.includes(sha256(/<style>([^]*?)<\/style>/.exec(page)![1]!)));
    assert.ok(policy.includes(sha256(/<script>([^]*?)<\/script>/.exec(page)![1]!)));
    assert.equal(tags.filter(({ name }) => name === 'script' || name === 'style').length, 2);
    for (const { name, attributes } of tags) {
      assert.ok(!/^(img|iframe|object|embed|link|base|form|use|image)$/.test(name) || attributes.id === 'controls', name);
      for (const key of Object.keys(attributes)) assert.ok(!/^(on|style$|src$|srcset$|action$|xlink)/.test(key), `${name} ${key}`);
    }
    assert.match(text, /litellm 1\.82\.7 is malware/);
    assert.doesNotMatch(styles + script, /url\(|@import|https?:|innerHTML|<\//);
  });

  it('says aloud that a check is incomplete, and never that nothing is wrong where nobody looked', () => {
    const none = readPage(reportPage(reportOf([]), facts)).text;
    assert.match(none, /Nothing was checked/);
    const gap = reportOf([], { complete: false, unread: [{ path: 'a.txt', message: 'permission denied' }] });
    const text = readPage(reportPage(gap, facts)).text;
    assert.match(text, /This check is incomplete/);
    assert.match(text, /not read a\.txt: permission denied/);
    assert.match(text, /does not mean that all is well/);
  });

  it('names a source that was not asked at the top, and judges no AI package clear without it', async () => {
    const files = await scanTexts(new Map([['requirements.txt', 'anthropic==0.40.0\n']]), { world: 'bundled' });
    const silent = readPage(reportPage(reportOf(files, { sources: [{ id: 'osv', state: 'disabled', reason: 'offline' }] }), facts));
    assert.match(silent.text, /Not asked, as was chosen: osv/);
    assert.doesNotMatch(silent.text, /nothing known against it/);
    assert.match(silent.text, /OSV was not asked/);
    assert.match(readPage(reportPage(reportOf(files), facts)).text, /nothing known against it/);
  });

  it('tells whose origin was verified, where somebody asked', async () => {
    const verified = { ecosystem: 'PyPI', package: 'a', version: '1', files: [] };
    const provenance = [
      { ...verified, state: 'verified' as const },
      { ...verified, package: 'b', state: 'failed' as const, reason: 'another <workflow> signed' },
    ];
    const { text } = readPage(reportPage(reportOf(await scanTexts(manifest, { world: 'bundled' }), { provenance }), facts));
    assert.match(text.replace(/\s+/g, ' '), /Of 2 releases the origin is verified for 1, refuted for 1/);
    assert.match(text, /b 1 failed: another <workflow> signed/);
    assert.doesNotMatch(readPage(reportPage(reportOf([]), facts)).text, /Where releases come from/);
  });

  it('is the same for the same report and time', async () => {
    const report = reportOf(await scanTexts(manifest, { world: 'bundled' }));
    assert.equal(reportPage(report, facts), reportPage(report, facts));
  });

  it('holds a finding a row, and says how many it leaves out', async () => {
    const [file] = await scanTexts(manifest, { world: 'bundled' });
    const many = { ...file!, findings: Array.from({ length: 750 }, () => file!.findings[0]!) };
    const { tags, text } = readPage(reportPage(reportOf([many]), facts));
    assert.equal(tags.filter(({ attributes }) => attributes.class === 'finding').length, 200);
    assert.equal(tags.find(({ attributes }) => attributes['data-rule'] !== undefined)!.attributes['data-count'], '750');
    assert.match(text, /and 550 more: the JSON report lists all/);
  });

  it('gives an editor numbers of places, and no path that it could be made to open', async () => {
    const places = numberedPlaces();
    const report = reportOf(await scanTexts(manifest, { world: 'bundled' }));
    const { tags } = readPage(reportPage(report, { ...facts, place: places.place, inEditor: true }));
    const buttons = tags.filter(({ attributes }) => attributes['data-place'] !== undefined);
    assert.ok(buttons.length > 1);
    for (const { attributes } of buttons) assert.equal(places.all[Number(attributes['data-place'])]!.file, 'requirements.txt');
    assert.equal(new Set(places.all.map((place) => JSON.stringify(place))).size, places.all.length);
    assert.deepEqual(
      tags.flatMap(({ attributes }) => attributes['data-command'] ?? []),
      ['check', 'save'],
    );
  });

  it('lets no text of others out of its place', async () => {
    const [file] = await scanTexts(manifest, { world: 'bundled' });
    const hostile = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.constantFrom(
        '</script><script>alert(1)</script>',
        '"><svg onload=x>',
        "'`${x}",
        '\u202e</title>',
        '-->',
        ']]>',
        '&lt;b&gt;',
        'javascript:alert(1)',
      ),
    );
    fc.assert(
      fc.property(hostile, hostile, hostile, (a, b, c) => {
        const subject = file!.subjects[0]!;
        const pkg = { ecosystem: a, name: b };
        const evil = { ...subject, roles: [c], declaration: { ...subject.declaration, package: pkg, writtenName: b } };
        const finding = {
          ...file!.findings[0]!,
          rule: c,
          message: a,
          file: b,
          package: b,
          version: c,
          via: [a, b],
          subject: evil,
          advisories: [{ ...file!.findings[0]!.advisories[0]!, id: a, url: b }],
          fixes: [{ title: c, kind: 'pin' as const, preferred: true, edits: [] }],
        };
        const suppression = { reason: a, file: b, span: { start: 0, end: 0 } };
        const other: ScannedFile = {
          ...file!,
          path: b,
          subjects: [evil],
          findings: [finding],
          suppressed: [{ ...finding, suppression }],
        };
        const report = reportOf([other], {
          complete: false,
          unread: [{ path: a, message: c }],
          sources: [{ id: a, state: 'unavailable', reason: b }],
        });
        const { tags } = readPage(
          reportPage(report, { ...facts, name: a, rolesOf: () => [b], roleTexts: { [c]: a }, ruleTitles: new Map([[c, b]]) }),
        );
        assert.equal(tags.filter(({ name }) => name === 'script').length, 1);
        for (const { attributes } of tags) {
          assert.ok(Object.keys(attributes).every((key) => !key.startsWith('on')));
          if (attributes.href !== undefined) assert.match(attributes.href, /^(https?:\/\/|#)/);
        }
      }),
      { numRuns: 150 },
    );
  });
});
