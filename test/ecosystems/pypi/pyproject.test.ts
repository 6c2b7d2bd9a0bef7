import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { Declaration } from '../../../server/src/core/declaration';
import { textAt } from '../../../server/src/core/span';
import { pyproject } from '../../../server/src/ecosystems/pypi/pyproject';

const read = (text: string) => pyproject.read(text, { path: 'pyproject.toml', companions: [] });

/** `section: name[extras] specifier -> source (group)`, with what else is said. */
function shown(declaration: Declaration): string {
  const { section, writtenName, extras, specifier, source, group, marker, boundIndex } = declaration;
  const from =
    source.kind === 'registry'
      ? source.range
      : `${source.kind} ${'url' in source ? source.url : source.path}${'revision' in source ? ` @ ${source.revision}` : ''}`;
  return [
    `${section}: ${writtenName}${extras.length ? `[${extras.join()}]` : ''} ${specifier} -> ${from} (${group})`,
    ...(marker === undefined ? [] : [`; ${marker}`]),
    ...(boundIndex === undefined ? [] : [`from ${boundIndex}`]),
  ].join(' ');
}

function check(text: string, expected: readonly string[], problems: readonly string[] = []): void {
  for (const twin of [text, text.replaceAll('\n', '\r\n'), `\uFEFF${text}`]) {
    const manifest = read(twin);
    assert.deepEqual(manifest.declarations.map(shown), expected);
    assert.deepEqual(
      manifest.problems.map(({ kind, span }) => `${kind} ${textAt(twin, span)}`),
      problems,
    );
    for (const { spans, writtenName, specifier } of manifest.declarations) {
      assert.equal(spans.name ? textAt(twin, spans.name) : '', writtenName);
      assert.equal(spans.range ? textAt(twin, spans.range) : '', specifier);
    }
  }
}

describe('pyproject.toml: standard tables', () => {
  it('are read, and nothing else is', () => {
    check(
      `
[build-system]
requires = ["hatchling>=1"]
build-backend = "hatchling.build"
[project]
name = "own"
version = "1"
requires-python = ">=3.9"
dynamic = ["readme"]
classifiers = ["Framework :: torch"]
keywords = ["torch"]
dependencies = [
  "Torch_X[cuda, y] (>=2.0, <3) ; python_version < '3.12'", # note
  'plain',
  "pkg @ https://files.example/pkg-1.0-py3-none-any.whl#sha256=00",
  "repo@git+https://git.example/repo@v1",
]
[project.optional-dependencies]
All_Extras = ["own[a]"]
[project.scripts]
run = "own:main"
[dependency-groups]
Dev = ["ruff~=0.5", {include-group = "typing_x"}]
typing-x = ["mypy"]
[tool.pytest.ini_options]
dependencies = ["no"]
required_plugins = ["pytest-no"]
`,
      [
        'build-system.requires: hatchling >=1 -> >=1 (build)',
        "project.dependencies: Torch_X[cuda,y] >=2.0, <3 -> >=2.0, <3 (runtime) ; python_version < '3.12'",
        'project.dependencies: plain  ->  (runtime)',
        'project.dependencies: pkg  -> url https://files.example/pkg-1.0-py3-none-any.whl#sha256=00 (runtime)',
        'project.dependencies: repo  -> git git+https://git.example/repo @ v1 (runtime)',
        'project.optional-dependencies.All_Extras: own[a]  ->  (optional)',
        'dependency-groups.Dev: ruff ~=0.5 -> ~=0.5 (dev)',
        'dependency-groups.typing-x: mypy  ->  (dev)',
      ],
    );
  });

  it('may be written in other forms of TOML', () => {
    check('project = { dependencies = ["a>=1"], optional-dependencies.x = ["b"] }\n', [
      'project.dependencies: a >=1 -> >=1 (runtime)',
      'project.optional-dependencies.x: b  ->  (optional)',
    ]);
    check('project.dependencies = ["a"]\n"build-system".\'requires\' = [\'b\']\n', [
      'project.dependencies: a  ->  (runtime)',
      'build-system.requires: b  ->  (build)',
    ]);
  });

  it('name the whole requirement as the entry, between its quotes', () => {
    const text = 'project.dependencies = ["a >=1 ; os_name == \'x\'"]\n';
    assert.deepEqual(
      read(text).declarations.map(({ spans }) => textAt(text, spans.entry)),
      ["a >=1 ; os_name == 'x'"],
    );
  });

  it('with escapes in a string are read and frozen', () => {
    const text = 'project.dependencies = ["a>=1; python_version < \\"3.9\\"", "b\\u003e=2"]\n';
    check(text, [
      'project.dependencies: a >=1 -> >=1 (runtime) ; python_version < "3.9"',
      'project.dependencies: b \\u003e=2 -> >=2 (runtime)',
    ]);
    assert.ok(read(text).declarations.every(({ frozen }) => frozen !== undefined));
  });

  it('with faults keep what is right', () => {
    check(
      'project.dependencies = ["a=1", "", 7, "b"]\nbuild-system.requires = "c"\nproject.optional-dependencies.x = [{ d = "1" }]\n',
      ['project.dependencies: b  ->  (runtime)'],
      ['invalid =1', 'invalid ""', 'invalid 7', 'invalid "c"', 'invalid { d = "1" }'],
    );
  });

  it('with groups that include nothing, themselves or each other', () => {
    check(
      `[dependency-groups]
a = [{include-group = "B"}, "x"]
b = [{include-group = "c"}]
c = [{include-group = "a"}, {include-group = "nowhere"}, {include-group = ""}, {other = 1}]
d = [{include-group = "d"}]
D = []
`,
      ['dependency-groups.a: x  ->  (dev)'],
      ['invalid a', 'invalid nowhere', 'invalid ""', 'invalid {other = 1}', 'invalid d', 'invalid D'],
    );
  });

  it('with a chain of ten thousand groups', () => {
    const chain = Array.from({ length: 10_000 }, (_, index) => `g${index} = [{include-group = "g${index + 1}"}]`);
    assert.deepEqual(read(`[dependency-groups]\n${chain.join('\n')}\ng10000 = []\n`).problems, []);
  });
});

