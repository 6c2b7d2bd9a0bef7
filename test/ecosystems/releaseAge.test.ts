import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { Companion } from '../../server/src/core/manifest';
import type { ReleaseAgeSetting } from '../../server/src/core/releaseAge';
import { kindOf } from '../../server/src/ecosystems';

const day = 86_400_000;

/** What the manifest at `path` says, with these files beside it. Every span is what it claims. */
function settings(path: string, files: Readonly<Record<string, string>>): readonly ReleaseAgeSetting[] {
  const companions = Object.entries(files)
    .filter(([name]) => name !== path)
    .map(([name, text]): Companion => ({ path: name, text }));
  const found = kindOf(path)!.reader.read(files[path] ?? '{}', { path, companions }).releaseAge ?? [];
  for (const { file, span, written, tool } of found)
    assert.equal(files[file]!.slice(span.start, span.end).replaceAll('_', ''), written, `${tool} in ${file}`);
  return found;
}

function brief({ tool, limit, exceptions, problem }: ReleaseAgeSetting): unknown[] {
  const age = limit && ('ageMs' in limit ? limit.ageMs / day : limit.until.toISOString());
  return [tool, age, ...(exceptions.length ? [exceptions] : []), ...(problem ? [problem.kind] : [])];
}

const npm = (files: Readonly<Record<string, string>>, path = 'package.json') => settings(path, files).map(brief);
const pypi = (files: Readonly<Record<string, string>>, path = 'pyproject.toml') => settings(path, files).map(brief);

