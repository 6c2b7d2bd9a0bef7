import assert from 'node:assert/strict';
import fc from 'fast-check';
import { ageInUnit, momentOf, momentOrAge, numberIn, spanWords, spelledAge, type AgeUnit } from '../../server/src/core/ageText';
import { matchesNamePattern } from '../../server/src/core/namePattern';
import { settingThatCounts, type ReleaseAgeSetting, type ReleaseAgeTool } from '../../server/src/core/releaseAge';

const day = 86_400_000;

describe('an age as a bare number', () => {
  // Unit, number, and what was meant in days: `?` where it is wrong and nobody can tell, nothing where it is right.
  const cases: readonly (readonly [AgeUnit, string, number | '?' | undefined])[] = [
    ['days', '3', undefined],
    ['days', '14', undefined],
    ['days', '0.5', undefined],
    ['days', '60', undefined],
    ['days', '90', undefined],
    ['days', '365', undefined],
    ['days', '0.02', '?'],
    ['days', '1440', 1],
    ['days', '4320', 3],
    ['days', '10080', 7],
    ['days', '86400', 1],
    ['days', '259200', 3],
    ['days', '1000', '?'],
    ['minutes', '60', undefined],
    ['minutes', '90', undefined],
    ['minutes', '720', undefined],
    ['minutes', '1440', undefined],
    ['minutes', '4320', undefined],
    ['minutes', '10080', undefined],
    ['minutes', '43200', undefined],
    ['minutes', '1', 1],
    ['minutes', '3', 3],
    ['minutes', '7', 7],
    ['minutes', '14', 14],
    ['minutes', '24', '?'],
    ['minutes', '72', 3],
    ['minutes', '86400', 1],
    ['minutes', '259200', 3],
    ['minutes', '259200000', 3],
    ['seconds', '3600', undefined],
    ['seconds', '43200', undefined],
    ['seconds', '86400', undefined],
    ['seconds', '259200', undefined],
    ['seconds', '604800', undefined],
    ['seconds', '410520', undefined],
    ['seconds', '3', 3],
    ['seconds', '1440', 1],
    ['seconds', '4320', 3],
    ['seconds', '10080', 7],
    ['milliseconds', '3', 3],
  ];
  for (const [unit, written, meant] of cases) {
    it(`${written} ${unit}: ${meant === undefined ? 'stands' : meant === '?' ? 'is wrong' : `was meant to be ${meant} days`}`, () => {
      const { problem } = ageInUnit(written, unit);
      assert.equal(problem?.kind, meant === undefined ? undefined : 'wrong-unit');
      assert.equal(problem?.meantMs, typeof meant === 'number' ? meant * day : undefined);
      if (problem?.rewritten !== undefined) {
        assert.deepEqual(ageInUnit(problem.rewritten, unit), { limit: { ageMs: problem.meantMs } }, 'and the cure is right');
      }
    });
  }

  it('limits nothing as zero, and is not understood as anything else', () => {
    assert.deepEqual(ageInUnit('0', 'days'), {});
    for (const written of ['-1', '3d', '', '1e3', 'NaN', '0x10', '1'.repeat(40)])
      assert.equal(ageInUnit(written, 'days').problem?.kind, 'not-understood');
    assert.equal(numberIn(day / 2, 'days'), '1');
    assert.equal(numberIn(3 * day, 'seconds'), '259200');
  });
});