describe('pyproject.toml: uv', () => {
  it('lists', () => {
    check(
      `[tool.uv]
dev-dependencies = ["a"]
override-dependencies = ["b==1"]
constraint-dependencies = ["c<2"]
build-constraint-dependencies = ["not-read"]
environments = ["sys_platform == 'linux'"]
default-groups = ["dev"]
`,
      [
        'tool.uv.dev-dependencies: a  ->  (dev)',
        'tool.uv.override-dependencies: b ==1 -> ==1 (override)',
        'tool.uv.constraint-dependencies: c <2 -> <2 (constraint)',
      ],
    );
  });

  it('sources make an entry what their row says', () => {
    check(
      `[project]
dependencies = ["Index_X>=1", "git-x>=2", "url-x", "path-x", "member>=3", "public", "own @ https://files.example/own.whl"]
[tool.uv.sources]
index-x = { index = "corp" }
Git_X = { git = "https://git.example/x", tag = "v1" }
url-x = { url = "https://files.example/x.whl" }
path-x = { path = "../x", editable = true }
member = { workspace = true }
public = { index = "mirror" }
own = { index = "corp" }
[[tool.uv.index]]
name = "corp"
url = "https://corp.example/simple"
explicit = true
[[tool.uv.index]]
name = "mirror"
url = "https://pypi.org/simple"
`,
      [
        'project.dependencies: Index_X >=1 -> >=1 (runtime) from corp',
        'project.dependencies: git-x  -> git https://git.example/x @ v1 (runtime)',
        'project.dependencies: url-x  -> url https://files.example/x.whl (runtime)',
        'project.dependencies: path-x  -> path ../x (runtime)',
        'project.dependencies: member >=3 -> workspace  (runtime)',
        'project.dependencies: public  ->  (runtime)',
        'project.dependencies: own  -> url https://files.example/own.whl (runtime)',
      ],
    );
  });

  it('an index that is PyPI by its host alone', () => {
    const boundTo = (url: string) =>
      read(`[project]
dependencies = ["x"]
[tool.uv.sources]
x = { index = "i" }
[[tool.uv.index]]
name = "i"
url = "${url}"
`).declarations[0]!.boundIndex;
    for (const url of ['https://pypi.org/simple', 'https://PyPI.org:443/simple', 'http://u:p@pypi.org'])
      assert.equal(boundTo(url), undefined);
    for (const url of ['https://pypi.org:x@own.example/simple', 'https://pypi.org.example/', 'https://own.example/pypi.org/'])
      assert.equal(boundTo(url), 'i', url);
  });

  it('sources with conditions', () => {
    const text = `[project]
dependencies = ["torch", "mixed", "both"]
optional-dependencies.cpu = ["torch"]
[dependency-groups]
test = ["torch"]
[tool.uv.sources]
torch = [{ index = "cpu-index", extra = "cpu" }, { git = "https://git.example/torch", group = "test" }]
mixed = [{ git = "https://git.example/m", marker = "os_name == 'nt'" }, { index = "corp", marker = "os_name != 'nt'" }]
both = [{ index = "one", marker = "os_name == 'nt'" }, { index = "two" }]
`;
    check(text, [
      'project.dependencies: torch  ->  (runtime)',
      'project.dependencies: mixed  ->  (runtime) from corp',
      'project.dependencies: both  ->  (runtime) from one',
      'project.optional-dependencies.cpu: torch  ->  (optional) from cpu-index',
      'dependency-groups.test: torch  -> git https://git.example/torch (dev)',
    ]);
    assert.equal(read(text).declarations[1]!.notes.length, 2);
  });
});

