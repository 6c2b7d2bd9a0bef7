import assert from 'node:assert/strict';
import os from 'node:os';
import path from 'node:path';
import { shown } from '../../server/src/core/lookup';
import type { Http, HttpRequest, HttpResponse } from '../../server/src/core/io';
import { kindOf } from '../../server/src/ecosystems';
import { noCache } from '../../server/src/platform/diskCache';
import { readUserIndexes } from '../../server/src/platform/userIndexes';
import { readDocument, type ManifestDocument } from '../../server/src/scan/document';
import { createProject } from '../../server/src/scan/project';
import type { Place } from '../../server/src/core/indexes';
import { createIndexes } from '../../server/src/session/indexes';
import { createPublicRegistries } from '../../server/src/session/publicRegistries';
import { scratch } from '../support/cli';

type Answer = HttpResponse | undefined;

/** Indexes over an invented network, for a user with these files and variables. */
function world(
  options: {
    files?: Record<string, string>;
    env?: NodeJS.ProcessEnv;
    answer?: (url: string) => Answer;
    trusted?: boolean;
    pypi?: string;
  } = {},
) {
  const { files = {}, env = {}, answer = () => undefined, pypi } = options;
  const home = scratch(files);
  const user = readUserIndexes({
    env: { XDG_CONFIG_DIRS: home, PIP_CONFIG_FILE: os.devNull, ...env },
    home,
    platform: 'linux',
    etc: path.join(home, 'etc'),
  });
  const sent: HttpRequest[] = [];
  const http: Http = {
    request(request) {
      sent.push(request);
      return Promise.resolve(answer(request.url) ?? { ok: true, status: 404, headers: { 'content-type': 'application/json' }, body: '{}' });
    },
  };
  const context = { http, cache: noCache, clock: { now: () => new Date('2026-06-01T10:00:00Z') } };
  const stands = createPublicRegistries(pypi === undefined ? {} : { pypi }, { pypi: 'https://pypi.org' }, user, context);
  let trusted = options.trusted ?? true;
  const indexes = createIndexes({ ...stands, registries: stands.open(), context, user, trusted: () => trusted });
  return { indexes, sent, stands, trust: (value: boolean) => void (trusted = value), urls: () => sent.map(({ url }) => url) };
}

const simple = (name: string, ...versions: string[]): HttpResponse => ({
  ok: true,
  status: 200,
  headers: { 'content-type': 'application/vnd.pypi.simple.v1+json' },
  body: JSON.stringify({
    meta: { 'api-version': '1.1' },
    name,
    versions,
    files: versions.map((version) => ({ filename: `${name}-${version}.tar.gz`, url: 'https://f.example/x', hashes: {} })),
  }),
});
const refused = (status: number): HttpResponse => ({ ok: true, status, headers: {}, body: '' });

function document(text: string, file = 'requirements.txt', companions: ManifestDocument['companions'] = []): ManifestDocument {
  return readDocument(file, kindOf(file)!, text, companions);
}

function place({ indexes }: ReturnType<typeof world>, from: ManifestDocument, name?: string): Place {
  const declaration = from.manifest.declarations.find((one) => name === undefined || one.package.name === name)!;
  const found = indexes.of(from, declaration);
  assert.ok('registry' in found, 'reason' in found ? found.reason : '');
  return found;
}
const reason = ({ indexes }: ReturnType<typeof world>, from: ManifestDocument): string => {
  const found = indexes.of(from, from.manifest.declarations[0]!);
  return 'reason' in found ? found.reason : `asked at ${found.index ?? 'the public registry'}`;
};
const named = (one: Place) => one.parts.map(({ id }) => id);

