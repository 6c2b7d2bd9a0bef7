import assert from 'node:assert/strict';
import fc from 'fast-check';
import { applyEdits, overlap, sameEdit } from '../../server/src/core/applyEdits';
import type { Finding, Fix } from '../../server/src/core/finding';
import { lacksReleases, planFixes, whyNoFix } from '../../server/src/core/fixPlan';
import type { Edit } from '../../server/src/core/manifest';
import type { ScannedFile } from '../../server/src/core/report';
import { subject } from '../support/subjects';

function edit(start: number, end: number, newText = 'x', file = 'a.txt'): Edit {
  return { file, span: { start, end }, newText };
}

function finding(edits: readonly Edit[] | undefined, more: Partial<Finding> = {}): Finding {
  const fixes: Fix[] = edits ? [{ title: 'cure', kind: 'pin', preferred: true, edits }] : [];
  return {
    rule: 'unpinned',
    severity: 'warning',
    message: '',
    file: 'a.txt',
    span: { start: 0, end: 1 },
    ecosystem: 'PyPI',
    package: 'p',
    via: [],
    advisories: [],
    fixes,
    related: [],
    tags: [],
    fixable: true,
    ...more,
  };
}

function plan(...findings: readonly Finding[]) {
  const file = { path: 'a.txt', findings } as unknown as ScannedFile;
  return planFixes([file], () => true);
}

describe('edits', () => {
  it('overlap where they share a character, and two insertions where they share a place', () => {
    for (const [a, b, answer] of [
      [edit(0, 2), edit(2, 4), false],
      [edit(0, 3), edit(2, 4), true],
      [edit(0, 4), edit(1, 2), true],
      [edit(2, 2), edit(2, 4), false],
      [edit(4, 4), edit(2, 4), false],
      [edit(3, 3), edit(2, 4), true],
      [edit(3, 3), edit(3, 3, 'other'), true],
      [edit(0, 4), edit(0, 4, 'x', 'b.txt'), false],
    ] as const) {
      assert.equal(overlap(a, b), answer, JSON.stringify([a.span, b.span]));
      assert.equal(overlap(b, a), answer);
    }
  });

  it('are applied in any order', () => {
    const edits = [edit(2, 2, '+'), edit(4, 6, ''), edit(0, 1, 'ZZ'), edit(2, 4, '--')];
    assert.equal(applyEdits('abcdefg', edits), 'ZZb+--g');
    assert.equal(applyEdits('abcdefg', [...edits].reverse()), 'ZZb+--g');
    assert.throws(() => applyEdits('abc', [edit(0, 2), edit(1, 3)]));
  });
});

describe('planFixes', () => {
  it('takes the same edit once, for every finding that wants it', () => {
    const { taken, edits, left } = plan(finding([edit(3, 5)]), finding([edit(3, 5)]));
    assert.deepEqual([taken.length, edits.length, left.length], [2, 1, 0]);
  });

  it('leaves a fix that would touch what another changes, whole', () => {
    const { taken, edits, left } = plan(finding([edit(3, 5)]), finding([edit(0, 1), edit(4, 6)]), finding([edit(7, 7), edit(5, 6)]));
    assert.equal(taken.length, 2);
    assert.deepEqual(
      edits.map(({ span }) => span.start),
      [3, 5, 7],
    );
    assert.deepEqual(
      left.map(({ reason }) => reason),
      ['another fix changes the same place'],
    );
  });

  it('says why a finding has no fix', () => {
    const unasked = finding(undefined, { subject: subject('openai>=1') });
    assert.equal(plan(unasked).left[0]!.reason, 'its releases are not known: the registry is down');
    assert.equal(lacksReleases(unasked), true);
    assert.equal(whyNoFix(finding(undefined)), 'it is mended by hand');
    assert.match(whyNoFix(finding(undefined, { subject: subject('openai', { declaration: { frozen: 'it is odd' } }) })), /^it is odd$/);
    const hashes = ['sha256:00'];
    const hashed = finding(undefined, { subject: subject('openai', { declaration: { hashes }, releases: ['1.0'] }) });
    assert.match(whyNoFix(hashed), /hashes would have to be renewed, and the index gives none/);
    assert.equal(lacksReleases(hashed), false, 'no list of releases would help');
    const unaskedHashed = finding(undefined, { subject: subject('openai', { declaration: { hashes } }) });
    assert.equal(lacksReleases(unaskedHashed), true, 'the list would hold the new hashes');
    assert.match(whyNoFix(unaskedHashed), /^its hashes would have to be renewed, and those .* are not known: the registry is down$/);
    assert.match(whyNoFix(finding(undefined, { subject: subject('openai', { releases: [] }) })), /has no release of it/);
    const local = subject('x', { source: { kind: 'path', path: '../x' } });
    assert.match(whyNoFix(finding(undefined, { subject: local })), /registry/);
    assert.equal(lacksReleases(finding(undefined, { subject: local })), false);
    assert.match(whyNoFix(finding(undefined, { subject: subject('openai>=1', { releases: ['1.0'] }) })), /no release is known/);
  });

  it('never answers edits that overlap, and decides as if each were held against all', () => {
    const some = fc.tuple(fc.nat(12), fc.nat(4), fc.constantFrom('x', 'y'), fc.constantFrom('a.txt', 'b.txt'));
    fc.assert(
      fc.property(fc.array(fc.array(some, { minLength: 1, maxLength: 2 }), { maxLength: 12 }), (wishes) => {
        const findings = wishes.map((wish) => finding(wish.map(([start, length, text, file]) => edit(start, start + length, text, file))));
        const sound = findings.filter(({ fixes: [fix] }) => fix!.edits.length < 2 || !overlap(fix!.edits[0]!, fix!.edits[1]!));
        const held: Edit[] = [];
        let taken = 0;
        for (const { fixes } of sound) {
          const fresh = fixes[0]!.edits.filter((wanted) => !held.some((other) => sameEdit(wanted, other)));
          if (fresh.some((wanted) => held.some((other) => overlap(wanted, other)))) continue;
          held.push(...fresh);
          taken++;
        }
        const found = plan(...sound);
        assert.equal(found.taken.length, taken);
        assert.equal(found.edits.length, held.length);
        for (const one of found.edits) assert.ok(held.some((other) => sameEdit(one, other)));
      }),
      { numRuns: 500 },
    );
  });
});
