import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { Declaration } from '../../../server/src/core/declaration';
import type { Edit, EditedDocument } from '../../../server/src/core/manifest';
import { pyproject } from '../../../server/src/ecosystems/pypi/pyproject';
import { pypiVersions } from '../../../server/src/ecosystems/pypi/versions';
import { corpusJson, corpusText, describeCorpus } from '../../support/corpus';

function opened(text: string): EditedDocument {
  return { path: 'pyproject.toml', text, companions: [], manifest: pyproject.read(text, { path: 'pyproject.toml', companions: [] }) };
}

function applied(text: string, edits: readonly Edit[]): string {
  let end = text.length + 1;
  return [...edits]
    .sort((a, b) => b.span.start - a.span.start)
    .reduce((changed, { span, newText }) => {
      assert.ok(span.start <= span.end && span.end <= end, 'edits do not overlap');
      end = span.start;
      return changed.slice(0, span.start) + newText + changed.slice(span.end);
    }, text);
}

type Change = (document: EditedDocument, declaration: Declaration) => Edit[] | undefined;
const pin =
  (version: string): Change =>
  (document, declaration) =>
    pyproject.edit.pin(document, declaration, version);
const exclude =
  (...versions: string[]): Change =>
  (document, declaration) =>
    pyproject.edit.exclude(document, declaration, versions);
const remove: Change = (document, declaration) => pyproject.edit.remove(document, declaration);

/** The text after the change of the declaration with this name, the first or the one at `index`. */
function changed(text: string, name: string, change: Change, index = 0): string | undefined {
  const document = opened(text);
  const declaration = document.manifest.declarations.filter(({ writtenName }) => writtenName === name)[index];
  assert.ok(declaration, `no ${name}`);
  const edits = change(document, declaration);
  return edits && applied(text, edits);
}

/** Checked with both line ends. */
function checkChange(before: string, name: string, change: Change, after: string | undefined, index = 0): void {
  assert.equal(changed(before, name, change, index), after);
  const twin = changed(before.replaceAll('\n', '\r\n'), name, change, index);
  assert.equal(twin, after?.replaceAll('\n', '\r\n'));
}

