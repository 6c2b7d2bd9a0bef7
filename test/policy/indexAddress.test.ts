import assert from 'node:assert/strict';
import { indexAdmits } from '../../server/src/policy/indexAddress';

const patterns = [
  'https://pypi.org/simple',
  'https://packages.acme.example/team/*',
  'https://*.mirror.example/*',
  'http://localhost:3141*',
];

describe('indexes that a policy allows', () => {
  it('are so however they are written', () => {
    for (const address of [
      'https://pypi.org/simple',
      ' https://pypi.org/simple/ ',
      'HTTPS://PyPI.org:443/simple//',
      'https://user:secret@pypi.org/simple',
      'https://packages.acme.example/team/a/simple',
      'https://${TOKEN}@packages.acme.example/team/simple',
      'https://eu.mirror.example/simple',
      'https://eu.mirror.example/groups/a%2Fb/simple',
      'http://localhost:3141/team/dev/+simple/',
      'http://localhost:3141',
    ])
      assert.ok(indexAdmits(patterns, address), address);
    assert.ok(indexAdmits(['*'], 'https://anything.example/simple'));
    assert.ok(indexAdmits(['https://*'], 'https://anything.example/simple'));
    assert.ok(indexAdmits(['https://pypi.org:443/simple'], 'https://pypi.org/simple'));
    assert.ok(indexAdmits(['./wheels', 'file:///srv/*'], './wheels'));
    assert.ok(indexAdmits(['./wheels', 'file:///srv/*'], 'file:///srv/wheels'));
  });

  it('are not those that only look so', () => {
    for (const address of [
      'http://pypi.org/simple',
      'https://pypi.org/simple/more',
      'https://pypi.org.evil.example/simple',
      'https://pypi.org@evil.example/simple',
      'https://evil.example\\@pypi.org/simple',
      'https:\\\\evil.example/@pypi.org/simple',
      'https://evil.example/@pypi.org/simple',
      'https://packages.acme.example/other',
      'https://packages.acme.example/team/../other/simple',
      'https://packages.acme.example/team/%2e%2e/other/simple',
      'https://packages.acme.example/team/..%2fother/simple',
      'https://packages.acme.example/team/%2e%2e%5cother/simple',
      'https://packages.acme.example\\@evil.example/team/simple',
      'https://evil.example/a.mirror.example/simple',
      'https://evil.example/?.mirror.example/simple',
      'https://evil.example#.mirror.example/simple',
      'https://[/simple',
    ])
      assert.ok(!indexAdmits(patterns, address), address);
    assert.ok(!indexAdmits([], 'https://pypi.org/simple'));
  });
});
