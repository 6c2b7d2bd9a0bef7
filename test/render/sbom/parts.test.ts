import assert from 'node:assert/strict';
import fc from 'fast-check';
import { hashesOf } from '../../../server/src/render/sbom/hashes';
import { licenseOf } from '../../../server/src/render/sbom/license';
import { purlOf, withoutSecrets } from '../../../server/src/render/sbom/purl';

const purl = (type: string, name: string, version?: string, kind?: 'git' | 'url', address = '') =>
  purlOf({ type, package: { ecosystem: '', name }, ...(version !== undefined && { version }), ...(kind && { origin: { kind, address } }) });

describe('package URLs', () => {
  for (const [expected, ...parts] of [
    ['pkg:npm/left-pad@1.3.0', 'npm', 'left-pad', '1.3.0'],
    ['pkg:npm/%40scope/name@1.0.0-rc.1%2Bb', 'npm', '@scope/name', '1.0.0-rc.1+b'],
    ['pkg:pypi/ruamel-yaml', 'pypi', 'ruamel-yaml'],
    ['pkg:pypi/a@1%212.0', 'pypi', 'a', '1!2.0'],
    [
      'pkg:pypi/a@1.0?vcs_url=git%2Bhttps:%2F%2Fhost%2Fr.git%40abc123',
      'pypi',
      'a',
      '1.0',
      'git',
      'https://user:token@host/r.git?x=secret#abc123',
    ],
    [
      'pkg:npm/a?vcs_url=git%2Bssh:%2F%2Fgit%40github.com%2Fu%2Fr.git%40f00',
      'npm',
      'a',
      undefined,
      'git',
      'git+ssh://git@github.com/u/r.git#f00',
    ],
    ['pkg:npm/a?vcs_url=git%2Bhttps:%2F%2Fgithub.com%2Fu%2Fr%40main', 'npm', 'a', undefined, 'git', 'github:u/r#main'],
    ['pkg:npm/a?vcs_url=git%2Bhttps:%2F%2Fgithub.com%2Fu%2Fr', 'npm', 'a', undefined, 'git', 'u/r'],
    [
      'pkg:npm/a@1.0.0?download_url=https:%2F%2Fcodeload.github.com%2Fu%2Fr%2Ftar.gz%2Ff00',
      'npm',
      'a',
      '1.0.0',
      'git',
      'https://codeload.github.com/u/r/tar.gz/f00',
    ],
    ['pkg:npm/a?download_url=https:%2F%2Fhost%2Fa.tgz', 'npm', 'a', undefined, 'url', 'https://me:secret@host/a.tgz?sig=secret'],
  ] as const) {
    it(expected, () => assert.equal(purl(...(parts as [string, string])), expected));
  }

  it('hold no user, password or query of an address', () => {
    fc.assert(
      fc.property(fc.webUrl({ withQueryParameters: true }), fc.stringMatching(/^\w{1,9}$/), (url, secret) => {
        const address = url.replace('://', `://user:S3CRET${secret}@`);
        assert.ok(!withoutSecrets(address).includes(`S3CRET${secret}`));
        assert.ok(!withoutSecrets(`git+${address}?token=S3CRET${secret}`).includes(`S3CRET${secret}`));
      }),
      { numRuns: 300 },
    );
  });

  it('never throw, and keep to ASCII', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.string({ unit: 'binary' }), fc.string({ unit: 'binary' }), (name, version, address) =>
        assert.match(purl('npm', name, version, 'git', address), /^pkg:npm\/[\x21-\x7e]*$/),
      ),
      { numRuns: 300 },
    );
  });
});

describe('hashes', () => {
  it('come from SRI strings and pairs, as hex, each once, sorted', () => {
    assert.deepEqual(
      hashesOf([
        `sha256:${'AB'.repeat(32)}`,
        `sha1-${'A'.repeat(27)}=?x`,
        `sha256:${'ab'.repeat(32)}`,
        'md5:1',
        'sha512-x',
        'nonsense',
        'sha256:zz',
      ]),
      [
        { algorithm: 'SHA-1', content: '0'.repeat(40) },
        { algorithm: 'SHA-256', content: 'ab'.repeat(32) },
      ],
    );
  });

  it('of any text never throw', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        for (const prefix of ['', 'sha512-', 'sha256:', 'sha1-']) assert.ok(hashesOf([prefix + text]).length < 2);
      }),
      { numRuns: 300 },
    );
  });
});

describe('licenses', () => {
  const ids = new Map(['MIT', 'Apache-2.0', 'GPL-2.0-only', 'Classpath-exception-2.0'].map((id) => [id.toLowerCase(), id]));
  const license = (text: string) => licenseOf(text, (id) => ids.get(id.toLowerCase()));

  for (const [written, kind, text] of [
    ['mit', 'id', 'MIT'],
    ['(MIT or apache-2.0)', 'expression', '(MIT OR Apache-2.0)'],
    ['GPL-2.0-only WITH Classpath-exception-2.0 AND MIT', 'expression', 'GPL-2.0-only WITH Classpath-exception-2.0 AND MIT'],
    ['LicenseRef-own', 'expression', 'LicenseRef-own'],
    ['SEE LICENSE IN LICENSE.md', 'name', 'SEE LICENSE IN LICENSE.md'],
    ['(MIT', 'name', '(MIT'],
    ['MIT OR', 'name', 'MIT OR'],
    ['', 'name', ''],
  ] as const) {
    it(`${written} is ${kind}`, () => {
      const found = license(written);
      assert.deepEqual([found.kind, Object.values(found)[1]], [kind, text]);
    });
  }

  it('of any text never throw', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom('(', ')', 'MIT', 'AND', 'or', 'WITH', '+', ' ', 'x')), (parts) => {
        license(parts.join(' '));
        license('('.repeat(5000) + parts.join(''));
      }),
      { numRuns: 200 },
    );
  });
});