describe('limits on the age of releases', () => {
  it('of npm, in days or as a moment', () => {
    assert.deepEqual(
      npm({ '.npmrc': 'min-release-age=1\nmin-release-age = 3\nmin-release-age-exclude[]=@a/*\nmin-release-age-exclude = b\n' }),
      [['npm', 3, [{ name: '@a/*' }, { name: 'b' }]]],
    );
    assert.deepEqual(npm({ '.npmrc': 'before=2026-05-01\n' }), [['npm', '2026-05-01T00:00:00.000Z']]);
    assert.deepEqual(npm({ '.npmrc': ';min-release-age=3\n# min-release-age=4\nmin-release-age=${DAYS}\nbefore=null\n' }), []);
    assert.deepEqual(npm({ '.npmrc': 'min-release-age=null\r\nminimum-release-age=4320\r\n' }), [
      ['npm', undefined],
      ['pnpm', 3],
    ]);
    assert.deepEqual(npm({ '.npmrc': 'min-release-age = "3" ; days\n' }), [['npm', 3]]);
  });

  it('of pnpm, in minutes, and by default since 11', () => {
    const workspace =
      'packages:\n  - a\nminimumReleaseAge: 4320\nminimumReleaseAgeExclude:\n  - webpack\n  - "@a/*"\n  - nx@21.6.5 || 21.6.4\n  - "!no"\n';
    assert.deepEqual(npm({ 'pnpm-workspace.yaml': workspace }), [
      ['pnpm', 3, [{ name: 'webpack' }, { name: '@a/*' }, { name: 'nx', range: '21.6.5 || 21.6.4' }]],
    ]);
    const by = (manager: string) => settings('package.json', { 'package.json': `{ "packageManager": "${manager}" }` });
    assert.deepEqual(
      by('pnpm@11.0.0').map(({ byDefault, limit }) => [byDefault, limit]),
      [[true, { ageMs: day }]],
    );
    for (const manager of ['pnpm@10.20.0', 'pnpm', 'pnpm@latest', 'npm@12.0.0', 'yarn@11.0.0']) assert.deepEqual(by(manager), [], manager);
  });

  it('of Yarn, in minutes or with a unit, and of Bun, in seconds', () => {
    assert.deepEqual(npm({ '.yarnrc.yml': 'npmMinimalAgeGate: 4320\n' }), [['yarn', 3]]);
    assert.deepEqual(npm({ '.yarnrc.yml': "npmMinimalAgeGate: '3d'\nnpmPreapprovedPackages: [react, '@a/*', 'b@npm:1.2.3']\n" }), [
      ['yarn', 3, [{ name: 'react' }, { name: '@a/*' }, { name: 'b', range: '1.2.3' }]],
    ]);
    assert.deepEqual(npm({ '.yarnrc.yml': 'npmMinimalAgeGate: 0\n' }), [['yarn', undefined]]);
    assert.deepEqual(npm({ '.yarnrc.yml': 'npmMinimalAgeGate: soon\n' }), [['yarn', undefined, 'not-understood']]);
    assert.deepEqual(npm({ 'bunfig.toml': '[install]\nminimumReleaseAge = 259_200\nminimumReleaseAgeExcludes = ["@types/bun"]\n' }), [
      ['bun', 3, [{ name: '@types/bun' }]],
    ]);
  });

  it('of uv, as an age or a moment, in uv.toml instead of pyproject.toml beside it', () => {
    const tool = (value: string) => `[tool.uv]\nexclude-newer = ${value}\n`;
    assert.deepEqual(pypi({ 'pyproject.toml': tool('"7 days"') }), [['uv', 7]]);
    assert.deepEqual(pypi({ 'pyproject.toml': tool('"P7D"') }), [['uv', 7]]);
    assert.deepEqual(pypi({ 'pyproject.toml': tool('"2026-03-24T00:00:00Z"') }), [['uv', '2026-03-24T00:00:00.000Z']]);
    assert.deepEqual(pypi({ 'pyproject.toml': tool('2026-03-24') }), [['uv', '2026-03-25T00:00:00.000Z']]);
    assert.deepEqual(pypi({ 'pyproject.toml': tool('7') }), [['uv', undefined, 'not-understood']]);
    const own = `${tool('"7 days"')}exclude-newer-package = { Foo_Bar = "1 day", tqdm = false }\n`;
    assert.deepEqual(pypi({ 'pyproject.toml': own }), [['uv', 7, [{ name: 'foo-bar', limit: { ageMs: day } }, { name: 'tqdm' }]]]);
    assert.deepEqual(pypi({ 'pyproject.toml': tool('"7 days"'), 'uv.toml': 'exclude-newer = "3 days"\n' }), [['uv', 3]]);
    const above = { 'a/pyproject.toml': '', 'pyproject.toml': tool('"5 days"'), 'uv.toml': '' };
    assert.deepEqual(pypi(above, 'a/pyproject.toml'), [], 'the uv.toml above stands for the pyproject.toml beside it');
    assert.deepEqual(pypi({ 'a/pyproject.toml': tool('"1 day"'), 'pyproject.toml': tool('"5 days"') }, 'a/pyproject.toml'), [
      ['uv', 1],
      ['uv', 5],
    ]);
    assert.deepEqual(pypi({ 'requirements.txt': 'a\n', 'pyproject.toml': tool('"5 days"') }, 'requirements.txt'), [['uv', 5]]);
  });

  it('of pip and of Poetry', () => {
    const pip = (text: string) => pypi({ 'requirements.txt': 'a\n', 'pip.conf': text }, 'requirements.txt');
    assert.deepEqual(pip('[global]\nuploaded-prior-to = P3D\n'), [['pip', 3]]);
    assert.deepEqual(pip('[global]\nuploaded-prior-to = P3D\n[install]\nuploaded_prior_to: 2026-03-24\n'), [
      ['pip', '2026-03-24T00:00:00.000Z'],
    ]);
    assert.deepEqual(pip('[global]\nuploaded-prior-to = PT72H\n'), [['pip', undefined, 'not-understood']]);
    assert.deepEqual(pip('[list]\nuploaded-prior-to = P3D\n'), []);
    assert.deepEqual(pypi({ 'pyproject.toml': '', 'poetry.toml': '[solver]\nmin-release-age = 3\nmin-release-age-exclude = ["A_b"]\n' }), [
      ['poetry', 3, [{ name: 'a-b' }]],
    ]);
    assert.deepEqual(
      pypi({ 'pyproject.toml': '', 'poetry.toml': 'solver.min-release-age = 3\nsolver.min-release-age-exclude = "a, b"\n' }),
      [['poetry', 3, [{ name: 'a' }, { name: 'b' }]]],
    );
  });

  it('of Renovate, in each of its files and in JSON5', () => {
    for (const name of ['renovate.json', '.github/renovate.json', '.renovaterc', '.renovaterc.json', '.gitlab/renovate.json5'])
      assert.deepEqual(
        npm({ [name]: '{ "x": { "minimumReleaseAge": "9 days" }, "minimumReleaseAge": "3 days" }' }),
        [['renovate', 3]],
        name,
      );
    const five = "// why\n{ extends: ['config:recommended', \"a:b\"], /* { */ minimumReleaseAge : '1 week', // }\n}";
    assert.deepEqual(npm({ 'renovate.json5': five }), [['renovate', 7]]);
    assert.deepEqual(pypi({ 'pyproject.toml': '', 'renovate.json': '{"minimumReleaseAge":"0 days"}' }), [['renovate', undefined]]);
    assert.deepEqual(
      npm({ 'renovate.json': '{ "packageRules": [{ "minimumReleaseAge": "3 days" }], "description": "minimumReleaseAge" }' }),
      [],
    );
    assert.deepEqual(npm({ 'package.json': '{ "renovate": { "minimumReleaseAge": "3 days" } }' }), [['renovate', 3]]);
  });

  it('of Dependabot, for the folder and the ecosystem', () => {
    const update = (ecosystem: string, directory: string, cooldown: string) =>
      `version: 2\nupdates:\n  - package-ecosystem: "${ecosystem}"\n    ${directory}\n    cooldown:\n      ${cooldown}\n`;
    const at = (text: string, path = 'package.json') => npm({ '.github/dependabot.yml': text }, path);
    assert.deepEqual(at(update('npm', 'directory: /', 'default-days: 5')), [['dependabot', 5]]);
    assert.deepEqual(at(update('npm', 'directory: "/web"', 'default-days: 5')), []);
    assert.deepEqual(at(update('npm', 'directory: "/web"', 'default-days: 5'), 'web/a/package.json'), [['dependabot', 5]]);
    assert.deepEqual(at(update('npm', 'directories: ["**/*"]', 'default-days: 5'), 'x/package.json'), [['dependabot', 5]]);
    assert.deepEqual(at(update('pip', 'directory: /', 'default-days: 5')), []);
    assert.deepEqual(pypi({ 'pyproject.toml': '', '.github/dependabot.yml': update('uv', 'directory: /', 'default-days: 5') }), [
      ['dependabot', 5],
    ]);
    assert.deepEqual(at(update('npm', 'directory: /', 'default-days: 5\n      exclude: ["@a/*"]')), [
      ['dependabot', 5, [{ name: '@a/*' }]],
    ]);
    assert.deepEqual(at(update('npm', 'directory: /', 'default-days: 5\n      include: ["react"]')), [], 'for some packages alone');
    assert.deepEqual(at(update('npm', 'directory: /', 'semver-major-days: 5')), []);
  });

  it('are read without a throw, and their spans are what they claim, whatever the text', () => {
    const key = fc.constantFrom(
      'min-release-age',
      'before',
      'minimumReleaseAge',
      'npmMinimalAgeGate',
      'exclude-newer',
      'uploaded-prior-to',
      'updates',
      'cooldown',
      'default-days',
      '[install]',
      '[tool.uv]',
      '[solver]',
      'ignore-scripts',
      'allowBuilds',
    );
    const piece = fc.oneof(
      key,
      fc.constantFrom(
        ':',
        '=',
        '"',
        "'",
        '\n',
        '\r\n',
        '  ',
        '{',
        '}',
        '[',
        ']',
        '- ',
        '|',
        '3',
        '3 days',
        '#',
        '//',
        '\\',
        '&a',
        '*a',
        '!!x',
      ),
      fc.string(),
    );
    const text = fc.array(piece, { maxLength: 30 }).map((pieces) => pieces.join(''));
    const names = [
      '.npmrc',
      'pnpm-workspace.yaml',
      '.yarnrc.yml',
      'bunfig.toml',
      'uv.toml',
      'poetry.toml',
      'pip.conf',
      'renovate.json5',
      '.github/dependabot.yml',
    ];
    fc.assert(
      fc.property(text, (own) => {
        const files = Object.fromEntries(names.map((name) => [name, own]));
        settings('package.json', { ...files, 'package.json': '{}' });
        settings('requirements.txt', { ...files, 'requirements.txt': 'a\n' });
        settings('pyproject.toml', { ...files, 'pyproject.toml': own });
      }),
      { numRuns: 400 },
    );
  });

  it('are read to the end of long texts made to be slow', () => {
    const long = (one: string) => one.repeat(200_000 / one.length);
    for (const text of [
      long('['),
      long('{"a":'),
      long('"'),
      long('/*'),
      long('a: '),
      long('- '),
      long('min-release-age=3\n'),
      long('='),
      long(' '),
    ])
      for (const name of ['.npmrc', 'pnpm-workspace.yaml', 'renovate.json', '.github/dependabot.yml', 'bunfig.toml', '.yarnrc.yml'])
        kindOf('package.json')!.reader.read('{}', { path: 'package.json', companions: [{ path: name, text }] });
  });
});
