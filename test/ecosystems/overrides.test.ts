import assert from 'node:assert/strict';
import { applyEdits } from '../../server/src/core/applyEdits';
import type { ManifestReading, OverrideWish } from '../../server/src/core/manifest';
import { npmVersions } from '../../server/src/ecosystems/npm/versions';
import { packageJson } from '../../server/src/ecosystems/npm/packageJson';
import { pyproject } from '../../server/src/ecosystems/pypi/pyproject';

function overridden(
  reader: ManifestReading,
  path: string,
  text: string,
  name: string,
  tool: string,
  wish: OverrideWish = { from: '1.84.0' },
): string | undefined {
  const manifest = reader.read(text, { path, companions: [] });
  const pkg = { ecosystem: 'x', name };
  const edits = reader.edit.override!({ path, text, manifest, companions: [] }, pkg, wish, { tool, folder: '' });
  return edits && applyEdits(text, edits);
}

describe('overrides', () => {
  const npm = (text: string, tool: string) => overridden(packageJson, 'package.json', text, 'axios', tool);
  const pypi = (text: string, tool: string) => overridden(pyproject, 'pyproject.toml', text, 'litellm', tool);

  it("npm's, pnpm's and yarn's stand where each tool looks", () => {
    const text = '{\n  "name": "x"\n}\n';
    assert.equal(npm(text, 'package-lock'), '{\n  "name": "x",\n  "overrides": {\n    "axios": "^1.84.0"\n  }\n}\n');
    assert.equal(npm(text, 'pnpm'), '{\n  "name": "x",\n  "pnpm": {\n    "overrides": {\n      "axios": "^1.84.0"\n    }\n  }\n}\n');
    assert.equal(
      npm('{\n\t"resolutions": {\n\t\t"a": "1"\n\t}\n}', 'yarn-classic'),
      '{\n\t"resolutions": {\n\t\t"a": "1",\n\t\t"axios": "^1.84.0"\n\t}\n}',
    );
    assert.equal(npm('{\r\n  "overrides": {}\r\n}', 'bun'), '{\r\n  "overrides": {\r\n    "axios": "^1.84.0"\r\n  }\r\n}');
  });

  it("pnpm's stand in pnpm-workspace.yaml where they stand already, and where pnpm 11 looks", () => {
    const inWorkspace = (yaml: string | undefined, manager = 'pnpm@10.0.0') => {
      const companions = yaml === undefined ? [] : [{ path: 'pnpm-workspace.yaml', text: yaml }];
      const text = `{"packageManager": "${manager}"}`;
      const manifest = packageJson.read(text, { path: 'package.json', companions });
      const edits = packageJson.edit.override!(
        { path: 'package.json', text, manifest, companions },
        { ecosystem: 'npm', name: '@s/axios' },
        { from: '1.84.0' },
        { tool: 'pnpm', folder: '' },
      );
      return edits && [...new Set(edits.map(({ file }) => file)), applyEdits(yaml ?? '', edits)];
    };
    const file = 'pnpm-workspace.yaml';
    assert.deepEqual(inWorkspace('overrides:\n  # why\n  b: 1.0.0\npackages: []\n'), [
      file,
      'overrides:\n  # why\n  "@s/axios": "^1.84.0"\n  b: 1.0.0\npackages: []\n',
    ]);
    assert.deepEqual(inWorkspace("overrides:\n  '@s/axios': '1.0.0'\n"), [file, "overrides:\n  '@s/axios': '^1.84.0'\n"]);
    assert.deepEqual(inWorkspace('overrides:\n  "@s/axios": ^1.84.0\n'), ['overrides:\n  "@s/axios": ^1.84.0\n']);
    assert.deepEqual(inWorkspace('packages: []\n', 'pnpm@11.0.0'), [file, 'packages: []\noverrides:\n  "@s/axios": "^1.84.0"\n']);
    assert.deepEqual(inWorkspace(undefined, 'pnpm@11.0.0'), [file, 'overrides:\n  "@s/axios": "^1.84.0"\n']);
    assert.equal(inWorkspace('overrides: {b: 1}\n'), undefined);
    assert.equal(inWorkspace('packages: []\n')![0], 'package.json');
  });

  it('only the manifest beside the lockfile is heard', () => {
    const member = '{"name":"member"}';
    const root = { path: 'package.json', text: '{"name":"root"}' };
    const manifest = packageJson.read(member, { path: 'packages/a/package.json', companions: [] });
    const document = { path: 'packages/a/package.json', text: member, manifest, companions: [root] };
    const edits = packageJson.edit.override!(
      document,
      { ecosystem: 'npm', name: 'axios' },
      { from: '1.84.0' },
      { tool: 'pnpm', folder: '' },
    );
    assert.deepEqual(
      edits!.map(({ file }) => file),
      ['package.json'],
    );
    assert.equal(
      packageJson.edit.override!(
        { ...document, companions: [] },
        { ecosystem: 'npm', name: 'axios' },
        { from: '1.84.0' },
        {
          tool: 'pnpm',
          folder: '',
        },
      ),
      undefined,
    );
  });

  it("uv's is a constraint, PDM's an override, Poetry has none", () => {
    assert.equal(
      pypi('[project]\nname = "x"\n', 'uv'),
      '[project]\nname = "x"\n\n[tool.uv]\nconstraint-dependencies = ["litellm>=1.84.0"]\n',
    );
    assert.equal(pypi('[tool.uv]\npackage = false\n', 'uv'), '[tool.uv]\nconstraint-dependencies = ["litellm>=1.84.0"]\npackage = false\n');
    assert.equal(
      pypi('[tool.uv]\nconstraint-dependencies = [\n  "a>1", # why\n]\n', 'uv'),
      '[tool.uv]\nconstraint-dependencies = [\n  "a>1",\n  "litellm>=1.84.0", # why\n]\n',
    );
    assert.equal(pypi('[tool.uv]\nconstraint-dependencies = []\n', 'uv'), '[tool.uv]\nconstraint-dependencies = ["litellm>=1.84.0"]\n');
    assert.equal(pypi('[tool.pdm]\n', 'pdm'), '[tool.pdm]\n\n[tool.pdm.resolution.overrides]\nlitellm = ">=1.84.0"\n');
    assert.equal(pypi('[tool.poetry]\nname = "x"\n', 'poetry'), undefined);
  });

  it('keep bad releases out where none is known to be free of them', () => {
    const without = { without: ['0.30.4', '1.14.1'] };
    assert.match(
      overridden(packageJson, 'package.json', '{}', 'axios', 'pnpm', without)!,
      /"axios": "<0\.30\.4 \|\| >0\.30\.4 <1\.14\.1 \|\| >1\.14\.1"/,
    );
    assert.match(overridden(pyproject, 'pyproject.toml', '', 'litellm', 'uv', without)!, /\["litellm!=0\.30\.4,!=1\.14\.1"\]/);
    assert.match(overridden(pyproject, 'pyproject.toml', '', 'litellm', 'pdm', without)!, /litellm = "!=0\.30\.4,!=1\.14\.1"/);
    const range = '<0.30.4 || >0.30.4 <1.14.1 || >1.14.1';
    for (const version of without.without) assert.equal(npmVersions.satisfies(version, range), false);
    for (const version of ['0.30.3', '1.0.0', '1.14.2']) assert.equal(npmVersions.satisfies(version, range), true);
  });

  it('what was written reads as an override or a constraint', () => {
    const read = pyproject.read(pypi('[project]\nname = "x"\n', 'uv')!, { path: 'pyproject.toml', companions: [] });
    assert.deepEqual(
      read.declarations.map(({ package: pkg, group, specifier }) => [pkg.name, group, specifier]),
      [['litellm', 'constraint', '>=1.84.0']],
    );
    assert.deepEqual(read.problems, []);
  });
});
