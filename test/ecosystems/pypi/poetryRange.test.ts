import assert from 'node:assert/strict';
import fc from 'fast-check';
import { poetryMarker } from '../../../server/src/ecosystems/pypi/poetryMarker';
import { poetryExcluding, poetryPin, poetryRange } from '../../../server/src/ecosystems/pypi/poetryRange';
import { pypiVersions } from '../../../server/src/ecosystems/pypi/versions';

describe('Poetry ranges', () => {
  const translations: readonly (readonly [string, string | undefined])[] = [
    ['*', ''],
    ['^1.2.3', '>=1.2.3,<2'],
    ['^1.2', '>=1.2,<2'],
    ['^1', '>=1,<2'],
    ['^0.2.3', '>=0.2.3,<0.3'],
    ['^0.0.3', '>=0.0.3,<0.0.4'],
    ['^0.0', '>=0.0,<0.1'],
    ['^0', '>=0,<1'],
    ['^0.0.0.5', '>=0.0.0.5,<0.0.1'],
    ['^6.0b1', '>=6.0b1,<7'],
    ['^1!2.3', '>=1!2.3,<1!3'],
    ['^ 1.2', '>=1.2,<2'],
    ['^9007199254740993.1', '>=9007199254740993.1,<9007199254740994'],
    ['~1.2.3', '>=1.2.3,<1.3'],
    ['~1.2', '>=1.2,<1.3'],
    ['~1', '>=1,<2'],
    ['~1.2.3.4', '>=1.2.3.4,<1.3'],
    ['~=1.4.5', '~=1.4.5'],
    ['1.2.3', '==1.2.3'],
    ['=1.2.3', '==1.2.3'],
    ['== 1.2.3', '==1.2.3'],
    ['v1.2.3', '==v1.2.3'],
    ['1.0+cu118', '==1.0+cu118'],
    ['>=1.0+cu118', '>=1.0'],
    ['1.2.*', '==1.2.*'],
    ['1.*', '==1.*'],
    ['1.x', '==1.*'],
    ['==1.*', '==1.*'],
    ['!=1.2.*', '!=1.2.*'],
    ['<>1.2', '!=1.2'],
    ['>=1,<2', '>=1,<2'],
    ['>= 1.0, < 2.0', '>=1.0,<2.0'],
    ['>=1.0 <2.0', '>=1.0,<2.0'],
    ['>=1.74.3, <1.78.0, !=1.64.4, !=1.67.*', '>=1.74.3,<1.78.0,!=1.64.4,!=1.67.*'],
    ['^1.0 || ^2.0', '>=1.0,<2||>=2.0,<3'],
    ['<1|>2', '<1||>2'],
    ['>=1,', '>=1'],
    ['', undefined],
    ['^', undefined],
    ['^^1', undefined],
    ['>=1.*', undefined],
    ['^1.*', undefined],
    ['~=1', undefined],
    ['latest', undefined],
    ['1.0 - 2.0', undefined],
    ['^1 ||', undefined],
  ];
  it('become ranges of PEP 440', () => {
    for (const [text, range] of translations) assert.equal(poetryRange(text), range, text);
    for (const [, range] of translations) assert.ok(range === undefined || pypiVersions.isValidRange(range), range);
  });

  it('never throw, and give ranges that are ranges', () => {
    const part = fc.constantFrom(
      '^',
      '~',
      '~=',
      '=',
      '>',
      '<',
      '!',
      '*',
      '1',
      '0',
      '.',
      ' ',
      ',',
      '|',
      '||',
      'a',
      'x',
      '+',
      '1.2.3',
      '1!',
      'v',
      '\n',
      '-',
    );
    fc.assert(
      fc.property(fc.array(part, { maxLength: 12 }), (parts) => {
        const range = poetryRange(parts.join(''));
        assert.ok(range === undefined || pypiVersions.isValidRange(range), range);
      }),
      { numRuns: 1000 },
    );
  });

  it('admit what lies in a caret', () => {
    const number = fc.nat({ max: 3 });
    fc.assert(
      fc.property(fc.tuple(number, number, number), fc.tuple(number, number, number), (low, other) => {
        const first = low.findIndex((n) => n > 0);
        const kept = first < 0 ? 3 : first + 1;
        const expected =
          other.slice(0, kept).join() === low.slice(0, kept).join() && pypiVersions.compare(other.join('.'), low.join('.')) >= 0;
        assert.equal(pypiVersions.satisfies(other.join('.'), poetryRange(`^${low.join('.')}`)!), expected);
      }),
    );
  });

  it('lose releases one alternative at a time', () => {
    assert.equal(poetryExcluding('^1.80', ['1.82.7', '1.82.8']), '^1.80,!=1.82.7,!=1.82.8');
    assert.equal(poetryExcluding('*', ['1.0']), '!=1.0');
    assert.equal(poetryExcluding('>=1 <2', ['1.5']), '>=1 <2,!=1.5');
    assert.equal(poetryExcluding('1.*', ['1.5', '2.0']), '1.*,!=1.5');
    assert.equal(poetryExcluding('^1 || ^2', ['1.5']), '^1,!=1.5 || ^2');
    assert.equal(poetryExcluding('^1 || ^2', ['2.5']), '^1 || ^2,!=2.5');
    assert.equal(poetryExcluding('^1', ['2.5']), undefined, 'not admitted anyway');
    assert.equal(poetryExcluding('1.5', ['1.5']), undefined, 'nothing would be left');
    assert.equal(poetryExcluding('what', ['1.5']), undefined);
    assert.equal(poetryExcluding('^1', ['"]']), undefined);
  });

  it('stand for one release when pinned', () => {
    assert.equal(poetryPin('1.2.3'), '1.2.3');
    assert.equal(poetryPin('2024a'), '2024a');
    assert.equal(poetryPin('not a version'), undefined);
  });

  it('of Python become markers', () => {
    assert.equal(poetryMarker(undefined, '^3.9', undefined), 'python_version >= "3.9" and python_version < "4"');
    assert.equal(poetryMarker(undefined, '>=3.9.1', undefined), 'python_full_version >= "3.9.1"');
    assert.equal(
      poetryMarker(undefined, '3.8.* || >=3.10,<4', undefined),
      'python_version == "3.8.*" or (python_version >= "3.10" and python_version < "4")',
    );
    assert.equal(poetryMarker("extra == 'a'", '*', 'win32'), 'extra == \'a\' and sys_platform == "win32"');
    assert.equal(poetryMarker(undefined, '*', undefined), undefined);
  });
});