describe('pyproject.toml edits: requirements in quotes', () => {
  const text = `[project]
dependencies = [
  'Torch[cuda] >=2 , <3; os_name == "x"', # keep
  "plain",
  "paren (>=1)",
  "exact==1.0", "link @ https://files.example/x.whl", "esc\\u003e=1",
]
`;

  it('are pinned', () => {
    checkChange(text, 'Torch', pin('2.5'), text.replace('>=2 , <3', '==2.5'));
    checkChange(text, 'plain', pin('1.0'), text.replace('"plain"', '"plain==1.0"'));
    checkChange(text, 'paren', pin('1.0'), text.replace('(>=1)', '==1.0'));
    checkChange(text, 'exact', pin('1.1'), text.replace('==1.0', '==1.1'));
  });

  it('lose releases', () => {
    checkChange(text, 'Torch', exclude('2.1', '2.2', '9'), text.replace('>=2 , <3', '>=2 , <3,!=2.1,!=2.2'));
    checkChange(text, 'plain', exclude('1.0'), text.replace('"plain"', '"plain!=1.0"'));
    checkChange(text, 'exact', exclude('1.0'), undefined);
  });

  it('are left alone where an edit would lie', () => {
    for (const change of [pin('1.0'), exclude('1.0')]) {
      checkChange(text, 'link', change, undefined);
      checkChange(text, 'esc', change, undefined);
    }
    checkChange(text, 'esc', remove, undefined);
    checkChange('project.dependencies = ["a"]\ntool.uv.sources.a = { git = "https://git.example/a" }\n', 'a', pin('1'), undefined);
  });

  it('are removed from lines of their own', () => {
    checkChange(text, 'Torch', remove, text.replace(/ {2}'Torch.*\n/, ''));
    checkChange(text, 'plain', remove, text.replace('  "plain",\n', ''));
    const last = 'project.dependencies = [\n  "a", # about a\n  "b" # about b\n]\n';
    checkChange(last, 'b', remove, 'project.dependencies = [\n  "a", # about a\n]\n');
    checkChange(last, 'a', remove, 'project.dependencies = [\n  "b" # about b\n]\n');
    const leading = 'project.dependencies = [\n    "a"\n  , "b"\n  , "c"\n]\n';
    checkChange(leading, 'b', remove, 'project.dependencies = [\n    "a"\n  , "c"\n]\n');
    checkChange(leading, 'c', remove, 'project.dependencies = [\n    "a"\n  , "b"\n]\n');
  });

  it('are removed from lines with others', () => {
    const line = 'project.dependencies = ["a", "b",  "c"] # why\n';
    checkChange(line, 'a', remove, 'project.dependencies = ["b",  "c"] # why\n');
    checkChange(line, 'b', remove, 'project.dependencies = ["a", "c"] # why\n');
    checkChange(line, 'c', remove, 'project.dependencies = ["a", "b"] # why\n');
    checkChange('project.dependencies = ["a"]\n', 'a', remove, 'project.dependencies = []\n');
    checkChange('project.dependencies = ["a",]\n', 'a', remove, 'project.dependencies = []\n');
    const wrapped = 'project.dependencies = ["a", "b",\n  "c", "d",\n  "e"]\n';
    checkChange(wrapped, 'b', remove, 'project.dependencies = ["a",\n  "c", "d",\n  "e"]\n');
    checkChange(wrapped, 'c', remove, 'project.dependencies = ["a", "b",\n  "d",\n  "e"]\n');
    checkChange(wrapped, 'd', remove, 'project.dependencies = ["a", "b",\n  "c",\n  "e"]\n');
    checkChange(wrapped, 'e', remove, 'project.dependencies = ["a", "b",\n  "c", "d"]\n');
  });
});

describe('pyproject.toml edits: Poetry and PDM', () => {
  const text = `[tool.poetry.dependencies]
python = "^3.10" # python
string = "^1.2" # keep
table = { version = '^2', extras = ["x"] }
bare = { extras = ["x"] }
empty = {}
dotted.version = "^3"
dotted.extras = ["x"]
git = { git = "https://git.example/x.git" }
several = [{ version = "^1", python = "<3.9" }, { version = "^2" }]
any = "*"

[tool.poetry.dependencies.sub] # sub
version = "^5"
optional = true

[tool.poetry.dependencies.without]
extras = ["x"]

[[tool.poetry.dependencies.listed]]
version = "^6"
[[tool.poetry.dependencies.listed]]
version = "^7"

# next
[tool.pdm.resolution.overrides]
one = "1.2.3"
range = ">=1"
`;

  it('are pinned in their own notation', () => {
    checkChange(text, 'string', pin('1.3'), text.replace('"^1.2"', '"1.3"'));
    checkChange(text, 'table', pin('2.1'), text.replace("'^2'", "'2.1'"));
    checkChange(text, 'bare', pin('1.0'), text.replace('bare = { extras', 'bare = { version = "1.0", extras'));
    checkChange(text, 'empty', pin('1.0'), text.replace('empty = {}', 'empty = {version = "1.0"}'));
    checkChange(text, 'dotted', pin('3.1'), text.replace('"^3"', '"3.1"'));
    checkChange(text, 'several', pin('2.1'), text.replace('"^2" }', '"2.1" }'), 1);
    checkChange(text, 'sub', pin('5.1'), text.replace('"^5"', '"5.1"'));
    checkChange(text, 'without', pin('1.0'), text.replace('without]\n', 'without]\nversion = "1.0"\n'));
    checkChange(text, 'listed', pin('7.1'), text.replace('"^7"', '"7.1"'), 1);
    checkChange(text, 'one', pin('1.2.4'), text.replace('"1.2.3"', '"1.2.4"'));
    checkChange(text, 'range', pin('1.5'), text.replace('">=1"', '"1.5"'));
    checkChange(text, 'git', pin('1.0'), undefined);
    checkChange(text, 'string', pin('not a version'), undefined);
    assert.equal(changed('[tool.poetry.dependencies.x]', 'x', pin('1.0')), '[tool.poetry.dependencies.x]\nversion = "1.0"');
  });

  it('lose releases', () => {
    checkChange(text, 'string', exclude('1.5'), text.replace('"^1.2"', '"^1.2,!=1.5"'));
    checkChange(text, 'any', exclude('1.5'), text.replace('"*"', '"!=1.5"'));
    checkChange(text, 'bare', exclude('1.5'), text.replace('bare = { extras', 'bare = { version = "!=1.5", extras'));
    checkChange(text, 'range', exclude('1.5'), text.replace('">=1"', '">=1,!=1.5"'));
    checkChange(text, 'one', exclude('1.2.3'), undefined);
    checkChange(text, 'git', exclude('1.5'), undefined);
  });

  it('are removed', () => {
    checkChange(text, 'string', remove, text.replace(/string.*\n/, ''));
    checkChange(text, 'git', remove, text.replace(/git = .*\n/, ''));
    checkChange(text, 'dotted', remove, text.replace(/dotted.*\ndotted.*\n/, ''));
    checkChange(text, 'several', remove, text.replace('{ version = "^1", python = "<3.9" }, ', ''));
    checkChange(text, 'several', remove, text.replace(', { version = "^2" }', ''), 1);
    checkChange(text, 'sub', remove, text.replace(/\[tool.poetry.dependencies.sub\][^]*?\n\n/, ''));
    checkChange(text, 'listed', remove, text.replace(/\[\[tool.poetry.dependencies.listed\]\]\nversion = "\^6"\n/, ''));
    checkChange(text, 'one', remove, text.replace('one = "1.2.3"\n', ''));
    const inline = '[tool.poetry]\ndependencies = { a = "1", b = "2", c = "3" }\n';
    checkChange(inline, 'a', remove, inline.replace('a = "1", ', ''));
    checkChange(inline, 'b', remove, inline.replace('b = "2", ', ''));
    checkChange(inline, 'c', remove, inline.replace(', c = "3"', ''));
    checkChange('[tool.poetry.dependencies]\na = ["1"]\nb = "2"', 'a', remove, '[tool.poetry.dependencies]\nb = "2"');
  });
});

/** Everything that the declarations say, without their places. */
function meaning(declarations: readonly Declaration[]): string[] {
  return declarations.map(({ spans: _spans, detail: _detail, ...rest }) => JSON.stringify(rest));
}

/** The change does to the entry what it says, and every other declaration and the problems stay as they are. */
function checkOthersStay(text: string): number {
  const document = opened(text);
  const { declarations, problems } = document.manifest;
  const before = meaning(declarations);
  let count = 0;
  for (const [index, declaration] of declarations.entries()) {
    const reread = (edits: Edit[] | undefined): readonly Declaration[] | undefined => {
      if (!edits) return undefined;
      count++;
      const after = opened(applied(text, edits)).manifest;
      assert.deepEqual(
        after.problems.map(({ message }) => message),
        problems.map(({ message }) => message),
      );
      return after.declarations;
    };
    const others = before.filter((_, at) => at !== index);
    const pinned = reread(pyproject.edit.pin(document, declaration, '7.7.7'));
    if (pinned) {
      assert.deepEqual(
        meaning(pinned).filter((_, at) => at !== index),
        others,
      );
      const { source } = pinned[index]!;
      assert.ok(source.kind === 'registry' && pypiVersions.exact(source.range) === '7.7.7');
      assert.equal(pinned[index]!.marker, declaration.marker);
      assert.deepEqual(pinned[index]!.extras, declaration.extras);
    }
    const excluded = reread(pyproject.edit.exclude(document, declaration, ['1.0.1', '2.0.1']));
    if (excluded) {
      assert.deepEqual(
        meaning(excluded).filter((_, at) => at !== index),
        others,
      );
      const { source } = excluded[index]!;
      assert.ok(
        source.kind === 'registry' && !pypiVersions.satisfies('1.0.1', source.range) && !pypiVersions.satisfies('2.0.1', source.range),
      );
    }
    const left = reread(pyproject.edit.remove(document, declaration));
    if (left) assert.deepEqual(meaning(left), others);
  }
  return count;
}

describe('pyproject.toml edits leave every other declaration as it was', () => {
  const space = fc.constantFrom('', ' ', '\n', '\n  ', ' # note\n  ', '\r\n\t');
  const requirement = fc.constantFrom(
    '"a>=1"',
    '\'b[x] ; os_name == "n"\'',
    '"c (>=1)"',
    '"d @ https://x.example/d.whl"',
    '"e\\u003e=1"',
    '"f==1"',
  );
  const array = fc
    .tuple(fc.array(fc.tuple(space, requirement, space), { maxLength: 6 }), fc.boolean(), space)
    .map(([items, comma, end]) => `[${items.map((parts) => parts.join('')).join(',')}${comma && items.length ? ',' : ''}${end}]`);
  const value = fc.constantFrom(
    '"^1"',
    '"2.0"',
    '{ version = "~1", extras = ["x"] }',
    '{ extras = ["y"] }',
    '{}',
    '{ git = "https://g.example/x" }',
    '">=1 || ^3"',
    '"*"',
    '[{ version = "^1" }, { version = "^2", optional = true }]',
  );
  const table = fc
    .tuple(
      fc.uniqueArray(fc.constantFrom('g', 'h', '"i"', 'j.k'), { selector: (name) => name }),
      fc.array(value, { minLength: 4, maxLength: 4 }),
      fc.array(space, { minLength: 4, maxLength: 4 }),
    )
    .map(([names, values, spaces]) =>
      names
        .map(
          (name, at) =>
            `${spaces[at]!.includes('\n') ? '# note\n' : ''}${name === 'j.k' ? 'j.version = "^1"\nj.extras = ["z"]' : `${name} = ${values[at]!}`}\n`,
        )
        .join(''),
    );
  const file = fc
    .tuple(array, array, table, table, fc.boolean())
    .map(([first, second, third, fourth, sections]) =>
      [
        `[project]\ndependencies = ${first}\n`,
        `[dependency-groups]\ndev = ${second} # behind\n`,
        `[tool.poetry.dependencies]\n${third}`,
        ...(sections
          ? [
              '[tool.poetry.dependencies.own]\nversion = "^1"\n\n[[tool.poetry.dependencies.list]]\nversion = "1"\n[[tool.poetry.dependencies.list]]\n\n',
            ]
          : []),
        `[tool.poetry.group.x.dependencies]\n${fourth}`,
      ].join(''),
    );

  it('in made-up files', () => {
    let count = 0;
    fc.assert(
      fc.property(file, (text) => {
        count += checkOthersStay(text);
      }),
      { numRuns: 150 },
    );
    assert.ok(count > 1000, `${count}`);
  });
});

describeCorpus('pyproject.toml edits leave every other declaration as it was', () => {
  it('in real files', () => {
    const { files } = corpusJson<{ files: Record<string, { kind: string }> }>('manifests/oracle.json');
    let count = 0;
    for (const [file, { kind }] of Object.entries(files)) {
      if (kind !== 'pyproject.toml') continue;
      const text = corpusText(`manifests/${file}`);
      // Each edit reads the file again, so the largest files would take most of the time.
      if (text.length < 3_000) count += checkOthersStay(text);
    }
    assert.ok(count > 1000, `${count}`);
  });
});
