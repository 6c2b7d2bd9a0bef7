import { checkFix, checkNoFix, type FixCase } from '../support/checkFix';

const wanted: FixCase = { rule: 'lookalike-name', kind: 'replace' };
const hash = `sha256:${'a'.repeat(64)}`;

describe('the name that was meant', () => {
  it('takes the place of the other in a requirements file, and nothing else changes', async () => {
    await checkFix('plain-utill==1.0.0  # why\n', 'plain-util==1.0.0  # why\n', { ...wanted, title: 'Replace plain-utill by plain-util' });
    await checkFix(
      'steady-llm==1.0.0\r\nPlain_Utill[x, y] == 1.0.0 ; python_version > "3.9"\r\n',
      'steady-llm==1.0.0\r\nplain-util[x, y] == 1.0.0 ; python_version > "3.9"\r\n',
      wanted,
    );
    await checkFix('plain-utill \\\n  ==1.0.0\n', 'plain-util \\\n  ==1.0.0\n', wanted);
    await checkFix('plain-utill', 'plain-util', wanted);
    await checkFix('plain-\\\nutill==1.0.0\n', 'plain-util==1.0.0\n', wanted);
  });

  it('takes its place in pyproject.toml, in quotes and as a key', async () => {
    await checkFix(
      '//- pyproject.toml\n[project]\ndependencies = ["steady-llm==1.0.0", "plain-utill[x]>=1"] # why\n',
      '//- pyproject.toml\n[project]\ndependencies = ["steady-llm==1.0.0", "plain-util[x]>=1"] # why\n',
      wanted,
    );
    for (const [before, after] of [
      ['plain-utill = "^1.0"', 'plain-util = "^1.0"'],
      ['"plain-utill" = { version = "^1.0", extras = ["x"] }', '"plain-util" = { version = "^1.0", extras = ["x"] }'],
      ['plain-utill.version = "1.0.0"', 'plain-util.version = "1.0.0"'],
    ]) {
      const text = (line: string) => `//- pyproject.toml\n[tool.poetry.dependencies]\npython = "^3.9"\n${line}\n`;
      await checkFix(text(before!), text(after!), wanted);
    }
    await checkFix(
      '//- pyproject.toml\n[tool.poetry.dependencies.plain-utill]\nversion = "1.0.0"\n',
      '//- pyproject.toml\n[tool.poetry.dependencies.plain-util]\nversion = "1.0.0"\n',
      wanted,
    );
  });

  it('takes its place in package.json', async () => {
    await checkFix(
      '//- package.json\n{ "dependencies": { "plain-utill" : "^1.0.0", "steady-llm": "1.0.0" } }\n',
      '//- package.json\n{ "dependencies": { "plain-util" : "^1.0.0", "steady-llm": "1.0.0" } }\n',
      wanted,
    );
  });

  it('is not offered where it would stand twice, in hashes, escapes and other names of the file', async () => {
    for (const text of [
      'plain-util==1.0.0\nplain-utill==1.0.0\n',
      `plain-utill==1.0.0 --hash=${hash}\n`,
      '//- pyproject.toml\n[project]\ndependencies = ["plain\\u002dutill==1.0.0"]\n',
      '//- pyproject.toml\n[project]\ndependencies = ["plain-utill==1.0.0", "Plain.Util"]\n',
      '//- pyproject.toml\n[tool.poetry.dependencies]\nplain-utill = { version = "1.0.0", optional = true }\n[tool.poetry.extras]\nx = ["plain-utill"]\n',
      '//- pyproject.toml\n[tool.poetry.dependencies]\nplain-utill.version = "1.0.0"\nplain-utill.extras = ["x"]\n',
      '//- pyproject.toml\n[project]\ndependencies = ["plain-utill==1.0.0"]\n[tool.uv]\nno-binary-package = ["plain-utill"]\n',
      '//- package.json\n{ "dependencies": { "plain-utill": "1.0.0", "plain-util": "1.0.0" } }\n',
      '//- package.json\n{ "dependencies": { "plain-util": "1.0.0" }, "devDependencies": { "plain-utill": "1.0.0" } }\n',
      '//- package.json\n{ "dependencies": { "here": "npm:plain-utill@1.0.0" } }\n',
      '//- package.json\n{ "dependencies": { "plain\\u002dutill": "1.0.0" } }\n',
      '//- package.json\n{ "peerDependencies": { "plain-utill": "1.0.0" }, "peerDependenciesMeta": { "plain-utill": { "optional": true } } }\n',
      '//- package.json\n{ "dependencies": { "plain-utill": "catalog:" } }\n//- pnpm-workspace.yaml\ncatalog:\n  plain-utill: "1.0.0"\n',
    ]) {
      await checkNoFix(text, wanted);
    }
  });
});

describe('off a release that was withdrawn', () => {
  it('goes back to the last one that was not yanked', () =>
    checkFix('yanked-embed[x]==1.1.0  # why\n', 'yanked-embed[x]==1.0.0  # why\n', {
      rule: 'yanked-release',
      title: 'Go back to yanked-embed 1.0.0',
    }));

  it('goes to one that is not deprecated', () =>
    checkFix(
      '//- package.json\n{ "dependencies": { "warned-agent": "1.1.0" } }\n',
      '//- package.json\n{ "dependencies": { "warned-agent": "1.0.0" } }\n',
      {
        rule: 'deprecated-release',
        title: 'Go back to warned-agent 1.0.0',
      },
    ));

  it('is not proposed for a project that is archived as a whole', () =>
    checkNoFix('archived-rag==1.0.0\n', { rule: 'deprecated-release' }));
});
