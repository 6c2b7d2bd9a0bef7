import assert from 'node:assert/strict';
import fc from 'fast-check';
import { normalizeName } from '../../../server/src/ecosystems/pypi/name';
import { formatVersion, isPrerelease, parseVersion } from '../../../server/src/ecosystems/pypi/version';
import { pypiVersions } from '../../../server/src/ecosystems/pypi/versions';
import { corpusJson, describeCorpus } from '../../support/corpus';
import { versionLike } from './arbitraries';

describe('PEP 440 versions', () => {
  it('sorts as the PEP does', () => {
    const sorted = [
      'abc',
      'x1',
      '0.9',
      '1.dev1',
      '1.0.dev2',
      '1a1.dev1',
      '1a1',
      '1b0',
      '1rc1',
      '1',
      '1+a',
      '1+1',
      '1.post1.dev1',
      '1-1',
      '1.1',
      '1!0.1',
    ];
    for (let i = 1; i < sorted.length; i++) {
      assert.ok(pypiVersions.compare(sorted[i - 1]!, sorted[i]!) < 0, `${sorted[i - 1]} < ${sorted[i]}`);
      assert.ok(pypiVersions.compare(sorted[i]!, sorted[i - 1]!) > 0, `${sorted[i]} > ${sorted[i - 1]}`);
    }
  });

  it('holds different spellings of one release equal', () => {
    for (const [a, b] of [
      ['1.0', '1'],
      ['v1.0-ALPHA.1', '1.0a1'],
      ['1.0c1', '1rc1'],
      ['1.0-1', '1.0.post1'],
      [' 1.0 ', '1.0'],
      ['0!1.0', '1.0'],
      ['1.0+Ubuntu-1', '1.0+ubuntu.1'],
    ] as const) {
      assert.ok(pypiVersions.equal(a, b), `${a} = ${b}`);
    }
    assert.ok(!pypiVersions.equal('1.0+cu121', '1.0'));
    assert.ok(!pypiVersions.equal('abc', 'ABC'));
  });

  it('keeps numbers that are too long for a double', () => {
    assert.ok(pypiVersions.compare('20240101000000000001', '20240101000000000002') < 0);
    assert.equal(formatVersion(parseVersion('1.020240101000000000001')!), '1.20240101000000000001');
  });

  it('refuses what is too long, at once', () => {
    assert.equal(pypiVersions.isValid('1'.repeat(100_000)), false);
    assert.equal(pypiVersions.isValid(`1${'.1'.repeat(100_000)}x`), false);
    assert.equal(pypiVersions.satisfies('1.0', `==${'1'.repeat(100_000)}`), false);
  });

  it('knows pre-releases', () => {
    for (const version of ['1a1', '1.0b2', '1rc1', '1.dev0', '1.post1.dev1']) assert.ok(pypiVersions.isPrerelease(version), version);
    for (const version of ['1', '1.post1', '1+dev', 'dev', '']) assert.ok(!pypiVersions.isPrerelease(version), version);
  });

  it('is a total and transitive order on all strings', () => {
    const sign = (a: string, b: string) => Math.sign(pypiVersions.compare(a, b));
    fc.assert(
      fc.property(versionLike, versionLike, versionLike, (a, b, c) => {
        assert.equal(sign(a, a), 0);
        assert.equal(sign(a, b), 0 - sign(b, a));
        if (sign(a, b) <= 0 && sign(b, c) <= 0) assert.ok(sign(a, c) <= 0, `${a} <= ${b} <= ${c}`);
        if (sign(a, b) === 0) assert.equal(sign(a, c), sign(b, c));
      }),
      { numRuns: 1000 },
    );
  });

  it('reads its own normal form as the same version', () => {
    fc.assert(
      fc.property(versionLike, (text) => {
        const version = parseVersion(text);
        if (version) assert.ok(pypiVersions.equal(text, formatVersion(version)));
      }),
    );
  });
});

describe('PEP 503 names', () => {
  it('normalizes runs of separators and case', () => {
    assert.equal(normalizeName('Lite_LLM'), 'lite-llm');
    assert.equal(normalizeName('a.-_B..c'), 'a-b-c');
  });
});

describeCorpus('PEP 440 versions', () => {
  interface Valid {
    readonly input: string;
    readonly normalized: string;
    readonly is_prerelease: boolean;
    readonly epoch: number;
    readonly release: readonly number[];
    readonly local: string | null;
  }
  const vectors = corpusJson<{ ordered: string[]; valid: Valid[]; invalid: string[]; comparisons: [string, string, string][] }>(
    'conformance/vectors/pep440-versions.json',
  );

  it('reads every valid version as packaging does', () => {
    for (const expected of vectors.valid) {
      const version = parseVersion(expected.input);
      assert.ok(version, expected.input);
      assert.equal(formatVersion(version), expected.normalized);
      assert.equal(isPrerelease(version), expected.is_prerelease, expected.input);
      assert.deepEqual(version.release.map(Number), expected.release);
      assert.equal(Number(version.epoch), expected.epoch);
      assert.equal(version.local?.join('.') ?? null, expected.local);
    }
  });

  it('refuses every invalid version', () => {
    for (const text of vectors.invalid) assert.equal(pypiVersions.isValid(text), false, text);
  });

  it('sorts as packaging does', () => {
    const { ordered } = vectors;
    for (let i = 0; i < ordered.length; i++) {
      for (let j = i + 1; j < ordered.length; j++)
        assert.ok(pypiVersions.compare(ordered[i]!, ordered[j]!) < 0, `${ordered[i]} < ${ordered[j]}`);
    }
  });

  for (const file of ['pep440-versions', 'pypi-versions', 'pypi-versions-generated']) {
    it(`compares as ${file} says`, () => {
      const cases =
        file === 'pep440-versions'
          ? vectors.comparisons
          : corpusJson<{ cases: [string, string, string][] }>(`conformance/vectors/${file}.json`).cases;
      const wrong = cases.filter(([a, relation, b]) => !holds(pypiVersions.compare(a, b), relation));
      assert.deepEqual(wrong, []);
    });
  }

  it('normalizes names', () => {
    for (const [written, normalized] of corpusJson<[string, string][]>('conformance/vectors/pep503-names.json')) {
      assert.equal(normalizeName(written), normalized);
    }
  });
});

function holds(order: number, relation: string): boolean {
  switch (relation) {
    case '<':
      return order < 0;
    case '>':
      return order > 0;
    case '<=':
      return order <= 0;
    case '>=':
      return order >= 0;
    case '!=':
      return order !== 0;
    case '=':
    case '==':
      return order === 0;
    default:
      throw new Error(`unknown relation ${relation}`);
  }
}
