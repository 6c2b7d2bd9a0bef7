import assert from 'node:assert/strict';
import os from 'node:os';
import path from 'node:path';
import { cleanAddress, readUserIndexes, type UserConfiguration } from '../../server/src/platform/userIndexes';
import { scratch } from '../support/cli';

type Files = Readonly<Record<string, string>>;

/** What is read of a home with these files; `~` in an environment's value is that home. */
function read(files: Files, env: NodeJS.ProcessEnv = {}, platform: NodeJS.Platform = 'linux'): UserConfiguration {
  const home = scratch(files);
  // Neither the machine's own files nor its folders are looked at.
  const own = { XDG_CONFIG_DIRS: path.join(home, 'etc'), PROGRAMDATA: path.join(home, 'etc'), ...env };
  const filled = Object.fromEntries(Object.entries(own).map(([key, value]) => [key, value?.replace('~', home)]));
  return readUserIndexes({ env: filled, home, platform, etc: path.join(home, 'etc') });
}

const header = (user: UserConfiguration, ecosystem: string, url: string) => {
  const { authorization, below } = user.wayTo(ecosystem, { shown: url, url });
  return authorization === undefined ? undefined : [authorization, below];
};
const basic = (pair: string) => `Basic ${Buffer.from(pair).toString('base64')}`;
const main = ({ indexes }: UserConfiguration, tool: string) => indexes[tool]?.main?.address;

describe('npm’s configuration of the user', () => {
  it('names a registry: the environment’s, then the user’s', () => {
    const named = (npmrc: string, env: NodeJS.ProcessEnv = {}) => main(read({ '.npmrc': npmrc }, env), 'npm');
    assert.equal(named(''), undefined);
    assert.equal(named('registry=https://registry.npm.example//\n'), 'https://registry.npm.example');
    assert.equal(named('registry=https://a.example', { npm_config_registry: 'https://b.example/npm/' }), 'https://b.example/npm');
    assert.equal(named('registry=https://a.example', { NPM_CONFIG_REGISTRY: 'https://b.example' }), 'https://b.example');
    assert.equal(named('@corp:registry=https://corp.example\n//corp.example/:_authToken=secret\n'), undefined);
    assert.equal(main(read({ 'own/rc': 'registry=https://a.example' }, { npm_config_userconfig: '~/own/rc' }), 'npm'), 'https://a.example');
  });

  it('has the variables of the environment filled in', () => {
    const named = (npmrc: string, env: NodeJS.ProcessEnv) => main(read({ '.npmrc': npmrc }, env), 'npm');
    assert.equal(named('registry=https://${HOST}/npm/', { HOST: 'a.example' }), 'https://a.example/npm');
    assert.equal(named('registry=${REGISTRY}', { REGISTRY: 'https://a.example' }), 'https://a.example');
    assert.equal(named('registry=${REGISTRY}', {}), undefined);
    assert.equal(named('registry=https://a.example/${SUB?}', {}), 'https://a.example');
  });

  it('is no address that is none, and binds a scope all the same', () => {
    for (const value of ['', ' ', 'a.example', 'file:///etc/passwd', 'https://', 'https:///x', 'javascript:alert(1)']) {
      const user = read({ '.npmrc': `registry=${value}\n@corp:registry=${value || 'x'}\n` });
      assert.equal(main(user, 'npm'), undefined, value);
      assert.ok(user.indexes.npm?.scopes?.has('@corp'));
    }
    assert.equal(main(read({ '.npmrc': 'registry[]=https://a.example\nregistry[]=https://b.example\n' }), 'npm'), undefined);
    assert.equal(main(read({ '.npmrc': '\u0000\u0001[[[=\n__proto__=x\n[__proto__]\nregistry=https://evil.example\n' }), 'npm'), undefined);
  });

  it('has credentials for the path that they are bound to, and for nothing else', () => {
    const user = read(
      {
        '.npmrc': [
          '//corp.example/npm/:_authToken=${NPM_TOKEN}',
          '//plain.example/:username=ann',
          `//plain.example/:_password=${Buffer.from('s3cr3t').toString('base64')}`,
          `//old.example:8443/:_auth=${Buffer.from('bob:word').toString('base64')}`,
          '//unset.example/:_authToken=${NOBODY_SET_THIS}',
          '_auth=bm9ib2R5OmtucHc=',
        ].join('\n'),
      },
      { NPM_TOKEN: 'tok', 'npm_config_//env.example/:_authToken': 'fromenv' },
    );
    assert.deepEqual(header(user, 'npm', 'https://corp.example/npm'), ['Bearer tok', 'https://corp.example/npm']);
    assert.deepEqual(header(user, 'npm', 'https://corp.example/npm/private'), ['Bearer tok', 'https://corp.example/npm']);
    assert.deepEqual(header(user, 'npm', 'https://plain.example'), [basic('ann:s3cr3t'), 'https://plain.example']);
    assert.deepEqual(header(user, 'npm', 'https://old.example:8443/x'), [basic('bob:word'), 'https://old.example:8443']);
    assert.deepEqual(header(user, 'npm', 'https://env.example'), ['Bearer fromenv', 'https://env.example']);
    for (const url of [
      'https://corp.example',
      'https://corp.example/npm-other',
      'https://corp.example:444/npm',
      'https://evil.corp.example/npm',
      'https://corp.example.evil.example/npm',
      'http://corp.example/npm',
      'https://old.example/x',
      'https://unset.example',
      'https://anywhere.example',
    ])
      assert.equal(header(user, 'npm', url), undefined, url);
    assert.equal(header(user, 'PyPI', 'https://corp.example/npm'), undefined, 'they are npm’s');
  });
});

