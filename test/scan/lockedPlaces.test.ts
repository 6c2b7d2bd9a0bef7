import assert from 'node:assert/strict';
import { checks } from '../../server/src/checks';
import type { Policy } from '../../server/src/core/check';
import type { Finding } from '../../server/src/core/finding';
import type { UserIndexes } from '../../server/src/core/indexes';
import { kindOf, lockKindOf } from '../../server/src/ecosystems';
import { isFamiliar } from '../../server/src/policy/familiar';
import { createEngine } from '../../server/src/scan/engine';
import { spokenFor } from '../../server/src/scan/lockDocument';
import { createLockStore, readLock } from '../../server/src/scan/lockStore';
import { createProject } from '../../server/src/scan/project';
import { createIndexes } from '../../server/src/session/indexes';
import { corpusJson, corpusText, describeCorpus } from '../support/corpus';
import { policy } from '../support/subjects';
import { registryWorld } from '../support/registryWorld';

// Where a lockfile's releases come from, and what of that nothing explains.

const registry = 'https://registry.npm.example';
const sri = `sha512-${'A'.repeat(86)}==`;
const tarball = (name: string, version: string, base = registry) => `${base}/${name}/-/${name.slice(name.indexOf('/') + 1)}-${version}.tgz`;

interface Locked {
  readonly [name: string]: string | undefined;
}

/** A package-lock.json: each name with the address that it is locked to, `''` for none. */
function packageLock(locked: Locked, integrity = sri): string {
  const packages: Record<string, object> = {};
  for (const [name, resolved] of Object.entries(locked))
    packages[`node_modules/${name}`] = { version: '1.0.0', ...(resolved && { resolved }), integrity };
  const dependencies = Object.fromEntries(
    Object.entries(locked).map(([name, resolved = '']) => [name, resolved.startsWith('git') ? resolved : '^1.0.0']),
  );
  return JSON.stringify({ name: 'p', lockfileVersion: 3, packages: { '': { dependencies }, ...packages } }, null, 2);
}

interface World {
  readonly user?: UserIndexes;
  readonly team?: Policy['team'];
  readonly isPublic?: (address: string) => boolean;
}

/** What insecure-source says of the lockfiles among these files. */
async function findingsOf(files: Readonly<Record<string, string>>, { user = {}, team, isPublic }: World = {}): Promise<readonly Finding[]> {
  const read = (path: string) =>
    Promise.resolve(Object.hasOwn(files, path) ? { state: 'text' as const, text: files[path]! } : { state: 'absent' as const });
  const project = createProject({ files: { read }, top: '' });
  await project.load(Object.keys(files).flatMap((path) => (kindOf(path) ? [{ path, kind: kindOf(path)! }] : [])));
  const locks = createLockStore(async (path, kind) => readLock(await read(path), kind));
  await locks.load(Object.keys(files).flatMap((path) => (lockKindOf(path) ? [{ path, kind: lockKindOf(path)! }] : [])));
  const isPublicIndex =
    isPublic ?? ((address: string) => /^https?:\/\/(?:registry\.npm\.example|registry\.yarnpkg\.com|pypi\.org)(?:[/:]|$)/.test(address));
  const indexes = createIndexes({
    registries: new Map(),
    context: registryWorld(() => assert.fail('nobody is asked')).context,
    user: { indexes: user, wayTo: (_, address) => address },
    isPublic: () => false,
    isPublicIndex,
    trusted: () => false,
    overridden: new Set(),
  });
  const engine = createEngine({
    checks: checks.filter(({ id }) => id === 'insecure-source'),
    feeds: [],
    registries: new Map(),
    rolesOf: () => [],
    isFamiliar,
    clock: { now: () => new Date('2026-06-01') },
    disabled: [],
    onFault: (check, error) => {
      throw new Error(`${check.id} threw`, { cause: error });
    },
    indexes,
    isPublicIndex,
    publicHosts: new Set(['pypi.org']),
  });
  const rules = { policy: { ...policy, ...(team && { team }) }, privatePackages: [] };
  const spoken = spokenFor(project.documents(), locks.documents());
  return locks.documents().flatMap((lock) => engine.assessLock(lock, rules, spoken.get(lock.path) ?? []).findings);
}

const said = async (...[files, world]: Parameters<typeof findingsOf>) => (await findingsOf(files, world)).map(({ message }) => message);
const manifest = (dependencies: readonly string[]) =>
  JSON.stringify({ name: 'p', dependencies: Object.fromEntries(dependencies.map((name) => [name, '^1.0.0'])) });