describe('an age with its unit', () => {
  it('is read in words and as ISO 8601', () => {
    for (const written of ['3 days', '3d', '3 DAYS', '72 hours', '72h', '4320 minutes', 'P3D', 'PT72H', '3 days ago', ' 3 days '])
      assert.equal(spelledAge(written), 3 * day, written);
    assert.equal(spelledAge('1 week'), 7 * day);
    assert.equal(spelledAge('P1W'), 7 * day);
    assert.equal(spelledAge('P1DT12H'), 1.5 * day);
    for (const written of ['', 'P', 'PT', '3', 'days', '3 moons', '3 days 2 hours', 'P3', '3constructor', '-3 days'])
      assert.equal(spelledAge(written), undefined, written);
  });

  it('or a moment', () => {
    assert.equal(momentOf('2026-03-24')?.toISOString(), '2026-03-24T00:00:00.000Z');
    assert.equal(momentOf('2026-03-24', true)?.toISOString(), '2026-03-25T00:00:00.000Z');
    assert.equal(momentOf('2026-03-24T10:39:00Z')?.toISOString(), '2026-03-24T10:39:00.000Z');
    assert.equal(momentOf('2026-03-24T10:39:00.103269911+02:00')?.toISOString(), '2026-03-24T08:39:00.000Z');
    for (const written of ['2026-13-01', '2026-02-30', '24.3.2026', '2026', '2026-03-24x'])
      assert.equal(momentOf(written), undefined, written);
    assert.deepEqual(momentOrAge('0 days'), {});
    assert.equal(momentOrAge('soon').problem?.kind, 'not-understood');
  });

  it('is said in the unit that people take', () => {
    assert.deepEqual([3 * day, day, 4320_000, 4320 * day, 3600_000, 24 * 60_000, 3, 90 * day].map(spanWords), [
      '3 days',
      '1 day',
      '72 minutes',
      'about 12 years',
      '1 hour',
      '24 minutes',
      '3 milliseconds',
      '90 days',
    ]);
  });

  it('never throws, and never answers what is no age', () =>
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.stringMatching(/^[P0-9TDHWMS :Z+-]{0,20}$/)), (text) => {
        for (const reading of [momentOrAge(text), ageInUnit(text, 'days'), ageInUnit(text, 'seconds')]) {
          if (!reading.limit) continue;
          assert.ok('ageMs' in reading.limit ? reading.limit.ageMs > 0 : !Number.isNaN(reading.limit.until.getTime()));
        }
      }),
    ));
});

describe('the setting that counts', () => {
  const setting = (tool: ReleaseAgeTool, more: Partial<ReleaseAgeSetting> = {}): ReleaseAgeSetting => ({
    tool,
    key: 'k',
    file: tool,
    span: { start: 0, end: 0 },
    written: '',
    limit: { ageMs: day },
    exceptions: [],
    ...more,
  });
  const counts = (lock: string | undefined, ...settings: ReleaseAgeSetting[]) => settingThatCounts(settings, lock)?.tool;

  it('is that of the tool which installs, then of a bot', () => {
    assert.equal(counts('pnpm', setting('npm'), setting('pnpm'), setting('renovate')), 'pnpm');
    assert.equal(counts('package-lock', setting('pnpm'), setting('renovate')), 'renovate');
    assert.equal(counts('package-lock', setting('pnpm')), undefined);
    assert.equal(counts('uv', setting('poetry'), setting('uv')), 'uv');
    assert.equal(counts('compiled', setting('pip')), 'pip');
    assert.equal(counts('pdm', setting('uv')), undefined);
    assert.equal(counts('bun-binary', setting('bun')), 'bun');
    assert.equal(counts(undefined, setting('dependabot'), setting('uv')), 'uv');
    assert.equal(counts(undefined, setting('dependabot')), 'dependabot');
  });

  it('is none that limits nothing, or not what it was meant to', () => {
    const off: ReleaseAgeSetting = { ...setting('npm') };
    delete (off as { limit?: unknown }).limit;
    const wrong = setting('npm', { problem: { kind: 'wrong-unit', reads: '' } });
    assert.equal(counts('package-lock', off, wrong, setting('dependabot')), 'dependabot');
    assert.equal(counts('package-lock', off, wrong), undefined);
  });
});

describe('a pattern of names', () => {
  it('stands for names as a whole', () => {
    assert.ok(
      matchesNamePattern('a', 'a') &&
        matchesNamePattern('@a/*', '@a/b') &&
        matchesNamePattern('*', '') &&
        matchesNamePattern('a*b*c', 'aXbYbc'),
    );
    assert.ok(!matchesNamePattern('a', 'ab') && !matchesNamePattern('ab*b', 'ab') && !matchesNamePattern('a*bc*c', 'abc'));
  });
});
