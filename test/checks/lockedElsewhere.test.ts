import assert from 'node:assert/strict';
import { scanTexts } from '../support/scanTexts';

// What a manifest has from an index, and the lockfile of a Python tool from an address.

const commit = '0123456789012345678901234567890123456789';
const archive = 'https://packages.evil.example/beta_rag-1.0-py3-none-any.whl';
const project = (dependencies: string, more = '') => `[project]\nname = "app"\nversion = "1"\ndependencies = [${dependencies}]\n${more}`;
const uv = (source: string) =>
  `version = 1\nrevision = 3\n\n[[package]]\nname = "app"\nversion = "1"\nsource = { virtual = "." }\ndependencies = [{ name = "beta-rag" }]\n\n[[package]]\nname = "beta-rag"\nversion = "1.0"\nsource = { ${source} }\n`;
const poetry = (source: string) =>
  `[[package]]\nname = "beta-rag"\nversion = "1.0"\nfiles = []\n\n[package.source]\n${source}\n\n[metadata]\nlock-version = "2.1"\ncontent-hash = "00"\n`;
const pdm = (source: string) =>
  `[metadata]\ngroups = ["default"]\nlock_version = "4.5.0"\n\n[[package]]\nname = "beta-rag"\nversion = "1.0"\n${source}\nfiles = []\n`;
const pylock = `lock-version = "1.0"\ncreated-by = "pip"\n\n[[packages]]\nname = "beta-rag"\nversion = "1.0"\narchive = { url = "${archive}", hashes = { sha256 = "aa" } }\n`;

async function said(files: Readonly<Record<string, string>>): Promise<readonly string[]> {
  const scanned = await scanTexts(new Map(Object.entries(files)));
  return scanned.flatMap(({ findings }) =>
    findings.filter(({ rule, message }) => rule === 'insecure-source' && message.includes('asked for as')).map(({ message }) => message),
  );
}

describe('what is asked for as a release, and locked to an address', () => {
  it('is named at the entry that asks', async () => {
    const locks: Readonly<Record<string, readonly string[]>> = {
      'uv.lock': [uv(`url = "${archive}"`), uv(`git = "https://me:secret@packages.evil.example/beta-rag?rev=main#${commit}"`)],
      'poetry.lock': [
        poetry(`type = "url"\nurl = "${archive}"`),
        poetry(`type = "git"\nurl = "https://packages.evil.example/a.git"\nreference = "x"\nresolved_reference = "${commit}"`),
      ],
      'pdm.lock': [pdm(`url = "${archive}"`), pdm(`git = "ssh://git@packages.evil.example/a.git"\nrevision = "${commit}"`)],
      'pylock.toml': [pylock],
    };
    for (const [name, texts] of Object.entries(locks))
      for (const text of texts)
        assert.deepEqual(
          await said({ 'pyproject.toml': project('"beta-rag>=1"'), [name]: text }),
          [
            `beta-rag is asked for as a release of an index, and ${name} has it from packages.evil.example: ${
              name === 'pylock.toml'
                ? "nothing but the lockfile's own hash says what it is, and whoever changes the address can change that as well"
                : 'an install takes whatever lies there'
            }`,
          ],
          text,
        );
  });

  it('is what it should be, where the manifest says so in any way', async () => {
    const git = `{ git = "https://git.example/beta-rag", rev = "${commit}" }`;
    const locked = { 'uv.lock': uv(`git = "https://git.example/beta-rag?rev=${commit}#${commit}"`) };
    for (const text of [
      project('"beta-rag>=1"', `[tool.uv.sources]\nbeta-rag = ${git}\n`),
      project('"beta-rag>=1"', `[tool.uv.sources]\nbeta-rag = [{ index = "x", marker = "sys_platform == 'win32'" }, ${git}]\n`),
      project('"beta-rag>=1"', `[tool.uv]\noverride-dependencies = ["beta-rag @ git+https://git.example/beta-rag@${commit}"]\n`),
      project(`"beta-rag @ git+https://git.example/beta-rag@${commit}"`),
    ])
      assert.deepEqual(await said({ 'pyproject.toml': text, ...locked }), [], text);
    const inPoetry = { 'poetry.lock': poetry(`type = "git"\nurl = "https://git.example/beta-rag"\nreference = "x"`) };
    const both = project('"beta-rag>=1"', `[tool.poetry.dependencies]\nbeta-rag = ${git}\n`);
    assert.deepEqual(await said({ 'pyproject.toml': both, ...inPoetry }), []);
    // The root's sources hold for the members of a workspace of uv.
    const root = project('', `[tool.uv.workspace]\nmembers = ["m"]\n[tool.uv.sources]\nbeta-rag = ${git}\n`);
    const member = `\n[[package]]\nname = "m"\nversion = "1"\nsource = { editable = "m" }\ndependencies = [{ name = "beta-rag" }]\n`;
    const workspace = { 'uv.lock': locked['uv.lock'].replace('\n\n', '\n\n[manifest]\nmembers = ["app", "m"]\n\n') + member };
    const inMember = '[project]\nname = "m"\nversion = "1"\ndependencies = ["beta-rag"]\n';
    assert.deepEqual(await said({ 'pyproject.toml': root, 'm/pyproject.toml': inMember, ...workspace }), []);
    assert.deepEqual(await said({ 'pyproject.toml': project('"beta-rag>=1"'), 'uv.lock': uv('registry = "https://pypi.org/simple"') }), []);
  });
});
