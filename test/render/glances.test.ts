import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { OutlookRow } from '../../server/src/core/outlook';
import { agoText, publishedText, shortAge } from '../../server/src/render/ages';
import { countsText } from '../../server/src/render/codeLens';
import { versionCompletions } from '../../server/src/render/completion';
import { hoverMarkdown, hoverPlain } from '../../server/src/render/hover';
import { hintPlace, inlayHints } from '../../server/src/render/inlayHints';
import { scanTexts } from '../support/scanTexts';
import { aged, day, hour, minute, now, subject } from '../support/subjects';

const row = (release: OutlookRow['release'], more: Partial<OutlookRow> = {}): OutlookRow => ({
  roles: ['newest'],
  release,
  malware: false,
  advisories: 0,
  blocked: false,
  ...more,
});

describe('ages', () => {
  it('are told in the largest unit that says enough', () => {
    const short = (age: number) => shortAge(new Date(now.getTime() - age), now);
    assert.deepEqual([0, -hour, 59 * minute, hour, 47 * hour, 48 * hour, 89 * day, 90 * day, 729 * day, 731 * day].map(short), [
      '1 min',
      '1 min',
      '59 min',
      '1 h',
      '47 h',
      '2 d',
      '89 d',
      '2 mo',
      '23 mo',
      '2 y',
    ]);
    assert.equal(agoText(new Date(now.getTime() - minute), now), '1 minute ago');
    assert.equal(publishedText(new Date(now.getTime() - 20 * minute), now), '20 minutes ago · 2026-06-01 11:40 UTC');
    assert.equal(publishedText(new Date(now.getTime() - 12 * day), now), '12 days ago · 2026-05-20');
  });
});

describe('the table of the hover', () => {
  const one = subject('x==1', { releases: ['1'], record: { license: 'MIT OR [x](http://a.example)', status: 'archived' } });

  it('has a row for each release, and what is not known is not told', () => {
    const rows = [
      row({ ...aged('1', 20 * minute), attested: true }, { roles: ['resolved'], malware: true, advisories: 2, by: 'account eve' }),
      row({ version: '2' }, { roles: ['clean-in-range', 'clean', 'newest'] }),
    ];
    const text = hoverMarkdown(one, { rows });
    assert.match(
      text,
      /^\| resolved \| 1, \*\*malware\*\*, 2 advisories \| 20 minutes ago · 2026\\?-06\\?-01 11:40 UTC \| account eve \| yes \|$/m,
    );
    assert.match(text, /^\| newest, clean \| 2 \| – \| – \| – \|$/m);
    assert.doesNotMatch(text, /No release can be proposed/);
    assert.match(text, /\*Attested says where it was built, not that it is good\.\*/);
    assert.match(text, /Releases: PyPI as of 2026-06-01 12:00 UTC; the project is archived; license MIT OR \\\[x\\\]/);
    const plain = hoverPlain(one, { rows });
    assert.match(
      plain,
      /^resolved: 1, malware, 2 advisories, published 20 minutes ago · 2026-06-01 11:40 UTC, by account eve, attested yes$/m,
    );
    assert.match(plain, /^newest, clean: 2$/m);
  });

  it('says nothing of attestation where there is none, and that nothing can be proposed where nothing can', () => {
    assert.match(hoverPlain(one, { rows: [row({ version: '2' })] }), /No release can be proposed/);
    assert.doesNotMatch(hoverMarkdown(one, { rows: [row({ version: '2', attested: false })] }), /Attested says/);
  });

  it('is not broken by what a registry sends', () => {
    const nasty = '](command:x) | <img src=x> **b** `c`\n| --- |\u202e';
    const rows = [
      row({ version: nasty, yanked: nasty, deprecated: nasty, publishedAt: new Date(Number.NaN), attested: true }, { by: nasty }),
    ];
    const text = hoverMarkdown(one, { rows });
    const line = text.split('\n').filter((own) => own.startsWith('| newest'));
    assert.equal(line.length, 1);
    assert.equal(line[0]!.replace(/\\\|/g, '').split('|').length, 7, 'five cells');
    assert.doesNotMatch(text, /[^\\]\]\(command|<img|\u202e/);
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 300 }), (other) => {
        const table = hoverMarkdown(one, { rows: [row({ version: other, deprecated: other, yanked: other }, { by: other })] });
        const own = table.split('\n').filter((each) => each.startsWith('| newest'));
        assert.equal(own.length, 1);
        assert.equal(own[0]!.replace(/\\\\/g, '').replace(/\\\|/g, '').split('|').length, 7);
      }),
      { numRuns: 300 },
    );
  });

  it('says who could not be asked, and since when', () => {
    const text = hoverMarkdown(subject('x==1'), { since: () => new Date('2026-06-01T10:42:00Z') });
    assert.match(text, /PyPI could not be asked: the registry is down since 2026-06-01 10:42 UTC/);
    assert.match(
      hoverMarkdown({ ...subject('x==1'), index: 'pypi.acme.example', registry: { state: 'pending', reason: '' } }),
      /pypi\.acme\.example is being asked/,
    );
  });
});