const npm = (locked: Locked, more: Readonly<Record<string, string>> = {}, integrity?: string) => ({
  'package.json': manifest(Object.keys(locked)),
  'package-lock.json': packageLock(locked, integrity),
  ...more,
});

describe('where a lockfile’s releases come from', () => {
  const evil = 'https://packages.evil.example';
  const ordinary = { express: tarball('express', '1.0.0'), 'left-pad': tarball('left-pad', '1.0.0') };

  it('names a release on a host that nothing names, at its line', async () => {
    const files = npm({ ...ordinary, lodash: tarball('lodash', '1.0.0', evil) });
    const [found, ...more] = await findingsOf(files);
    assert.deepEqual(more, []);
    assert.equal(
      found!.message,
      "lodash 1.0.0 is locked to packages.evil.example: no setting names it as a registry; nothing but the lockfile's own hash says what it is, and whoever changes the address can change that as well",
    );
    assert.equal(files['package-lock.json'].slice(found!.span.start, found!.span.end), 'node_modules/lodash');
    assert.deepEqual([found!.file, found!.severity, found!.package, found!.version], ['package-lock.json', 'warning', 'lodash', '1.0.0']);
  });

  it('says what a hash is worth there, and what lies there without one', async () => {
    const locked = { ...ordinary, lodash: tarball('lodash', '1.0.0', evil), ms: tarball('ms', '1.0.0', evil) };
    assert.match(
      (await said(npm(locked))).join(),
      /; nothing but the lockfile's own hashes says what they are, and whoever changes the address can change those as well$/,
    );
    const text = npm(locked)['package-lock.json'];
    const bare = text.replace(/,\s*"integrity":\s*"[^"]*"(?=[^{]*$)/, '');
    assert.notEqual(bare, text);
    assert.match((await said({ ...npm(locked), 'package-lock.json': bare })).join(), /; an install takes whatever lies there$/);
  });

  it('is one finding a host, and names the first few', async () => {
    const many = Object.fromEntries(['a', 'b', 'c', 'd', 'e'].map((name) => [name, tarball(name, '1.0.0', evil)]));
    const other = { z: tarball('z', '1.0.0', 'https://other.example/npm') };
    const messages = await said(npm({ ...ordinary, ...many, ...other }));
    assert.equal(messages.length, 2);
    assert.match(messages[0]!, /^a 1\.0\.0, b 1\.0\.0, c 1\.0\.0 and 2 more are locked to packages\.evil\.example:/);
    assert.match(messages[1]!, /^z 1\.0\.0 is locked to other\.example:/);
  });

  it('bears a lockfile in which each release comes from another host', async () => {
    const many = Object.fromEntries(
      Array.from({ length: 5000 }, (_, i) => [`a${i}`, tarball(`a${i}`, '1.0.0', `https://h${i}.example/x${i}`)]),
    );
    assert.equal((await said(npm({ ...ordinary, ...many }))).length, 100);
  });

  it('is silent of hosts that the project or the user has set up, whoever writes them and how', async () => {
    const locked = { ...ordinary, lodash: tarball('lodash', '1.0.0', 'https://NPM.corp.example:443/api') };
    const ways: readonly Readonly<Record<string, string>>[] = [
      { '.npmrc': 'registry=https://npm.corp.example/\n' },
      { '.npmrc': '@corp:registry=https://me:secret@npm.corp.example/x/\n' },
      { '.yarnrc.yml': 'npmRegistryServer: "https://npm.corp.example"\n' },
      { 'pnpm-workspace.yaml': 'namedRegistries:\n  work: https://npm.corp.example/\n' },
      { 'bunfig.toml': '[install]\nregistry = "https://npm.corp.example"\n' },
      // What a variable stands for is not known.
      { '.npmrc': 'registry=${NPM_MIRROR}\n' },
    ];
    for (const settings of ways) assert.deepEqual(await said(npm(locked, settings)), [], JSON.stringify(settings));
    const user = (own: UserIndexes) => said(npm(locked), { user: own });
    assert.deepEqual(await user({ npm: { main: { address: 'https://npm.corp.example' } } }), []);
    assert.deepEqual(await user({ yarn: { scopes: new Map([['@corp', 'https://npm.corp.example']]) } }), []);
    assert.equal((await said(npm(locked))).length, 1);
    assert.equal((await said(npm(locked, { '.npmrc': 'registry=https://npm.corp.example.evil.example/\n' }))).length, 1);
  });

  it('is silent of public hosts, of this machine, of mirrors for everybody, and of what is no registry’s', async () => {
    for (const address of [
      tarball('lodash', '1.0.0', 'https://registry.yarnpkg.com'),
      tarball('lodash', '1.0.0', 'https://cdn.npmmirror.com/packages'),
      tarball('lodash', '1.0.0', 'http://localhost:4873'),
      'git+ssh://git@github.com/lodash/lodash.git#0123456789012345678901234567890123456789',
      'https://codeload.github.com/lodash/lodash/tar.gz/0123',
      'file:../lodash',
      'lodash-1.0.0.tgz',
      '',
    ]) {
      const asks = `"lodash": ${JSON.stringify(/^(?:git|https:..codeload)/.test(address) ? address : '^1.0.0')}`;
      const asked = { 'package.json': `{ "dependencies": { ${asks} } }` };
      const text = packageLock({ ...ordinary, lodash: address }).replace(/"lodash": "[^"]*"/, asks);
      assert.deepEqual(await said({ ...asked, 'package-lock.json': text }), [], address);
    }
  });

  it('lets be what looks like the practice of a project', async () => {
    const corp = 'https://artifactory.corp.example/api/npm/npm-virtual';
    const some = (count: number, base: string, prefix: string) =>
      Object.fromEntries(Array.from({ length: count }, (_, i) => [`${prefix}${i}`, tarball(`${prefix}${i}`, '1.0.0', base)]));
    assert.deepEqual(await said(npm(some(8, corp, 'a'))), []);
    assert.equal((await said(npm({ ...ordinary, ...some(7, corp, 'a') }))).length, 1);
    assert.deepEqual(await said(npm({ ...some(32, registry, 'a'), ...some(8, corp, 'b') })), []);
    assert.equal((await said(npm({ ...some(33, registry, 'a'), ...some(8, corp, 'b') }))).length, 1);
    assert.deepEqual(await said(npm({ lodash: tarball('lodash', '1.0.0', corp) })), [], 'nothing is known to compare it with');
    assert.deepEqual(await said(npm({ lodash: tarball('lodash', '1.0.0', corp), bundled: '' })), []);
    assert.equal((await said(npm({ lodash: tarball('lodash', '1.0.0', evil) }, { '.npmrc': `registry=${registry}\n` }))).length, 1);
    assert.equal((await said(npm({ ...some(40, corp, 'a'), lodash: tarball('lodash', '1.0.0', evil) }))).length, 1);
  });

  it('lets be a scope that one host alone serves, unless it is bound elsewhere, or known to everybody', async () => {
    const own = { '@corp-x/a': tarball('@corp-x/a', '1.0.0', evil), '@corp-x/b': tarball('@corp-x/b', '1.0.0', evil) };
    assert.deepEqual(await said(npm({ ...ordinary, ...own })), []);
    assert.match(
      (await said(npm({ ...ordinary, ...own, '@corp-x/c': tarball('@corp-x/c', '1.0.0') })))[0]!,
      /^@corp-x\/a 1\.0\.0 and @corp-x\/b/,
    );
    assert.equal((await said(npm({ ...ordinary, ...own }, { '.npmrc': '@corp-x:registry=https://npm.corp.example\n' }))).length, 1);
    assert.equal((await said(npm({ ...ordinary, '@anthropic-ai/sdk': tarball('@anthropic-ai/sdk', '1.0.0', evil) }))).length, 1);
    // What a public package asks for is public.
    const files = npm({ ...ordinary, '@cspot-x/map': tarball('@cspot-x/map', '1.0.0', evil) });
    const asks = files['package-lock.json'].replace(`express-1.0.0.tgz",`, `express-1.0.0.tgz", "dependencies": { "@cspot-x/map": "1" },`);
    assert.deepEqual(await said(files), []);
    assert.equal((await said({ ...files, 'package-lock.json': asks })).length, 1);
  });

  it('reads addresses as those do who fetch them', async () => {
    for (const lure of [
      'https://packages.evil.example\\@registry.npm.example/lodash/-/lodash-1.0.0.tgz',
      'HTTPS://packages.evil.example/lodash/-/lodash-1.0.0.tgz',
      ' https:/packages.evil.example/lodash/-/lodash-1.0.0.tgz',
      'https:packages.evil.example/lodash/-/lodash-1.0.0.tgz',
      'https://registry.npm.example@packages.evil.example/lodash/-/lodash-1.0.0.tgz',
      'https://packages.evil.example/lodash/-/lodash-1.0.0.tgz?x=https://registry.npm.example/lodash/-/lodash-1.0.0.tgz',
      'https://packages.evil%2eexample/lodash/-/lodash-1.0.0.tgz',
    ])
      assert.match(
        (await said(npm({ ...ordinary, lodash: lure }))).join(),
        /^(?:@[^/]+\/)?lodash 1\.0\.0 is locked to packages\.evil\.example:/,
        lure,
      );
  });

  it('names what comes from a repository or an address, where whatever asks for it asks for a release', async () => {
    const commit = '0123456789012345678901234567890123456789';
    const asked = (resolved: string, more: Readonly<Record<string, string>> = {}) => {
      const text = packageLock({ ...ordinary, lodash: '' }).replace(
        '"node_modules/lodash": {',
        `"node_modules/lodash": { "resolved": ${JSON.stringify(resolved)},`,
      );
      return said({ 'package.json': manifest(['express', 'left-pad', 'lodash']), 'package-lock.json': text, ...more });
    };
    for (const address of [
      `git+ssh://git@github.com/evil/lodash.git#${commit}`,
      `github:evil/lodash#${commit}`,
      `git@github.com:evil/lodash.git#${commit}`,
      `git+https://me:secret@github.com/evil/lodash.git#${commit}`,
    ])
      assert.deepEqual(
        await asked(address),
        ['lodash 1.0.0 is locked to github.com: nothing asks for it from there; an install takes whatever lies there'],
        address,
      );
    const overrides = { 'package.json': `{ "dependencies": { "a": "1" }, "overrides": { "a": { "lodash": "github:me/lodash" } } }` };
    assert.deepEqual(await asked(`github:me/lodash#${commit}`, overrides), []);
    // Another one asks for it by its address.
    const both = packageLock({ ...ordinary, lodash: `github:me/lodash#${commit}` }).replace(
      'express-1.0.0.tgz",',
      'express-1.0.0.tgz", "dependencies": { "lodash": "1" },',
    );
    assert.deepEqual(await said({ 'package.json': '{}', 'package-lock.json': both }), []);
    const unasked = packageLock({ lodash: 'github:me/lodash' }).replace('"lodash": "github:me/lodash"', '"lodash": "^1.0.0"');
    assert.equal((await said({ 'package.json': '{}', 'package-lock.json': unasked })).length, 1);
    assert.deepEqual(await said({ 'package-lock.json': unasked }), [], 'nobody knows of overrides');
  });

  it('lets be what an override has from an address', async () => {
    const overrides = { 'package.json': `{ "dependencies": { "express": "1" }, "overrides": { "lodash": "${evil}/lodash.tgz" } }` };
    const locked = { 'package-lock.json': packageLock({ ...ordinary, lodash: `${evil}/lodash.tgz` }) };
    assert.deepEqual(await said({ ...overrides, ...locked }), []);
    assert.equal((await said({ 'package.json': '{}', ...locked })).length, 1);
  });

  it('names the one release that has an address, where no other has any', async () => {
    const without = { express: '', 'left-pad': '', lodash: tarball('lodash', '1.0.0', evil) };
    assert.equal((await said(npm(without))).length, 1);
  });

  it('takes for the host what those take for it who fetch', () => {
    const { reader } = lockKindOf('package-lock.json')!;
    const read = (resolved: string) => reader.read(packageLock({ lodash: resolved })).packages[1]!;
    const { registry: host, archives } = read('https://packages.evil.example\\@registry.npm.example/lodash/-/lodash-1.0.0.tgz');
    assert.deepEqual([host, archives?.length], ['packages.evil.example', 1]);
    assert.equal(read(tarball('lodash', '1.0.0')).archives, undefined);
    assert.deepEqual(read(tarball('lodash', '1.0.0', 'http://me:secret@npm.corp.example/a')).archives, ['http://npm.corp.example/a']);
  });

  it('speaks of plain http, as gravely as the hashes are weak', async () => {
    const plain = { ...ordinary, lodash: tarball('lodash', '1.0.0', 'http://npm.corp.example') };
    const settings = { '.npmrc': 'registry=http://npm.corp.example/\n' };
    const [hashed] = await findingsOf(npm(plain, settings));
    assert.equal(
      hashed!.message,
      "lodash 1.0.0 is locked to npm.corp.example: the way to it has no encryption; nothing but the lockfile's hashes keeps others from replacing it",
    );
    assert.equal(hashed!.severity, 'information');
    const [weak] = await findingsOf(npm(plain, settings, `sha1-${'A'.repeat(27)}=`));
    assert.deepEqual([weak!.severity, weak!.message.split('; ')[1]], ['warning', 'anyone on the way can replace it']);
    const [both] = await findingsOf(npm(plain, {}, sri));
    assert.equal(
      both!.message.split(': ')[1],
      "no setting names it as a registry and the way to it has no encryption; nothing but the lockfile's own hash says what it is, and whoever changes the address can change that as well",
    );
    const git = { ...npm({ lodash: 'git+http://git.example/x.git#0123' }) };
    assert.match((await said(git)).join(), /^lodash 1\.0\.0 is locked to git\.example: the way to it has no encryption/);
    assert.equal((await said({ 'package-lock.json': packageLock(plain) })).length, 1, 'also where it speaks for no manifest');
    assert.deepEqual(await said({ 'package-lock.json': packageLock({ lodash: tarball('lodash', '1.0.0', evil) }) }), []);
  });

  it('reads the other lockfiles of npm’s tools alike', async () => {
    const address = tarball('lodash', '1.0.0', evil);
    const beside = { 'package.json': manifest(['lodash']), '.npmrc': `registry=${registry}\n` };
    const yarn1 = `# yarn lockfile v1\n\n\nlodash@^1.0.0:\n  version "1.0.0"\n  resolved "${address}#0123"\n  integrity ${sri}\n`;
    const berry = `__metadata:\n  version: 8\n\n"lodash@npm:^1.0.0":\n  version: 1.0.0\n  resolution: "lodash@npm:1.0.0::__archiveUrl=${encodeURIComponent(address)}"\n  languageName: node\n  linkType: hard\n\n"p@workspace:.":\n  version: 0.0.0-use.local\n  resolution: "p@workspace:."\n  dependencies:\n    lodash: "npm:^1.0.0"\n  languageName: unknown\n  linkType: soft\n`;
    const pnpm = `lockfileVersion: '9.0'\n\nimporters:\n\n  .:\n    dependencies:\n      lodash:\n        specifier: ^1.0.0\n        version: 1.0.0\n\npackages:\n\n  lodash@1.0.0:\n    resolution: {integrity: ${sri}, tarball: ${address}}\n\nsnapshots:\n\n  lodash@1.0.0: {}\n`;
    const bun = JSON.stringify({
      lockfileVersion: 1,
      workspaces: { '': { name: 'p', dependencies: { lodash: '^1.0.0' } } },
      packages: { lodash: ['lodash@1.0.0', address, {}, sri] },
    });
    const v1 = JSON.stringify({ lockfileVersion: 1, dependencies: { lodash: { version: '1.0.0', resolved: address, integrity: sri } } });
    const named = pnpm
      .replaceAll('lodash@1.0.0', 'lodash@work:1.0.0')
      .replace(`, tarball: ${address}`, '')
      .replace('version: 1.0.0', 'version: work:1.0.0');
    for (const [name, text] of Object.entries({ 'yarn.lock': yarn1, 'pnpm-lock.yaml': pnpm, 'bun.lock': bun, 'package-lock.json': v1 }))
      assert.equal((await said({ ...beside, [name]: text })).length, 1, name);
    assert.equal((await said({ ...beside, 'yarn.lock': berry })).length, 1, 'Berry');
    assert.deepEqual(await said({ ...beside, 'pnpm-lock.yaml': named }), []);
  });
});

