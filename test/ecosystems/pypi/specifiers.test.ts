import assert from 'node:assert/strict';
import fc from 'fast-check';
import { satisfiesSpecifiers } from '../../../server/src/ecosystems/pypi/satisfies';
import { formatSpecifiers, parseSpecifiers } from '../../../server/src/ecosystems/pypi/specifier';
import { pypiVersions } from '../../../server/src/ecosystems/pypi/versions';
import { corpusJson, describeCorpus } from '../../support/corpus';
import { pieces } from './arbitraries';

describe('PEP 440 specifiers', () => {
  it('admit what their operators mean', () => {
    for (const [range, inside, outside] of [
      ['', ['1', '1a1', 'nonsense'], []],
      ['==1.0', ['1', '1.0.0', '1.0+cu121'], ['1.0.post1', '1.0a1', '1.0.1']],
      ['==1.0+cu121', ['1.0+cu121', '1.0+CU121'], ['1.0', '1.0+cu118']],
      ['==1.*', ['1', '1.9', '1.0a1', '1.5+x'], ['2', '1!1.0', '10']],
      ['!=1.*', ['2', '0.9'], ['1.0', '1.9rc1']],
      ['~=1.4.2', ['1.4.2', '1.4.9', '1.4.2+x'], ['1.5', '1.4.1', '2']],
      ['~=2.2a1', ['2.2a1', '2.9'], ['3', '2.1']],
      ['<2', ['1.9', '1.9rc1'], ['2', '2rc1', '2.dev0']],
      ['<2rc2', ['2rc1'], ['2']],
      ['>1.7', ['1.7.1', '1.8'], ['1.7', '1.7.post1', '1.7+x']],
      ['>1.7.post1', ['1.7.post2'], ['1.7.post1']],
      ['>=1.0,<2,!=1.5', ['1.0+x', '1.6'], ['1.5', '1.5+x', '2']],
      ['===1.0', ['1.0'], ['1.0.0', '1']],
      ['===Any-Text', ['any-text'], ['1']],
      ['==1||==2', ['1', '2.0'], ['3']],
      ['>=1,', ['1'], ['0']],
    ] as const) {
      for (const version of inside) assert.ok(pypiVersions.satisfies(version, range), `${version} in ${range}`);
      for (const version of outside) assert.ok(!pypiVersions.satisfies(version, range), `${version} not in ${range}`);
    }
  });

  it('admit nothing where they are not valid', () => {
    for (const range of ['~=1', '=1', '1.0', '>=1.*', '^1.0', '>=1+x', '>=1||nonsense', '==1.0.*.5']) {
      assert.equal(pypiVersions.isValidRange(range), false, range);
      assert.equal(pypiVersions.satisfies('1.0', range), false, range);
      assert.equal(pypiVersions.exact(range), undefined, range);
    }
  });

  it('tell which release they stand for, if it is one', () => {
    for (const [range, version] of [
      ['==1.2.3', '1.2.3'],
      [' == 1.2.3 ', '1.2.3'],
      ['===1.2.3', '1.2.3'],
      ['==1.2.3+cu121', '1.2.3+cu121'],
      ['==1.2.3,!=1.2.4', '1.2.3'],
      ['==1.2.3,<1', undefined],
      ['==1.2.*', undefined],
      ['>=1.2.3', undefined],
      ['>=1.2.3,<=1.2.3', undefined],
      ['~=1.2.3', undefined],
      ['', undefined],
      ['===', undefined],
      ['==1||==1.0', '1'],
      ['==1||==2', undefined],
      ['==1||>=2', undefined],
    ] as const) {
      assert.equal(pypiVersions.exact(range), version, range);
    }
  });

  it('carry the span of each clause', () => {
    const text = ' >= 1.0 ,, != 1.5.*,===x';
    const clauses = parseSpecifiers(text, 100)!;
    assert.deepEqual(
      clauses.map(({ span, operator, version }) => [text.slice(span.start - 100, span.end - 100), operator, version]),
      [
        ['>= 1.0', '>=', '1.0'],
        ['!= 1.5.*', '!=', '1.5.*'],
        ['===x', '===', 'x'],
      ],
    );
  });

  it('are exact by the short way for plain pins as they are by the long one', () => {
    let exact = 0;
    fc.assert(
      fc.property(pieces(['==', '1', '0', '12', '.', '.*', 'a1', ',', '>=1'], 6), (text) => {
        if (pypiVersions.exact(text) !== undefined) exact++;
        assert.equal(pypiVersions.exact(text), pypiVersions.exact(` ${text}`));
      }),
      { numRuns: 3000 },
    );
    assert.ok(exact > 20, `${exact} of them are exact`);
  });

  it('never throw, and their spans hold what they claim', () => {
    const setLike = fc.oneof(
      pieces(['1', '1.0', '.*', ',', '==', '===', '>=', '<', '~=', '!=', ' ', 'a1', '+x', '||', 'v', '\n'], 10),
      fc.string(),
    );
    fc.assert(
      fc.property(setLike, fc.string(), (text, version) => {
        pypiVersions.satisfies(version, text);
        for (const clause of parseSpecifiers(text) ?? []) {
          const written = text.slice(clause.span.start, clause.span.end);
          assert.equal(written, written.trim());
          assert.ok(written.startsWith(clause.operator) && written.endsWith(clause.version));
        }
        const exact = pypiVersions.exact(text);
        if (exact !== undefined) assert.ok(pypiVersions.satisfies(exact, text));
      }),
      { numRuns: 1000 },
    );
  });
});

