import assert from 'node:assert/strict';
import { applyEdits } from '../../../server/src/core/applyEdits';
import { requirements } from '../../../server/src/ecosystems/pypi/requirements';

function pinned(text: string, version: string, hashes: readonly string[], index = 0): string | undefined {
  const path = 'requirements.txt';
  const manifest = requirements.read(text, { path, companions: [] });
  const document = { path, text, manifest, companions: [] };
  const edits = requirements.edit.pinWithHashes!(document, manifest.declarations[index]!, version, hashes);
  return edits && applyEdits(text, edits);
}

const fresh = ['sha256:aa', 'sha256:bb'];

describe('hashes of a requirements file', () => {
  it('are renewed as they are written', () => {
    assert.equal(
      pinned('a==1.0 \\\n    --hash=sha256:01 \\\n    --hash=sha256:02 # why\nb\n', '2.0', fresh),
      'a==2.0 \\\n    --hash=sha256:aa \\\n    --hash=sha256:bb # why\nb\n',
    );
    assert.equal(pinned('a==1.0 --hash=sha256:01\r\n', '2.0', fresh), 'a==2.0 --hash=sha256:aa --hash=sha256:bb\r\n');
    assert.equal(
      pinned('b\na==1.0 ; python_version > "3.9" \\\r\n  --hash "sha256:01"\r\n', '2.0', fresh, 1),
      'b\na==2.0 ; python_version > "3.9" \\\r\n  --hash=sha256:aa \\\r\n  --hash=sha256:bb\r\n',
    );
  });

  it('are added behind the marker and before the comment', () => {
    assert.equal(
      pinned('a[x]>=1 ; python_version > "3.9"  # why\n', '2.0', fresh),
      'a[x]==2.0 ; python_version > "3.9" \\\n    --hash=sha256:aa \\\n    --hash=sha256:bb  # why\n',
    );
    assert.equal(pinned('a==2.0', '2.0', fresh), 'a==2.0 \\\n    --hash=sha256:aa \\\n    --hash=sha256:bb');
  });

  it('are left alone where something stands between them, and where the index gives none', () => {
    assert.equal(pinned('a==1.0 --hash=sha256:01 --config-settings=a=b --hash=sha256:02\n', '2.0', fresh), undefined);
    assert.equal(pinned('a==1.0 --hash=sha256:01\n', '2.0', []), undefined);
    assert.equal(pinned('a==1.0 --hash=sha256:01\n', '2.0', ['md5:aa']), undefined);
    assert.equal(pinned('a==1.0 --hash=sha256:01\n', '2.0', ['sha256:aa --index-url https://x.example']), undefined);
  });
});