describe('where a lockfile of Python’s tools has its releases from', () => {
  const pyproject = (more = '') => `[project]\nname = "app"\nversion = "1"\ndependencies = ["litellm>=1"]\n${more}`;
  const uv = (index: string, files: string, name = 'litellm') =>
    `version = 1\nrevision = 3\n\n[[package]]\nname = "app"\nversion = "1"\nsource = { virtual = "." }\ndependencies = [{ name = "${name}" }]\n\n[[package]]\nname = "idna"\nversion = "3.10"\nsource = { registry = "https://pypi.org/simple" }\n\n[[package]]\nname = "${name}"\nversion = "1.0"\nsource = { registry = "${index}" }\nsdist = { url = "https://files.pythonhosted.org/x.tar.gz", hash = "sha256:aa", size = 1 }\nwheels = [\n    { url = "${files}/litellm-1.0-py3-none-any.whl", hash = "sha256:bb", size = 1 },\n]\n`;
  const host = 'https://files.pythonhosted.org/packages';

  it('names an index that nothing names, and files that PyPI does not keep', async () => {
    assert.deepEqual(await said({ 'pyproject.toml': pyproject(), 'uv.lock': uv('https://pypi.org/simple', host) }), []);
    assert.deepEqual(await said({ 'pyproject.toml': pyproject(), 'uv.lock': uv('https://index.evil.example/simple', host) }), [
      "litellm 1.0 is locked to index.evil.example: no setting names it as a registry; nothing but the lockfile's own hash says what it is, and whoever changes the address can change that as well",
    ]);
    assert.match(
      (await said({ 'pyproject.toml': pyproject(), 'uv.lock': uv('https://index.evil.example\\\\@pypi.org/simple', host) })).join(),
      /index\.evil/,
    );
    const files =
      "litellm 1.0 is locked to files.evil.example: PyPI has no files there; nothing but the lockfile's own hash says what it is, and whoever changes the address can change that as well";
    for (const address of [
      'https://files.evil.example/a',
      'HTTPS://files.evil.example/a',
      'https:/files.evil.example/a',
      'https://u:p@files.evil.example',
    ])
      assert.deepEqual(await said({ 'pyproject.toml': pyproject(), 'uv.lock': uv('https://pypi.org/simple', address) }), [files], address);
    assert.deepEqual(await said({ 'uv.lock': uv('https://pypi.org/simple', 'https://files.evil.example') }), [files], 'also alone');
    // Nothing is there to compare it with.
    const allElsewhere = uv('https://pypi.org/simple', 'https://cdn.corp.example').replace('files.pythonhosted.org', 'cdn.corp.example');
    assert.deepEqual(await said({ 'pyproject.toml': pyproject(), 'uv.lock': allElsewhere }), []);
    // Of a layout that no tool writes it is read by another way.
    const loose = uv('https://pypi.org/simple', 'https://files.evil.example').replace('wheels = [\n', 'wheels = [ # one\n');
    assert.deepEqual(await said({ 'pyproject.toml': pyproject(), 'uv.lock': loose }), [files]);
  });

  it('is silent of what is set up, of names that few know, and of files of other indexes', async () => {
    const lock = uv('https://index.corp.example/simple', 'https://cdn.corp.example');
    const set = (more: string) => said({ 'pyproject.toml': pyproject(more), 'uv.lock': lock });
    assert.equal((await set('')).length, 1);
    assert.deepEqual(
      await set('[[tool.uv.index]]\nname = "corp"\nurl = "https://me:secret@index.corp.example/simple"\nexplicit = true\n'),
      [],
    );
    const user = { uv: { main: { address: 'https://index.corp.example/simple' } } };
    assert.deepEqual(await said({ 'pyproject.toml': pyproject(), 'uv.lock': lock }, { user }), []);
    assert.deepEqual(
      await said({
        'pyproject.toml': pyproject().replace('litellm', 'corp-x-tools'),
        'uv.lock': uv('https://index.corp.example/simple', host, 'corp-x-tools'),
      }),
      [],
    );
  });

  it('knows the indexes that a uv.toml or a member of the workspace sets up, and where an index keeps its files', async () => {
    const index = '[[index]]\nname = "corp"\nurl = "https://index.corp.example/simple"\n';
    const lock = uv('https://index.corp.example/simple', 'https://cdn.corp.example');
    assert.deepEqual(await said({ 'pyproject.toml': pyproject(), 'uv.lock': lock, 'uv.toml': index }), []);
    const workspace = pyproject('[tool.uv.workspace]\nmembers = ["m"]\n');
    const member = `[project]\nname = "m"\nversion = "1"\ndependencies = ["litellm"]\n\n[${index.replace('[[', '[tool.uv.').replace(']]', ']]')}`;
    const members = lock.replace('\n\n[[package]]', '\n\n[manifest]\nmembers = ["app", "m"]\n\n[[package]]');
    const withMember = `${members}\n[[package]]\nname = "m"\nversion = "1"\nsource = { editable = "m" }\n`;
    assert.deepEqual(await said({ 'pyproject.toml': workspace, 'm/pyproject.toml': member, 'uv.lock': withMember }), []);
    assert.equal((await said({ 'pyproject.toml': workspace, 'uv.lock': lock })).length, 1);
    const pdm = (url: string) =>
      `[metadata]\nlock_version = "4.5.0"\n\n[[package]]\nname = "torch"\nversion = "1.0"\nfiles = [\n    {url = "${url}/x.whl", hash = "sha256:aa"},\n]\n\n[[package]]\nname = "zipp"\nversion = "1.0"\nfiles = [\n    {url = "${host}/zipp.whl", hash = "sha256:bb"},\n]\n`;
    const source = '[[tool.pdm.source]]\nname = "torch"\nurl = "https://download.pytorch.org/whl/cpu"\n';
    const files = 'https://download-r2.pytorch.org/whl';
    assert.deepEqual(await said({ 'pyproject.toml': pyproject(source), 'pdm.lock': pdm(files) }), []);
    assert.equal((await said({ 'pyproject.toml': pyproject(), 'pdm.lock': pdm(files) })).length, 1);
    assert.equal((await said({ 'pyproject.toml': pyproject(source), 'pdm.lock': pdm('https://evilpytorch.org/whl') })).length, 1);
    const bare = pdm('https://files.evil.example').replace(`url = "${host}/zipp.whl"`, 'file = "zipp.whl"').replaceAll('zipp', 'idna');
    const more = `${bare}\n[[package]]\nname = "zipp"\nversion = "1.0"\nfiles = [\n    {file = "zipp.whl", hash = "sha256:bb"},\n]\n`;
    assert.equal((await said({ 'pyproject.toml': pyproject(), 'pdm.lock': more })).length, 1, 'the one file with an address');
  });

  it('bears a lockfile in which each release comes from another host', async () => {
    const entries = Array.from(
      { length: 20_000 },
      (_, i) =>
        `[[package]]\nname = "a${i}"\nversion = "1.0"\nsource = { registry = "https://pypi.org/simple" }\nwheels = [\n    { url = "https://h${i}.example/a.whl", hash = "sha256:bb", size = 1 },\n]\n`,
    );
    assert.deepEqual(await said({ 'pyproject.toml': pyproject(), 'uv.lock': `version = 1\n\n${entries.join('\n')}` }), []);
  });

  it('reads poetry.lock, pdm.lock and pylock.toml alike, and speaks of plain http in each', async () => {
    const poetry = (url: string) =>
      `[[package]]\nname = "litellm"\nversion = "1.0"\nfiles = [\n    {file = "x.whl", hash = "sha256:aa"},\n]\n\n[package.source]\ntype = "legacy"\nurl = "${url}"\nreference = "corp"\n\n[metadata]\nlock-version = "2.1"\ncontent-hash = "00"\n`;
    const pdm = (url: string) =>
      `[metadata]\ngroups = ["default"]\nlock_version = "4.5.0"\n\n[[package]]\nname = "litellm"\nversion = "1.0"\nfiles = [\n    {url = "${url}/x.whl", hash = "sha256:aa"},\n]\n\n[[package]]\nname = "zipp"\nversion = "1.0"\nfiles = [\n    {url = "${host}/zipp.whl", hash = "sha256:bb"},\n]\n`;
    const pylock = (url: string) =>
      `lock-version = "1.0"\ncreated-by = "pip"\n\n[[packages]]\nname = "litellm"\nversion = "1.0"\nwheels = [{ name = "x.whl", url = "${url}/x.whl", hashes = { sha256 = "aa" } }]\n\n[[packages]]\nname = "zipp"\nversion = "1.0"\nwheels = [{ name = "z.whl", url = "${host}/z.whl", hashes = { sha256 = "bb" } }]\n`;
    for (const [name, lock] of Object.entries({ 'poetry.lock': poetry, 'pdm.lock': pdm, 'pylock.toml': pylock })) {
      const of = (url: string) => said({ 'pyproject.toml': pyproject(), [name]: lock(url) });
      assert.match((await of('https://index.evil.example/simple')).join(), /^litellm 1\.0 is locked to index\.evil\.example: /, name);
      assert.match(
        (await of('http://pypi.org/simple')).join(),
        /^litellm 1\.0 is locked to pypi\.org: the way to it has no encryption; nothing/,
        name,
      );
      assert.deepEqual(await of('https://pypi.org/simple'), [], name);
    }
  });
});