describe('pyproject.toml: indexes', () => {
  it('of uv, Poetry and PDM', () => {
    const text = `[tool.uv]
index-url = "https://a.example"
extra-index-url = ["https://b.example"]
find-links = ["./wheels"]
no-index = true
[[tool.uv.index]]
name = "c"
url = "https://c.example"
explicit = true
[[tool.uv.index]]
url = "https://d.example"
default = true
[[tool.poetry.source]]
name = "e"
url = "https://e.example"
[[tool.poetry.source]]
name = "f"
url = "https://f.example"
priority = "supplemental"
[[tool.pdm.source]]
name = "pypi"
url = "https://g.example/simple"
verify_ssl = false
[[tool.pdm.source]]
name = "h"
url = "https://h.example/{x}"
type = "find_links"
`;
    const rows = read(text).indexes.map(({ kind, value, name, explicit, span }) => {
      assert.ok(kind === 'no-index' || kind === 'trusted-host' || textAt(text, span) === value);
      return [kind, value, name ?? '', explicit ? 'explicit' : ''].join(' ').trimEnd();
    });
    assert.deepEqual(rows, [
      'extra-index https://c.example c explicit',
      'index https://d.example',
      'index https://a.example',
      'extra-index https://b.example',
      'find-links ./wheels',
      'no-index',
      'index https://e.example e',
      'extra-index https://f.example f',
      'index https://g.example/simple pypi',
      'trusted-host g.example',
      'find-links https://h.example/{x} h',
    ]);
  });
});

