import assert from 'node:assert/strict';
import { parse } from 'smol-toml';
import { fileListOf, withoutFileLists } from '../../../../server/src/ecosystems/pypi/locks/fileLists';
import { corpusJson, corpusText, describeCorpus } from '../../../support/corpus';

const head = '[[package]]\nname = "a"\n';

/** Per package: its files by the short text, and by the whole one. */
function both(text: string, key: string): { readonly taken: number; readonly short: unknown; readonly whole: unknown } {
  const { text: shortened, lists } = withoutFileLists(text, key);
  const packages = (toml: string) => (parse(toml).package ?? []) as Record<string, unknown>[];
  const rest = ({ [key]: files, ...others }: Record<string, unknown>) => [others, fileListOf(files, lists)];
  return { taken: lists.length, short: packages(shortened).map(rest), whole: packages(text).map(rest) };
}

describe('the lists of files in TOML lockfiles', () => {
  it('tell from which hosts the files come, by whichever way they are read', () => {
    const from = (...urls: string[]) =>
      `${head}wheels = [\n${urls.map((url) => `    { url = "${url}", hash = "sha256:aa" },\n`).join('')}]\n`;
    for (const [urls, origins] of [
      [['https://files.example/a/b.whl', 'https://files.example/c.whl'], ['https://files.example']],
      [
        ['https://a.example/x', 'http://b.example:80/y', 'https://a.example/z'],
        ['https://a.example', 'http://b.example:80'],
      ],
      [['https://me:secret@files.example/x'], ['https://files.example']],
      [
        ['HTTPS:/files.example/x', ' https://files.example?x=https://other.example/'],
        ['HTTPS:/files.example', 'https://files.example'],
      ],
      [['../wheels/x.whl', '', 'x'], []],
    ] as const) {
      const { taken, short, whole } = both(from(...urls), 'wheels');
      assert.equal(taken, 1);
      assert.deepEqual(short, whole);
      assert.deepEqual((short as [unknown, { origins: unknown }][])[0]![1].origins, origins);
    }
  });

  it('are read in linear time, whatever stands for a host', () => {
    const long = 'h'.repeat(200_000);
    for (const url of [`https://${long}`, `https:${'/'.repeat(200_000)}`, long, `https://${'@'.repeat(200_000)}`])
      withoutFileLists(`${head}wheels = [\n    { url = "${url}", hash = broken },\n]\n`, 'wheels');
  });

  it('are taken out in the layouts of uv, Poetry and PDM', () => {
    const text = `${head}wheels = [\n    { url = "u", hash = "sha256:aa", size = 12, upload-time = "2026-01-01T00:00:00Z" },\n    { url = "u", hash = "sha256:bb", size = 0, upload_time = "t" },\n    {file = "f", hash = "sha256:cc"},\n]\nlast = 1\n`;
    const { taken, short, whole } = both(text, 'wheels');
    assert.equal(taken, 1);
    assert.deepEqual(short, whole);
    assert.deepEqual(short, [
      [
        { name: 'a', last: 1 },
        { hashes: ['sha256:aa', 'sha256:bb', 'sha256:cc'], times: ['2026-01-01T00:00:00Z', 't'], origins: [] },
      ],
    ]);
    assert.equal(withoutFileLists(text, 'wheels').text, `${head}wheels = 0\nlast = 1\n`);
    const windows = both(text.replaceAll('\n', '\r\n'), 'wheels');
    assert.deepEqual([windows.taken, windows.short], [1, whole]);
  });

  it('are left where anything is laid out in another way, valid or not', () => {
    const line = '{ url = "u", hash = "sha256:aa" }';
    const left = [
      `[\n    ${line}\n]`,
      `[ ${line} ]`,
      `[\n    ${line},\n    # a comment\n]`,
      `[\n    ${line},\n] # a comment`,
      `[\n    ${line},\n`,
      `[\n    ${line},\n    { url = "u", hash = "sha256:bb`,
      `[\n    { url = "\\u0041", hash = "sha256:aa" },\n]`,
      `[\n    { url = "u\u0001", hash = "sha256:aa" },\n]`,
      `[\n    { url = "u", hash = "sha256:aa", size = 01 },\n]`,
      `[\n    { url = "u", hash = "sha256:aa", extra = 1 },\n]`,
      `[\n    { url = "u", hash = "sha256:aa", hash = "sha256:bb" },\n]`,
    ];
    for (const list of left) {
      const text = `${head}wheels = ${list}\n`;
      assert.deepEqual(withoutFileLists(text, 'wheels'), { text, lists: [] }, list);
    }
    assert.deepEqual(withoutFileLists(`[metadata]\n[metadata.files]\nfiles = [\n    ${line},\n]\n`, 'files').lists, []);
  });

  it('leave an unsound text unsound', () => {
    const list = 'wheels = [\n    { url = "u", hash = "sha256:aa" },\n]\n';
    for (const text of [`${head}${list}${list}`, `${head}x = [\n${list}`, `${head}x = "\n${list}"\n`, `${head}\n${list}]`]) {
      assert.throws(() => parse(text), text);
      assert.throws(() => parse(withoutFileLists(text, 'wheels').text), text);
    }
  });
});

describeCorpus('the lists of files in TOML lockfiles', () => {
  it('are the same, taken out or not', () => {
    const { files } = corpusJson<{ files: Record<string, { readonly kind: string; readonly error?: string }> }>('manifests/oracle.json');
    let total = 0;
    for (const [path, { kind, error }] of Object.entries(files)) {
      if (!/^(?:uv|poetry|pdm)-lock$/.test(kind) || error !== undefined) continue;
      const text = corpusText(`manifests/${path}`);
      if (/^lock-version = "999/m.test(text)) continue;
      const { taken, short, whole } = both(text, kind === 'uv-lock' ? 'wheels' : 'files');
      assert.deepEqual(short, whole, path);
      total += taken;
    }
    assert.ok(total > 4000, String(total));
  });
});