describe('Yarn’s and Bun’s configuration of the user', () => {
  it('is read with its scopes and tokens', () => {
    const user = read(
      {
        '.yarnrc.yml': [
          'npmRegistryServer: "https://yarn.example"',
          'npmAuthToken: "${YARN_TOKEN:-fallback}"',
          'npmScopes:',
          '  acme:',
          '    npmRegistryServer: https://acme.example/npm',
          '    npmAuthIdent: ann:pw',
          'npmRegistries:',
          '  "//third.example":',
          '    npmAuthToken: third',
        ].join('\n'),
        '.bunfig.toml': [
          '[install]',
          'registry = { url = "https://bun.example", token = "$BUN_TOKEN" }',
          '[install.scopes]',
          'corp = { url = "https://corp.example/", username = "u", password = "p" }',
          '"@other" = "https://u2:p2@other.example/npm/"',
        ].join('\n'),
      },
      { BUN_TOKEN: 'buntok' },
    );
    assert.equal(main(user, 'yarn'), 'https://yarn.example');
    assert.equal(main(user, 'bun'), 'https://bun.example');
    assert.deepEqual([...user.indexes.yarn!.scopes!], [['@acme', 'https://acme.example/npm']]);
    assert.deepEqual(
      [...user.indexes.bun!.scopes!],
      [
        ['@corp', 'https://corp.example'],
        ['@other', 'https://other.example/npm'],
      ],
    );
    const of = (url: string) => header(user, 'npm', url)?.[0];
    assert.equal(of('https://yarn.example'), 'Bearer fallback');
    assert.equal(of('https://acme.example/npm'), basic('ann:pw'));
    assert.equal(of('https://third.example/x'), 'Bearer third');
    assert.equal(of('https://bun.example'), 'Bearer buntok');
    assert.equal(of('https://corp.example'), basic('u:p'));
    assert.equal(of('https://other.example/npm'), basic('u2:p2'));
  });

  it('may be any text', () => {
    for (const text of [': : :', '- a\n- b', '&a [*a, *a]', '[install', 'install = 3', '\u0000', 'npmScopes: 3', '!!js/function x'])
      assert.equal(main(read({ '.yarnrc.yml': text, '.bunfig.toml': text }), 'yarn'), undefined);
  });
});