describe('pyproject.toml: Poetry', () => {
  it('in every form of an entry', () => {
    check(
      `[tool.poetry.dependencies]
python = "^3.10"
string = "^1.2"
Bare_X = "1.2.3"
any = "*"
table = { version = "~2", extras = ["a", "b"], optional = true }
dotted.version = ">=3"
dotted.extras = ["c"]
"quoted.name" = '!=1.0'
git = { git = "https://git.example/x.git", branch = "main", rev = "abc" }
url = { url = "https://files.example/x.whl" }
path = { path = "../x", develop = true }
conditional = { version = "^4", python = "<3.11", platform = "linux", markers = "os_name == 'a' or os_name == 'b'" }
private = { version = "*", source = "corp" }
public = { version = "1", source = "PyPI" }
several = [
  { version = "^1", python = "<3.9" },
  { version = "^2 || ^3", python = ">=3.9" },
]
[tool.poetry.dependencies.sub]
version = "5.*"
optional = true
[[tool.poetry.dependencies.listed]]
version = "^6"
[[tool.poetry.dependencies.listed]]
path = "./x"
[tool.poetry.dev-dependencies]
old = "^7"
[tool.poetry.group.Test.dependencies]
pytest = ">=8 <9"
[tool.poetry.group.docs]
optional = true
dependencies = { sphinx = "*" }
[tool.poetry.extras]
a = ["table"]
[tool.poetry.requires-plugins]
no = "*"
`,
      [
        'tool.poetry.dependencies: string ^1.2 -> >=1.2,<2 (runtime)',
        'tool.poetry.dependencies: Bare_X 1.2.3 -> ==1.2.3 (runtime)',
        'tool.poetry.dependencies: any * ->  (runtime)',
        'tool.poetry.dependencies: table[a,b] ~2 -> >=2,<3 (optional)',
        'tool.poetry.dependencies: dotted[c] >=3 -> >=3 (runtime)',
        'tool.poetry.dependencies: quoted.name !=1.0 -> !=1.0 (runtime)',
        'tool.poetry.dependencies: git  -> git https://git.example/x.git @ abc (runtime)',
        'tool.poetry.dependencies: url  -> url https://files.example/x.whl (runtime)',
        'tool.poetry.dependencies: path  -> path ../x (runtime)',
        `tool.poetry.dependencies: conditional ^4 -> >=4,<5 (runtime) ; (os_name == 'a' or os_name == 'b') and python_version < "3.11" and sys_platform == "linux"`,
        'tool.poetry.dependencies: private * ->  (runtime) from corp',
        'tool.poetry.dependencies: public 1 -> ==1 (runtime)',
        'tool.poetry.dependencies: several ^1 -> >=1,<2 (runtime) ; python_version < "3.9"',
        'tool.poetry.dependencies: several ^2 || ^3 -> >=2,<3||>=3,<4 (runtime) ; python_version >= "3.9"',
        'tool.poetry.dependencies: sub 5.* -> ==5.* (optional)',
        'tool.poetry.dependencies: listed ^6 -> >=6,<7 (runtime)',
        'tool.poetry.dependencies: listed  -> path ./x (runtime)',
        'tool.poetry.dev-dependencies: old ^7 -> >=7,<8 (dev)',
        'tool.poetry.group.Test.dependencies: pytest >=8 <9 -> >=8,<9 (dev)',
        'tool.poetry.group.docs.dependencies: sphinx * ->  (dev)',
      ],
    );
  });

  it('adds where a package comes from to what [project] declares', () => {
    check(
      `[project]
dependencies = ["torch>=2", "other"]
[tool.poetry.dependencies]
torch = { source = "corp" }
alone = { source = "corp" }
other = "^1"
`,
      [
        'project.dependencies: torch >=2 -> >=2 (runtime) from corp',
        'project.dependencies: other  ->  (runtime)',
        'tool.poetry.dependencies: alone  ->  (runtime) from corp',
        'tool.poetry.dependencies: other ^1 -> >=1,<2 (runtime)',
      ],
    );
  });

  it('with faults keeps the names', () => {
    check(
      `[tool.poetry.dependencies]
a = "^^1"
b = ""
c = 1
"d e" = "1"
f = { version = 2 }
g = "esc\\u0061pe"
`,
      [
        'tool.poetry.dependencies: a ^^1 -> ^^1 (runtime)',
        'tool.poetry.dependencies: b  ->  (runtime)',
        'tool.poetry.dependencies: f  ->  (runtime)',
        'tool.poetry.dependencies: g esc\\u0061pe -> escape (runtime)',
      ],
      ['invalid ^^1', 'invalid ""', 'invalid 1', 'invalid "d e"', 'invalid 2', 'invalid esc\\u0061pe'],
    );
  });
});

describe('pyproject.toml: PDM and Hatch', () => {
  it('lists, overrides and environments', () => {
    check(
      `[tool.pdm.dev-dependencies]
test = ["pytest", "-e file:///\${PROJECT_ROOT}/sub#egg=sub_x", "-e ./nameless"]
[tool.pdm.resolution.overrides]
exact = "1.2.3"
range = ">=1,<2"
link = "https://files.example/x.whl"
bad = "what"
[tool.hatch.envs.default]
dependencies = ["a>=1", "b=={matrix:version}", "c @ {root:uri}/c"]
extra-dependencies = ["d"]
features = ["no"]
scripts.run = "no"
[[tool.hatch.envs.test.matrix]]
version = ["1"]
`,
      [
        'tool.pdm.dev-dependencies.test: pytest  ->  (dev)',
        'tool.pdm.dev-dependencies.test: sub_x  -> path file:///${PROJECT_ROOT}/sub (dev)',
        'tool.pdm.dev-dependencies.test:   -> path ./nameless (dev)',
        'tool.pdm.resolution.overrides: exact 1.2.3 -> ==1.2.3 (override)',
        'tool.pdm.resolution.overrides: range >=1,<2 -> >=1,<2 (override)',
        'tool.pdm.resolution.overrides: link  -> url https://files.example/x.whl (override)',
        'tool.pdm.resolution.overrides: bad what -> what (override)',
        'tool.hatch.envs.default.dependencies: a >=1 -> >=1 (dev)',
        'tool.hatch.envs.default.dependencies: b =={matrix:version} -> =={matrix:version} (dev)',
        'tool.hatch.envs.default.dependencies: c  -> path {root:uri}/c (dev)',
        'tool.hatch.envs.default.extra-dependencies: d  ->  (dev)',
      ],
      ['invalid "what"'],
    );
  });
});