describe('hints', () => {
  it('stand behind the range and its quote, in every notation', async () => {
    const place = async (path: string, text: string, name: string) => {
      const [file] = await scanTexts(new Map([[path, text]]));
      const { declaration } = file!.subjects.find((own) => own.declaration.package.name === name)!;
      const at = hintPlace(text, declaration);
      return `${text.slice(0, at)}‸${text.slice(at)}`.split('\n').find((line) => line.includes('‸'));
    };
    assert.equal(await place('requirements.txt', 'a\nx>=1 ; python_version > "3" # y\n', 'x'), 'x>=1‸ ; python_version > "3" # y');
    assert.equal(await place('requirements.txt', 'x[a, b] # y\n', 'x'), 'x[a, b]‸ # y');
    assert.equal(await place('requirements.txt', 'x==1 \\\n  --hash=sha256:aa\n', 'x'), 'x==1‸ \\');
    assert.equal(await place('package.json', '{ "dependencies": { "x": "^1" } }', 'x'), '{ "dependencies": { "x": "^1"‸ } }');
    assert.equal(await place('package.json', '{ "dependencies": { "x": "" } }', 'x'), '{ "dependencies": { "x": ""‸ } }');
    assert.equal(await place('pyproject.toml', '[project]\ndependencies = ["x>=1", "b"]\n', 'x'), 'dependencies = ["x>=1"‸, "b"]');
    assert.equal(await place('pyproject.toml', "[project]\ndependencies = ['x[a]', 'b']\n", 'x'), "dependencies = ['x[a]'‸, 'b']");
    assert.equal(
      await place('pyproject.toml', '[tool.poetry.dependencies]\nx = { version = "^1", extras = ["a"] }\n', 'x'),
      'x = { version = "^1"‸, extras = ["a"] }',
    );
  });

  it('show no more than a line can bear, and nothing that is not seen', () => {
    const { declaration } = subject('x>=1');
    const file = { path: 'requirements.txt', text: 'x>=1' };
    const label = (version: string) => inlayHints(file, [{ declaration, release: { version, by: 'lockfile' } }], now)[0]!.label as string;
    assert.equal(label('1\u202e2'), '→ 1\\x202e2');
    assert.ok(label('9'.repeat(1000)).length < 60);
    assert.deepEqual(inlayHints(file, [{ declaration, release: { version: '1', by: 'exact-range' } }], now), []);
  });
});

describe('counts', () => {
  it('name what there is, and that not everything was checked', () => {
    const none = { section: '', head: { start: 0, end: 0 }, packages: 1, ai: 0, malware: 0, vulnerable: 0, unpinned: 0 };
    assert.equal(countsText(none), '1 package');
    assert.equal(
      countsText({ ...none, packages: 12, ai: 5, malware: 1, vulnerable: 3, unpinned: 4 }),
      '12 packages · 5 AI · 1 malware · 3 vulnerable · 4 unpinned',
    );
    assert.equal(countsText({ ...none, open: 'unavailable' }), '1 package · not fully checked');
    assert.equal(countsText({ ...none, open: 'pending' }), '1 package · being checked');
  });
});

describe('versions to choose from', () => {
  it('carry age, date and what is against them; tags for who knows them', () => {
    const range = { start: { line: 0, character: 3 }, end: { line: 0, character: 3 } };
    const choices = [
      { release: aged('2', 12 * day), advisories: 0, young: false, prerelease: false },
      { release: { version: '1', deprecated: 'no\u202emore' }, advisories: 2, young: true, prerelease: true },
    ];
    const [first, second] = versionCompletions(choices, range, now, { tags: true, labelDetails: true }, 'osv could not be asked');
    assert.deepEqual(
      [first!.detail, first!.preselect, first!.tags, first!.documentation],
      ['12 days ago · 2026-05-20', true, undefined, 'Not checked: osv could not be asked.'],
    );
    assert.deepEqual(second!.labelDetails, { description: 'of unknown age · too young · 2 advisories · deprecated · pre-release' });
    assert.deepEqual([second!.tags, second!.deprecated], [[1], undefined]);
    assert.match(second!.documentation as string, /^Deprecated: no\\x202emore\nNot checked/);
    assert.equal(versionCompletions(choices, range, now, { tags: false, labelDetails: false })[1]!.deprecated, true);
  });
});
