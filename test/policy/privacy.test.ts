import assert from 'node:assert/strict';
import { createPrivacy } from '../../server/src/policy/privacy';
import { subject } from '../support/subjects';

function withheld(patterns: readonly string[], name: string, writtenName = name): boolean {
  const { declaration } = subject('x');
  return createPrivacy(patterns).withheld({ ...declaration, package: { ecosystem: 'PyPI', name }, writtenName }) !== undefined;
}

describe('private names', () => {
  it('match a pattern whole; * stands for any run', () => {
    for (const [pattern, name, answer] of [
      ['corp-lib', 'corp-lib', true],
      ['corp-lib', 'corp-lib2', false],
      ['corp-lib', 'my-corp-lib', false],
      ['corp-*', 'corp-x', true],
      ['corp-*', 'corp', false],
      ['*-internal', 'x-internal', true],
      ['*-internal', 'x-internal-y', false],
      ['a*b*c', 'abc', true],
      ['a*b*c', 'aXbYc', true],
      ['a*b*c', 'acb', false],
      ['a*a', 'a', false],
      ['*ab*ab*', 'abab', true],
      ['*ab*ab*', 'aab', false],
      ['*', 'anything', true],
      ['**', 'anything', true],
      ['', 'anything', false],
      [' ', 'anything', false],
      ['corp.lib', 'corpxlib', false],
      ['[a-z]+', 'abc', false],
      ['@corp/*', '@corp/x', true],
      ['@corp/*', '@corporate/x', false],
    ] as const) {
      assert.equal(withheld([pattern], name), answer, `${pattern} ${name}`);
    }
  });

  it('slip through no other spelling', () => {
    assert.ok(withheld(['Corp_*'], 'corp-lib'));
    assert.ok(withheld(['corp.internal.*'], 'corp-internal-x', 'Corp__Internal-X'));
    assert.ok(withheld([' corp-* '], 'corp-lib'));
    assert.ok(withheld(['@Corp/Tool'], '@corp/tool'));
    assert.ok(withheld(['@corp'], '@corp/tool'), 'a scope alone');
    assert.ok(withheld(['alias-*'], 'target', 'alias-x'), 'the written name as well');
  });

  it('are those that an index of their own serves', () => {
    const { declaration } = subject('x');
    assert.equal(createPrivacy([]).withheld(declaration), undefined);
    assert.match(createPrivacy([]).withheld({ ...declaration, boundIndex: 'corp' })!, /index of its own/);
  });

  it('are told apart without backtracking, which would take forever here', () => {
    assert.equal(withheld([`${'*a'.repeat(2000)}b`], 'a'.repeat(20_000)), false);
  });
});
