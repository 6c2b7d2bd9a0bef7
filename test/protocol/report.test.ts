import assert from 'node:assert/strict';
import type { ReportResult } from '../../server/src/lsp/messages';
import { builtPrograms } from '../support/built';
import { startEditor, stopEditors } from '../support/editor';
import { readPage } from '../support/pages';

describe('merlon/report over stdio', () => {
  before(async function () {
    this.timeout(60_000);
    await builtPrograms();
  });
  afterEach(stopEditors);

  it('is the page of one folder, with the places that its buttons stand for', async () => {
    const files = { 'a/web/requirements.txt': '\nlitellm==1.82.7\n', 'b/requirements.txt': 'openai>=1\n' };
    const editor = await startEditor({ files, open: ['a', 'b'] });
    const folder = editor.uri('a');
    const { html, places } = await editor.request<ReportResult>('merlon/report', { folder, form: 'editor', ask: true });
    const { tags, text } = readPage(html);
    assert.match(text, /litellm 1\.82\.7 is malware/);
    assert.doesNotMatch(text, /openai/);
    const numbers = tags.flatMap(({ attributes }) => attributes['data-place'] ?? []).map(Number);
    assert.ok(numbers.length > 0 && numbers.every((number) => places[number]?.uri === editor.uri('a/web/requirements.txt')));
    assert.ok(places.some(({ range }) => range.start.line === 1));
  });

  it('is a page for itself where it is to be saved, and follows what is typed without asking anybody', async () => {
    const editor = await startEditor({ files: { 'requirements.txt': 'litellm==1.82.7\n' } });
    const params = { folder: editor.uri(''), form: 'file', ask: true };
    const { html } = await editor.request<ReportResult>('merlon/report', params);
    assert.ok(!html.includes('data-place="') && !html.includes('data-command="'));
    editor.open(editor.uri('requirements.txt'), 'litellm==1.84.0\n');
    await editor.diagnostics(editor.uri('requirements.txt'), (diagnostics) => !diagnostics.some(({ severity }) => severity === 1));
    const later = await editor.request<ReportResult>('merlon/report', { ...params, ask: false });
    assert.doesNotMatch(readPage(later.html).text, /is malware/);
  });

  it('says that nothing was checked for a folder that holds nothing', async () => {
    const editor = await startEditor({ files: { 'notes.md': '' } });
    const { html, places } = await editor.request<ReportResult>('merlon/report', { folder: editor.uri(''), form: 'editor', ask: true });
    assert.match(readPage(html).text, /Nothing was checked/);
    assert.deepEqual(places, []);
  });
});
