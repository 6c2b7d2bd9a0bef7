import assert from 'node:assert/strict';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { npmRegistryUrl } from '../../server/src/platform/npmRegistryUrl';
import { writeText } from '../../server/src/platform/writeText';

let folder: string;
const place = (name: string) => path.join(folder, name);

describe('files of the user', () => {
  beforeEach(() => {
    folder = fs.mkdtempSync(path.join(os.tmpdir(), 'merlon-user-'));
  });
  afterEach(() => fs.rmSync(folder, { recursive: true, force: true }));

  describe('the registry that npm’s configuration names', () => {
    const named = (npmrc: string, env: NodeJS.ProcessEnv = {}) => {
      fs.writeFileSync(place('npmrc'), npmrc);
      return npmRegistryUrl({ npm_config_userconfig: place('npmrc'), ...env });
    };
    const standard = npmRegistryUrl({ npm_config_userconfig: '/nowhere' });

    it('is the environment’s, then the user’s, then npm’s own', () => {
      assert.match(standard, /^https:\/\/[^/]+$/);
      assert.equal(named('registry=https://registry.npm.example//\n'), 'https://registry.npm.example');
      assert.equal(named('registry=https://a.example', { npm_config_registry: 'https://b.example/npm/' }), 'https://b.example/npm');
      assert.equal(named('registry=https://a.example', { NPM_CONFIG_REGISTRY: 'https://b.example' }), 'https://b.example');
      assert.equal(named('@corp:registry=https://corp.example\n//corp.example/:_authToken=secret\n'), standard);
    });

    it('has the variables of the environment filled in', () => {
      assert.equal(named('registry=https://${HOST}/npm/', { HOST: 'a.example' }), 'https://a.example/npm');
      assert.equal(named('registry=${REGISTRY}', { REGISTRY: 'https://a.example' }), 'https://a.example');
      assert.equal(named('registry=${REGISTRY}'), standard);
    });

    it('is no address that is none', () => {
      for (const value of ['', ' ', 'a.example', 'file:///etc/passwd', 'https://', 'https:///x', 'javascript:alert(1)']) {
        assert.equal(named(`registry=${value}`), standard, value);
        assert.equal(named('registry=https://a.example', { npm_config_registry: value }), 'https://a.example', value);
      }
      assert.equal(named('registry[]=https://a.example\nregistry[]=https://b.example\n'), standard);
      assert.equal(named('\u0000\u0001[[[=\n__proto__=x\n[__proto__]\nregistry=https://evil.example\n'), standard);
    });
  });

  describe('writing a fixed manifest', () => {
    it('writes what was read and fixed, and keeps its byte order mark and its mode', () => {
      fs.writeFileSync(place('a.txt'), '\ufeffone é\r\n', { mode: 0o640 });
      assert.equal(writeText(place('a.txt'), 'one é\r\n', 'two é\r\n'), undefined);
      assert.equal(fs.readFileSync(place('a.txt'), 'utf8'), '\ufefftwo é\r\n');
      assert.equal(fs.statSync(place('a.txt')).mode & 0o777, 0o640);
    });

    it('writes nothing over what it has not read', () => {
      fs.writeFileSync(place('a.txt'), 'changed\n');
      assert.match(writeText(place('a.txt'), 'one\n', 'two\n')!, /changed meanwhile/);
      assert.equal(fs.readFileSync(place('a.txt'), 'utf8'), 'changed\n');
      for (const encoding of ['utf16le', 'latin1'] as const) {
        const bytes = Buffer.from(encoding === 'utf16le' ? '\ufeffé\n' : '# coding: latin-1 é\n', encoding);
        fs.writeFileSync(place('a.txt'), bytes);
        assert.match(writeText(place('a.txt'), bytes.toString(encoding).replace('\ufeff', ''), 'two\n')!, /not UTF-8/);
        assert.deepEqual(fs.readFileSync(place('a.txt')), bytes);
      }
      assert.ok(writeText(place('gone.txt'), '', 'x'));
      assert.equal(fs.existsSync(place('gone.txt')), false);
    });

    it('writes through a link to the file that was read', () => {
      fs.writeFileSync(place('real.txt'), 'one\n');
      fs.symlinkSync('real.txt', place('link.txt'));
      assert.equal(writeText(place('link.txt'), 'one\n', 'two\n'), undefined);
      assert.ok(fs.lstatSync(place('link.txt')).isSymbolicLink());
      assert.equal(fs.readFileSync(place('real.txt'), 'utf8'), 'two\n');
    });
  });
});
