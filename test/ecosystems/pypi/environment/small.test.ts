import assert from 'node:assert/strict';
import fc from 'fast-check';
import { textAt } from '../../../../server/src/core/span';
import { readCoreMetadata } from '../../../../server/src/ecosystems/pypi/environment/coreMetadata';
import { readDirectUrl } from '../../../../server/src/ecosystems/pypi/environment/directUrl';
import { readPth, readStart } from '../../../../server/src/ecosystems/pypi/environment/pthFile';

describe('METADATA', () => {
  it('reads name and version with their places', () => {
    for (const end of ['\n', '\r\n', '\r']) {
      const text = ['Metadata-Version: 2.1', 'name:  Made.Up ', 'Version: 1.2.3', 'Summary: x', '', 'Version: 9'].join(end);
      const read = readCoreMetadata(text);
      assert.deepEqual([read.name, read.version], ['Made.Up', '1.2.3']);
      assert.equal(textAt(text, read.spans.version!), '1.2.3');
      assert.equal(read.end, read.spans.version!.end);
    }
  });

  it('ends at the empty line', () => assert.equal(readCoreMetadata('Name: a\n\nVersion: 1\n').version, undefined));
  it('takes the first of two', () => assert.equal(readCoreMetadata('Version: 1\nVersion: 2\nName: a').version, '1'));

  it('never throws, and its spans are what it says', () => {
    const piece = fc.constantFrom('Name', 'Version', ':', ' ', '\n', '\r', '\t', 'a', '1.0', '\ufeff', '🦅');
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.array(piece).map((parts) => parts.join('')),
        ),
        (text) => {
          const { name, version, spans } = readCoreMetadata(text);
          if (name !== undefined) assert.equal(textAt(text, spans.name!), name);
          if (version !== undefined) assert.equal(textAt(text, spans.version!), version);
        },
      ),
      { numRuns: 1000 },
    );
  });
});

describe('direct_url.json', () => {
  it('tells folders, repositories and archives apart, and shows no credentials', () => {
    assert.deepEqual(readDirectUrl('{"url":"file:///home/me/x","dir_info":{"editable":true}}'), {
      source: 'path',
      editable: true,
      origin: 'file:///home/me/x',
    });
    assert.deepEqual(readDirectUrl('{"url":"https://me:secret@git.example/x.git","vcs_info":{"vcs":"git","commit_id":"abc"}}'), {
      source: 'git',
      editable: false,
      origin: 'https://git.example/x.git',
    });
    assert.deepEqual(readDirectUrl('{"url":"https://x.example/a.whl","archive_info":{"hash":"sha256=ab","hashes":{"sha256":"ab"}}}'), {
      source: 'url',
      editable: false,
      origin: 'https://x.example/a.whl',
      integrity: 'sha256:ab',
    });
  });

  it('never throws', () => {
    for (const text of ['', 'null', '[]', '{"url":1}', '{"url":"x","dir_info":null,"archive_info":3}', '{']) readDirectUrl(text);
    fc.assert(fc.property(fc.json(), (text) => void readDirectUrl(text)));
  });
});

describe('a .pth file', () => {
  const runs = (text: string) => readPth(text).runs.map((span) => textAt(text, span));

  it('runs what begins with import and a blank', () => {
    assert.deepEqual(runs('# import os\n\nimport os\nimport\tsys; print(1)\nimportlib\n import x\nimport\n../src\n'), [
      'import os',
      'import\tsys; print(1)',
    ]);
    const text = 'folder\n#x\n  \nimport a\n';
    assert.deepEqual(
      readPth(text).paths.map((span) => textAt(text, span)),
      ['folder'],
    );
  });

  it('takes every line end that some Python takes for one', () => {
    for (const end of ['\n', '\r\n', '\r', '\v', '\f', '\x1c', '\x1d', '\x1e', '\x85', '\u2028', '\u2029'])
      assert.deepEqual(runs(`# comment${end}import evil`), ['import evil'], JSON.stringify(end));
  });

  it('skips a byte order mark', () => assert.deepEqual(runs('\ufeffimport a'), ['import a']));

  it('never throws', () => fc.assert(fc.property(fc.string(), (text) => void [readPth(text), readStart(text)])));
});

it('a .start file names what runs, line by line', () => {
  const text = '# tool\npkg.mod:start\n\n other:go\n';
  assert.deepEqual(
    readStart(text).map((span) => textAt(text, span)),
    ['pkg.mod:start', ' other:go'],
  );
});