describe('where pip looks a package up', () => {
  const of = (text: string, env: NodeJS.ProcessEnv = {}) => named(place(world({ env }), document(`${text}\nx\n`)));

  it('is PyPI, or what stands in its place, with extra indexes beside it', () => {
    assert.deepEqual(of(''), ['pypi']);
    assert.deepEqual(of('--extra-index-url https://a.example/simple'), ['pypi', 'pypi (a.example)']);
    assert.deepEqual(of('-i https://a.example/simple/'), ['pypi (a.example)']);
    assert.deepEqual(of('-i https://a.example/simple\n--extra-index-url https://pypi.org/simple/'), ['pypi (a.example)', 'pypi']);
    assert.deepEqual(of('', { PIP_INDEX_URL: 'https://m.example/simple' }), ['pypi (m.example)']);
    assert.deepEqual(of('--extra-index-url https://a.example', { PIP_EXTRA_INDEX_URL: 'https://b.example/simple' }), [
      'pypi',
      'pypi (b.example)',
      'pypi (a.example)',
    ]);
    assert.deepEqual(of('-i https://a.example', { PIP_EXTRA_INDEX_URL: 'https://b.example' }), ['pypi (a.example)'], 'it replaces all');
  });

  it('is nowhere without an index', () => {
    assert.equal(reason(world(), document('--no-index\nx\n')), '--no-index');
    assert.match(reason(world({ env: { PIP_NO_INDEX: 'true' } }), document('x\n')), /no index/);
  });

  it('is where Merlon’s own settings say, in place of the user’s default index', () => {
    const w = world({ env: { PIP_INDEX_URL: 'https://m.example/simple' }, pypi: 'https://own.example' });
    assert.deepEqual(named(place(w, document('x\n'))), ['pypi']);
    assert.equal(w.stands.isPublic('PyPI', { shown: 'https://own.example/simple', url: '' }), true);
  });
});

describe('where uv, Poetry and PDM look a package up', () => {
  const of = (text: string, env: NodeJS.ProcessEnv = {}, name = 'x') => {
    const found = place(world({ env }), document(`[project]\nname = "p"\ndependencies = ["x", "y"]\n${text}`, 'pyproject.toml'), name);
    return [...named(found), ...(found.private ? ['private'] : [])];
  };
  const corp = '[[tool.uv.index]]\nname = "corp"\nurl = "https://corp.example/simple"\n';

  it('is the first index that has it: the environment’s, the project’s, the default one', () => {
    assert.deepEqual(of(corp), ['pypi (corp.example)', 'pypi']);
    assert.deepEqual(of(`${corp}explicit = true\n`), ['pypi']);
    assert.deepEqual(of(`${corp}default = true\n`), ['pypi (corp.example)']);
    assert.deepEqual(of(`${corp}default = true\n`, { UV_DEFAULT_INDEX: 'https://d.example' }), ['pypi (d.example)']);
    assert.deepEqual(of(corp, { UV_INDEX: 'https://e.example/simple' }), ['pypi (e.example)', 'pypi (corp.example)', 'pypi']);
    assert.deepEqual(of('', { UV_INDEX: 'https://e.example/simple' }), ['pypi (e.example)', 'pypi'], 'where nothing says that pip is used');
  });

  it('is the one that it is bound to', () => {
    const bound = `${corp}explicit = true\n[tool.uv.sources]\nx = { index = "corp" }\n`;
    assert.deepEqual(of(bound), ['pypi (corp.example)', 'private']);
    assert.deepEqual(of(bound, {}, 'y'), ['pypi']);
  });

  it('is Poetry’s primary source, and PyPI where it is named or none is primary', () => {
    const source = '[[tool.poetry.source]]\nname = "corp"\nurl = "https://corp.example/simple"\n';
    assert.deepEqual(of(source), ['pypi (corp.example)']);
    assert.deepEqual(of(`${source}priority = "supplemental"\n`), ['pypi', 'pypi (corp.example)']);
    assert.deepEqual(of(`${source}[[tool.poetry.source]]\nname = "PyPI"\npriority = "primary"\n`), ['pypi (corp.example)', 'pypi']);
    assert.deepEqual(of(source, { PIP_INDEX_URL: 'https://m.example' }), ['pypi (corp.example)']);
  });
});

