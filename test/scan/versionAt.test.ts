import assert from 'node:assert/strict';
import fc from 'fast-check';
import { kindOf } from '../../server/src/ecosystems';
import { readDocument } from '../../server/src/scan/document';
import { versionAt } from '../../server/src/scan/versionAt';

// A fixture is the text of a manifest with `‸` where the cursor stands; the claim is the package and what would be replaced.

function at(path: string, marked: string): string | undefined {
  const offset = marked.indexOf('‸');
  const text = marked.slice(0, offset) + marked.slice(offset + 1);
  const kind = kindOf(path)!;
  const found = versionAt(readDocument(path, kind, text, []), text, offset);
  if (!found) return undefined;
  const { start, end } = found.span;
  assert.ok(start <= offset && offset <= end, 'the cursor stands in what is replaced');
  return `${found.declaration.package.name} ${text.slice(start, end)}`.trimEnd();
}

function table(path: string, cases: readonly (readonly [marked: string, expected: string | undefined])[]): void {
  for (const [marked, expected] of cases) {
    assert.equal(at(path, marked), expected, marked);
    assert.equal(at(path, marked.replaceAll('\n', '\r\n')), expected, `CRLF: ${marked}`);
  }
}

describe('a version that is being written', () => {
  it('in a requirements file stands behind any operator', () =>
    table('requirements.txt', [
      ['litellm==‸', 'litellm'],
      ['a\nlitellm== ‸\nb>=1\n', 'litellm'],
      ['litellm[proxy]>=‸; python_version > "3.9"  # why\n', 'litellm'],
      ['litellm~=‸\n', 'litellm'],
      ['litellm==1.8‸\n', 'litellm 1.8'],
      ['litellm==1‸.82.6 # here\n', 'litellm 1.82.6'],
      ['litellm==‸1.82.6\n', 'litellm 1.82.6'],
      ['litellm==1.82.6‸\n', 'litellm 1.82.6'],
      ['litellm>=1.80,<‸\n', 'litellm'],
      ['litellm>=1.‸,<2\n', 'litellm 1.'],
      ['litellm>=1.80,!=‸\n', 'litellm'],
      ['litellm (==‸)\n', 'litellm'],
      ['litellm===‸\n', 'litellm'],
      ['litellm==1!2.‸\n', 'litellm 1!2.'],
      ['litellm==1.82.‸*\n', 'litellm 1.82.*'],
      ['Lite_LLM==‸\n', 'lite-llm'],
    ]));

  it('is nowhere else', () =>
    table('requirements.txt', [
      ['litellm‸\n', undefined],
      ['lite‸llm==1.0\n', undefined],
      ['7z‸ip==1.0\n', undefined],
      ['litellm ‸\n', undefined],
      ['litellm‸==1.0\n', undefined],
      ['litellm=‸=1.0\n', undefined],
      ['# litellm==‸\n', undefined],
      ['litellm==1.0 # ==‸\n', undefined],
      ['litellm==1.0; python_version > "‸3.9"\n', undefined],
      ['-r ‸\n', undefined],
      ['-r base-‸1.txt\n', undefined],
      ['litellm @ https://a.example/litellm-‸1.0.zip\n', undefined],
      ['git+https://a.example/x@‸1.0\n', undefined],
      ['litellm==${V}‸\n', undefined],
      ['‸\n', undefined],
      ['‸', undefined],
      ['==‸\n', undefined],
    ]));

  it('in pyproject.toml stands in a requirement, or in a value of Poetry', () =>
    table('pyproject.toml', [
      ['[project]\ndependencies = [\n  "litellm==‸",\n  "b"\n]\n', 'litellm'],
      ['[project]\ndependencies = [\n  "litellm==‸"\n]\n', 'litellm'],
      ['[project]\ndependencies = ["litellm>=1.8‸,<2", "b"]\n', 'litellm 1.8'],
      ['[project]\ndependencies = [\n  "litellm==‸\n]\n', 'litellm'],
      ["[project]\ndependencies = [\n  'litellm==‸\n]\n", 'litellm'],
      ['[dependency-groups]\ndev = ["litellm~=‸"]\n', 'litellm'],
      ['[tool.poetry.dependencies]\nlitellm = "‸"\nb = "1"\n', 'litellm'],
      ['[tool.poetry.dependencies]\nlitellm = "^‸"\n', 'litellm'],
      ['[tool.poetry.dependencies]\nlitellm = "^1.‸8"\n', 'litellm 1.8'],
      ['[tool.poetry.dependencies]\nlitellm = { version = "~‸", extras = ["proxy"] }\n', 'litellm'],
      ['[tool.poetry.dependencies.litellm]\nversion = "‸"\n', 'litellm'],
      ['[tool.poetry.dependencies]\nlitellm = "‸\nb = "1"\n', 'litellm'],
      ['[tool.poetry.dependencies]\nlitellm = { git = "https://a.example/‸1" }\n', undefined],
      ['[tool.poetry.dependencies]\npython = "^‸3.12"\n', undefined],
      ['[project]\nversion = "‸1.0"\n', undefined],
      ['[project]\nrequires-python = ">=‸3.12"\n', undefined],
      ['[tool.other]\nlitellm = "‸"\n', undefined],
    ]));

  it('in package.json stands in the value', () =>
    table('package.json', [
      ['{ "dependencies": { "openai": "‸" } }', 'openai'],
      ['{\n  "dependencies": {\n    "openai": "^‸",\n    "b": "1"\n  }\n}\n', 'openai'],
      ['{\n  "dependencies": {\n    "openai": "^4.‸"\n  }\n}\n', 'openai 4.'],
      ['{\n  "dependencies": {\n    "openai": ">=4.0.0 <‸"\n  }\n}\n', 'openai'],
      ['{\n  "dependencies": {\n    "openai": "1.0.0 || ‸"\n  }\n}\n', 'openai'],
      ['{\n  "dependencies": {\n    "openai": "1.0.0 - ‸2.0.0"\n  }\n}\n', 'openai 2.0.0'],
      ['{\n  "dependencies": {\n    "openai": "‸\n  }\n}\n', 'openai'],
      ['{\n  "devDependencies": {\n    "@acme/a": "npm:openai@^‸"\n  }\n}\n', 'openai'],
      ['{ "dependencies": { "openai": "workspace:‸" } }', undefined],
      ['{ "dependencies": { "open\\u0061i": "^‸" } }', undefined],
      ['{ "dependencies": { "openai": "file:‸1" } }', undefined],
      ['{ "dependencies": { "op‸enai": "1" } }', undefined],
      ['{ "dependencies": { "‸1": "1" } }', undefined],
      ['{ "version": "‸1.0.0" }', undefined],
      ['{ "engines": { "node": ">=‸20" } }', undefined],
      ['{ "overrides": { "openai": "$‸1" } }', undefined],
    ]));

  it('may be looked for anywhere in any text', () => {
    const piece = fc.constantFrom(
      'litellm',
      '==',
      '>=',
      '"',
      "'",
      '[',
      ']',
      '{',
      '}',
      ':',
      ' ',
      '\n',
      '1.',
      '0',
      '#',
      '\\',
      '^',
      ',',
      '💡',
      '[project]\ndependencies = [',
      '{ "dependencies": {',
    );
    fc.assert(
      fc.property(
        fc.constantFrom('requirements.txt', 'pyproject.toml', 'package.json'),
        fc.array(piece, { maxLength: 25 }),
        fc.nat(120),
        (path, parts, place) => {
          const text = parts.join('');
          const offset = Math.min(place, text.length);
          const kind = kindOf(path)!;
          const found = versionAt(readDocument(path, kind, text, []), text, offset);
          if (!found) return;
          assert.ok(found.span.start <= offset && offset <= found.span.end);
          assert.match(text.slice(found.span.start, found.span.end), /^(?:v?\d[\w.!+*-]*|\*|)$/i);
        },
      ),
      { numRuns: 400 },
    );
  });
});