describeCorpus('PEP 440 specifiers', () => {
  interface Row {
    readonly specifier?: string;
    readonly spec_str?: string;
    readonly version?: string;
    readonly expected?: boolean;
    readonly prereleases?: boolean | null;
    readonly spec_pre?: boolean | null;
    readonly contains_pre?: boolean | null;
    readonly spec_prereleases?: boolean | null;
    readonly contains_prereleases?: boolean | null;
    readonly installed?: boolean | null;
  }
  interface Vectors {
    readonly valid: { input: string; normalized: string }[];
    readonly invalid: string[];
    readonly cases_from_tests: readonly Row[];
    readonly matrix: { versions: string[]; rows: { spec: string; default: string; prereleases: string }[] };
  }
  const vectors = corpusJson<Vectors>('conformance/vectors/pep440-specifiers.json');

  it('are read as packaging reads them', () => {
    for (const { input, normalized } of vectors.valid) {
      const clauses = parseSpecifiers(input);
      assert.ok(clauses, input);
      assert.equal(formatSpecifiers(clauses), normalized, input);
    }
  });

  it('are refused as packaging refuses them', () => {
    for (const text of vectors.invalid) assert.equal(pypiVersions.isValidRange(text), false, text);
  });

  it('admit what the tests of packaging say', () => {
    // Rows without a verdict are about properties of Python's classes.
    const rows = vectors.cases_from_tests.filter((row) => row.expected !== undefined && row.version !== undefined);
    assert.ok(rows.length > 300);
    const wrong = rows.filter((row) => {
      const said =
        row.installed || (row.prereleases ?? row.contains_pre ?? row.contains_prereleases ?? row.spec_pre ?? row.spec_prereleases);
      const clauses = parseSpecifiers((row.specifier ?? row.spec_str)!);
      return satisfiesSpecifiers(row.version!, clauses!, said ?? undefined) !== row.expected;
    });
    assert.deepEqual(wrong, []);
  });

  it('admit what packaging says in every cell of the matrix', () => {
    const wrong: string[] = [];
    let cells = 0;
    for (const row of vectors.matrix.rows) {
      const clauses = parseSpecifiers(row.spec)!;
      vectors.matrix.versions.forEach((version, i) => {
        cells += 2;
        if (pypiVersions.satisfies(version, row.spec) !== (row.default[i] === '1')) wrong.push(`${row.spec} ${version} default`);
        if (satisfiesSpecifiers(version, clauses, true) !== (row.prereleases[i] === '1')) wrong.push(`${row.spec} ${version} allowed`);
      });
    }
    assert.deepEqual(wrong, []);
    assert.ok(cells > 40_000);
  });
});