describe('pyproject.toml while it is typed', () => {
  const base = (dependencies: string, rest = ''): string =>
    `[project]\nname = "own"\ndependencies = [\n${dependencies}\n]\n${rest}[dependency-groups]\ndev = ["last"]\n`;
  const cases: readonly (readonly [string, string, readonly string[]])[] = [
    ['a quote left open', base('  "a>=1",\n  "b>=1,\n  "c>=1",'), ['a', 'c', 'last']],
    ['a quote left open at the end', base('  "a",\n  "b'), ['a', 'last']],
    ['a comma missing', base('  "a"\n  "b"'), ['a', 'b', 'last']],
    ['a half-written specifier', base('  "a",\n  "b>=",\n  "c"'), ['a', 'c', 'last']],
    ['a half-written extra', base('  "a",\n  "b[x",\n  "c"'), ['a', 'c', 'last']],
    ['a half-written marker', base('  "a",\n  "b; python_version",\n  "c"'), ['a', 'c', 'last']],
    ['a half-written key', base('  "a"', 'optional-dep\n'), ['a', 'last']],
    ['a key without a value', base('  "a"', 'optional-dependencies =\n'), ['a', 'last']],
    ['a header half written', base('  "a"', '[tool.\n'), ['a', 'last']],
    ['an array left open', '[project]\ndependencies = [\n  "a",\n  "b",\n[dependency-groups]\ndev = ["last"]\n', ['a', 'b', 'last']],
    ['a string left open in Poetry', '[tool.poetry.dependencies]\na = "1"\nb = "^2\nc = "3"\n', ['a', 'c']],
    ['a table left open in Poetry', '[tool.poetry.dependencies]\na = "1"\nb = { version = "2\nc = "3"\n', ['a', 'c']],
    ['a name alone in Poetry', '[tool.poetry.dependencies]\na = "1"\ntor\nc = "3"\n', ['a', 'c']],
    ['a table twice', '[project]\ndependencies = ["a"]\n[project]\noptional-dependencies.x = ["b"]\n', ['a', 'b']],
    ['an array twice', '[project]\ndependencies = ["a"]\ndependencies = ["b"]\n', ['a', 'b']],
  ];
  for (const [title, text, names] of cases) {
    it(title, () => {
      for (const twin of [text, text.replaceAll('\n', '\r\n')]) {
        const { declarations, problems } = read(twin);
        assert.deepEqual(
          declarations.map(({ writtenName }) => writtenName),
          names,
        );
        assert.equal(problems.length, 1, JSON.stringify(problems));
      }
    });
  }

  it('as little is lost at each keystroke as can be', () => {
    // Typed from the first character to the last, a new line costs no other entry.
    const line = '  "litellm[proxy]>=1.80,<2 ; python_version >= \'3.9\'", # why';
    const around = ['before', 'after', 'last'];
    for (let length = 0; length <= line.length; length++) {
      const names = read(base(`  "before",\n${line.slice(0, length)}\n  "after",`)).declarations.map(({ writtenName }) => writtenName);
      assert.deepEqual(
        names.filter((name) => around.includes(name)),
        around,
        line.slice(0, length),
      );
    }
  });
});

