import assert from 'node:assert/strict';
import type { SbomResult } from '../../server/src/lsp/messages';
import { builtPrograms } from '../support/built';
import { startEditor, stopEditors } from '../support/editor';
import { assertCycloneDx, assertSpdx } from '../support/sbomSchemas';

describe('merlon/sbom over stdio', () => {
  before(async function () {
    this.timeout(60_000);
    await builtPrograms();
  });
  afterEach(stopEditors);

  it('is the bill of one folder, in either form, even when it is asked for before all is read', async () => {
    const editor = await startEditor({
      files: { 'a/requirements.txt': 'litellm==1.82.6\n', 'b/package.json': '{"dependencies":{"ai":"5.0.0"}}' },
      open: ['a', 'b'],
    });
    const folder = editor.uri('a');
    const bill = await editor.request<SbomResult>('merlon/sbom', { folder, format: 'cyclonedx' });
    const bom = assertCycloneDx(bill.text);
    assert.deepEqual(
      bom.components.map(({ purl }) => purl),
      ['pkg:pypi/litellm@1.82.6'],
    );
    assert.equal(bom.metadata.component.name, 'a');
    assert.equal(bill.files, 1);
    assertSpdx((await editor.request<SbomResult>('merlon/sbom', { folder, format: 'spdx' })).text);
  });

  it('is empty for a folder that holds nothing, and refuses a format that it does not know', async () => {
    const editor = await startEditor({ files: { 'notes.md': '' } });
    const { files } = await editor.request<SbomResult>('merlon/sbom', { folder: editor.uri(''), format: 'cyclonedx' });
    assert.equal(files, 0);
    await assert.rejects(editor.request('merlon/sbom', { folder: editor.uri(''), format: 'xml' }), /no format/);
  });
});