describe('where npm’s tools look a package up', () => {
  const manifest = (more = '') => `{ ${more} "dependencies": { "x": "^1.0.0", "@acme/y": "^1.0.0" } }`;
  const of = (files: Record<string, string>, name = 'x', user: Parameters<typeof world>[0] = {}, more = '') => {
    const companions = Object.entries(files).map(([file, text]) => ({ path: file, text }));
    const found = place(world(user), document(manifest(more), 'package.json', companions), name);
    return [...named(found), ...(found.private ? ['private'] : [])];
  };
  const corp = 'npm-registry (corp.example)';

  it('is the default registry of the project’s tool, the user’s environment before it', () => {
    assert.deepEqual(of({}), ['npm-registry']);
    assert.deepEqual(of({ '.npmrc': 'registry=https://corp.example/npm/' }), [corp]);
    assert.deepEqual(of({ '.npmrc': 'registry=https://corp.example/' }, 'x', { env: { npm_config_registry: 'https://e.example' } }), [
      'npm-registry',
    ]);
    assert.deepEqual(of({ '.npmrc': 'registry=https://corp.example/' }, 'x', { files: { '.npmrc': 'registry=https://u.example' } }), [
      corp,
    ]);
    assert.deepEqual(of({ '.yarnrc.yml': 'npmRegistryServer: "https://corp.example" # ours\n' }), [corp]);
    assert.deepEqual(of({ 'bunfig.toml': '[install]\nregistry = { url = "https://corp.example", token = "$T" }\n' }), [corp]);
    assert.deepEqual(of({ 'pnpm-workspace.yaml': 'registries:\n  default: https://corp.example/\n' }), [corp]);
    const berry = { '.npmrc': 'registry=https://not.example', '.yarnrc.yml': 'npmRegistryServer: https://corp.example\n' };
    assert.deepEqual(of(berry, 'x', {}, '"packageManager": "yarn@4.1.0",'), [corp]);
  });

  it('is the registry of its scope alone, the project’s before the user’s', () => {
    const scoped = (files: Record<string, string>, user = {}) => of(files, '@acme/y', user);
    assert.deepEqual(scoped({ '.npmrc': '@acme:registry=https://corp.example' }), [corp, 'private']);
    assert.deepEqual(scoped({ 'bunfig.toml': '[install.scopes]\nacme = "https://corp.example"\n' }), [corp, 'private']);
    assert.deepEqual(scoped({}, { files: { '.npmrc': '@acme:registry=https://corp.example' } }), [corp, 'private']);
    assert.deepEqual(
      scoped({ '.npmrc': '@acme:registry=https://corp.example' }, { files: { '.npmrc': '@acme:registry=https://u.example' } }),
      [corp, 'private'],
    );
  });
});

