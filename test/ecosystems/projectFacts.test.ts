import assert from 'node:assert/strict';
import { packageJson } from '../../server/src/ecosystems/npm/packageJson';
import { pyproject } from '../../server/src/ecosystems/pypi/pyproject';

const npm = (value: object) => packageJson.read(JSON.stringify(value), { path: 'package.json', companions: [] }).project;
const pypi = (text: string) => pyproject.read(text, { path: 'pyproject.toml', companions: [] }).project;

describe('what a manifest says of its project', () => {
  it('a package.json that others can install is a library', () => {
    assert.equal(npm({ main: 'x.js' })?.library, 'it has "main" and is not private');
    assert.equal(npm({ exports: {}, private: false })?.library, 'it has "exports" and is not private');
    assert.equal(npm({ bin: 'x', private: true })?.library, undefined);
    assert.equal(npm({ name: 'x' })?.library, undefined);
  });

  it('packageManager names the tool that locks', () => {
    assert.equal(npm({ packageManager: 'pnpm@9.1.0+sha256.aa' })?.lockedBy, 'pnpm');
    assert.equal(npm({ packageManager: 'npm@11' })?.lockedBy, 'package-lock');
    assert.equal(npm({ packageManager: '__proto__@1' })?.lockedBy, undefined);
  });

  it('a pyproject.toml that is built is a library, unless it says otherwise', () => {
    const built = '[project]\nname = "x"\n[build-system]\nrequires = []\n';
    assert.equal(pypi(built)?.library, 'it has [project] and [build-system]');
    assert.equal(pypi('[project]\nname = "x"\n')?.library, undefined);
    assert.equal(pypi(`${built}[tool.uv]\npackage = false\n`)?.library, undefined);
    assert.equal(pypi(`${built}[tool.poetry]\npackage-mode = false\n`)?.library, undefined);
    assert.equal(pypi(built.replace('name = "x"', 'classifiers = ["Private :: Do Not Upload"]'))?.library, undefined);
  });

  it('one tool table alone names the tool that locks', () => {
    assert.equal(pypi('[tool.poetry]\nname = "x"\n')?.lockedBy, 'poetry');
    assert.equal(pypi('[tool.uv]\n[tool.pdm]\n')?.lockedBy, undefined);
  });
});