describe('where a lockfile’s releases may come from, by the policy', () => {
  const span = { start: 0, end: 1 };
  const team = (...allowed: string[]) =>
    ({
      blocks: () => [],
      blocksPublisher: () => undefined,
      refusesIndex: (address) => (allowed.includes(address.replace(/\/$/, '')) ? undefined : { file: 'merlon.toml', span }),
      demandsProvenance: () => undefined,
      trusts: () => undefined,
      wantsRecord: () => false,
    }) satisfies Policy['team'];

  it('is what its list of indexes says, of archives by the folder that they lie in', async () => {
    const corp = 'https://npm.corp.example/api/npm/curated';
    const files = npm({ lodash: tarball('lodash', '1.0.0', corp) }, { '.npmrc': `registry=${corp}\n` });
    assert.deepEqual(await said(files, { team: team(corp) }), []);
    assert.deepEqual(await said(files, { team: team('https://npm.corp.example') }), []);
    const [found] = await findingsOf(files, { team: team('https://npm.corp.example/api/npm/other') });
    assert.equal(found!.message, "lodash 1.0.0 is locked to npm.corp.example: it is not among the indexes that the team's policy allows");
    assert.deepEqual(found!.related, [{ file: 'merlon.toml', span, message: 'the policy says so here' }]);
    const alike = 'https://npm.corp.example/lodash';
    const named = npm({ lodash: tarball('lodash', '1.0.0', alike) }, { '.npmrc': `registry=${alike}\n` });
    assert.deepEqual(await said(named, { team: team(alike) }), [], 'a folder that is called as the package');
    for (const way of ['/../../other', '/%2e%2e/%2e%2e/other', '/..%2f..%2fother']) {
      const out = npm({ lodash: tarball('lodash', '1.0.0', corp + way) }, { '.npmrc': `registry=${corp}\n` });
      assert.equal((await said(out, { team: team(corp) })).length, 1, way);
    }
  });

  it('is not asked of the public registry where npm goes to a mirror instead', async () => {
    const files = npm({ lodash: tarball('lodash', '1.0.0') });
    const allowed = { team: team('https://npm.corp.example') };
    assert.equal((await said(files, allowed)).length, 1);
    assert.deepEqual(await said({ ...files, '.npmrc': 'registry=https://npm.corp.example\n' }, allowed), []);
  });

  it('holds for the indexes of Python’s lockfiles too', async () => {
    const poetry = `[[package]]\nname = "litellm"\nversion = "1.0"\nfiles = []\n\n[package.source]\ntype = "legacy"\nurl = "https://pypi.org/simple"\nreference = "x"\n\n[metadata]\nlock-version = "2.1"\ncontent-hash = "00"\n`;
    const files = { 'pyproject.toml': '[project]\nname = "a"\nversion = "1"\ndependencies = ["litellm"]\n', 'poetry.lock': poetry };
    assert.equal((await said(files, { team: team('https://index.corp.example/simple') })).length, 1);
    assert.deepEqual(await said(files, { team: team('https://pypi.org/simple') }), []);
  });
});

