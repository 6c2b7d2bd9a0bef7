import assert from 'node:assert/strict';
import { isPopular } from '../../server/src/policy/popular';

describe('popular names', () => {
  it('knows each ecosystem by its own', () => {
    assert.ok(isPopular({ ecosystem: 'PyPI', name: 'boto3' }));
    assert.ok(isPopular({ ecosystem: 'npm', name: '@types/node' }));
    assert.ok(!isPopular({ ecosystem: 'npm', name: 'boto3' }));
    assert.ok(!isPopular({ ecosystem: 'PyPI', name: 'openaii' }));
    assert.ok(!isPopular({ ecosystem: 'crates.io', name: 'serde' }));
    assert.ok(!isPopular({ ecosystem: 'constructor', name: 'name' }));
  });
});