describe('an index that a project names', () => {
  const extra = document('--extra-index-url https://a.example/simple\nx\n');
  const onPublic = (url: string) => (url.startsWith('https://pypi.org/') ? simple('x', '1.0') : undefined);

  it('is not asked in a workspace that is not trusted, and only withholds names', async () => {
    const w = world({ trusted: false, answer: onPublic });
    const { registry } = place(w, extra);
    assert.equal((await registry.recordOf('x')).state, 'known', 'the public registry still speaks');
    const missing = await registry.recordOf('gone');
    assert.equal(missing.state, 'known', 'of the invented registry');
    assert.ok(w.urls().every((url) => url.startsWith('https://pypi.org/')));
    w.trust(true);
    await place(w, extra).registry.recordOf('x');
    assert.ok(w.urls().includes('https://a.example/simple/x/'));
  });

  it('leaves open what it was not asked about', async () => {
    const w = world({ trusted: false });
    const answer = await place(w, extra).registry.recordOf('x');
    assert.equal(answer.state, 'disabled', 'that no index has it is not known');
    assert.match('reason' in answer ? answer.reason : '', /trusted workspace/);
    const bound = document(
      '[tool.uv.sources]\nx = { index = "corp" }\n[[tool.uv.index]]\nname = "corp"\nurl = "https://corp.example/simple"\n[project]\nname = "p"\ndependencies = ["x"]\n',
      'pyproject.toml',
    );
    assert.match(reason(w, bound), /trusted workspace/);
    assert.equal(
      w.urls().some((url) => !url.startsWith('https://pypi.org/')),
      false,
    );
  });

  it('never spends a variable', async () => {
    const w = world({ env: { TOKEN: 'sesame' } });
    for (const text of ['--extra-index-url https://a.example/${TOKEN}/simple', '--extra-index-url https://u:${TOKEN}@a.example/simple']) {
      const answer = await place(w, document(`${text}\nx\n`)).registry.recordOf('x');
      assert.match('reason' in answer ? answer.reason : '', /variable/);
    }
    const npm = document('{"dependencies":{"x":"1"}}', 'package.json', [{ path: '.npmrc', text: 'registry=https://a.example/${TOKEN}' }]);
    assert.deepEqual(named(place(w, npm)), ['npm-registry (a.example)', 'npm-registry'], 'the public registry speaks in its place');
    const scoped = document('{"dependencies":{"@a/x":"1"}}', 'package.json', [
      { path: '.npmrc', text: '@a:registry=https://a.example/${TOKEN}' },
    ]);
    assert.match(reason(w, scoped), /variable/);
    assert.ok(w.urls().every((url) => url.startsWith('https://pypi.org/')));
    assert.doesNotMatch(JSON.stringify(w.sent), /sesame/);
  });

  it('is asked without the credentials that stand in its own address, and with the user’s', async () => {
    const text = '--extra-index-url https://me:theirs@a.example/simple\nx\n';
    const plain = world();
    await place(plain, document(text)).registry.recordOf('x');
    assert.doesNotMatch(JSON.stringify(plain.sent), /theirs|authorization/);
    const own = world({ files: { '.netrc': 'machine a.example login me password mine' } });
    await place(own, document(text)).registry.recordOf('x');
    const asked = own.sent.find(({ url }) => url.includes('a.example'));
    assert.equal(asked!.access!.authorization, `Basic ${Buffer.from('me:mine').toString('base64')}`);
    assert.equal(asked!.access!.below, 'https://a.example');
    assert.equal(own.sent.find(({ url }) => url.includes('pypi.org'))!.access?.authorization, undefined);
  });

  it('may be no address at all, and there may be any number of them', () => {
    const w = world();
    for (const text of ['-i ftp://x', '-i ""', '-i https://', '-i $(x)', '-i https://[', '-i https://%zz/'])
      place(w, document(`${text}\nx\n`));
    const many = document(`${Array.from({ length: 200 }, (_, i) => `--extra-index-url https://h${i}.example/simple`).join('\n')}\nx\n`);
    assert.ok(place(w, many).parts.length <= 8);
  });
});

describe('what an index tells', () => {
  const at = (answer: (url: string) => Answer, text = '-i https://a.example/simple\nx\ny\n') => {
    const w = world({ answer });
    return { ...w, registry: place(w, document(text)).registry };
  };
  const state = async (registry: Place['registry'], name: string) => {
    const answer = await registry.recordOf(name);
    return `${answer.state}${'reason' in answer ? `: ${answer.reason}` : ''}`;
  };

  it('is nothing, and no failure, where it asks for credentials; and it is asked once', async () => {
    const w = at(() => refused(401));
    const names = Array.from({ length: 30 }, (_, i) => `n${i}`);
    const states = new Set(await Promise.all(names.map((name) => state(w.registry, name))));
    assert.deepEqual([...states], ["disabled: a.example asks for credentials, and the user's configuration has none for it (401)"]);
    assert.equal(w.sent.length, 1);
    w.indexes.expire();
    await w.registry.recordOf('x');
    assert.equal(w.sent.length, 2, 'and again when it is to be asked anew');
  });

  it('is not known where it has no form that can be read', async () => {
    const w = at(() => ({ ok: true, status: 200, headers: { 'content-type': 'text/plain' }, body: 'It works!' }));
    assert.match(await state(w.registry, 'x'), /^disabled: /);
    for (const name of ['b', 'c', 'd', 'e', 'f']) await w.registry.recordOf(name);
    assert.ok(w.sent.length <= 6, `${w.sent.length} requests`);
    const forbidden = at((url) => (url.includes('/x/') ? simple('x', '1.0') : refused(403)));
    assert.equal(await state(forbidden.registry, 'x'), 'known');
    assert.match(await state(forbidden.registry, 'y'), /^disabled: a\.example refuses to tell \(403\)$/);
  });

  it('is unavailable after an outage, which is told to all who wait', async () => {
    const w = at(() => ({ ok: false, message: 'a.example: connection refused' }));
    const states = await Promise.all(['a', 'b', 'c', 'd'].map((name) => state(w.registry, name)));
    assert.deepEqual([...new Set(states)], ['unavailable: a.example: connection refused']);
    assert.equal(w.sent.length, 1);
  });

  it('is asked below its own address, wherever that ends', async () => {
    const w = at(
      (url) => (url === 'https://download.pytorch.org/whl/cu121/x/' ? simple('x', '2.0') : refused(403)),
      '-i https://download.pytorch.org/whl/cu121\nx\ny\n',
    );
    assert.equal(await state(w.registry, 'x'), 'known');
    const missing = await w.registry.recordOf('y');
    assert.equal(missing.state === 'known' && missing.value.exists, false, 'its storage says 403 of what it does not have');
  });
});

describe('several indexes', () => {
  const both = document('--extra-index-url https://a.example/simple\nx\n');
  const has = (more: Record<string, Answer>) => (url: string) => Object.entries(more).find(([start]) => url.startsWith(start))?.[1];
  const record = async (w: ReturnType<typeof world>, from = both) => {
    const answer = await place(w, from).registry.recordOf('x');
    return [answer.state, ...(shown(answer)?.releases.map(({ version }) => version) ?? [])];
  };

  it('are one list of releases to pip', async () => {
    const w = world({
      answer: has({ 'https://pypi.org/': simple('x', '1.0', '1.2'), 'https://a.example/': simple('x', '1.1', '1.2.0', '9.9') }),
    });
    assert.deepEqual(await record(w), ['known', '1.0', '1.1', '1.2', '9.9']);
    assert.equal(place(w, both).index, 'pypi, a.example');
  });

  it('are known by those that answer, and say that there is none only together', async () => {
    assert.deepEqual(
      await record(world({ answer: has({ 'https://pypi.org/': simple('x', '1.0'), 'https://a.example/': refused(401) }) })),
      ['known', '1.0'],
    );
    assert.deepEqual(await record(world({ answer: has({ 'https://a.example/': refused(401) }) })), ['disabled']);
    assert.deepEqual(await record(world({ answer: has({ 'https://a.example/': { ok: false, message: 'down' } }) })), ['unavailable']);
    const none = await place(world(), both).registry.recordOf('x');
    assert.equal(none.state === 'known' && none.value.exists, false);
    const existence = await place(world({ answer: has({ 'https://a.example/': simple('x', '1.0') }) }), both).registry.knowExistence('x');
    assert.equal(existence.state === 'known' && existence.value, true);
  });

  it('are asked in turn by uv, and the first that has it is all', async () => {
    const uv = document(
      '[project]\nname = "p"\ndependencies = ["x"]\n[[tool.uv.index]]\nname = "a"\nurl = "https://a.example/simple"\n',
      'pyproject.toml',
    );
    const w = world({ answer: has({ 'https://pypi.org/': simple('x', '9.9'), 'https://a.example/': simple('x', '1.0') }) });
    assert.deepEqual(await record(w, uv), ['known', '1.0']);
    assert.deepEqual(w.urls(), ['https://a.example/simple/x/'], 'the second one is not even told the name');
    assert.deepEqual(await record(world({ answer: has({ 'https://pypi.org/': simple('x', '9.9') }) }), uv), ['known', '9.9']);
  });
});

describe('requirements files that include each other', () => {
  const load = async (files: Record<string, string>) => {
    const read = (file: string) =>
      Promise.resolve(file in files ? { state: 'text' as const, text: files[file]! } : { state: 'absent' as const });
    const project = createProject({ files: { read }, top: '' });
    const named = Object.keys(files).filter((file) => kindOf(file));
    await project.load(named.map((file) => ({ path: file, kind: kindOf(file)! })));
    return project;
  };
  const of = async (files: Record<string, string>, file: string) => {
    const project = await load(files);
    return named(place(world(), project.document(file)!));
  };

  it('are looked up under the options of all of them', async () => {
    const files = {
      'requirements.txt': '--extra-index-url https://a.example/simple\n-r base.txt\nx\n',
      'base.txt': 'y\n-c constraints.txt\n',
      'constraints.txt': 'z==1\n',
      'other-requirements.txt': 'x\n',
    };
    for (const file of ['requirements.txt', 'base.txt', 'constraints.txt'])
      assert.deepEqual(await of(files, file), ['pypi', 'pypi (a.example)'], file);
    assert.deepEqual(await of(files, 'other-requirements.txt'), ['pypi']);
    const circle = {
      'a-requirements.txt': '-r b-requirements.txt\nx\n',
      'b-requirements.txt': '-i https://b.example\n-r a-requirements.txt\nx\n',
    };
    assert.deepEqual(await of(circle, 'a-requirements.txt'), ['pypi (b.example)']);
  });

  it('are seen anew when an option is typed', async () => {
    const files: Record<string, string> = { 'requirements.txt': '-r base.txt\n', 'base.txt': 'y\n' };
    const project = await load(files);
    project.update({ path: 'requirements.txt', kind: kindOf('requirements.txt')! }, '-i https://a.example/simple\n-r base.txt\n');
    assert.equal(await project.follow(), true);
    assert.deepEqual(named(place(world(), project.document('base.txt')!)), ['pypi (a.example)']);
    assert.equal(await project.follow(), false);
  });
});