describe('pip’s configuration of the user', () => {
  const extra = ({ indexes }: UserConfiguration) => indexes.pip?.extra?.map(({ address }) => address);

  it('is that of the strongest file, the environment before all', () => {
    const files = {
      'etc/pip/pip.conf': '[global]\nindex-url = https://machine.example/simple\nextra-index-url = https://extra.example/simple\n',
      '.pip/pip.conf': '[global]\nindex-url = https://legacy.example/simple\n',
      '.config/pip/pip.conf': '[global]\nindex_url: https://user.example/simple/\n',
      'venv/pip.conf': '[install]\nINDEX-URL=https://venv.example/simple\n',
      'named.conf': '[global]\nindex-url = https://named.example/simple\n',
    };
    const { '.config/pip/pip.conf': _, ...older } = files;
    assert.equal(main(read(older), 'pip'), 'https://legacy.example/simple');
    assert.equal(main(read(files), 'pip'), 'https://user.example/simple');
    assert.deepEqual(extra(read(files)), ['https://extra.example/simple'], 'what no stronger file says stays');
    assert.equal(main(read(files, { VIRTUAL_ENV: '~/venv' }), 'pip'), 'https://venv.example/simple');
    assert.equal(main(read(files, { PIP_CONFIG_FILE: '~/named.conf' }), 'pip'), 'https://named.example/simple');
    assert.equal(main(read(files, { PIP_CONFIG_FILE: os.devNull }), 'pip'), undefined);
    assert.equal(
      main(read(files, { PIP_INDEX_URL: 'https://env.example/simple', VIRTUAL_ENV: '~/venv' }), 'pip'),
      'https://env.example/simple',
    );
    assert.equal(
      main(read({ 'conf/pip/pip.conf': files['named.conf'] }, { XDG_CONFIG_HOME: '~/conf' }), 'pip'),
      'https://named.example/simple',
    );
    const mac = { 'Library/Application Support/pip/pip.conf': files['named.conf'], '.config/pip/pip.conf': files['.pip/pip.conf'] };
    assert.equal(main(read(mac, {}, 'darwin'), 'pip'), 'https://named.example/simple');
    const windows = { 'roaming/pip/pip.ini': files['named.conf'], 'pip/pip.ini': files['.pip/pip.conf'] };
    assert.equal(main(read(windows, { APPDATA: '~/roaming' }, 'win32'), 'pip'), 'https://named.example/simple');
  });

  it('lists extra indexes in lines and words, and credentials in addresses', () => {
    const user = read({
      '.config/pip/pip.conf':
        '# a comment\r\n[global]\r\nextra-index-url =\r\n    https://ann:p%40ss@a.example/simple\r\n  ; not this\r\n    http://b.example/pypi/simple/\r\n\r\nno-index = false\r\n[other]\r\nindex-url = https://no.example\r\n',
    });
    assert.deepEqual(extra(user), ['https://a.example/simple', 'http://b.example/pypi/simple']);
    assert.deepEqual(header(user, 'PyPI', 'https://a.example/simple'), [basic('ann:p@ss'), 'https://a.example']);
    assert.equal(header(user, 'PyPI', 'http://a.example/simple'), undefined, 'not without encryption');
    assert.equal(header(user, 'PyPI', 'http://b.example/pypi/simple'), undefined);
    assert.equal(main(user, 'pip'), undefined);
    assert.deepEqual(extra(read({}, { PIP_EXTRA_INDEX_URL: 'https://x.example/simple  https://y.example/simple' })), [
      'https://x.example/simple',
      'https://y.example/simple',
    ]);
    assert.equal(read({}, { PIP_NO_INDEX: '1' }).indexes.pip?.noIndex, true);
  });
});