describe('pyproject.toml: any text', () => {
  const fragment = fc.constantFrom(
    '[project]\n',
    'dependencies = [',
    '"a>=1"',
    "'b'",
    ']\n',
    ',',
    '[tool.poetry.dependencies]\n',
    'c = "^1"\n',
    'd = {version = "2", ',
    'extras = ["x"]',
    '}\n',

    '[dependency-groups]\n',
    'e = [',
    '{include-group = "e"}',
    '[tool.uv.sources]\n',
    'a = {index = "i"}\n',
    '[[tool.poetry.dependencies.f]]\n',
    'version = "1"\n',

    '"',
    "'",
    '"""',
    '\\u0041',
    '\n',
    '\r\n',
    '#',
    ' ',
    '=',
    '.',
    '😀',
    '\uFEFF',
    '[tool.pdm.resolution.overrides]\n',
    '__proto__ = "1"\n',
    '[tool.hatch.envs.x]\n',
  );
  const soup = fc.array(fragment, { maxLength: 30 }).map((parts) => parts.join(''));

  it('is read without a throw, with spans that hold what is claimed', () => {
    fc.assert(
      fc.property(soup, (text) => {
        const { declarations, problems } = read(text);
        for (const { span } of problems) assert.ok(0 <= span.start && span.start <= span.end && span.end <= text.length);
        for (const { spans, writtenName, specifier } of declarations) {
          assert.equal(spans.name ? textAt(text, spans.name) : '', writtenName);
          assert.equal(spans.range ? textAt(text, spans.range) : '', specifier);
          assert.ok(spans.entry.start < spans.entry.end && spans.entry.end <= text.length);
        }
      }),
      { numRuns: 1000 },
    );
  });

  it('is read alike with either line end', () => {
    fc.assert(
      fc.property(soup, (mixed) => {
        const text = mixed.replaceAll('\r\n', '\n');
        const names = (twin: string): string[] => read(twin).declarations.map((declaration) => shown(declaration).replaceAll('\r\n', '\n'));
        assert.deepEqual(names(text.replaceAll('\n', '\r\n')), names(text));
      }),
      { numRuns: 500 },
    );
  });
});

describe('pyproject.toml: overrides and constraints', () => {
  const followed = (text: string, above?: string) =>
    pyproject
      .read(text, { path: 'a/pyproject.toml', companions: above === undefined ? [] : [{ path: 'pyproject.toml', text: above }] })
      .declarations.filter(({ section }) => !section.includes('override') && !section.includes('constraint'))
      .map(({ writtenName, source, frozen, notes }) => [
        `${writtenName} ${source.kind === 'registry' ? source.range : source.kind}`,
        ...(frozen === undefined ? [] : [frozen]),
        ...notes,
      ]);
  const project = '[project]\ndependencies = ["a>=1", "b>=1", "c"]\n[build-system]\nrequires = ["a"]\n';

  it('decide on what they speak of, and the text says so', () => {
    assert.deepEqual(
      followed(
        `${project}[tool.uv]\noverride-dependencies = ["a==0.9", "c @ git+https://x.example/c"]\nconstraint-dependencies = ["b<2", "c<3"]\n`,
      ),
      [
        ['a ==0.9', 'tool.uv.override-dependencies decides on its version', 'tool.uv.override-dependencies replaces its range by ==0.9'],
        ['b >=1,<2', 'tool.uv.constraint-dependencies narrows it to <2'],
        [
          'c git',
          'tool.uv.override-dependencies decides on its version',
          'tool.uv.override-dependencies replaces its range by a git source',
        ],
        ['a '],
      ],
    );
    assert.deepEqual(followed(`${project}[tool.pdm.resolution.overrides]\na = "0.9"\n`)[0], [
      'a ==0.9',
      'tool.pdm.resolution.overrides decides on its version',
      'tool.pdm.resolution.overrides replaces its range by 0.9',
    ]);
  });

  it('change nothing under a marker, for another tool’s table, and in a member of a workspace, whose root alone is heard', () => {
    const uv = '[tool.uv]\noverride-dependencies = ["a==0.9"]\n';
    assert.deepEqual(followed(`${project}${uv.replace('0.9', "0.9 ; os_name == 'nt'")}`)[0], ['a >=1']);
    assert.deepEqual(followed(`[tool.hatch.envs.x]\ndependencies = ["a>=1"]\n${uv}`), [['a >=1']]);
    assert.deepEqual(followed(project + uv, '[tool.uv.workspace]\nmembers = ["a"]\n')[0], ['a >=1']);
    assert.deepEqual(followed(project + uv, '[tool.black]\n')[0]![0], 'a ==0.9');
  });

  it('leave the range as written to the edits', () => {
    const text = `${project}[tool.uv]\nconstraint-dependencies = ["b<2"]\n`;
    const manifest = read(text);
    const document = { path: 'pyproject.toml', text, companions: [], manifest };
    const [edit] = pyproject.edit.exclude(
      document,
      manifest.declarations.find(({ writtenName }) => writtenName === 'b')!,
      ['1.5'],
    )!;
    assert.equal(edit!.newText, '>=1,!=1.5');
  });
});
