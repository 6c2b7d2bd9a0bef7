import assert from 'node:assert/strict';
import fc from 'fast-check';
import semver from 'semver';
import { npmVersions } from '../../../server/src/ecosystems/npm/versions';
import { corpusJson, describeCorpus } from '../../support/corpus';

describe('npmVersions', () => {
  it('says whether a range stands for one release', () => {
    const rows: readonly (readonly [range: string, exact: string | undefined])[] = [
      ['1.2.3', '1.2.3'],
      ['=1.2.3', '1.2.3'],
      ['v1.2.3', '1.2.3'],
      ['= v1.2.3', '1.2.3'],
      ['1.2.3-beta.1', '1.2.3-beta.1'],
      ['1.2.3 || =1.2.3', '1.2.3'],
      ['~1.2.1 1.2.3', '1.2.3'],
      ['1.2.3 || 1.2.4', undefined],
      ['1.2.3 >2', undefined],
      ['^1.2.3', undefined],
      ['1.2', undefined],
      ['1.2.x', undefined],
      ['*', undefined],
      ['', undefined],
      ['latest', undefined],
    ];
    for (const [range, version] of rows) assert.equal(npmVersions.exact(range), version, range);
  });

  it('admits pre-releases only where the range names one of the same release', () => {
    assert.equal(npmVersions.satisfies('1.2.4-beta.1', '^1.2.3'), false);
    assert.equal(npmVersions.satisfies('1.2.3-beta.2', '^1.2.3-beta.1'), true);
    assert.equal(npmVersions.satisfies('2.0.0-beta.1', '*'), false);
    assert.equal(npmVersions.satisfies('2.0.0', ''), true);
    assert.equal(npmVersions.satisfies('1.0.0', 'not a range'), false);
    assert.equal(npmVersions.satisfies('not a version', '*'), false);
    assert.equal(npmVersions.isPrerelease('1.0.0-rc.1'), true);
    assert.equal(npmVersions.isPrerelease('1.0.0+build'), false);
  });

  it('holds the same release written in several ways to be equal', () => {
    assert.equal(npmVersions.equal('1.2.3', 'v1.2.3'), true);
    assert.equal(npmVersions.equal('1.2.3', '1.2.3+build'), true);
    assert.equal(npmVersions.equal('1.2.3', '1.2.3-0'), false);
    assert.equal(npmVersions.equal('x', 'x'), true);
    assert.equal(npmVersions.equal('x', 'y'), false);
  });

  it('stays quick on strings made to be slow', () => {
    const hostile = [
      `${'1'.repeat(50_000)}.0.0`,
      `1.0.0-${'a.'.repeat(50_000)}`,
      `${' '.repeat(50_000)}x`,
      `>=${' '.repeat(50_000)}1`,
      '1 || '.repeat(20_000),
      `1.2.3${' - 1.2.3'.repeat(500)}`,
      '>=1.0.0 '.repeat(500),
      `${'^1 || '.repeat(600)}2`,
      `v${'='.repeat(4000)}1`,
    ];
    for (const text of hostile) {
      npmVersions.isValid(text);
      npmVersions.compare(text, '1.0.0');
      npmVersions.satisfies('1.0.0', text);
      npmVersions.exact(text);
    }
  });

  const part = fc.nat(3);
  const written = fc.oneof(
    { weight: 4, arbitrary: fc.tuple(part, part, part).map((parts) => parts.join('.')) },
    { weight: 4, arbitrary: fc.tuple(part, fc.constantFrom('-0', '-a', '-a.1', '-1', '+b', 'beta')).map(([n, tail]) => `1.0.${n}${tail}`) },
    { weight: 1, arbitrary: fc.string({ maxLength: 8 }) },
  );

  it('orders all strings totally and transitively, with what is no version below', () => {
    fc.assert(
      fc.property(written, written, written, (a, b, c) => {
        const { compare, isValid } = npmVersions;
        assert.equal(Math.sign(compare(a, b)), -Math.sign(compare(b, a)) + 0);
        assert.equal(compare(a, a), 0);
        if (compare(a, b) <= 0 && compare(b, c) <= 0) assert.ok(compare(a, c) <= 0);
        if (isValid(a) && !isValid(b)) assert.ok(compare(a, b) > 0);
        assert.equal(npmVersions.equal(a, b) && isValid(a), isValid(a) && isValid(b) && compare(a, b) === 0);
      }),
      { numRuns: 1000 },
    );
  });
});

interface Matrix {
  readonly versions: readonly string[];
  readonly rows: readonly { readonly range: string; readonly valid: boolean; readonly satisfies: string }[];
}

describeCorpus('npmVersions against node-semver', () => {
  it('judges the whole matrix of ranges and versions', () => {
    const { versions, rows } = corpusJson<Matrix>('conformance/vectors/node-semver-matrix.json');
    // The matrix was made without npm's loose mode, which reads `1.2.3beta` and the like; where strict mode takes the range, both agree.
    let cells = 0;
    for (const row of rows) {
      if (!row.valid) {
        assert.equal(npmVersions.isValidRange(row.range), semver.validRange(row.range, true) !== null, row.range);
        continue;
      }
      versions.forEach((version, i) => {
        cells++;
        assert.equal(npmVersions.satisfies(version, row.range), row.satisfies[i] === '1', `${version} in ${row.range}`);
      });
    }
    assert.ok(cells > 9000, `${cells} cells`);
  });

  it('agrees with its own fixtures', () => {
    type Options = boolean | { readonly loose?: boolean; readonly includePrerelease?: boolean };
    type Fixtures = Record<string, readonly (readonly [string, string, Options?])[]>;
    const { fixtures } = corpusJson<{ fixtures: Fixtures }>('conformance/vectors/node-semver-fixtures.json');
    const own = (options: Options | undefined) => typeof options !== 'object' || !options.includePrerelease;
    let checked = 0;
    const each = (name: string, check: (a: string, b: string) => void) => {
      for (const [a, b, options] of fixtures[name] ?? []) {
        if (typeof a !== 'string' || !own(options)) continue;
        check(a, b);
        checked++;
      }
    };
    each('comparisons', (a, b) => assert.ok(npmVersions.compare(a, b) > 0, `${a} > ${b}`));
    each('equality', (a, b) => assert.ok(npmVersions.equal(a, b), `${a} = ${b}`));
    each('range-include', (range, version) => assert.ok(npmVersions.satisfies(version, range), `${version} in ${range}`));
    // Fixtures that hold only because strict mode cannot read one of the two are judged by loose mode instead.
    each('range-exclude', (range, version) => assert.equal(npmVersions.satisfies(version, range), semver.satisfies(version, range, true)));
    each('invalid-versions', (version) => assert.equal(npmVersions.isValid(version), semver.valid(version, true) !== null, version));
    each('valid-versions', (version) => assert.ok(npmVersions.isValid(version), version));
    assert.ok(checked > 150, `${checked} fixtures`);
  });

  it('agrees with the order that osv-scalibr tests', () => {
    const { cases } = corpusJson<{ cases: [string, '<' | '=' | '>', string][] }>('conformance/vectors/semver-versions.json');
    const signs = { '<': -1, '=': 0, '>': 1 };
    for (const [a, sign, b] of cases) assert.equal(Math.sign(npmVersions.compare(a, b)), signs[sign], `${a} ${sign} ${b}`);
  });
});