describe('uv’s configuration of the user', () => {
  it('is the environment’s, then uv.toml’s', () => {
    const files = {
      '.config/uv/uv.toml':
        '[[index]]\nname = "corp"\nurl = "https://corp.example/simple"\n[[index]]\nname = "hidden"\nurl = "https://hidden.example/simple"\nexplicit = true\n[[index]]\nurl = "https://default.example/simple"\ndefault = true\n',
    };
    const user = read(files, {
      UV_INDEX: 'own=https://u:p@own.example/simple https://second.example/simple',
      UV_INDEX_CORP_USERNAME: 'ann',
      UV_INDEX_CORP_PASSWORD: 'pw',
    });
    assert.equal(main(user, 'uv'), 'https://default.example/simple');
    assert.deepEqual(user.indexes.uv!.extra, [
      { address: 'https://own.example/simple', name: 'own', first: true },
      { address: 'https://second.example/simple', first: true },
      { address: 'https://corp.example/simple', name: 'corp' },
      { address: 'https://hidden.example/simple', name: 'hidden', explicit: true },
    ]);
    assert.deepEqual(header(user, 'PyPI', 'https://own.example/simple'), [basic('u:p'), 'https://own.example']);
    assert.deepEqual(header(user, 'PyPI', 'https://corp.example/simple'), [basic('ann:pw'), 'https://corp.example']);
    assert.equal(main(read(files, { UV_DEFAULT_INDEX: 'https://env.example/simple' }), 'uv'), 'https://env.example/simple');
    assert.equal(main(read(files, { UV_INDEX_URL: 'https://old.example/simple' }), 'uv'), 'https://old.example/simple');
    assert.equal(main(read(files, { UV_NO_CONFIG: '1' }), 'uv'), undefined);
    assert.equal(read(files, { UV_INDEX_STRATEGY: 'unsafe-best-match' }).indexes.uv!.firstMatch, false);
  });

  it('gives no index of a project the credentials of a name', () => {
    const user = read({}, { UV_INDEX_INTERNAL_USERNAME: 'u', UV_INDEX_INTERNAL_PASSWORD: 'p' });
    assert.equal(header(user, 'PyPI', 'https://internal.evil.example/simple'), undefined);
  });
});

describe('a .netrc', () => {
  it('has credentials for its machines, over https or on this machine', () => {
    const user = read({
      '.netrc':
        '# machine no.example login x password y\nmachine corp.example\n  login ann\n  account nobody\n  password "pass word"\nmacdef init\nmachine macro.example login a password b\n\nmachine 127.0.0.1 login local password pw\nmachine half.example login only\ndefault login any password where\n',
    });
    const of = (url: string) => header(user, 'PyPI', url)?.[0];
    assert.equal(of('https://corp.example/simple'), basic('ann:pass word'));
    assert.equal(of('https://corp.example:8443/simple'), basic('ann:pass word'), 'a .netrc knows no ports');
    assert.equal(of('http://127.0.0.1:8080/simple'), basic('local:pw'));
    for (const url of [
      'http://corp.example/simple',
      'https://no.example',
      'https://macro.example',
      'https://half.example',
      'https://else.example',
    ])
      assert.equal(of(url), undefined, url);
    assert.equal(header(user, 'npm', 'https://corp.example'), undefined, 'npm reads none');
    assert.equal(
      header(read({ rc: 'machine a.example login u password p' }, { NETRC: '~/rc' }), 'PyPI', 'https://a.example/simple')?.[0],
      basic('u:p'),
    );
  });
});

describe('an address', () => {
  it('is shown without credentials, query and tokens in its path', () => {
    const shown = (text: string) => cleanAddress(text)?.shown;
    assert.equal(shown('https://user:s3cr3t@h.example/simple/?token=s3cr3t#s3cr3t'), 'https://h.example/simple');
    assert.match(
      shown('https://h.example/aB3dE6gH9jK2mN5pQ8/org/python/simple')!,
      /^https:\/\/h\.example\/~[0-9a-f]{8}\/org\/python\/simple$/,
    );
    assert.equal(cleanAddress('https://h.example/aB3dE6gH9jK2mN5pQ8/simple/')!.url, 'https://h.example/aB3dE6gH9jK2mN5pQ8/simple');
    assert.equal(
      shown('https://h.example/artifactory/api/pypi/pypi-local/simple/'),
      'https://h.example/artifactory/api/pypi/pypi-local/simple',
    );
    for (const text of ['', 'h.example', 'ftp://h.example', 'https://', 'file:///x', 'https://['])
      assert.equal(shown(text), undefined, text);
  });

  it('of which a part was a variable is shown without it', () => {
    const user = read({ '.npmrc': 'registry=https://h.example/${TOKEN}/npm\n' }, { TOKEN: 'sesame' });
    const [address] = [user.indexes.npm!.main!.address];
    assert.doesNotMatch(address, /sesame/);
    assert.equal(user.wayTo('npm', { shown: address, url: address }).url, 'https://h.example/sesame/npm');
  });
});