describeCorpus('where the releases of real lockfiles come from', () => {
  it('deserves no word', async () => {
    const rows = corpusJson<readonly { readonly file: string; readonly path: string }[]>('manifests/index.json');
    const folderOf = ({ file, path }: (typeof rows)[number]) => file.slice(0, file.length - path.length);
    const told: string[] = [];
    let count = 0;
    for (const folder of new Set(rows.map(folderOf))) {
      const files = rows.filter((row) => folderOf(row) === folder);
      const texts = Object.fromEntries(files.map(({ file, path }) => [path, corpusText(`manifests/${file}`)]));
      count += files.filter(({ path }) => lockKindOf(path)).length;
      told.push(...(await findingsOf(texts)).map(({ file, message }) => `${folder}${file}: ${message}`));
    }
    assert.ok(count > 80, String(count));
    assert.deepEqual(told, []);
  }).timeout(60_000);

  it('deserves one where any of their addresses is changed', async () => {
    const rows = corpusJson<readonly { readonly file: string; readonly path: string; readonly kind: string }[]>('manifests/index.json');
    let changed = 0;
    for (const { file } of rows) {
      if (!/(?:^|\/)(?:package-lock\.json|yarn\.lock|uv\.lock)$/.test(file)) continue;
      const name = file.slice(file.lastIndexOf('/') + 1);
      const text = corpusText(`manifests/${file}`);
      const injected = withOther(text, name);
      if (injected === undefined) continue;
      changed++;
      const messages = (await said({ ...manifestOf(name), [name]: injected })).filter((message) => message.includes('evil'));
      assert.equal(messages.length, 1, file);
      assert.match(messages[0]!, / is locked to evil\.example: /, file);
    }
    assert.ok(changed > 30, String(changed));
  }).timeout(60_000);
});

/** One of a lockfile's addresses of the public registry leads to another host; of package-lock 2 one in the half that npm reads. */
function withOther(text: string, name: string): string | undefined {
  const usual = name === 'uv.lock' ? 'https://files.pythonhosted.org' : name === 'yarn.lock' ? 'https://registry.' : registry;
  const places = [...text.matchAll(new RegExp(`"${usual.replaceAll('.', '\\.')}[^/"]*`, 'g'))];
  const one = places[Math.floor(places.length / 3)];
  if (!one) return undefined;
  const end = one.index + one[0].length;
  return `${text.slice(0, one.index)}"https://evil.example/${text.slice(text[end] === '/' ? end + 1 : end)}`;
}

function manifestOf(name: string): Readonly<Record<string, string>> {
  return name === 'uv.lock' ? { 'pyproject.toml': '[project]\nname = "a"\nversion = "1"\n' } : { 'package.json': '{}' };
}
