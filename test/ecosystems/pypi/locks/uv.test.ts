import assert from 'node:assert/strict';
import { lockKindOf } from '../../../../server/src/ecosystems';
import { uv } from '../../../../server/src/ecosystems/pypi/locks/uv';
import { entryOf, places, problem, roots } from '../../../support/lockFacts';
import { edges, keys } from './facts';

const registry = 'source = { registry = "https://pypi.org/simple" }';

/** A workspace: an app that is a package, a member, a choice by marker, an extra, a group, other sources. */
const workspace = `version = 1
revision = 3
requires-python = ">=3.10"

[options]
exclude-newer = "2026-01-02T03:04:05Z"

[manifest]
members = [
    "app",
    "Tool.Kit",
]

[[package]]
name = "app"
version = "0.1.0"
source = { editable = "." }
dependencies = [
    { name = "numpy", version = "1.26.4", ${registry}, marker = "python_full_version < '3.12'" },
    { name = "numpy", version = "2.1.0", ${registry}, marker = "python_full_version >= '3.12'" },
    { name = "tool-kit" },
    { name = "uvicorn", extra = ["standard"] },
]

[package.optional-dependencies]
cli = [
    { name = "typer" },
]

[package.dev-dependencies]
dev = [
    { name = "fork" },
    { name = "tested" },
]

[package.metadata]
requires-dist = [
    { name = "never", marker = "sys_platform == 'beos'", specifier = ">=1" },
    { name = "numpy" },
    { name = "tool-kit", editable = "libs/tool" },
    { name = "typer", marker = "extra == 'cli'", specifier = ">=0.9,<1" },
    { name = "uvicorn", extras = ["standard"], specifier = ">=0.30" },
]
provides-extras = ["cli"]

[package.metadata.requires-dev]
dev = [
    { name = "fork", git = "https://git.example/fork" },
    { name = "tested", specifier = "~=1.0" },
]

[[package]]
name = "fork"
version = "3.0"
source = { git = "https://git.example/fork?tag=v3#0123456789abcdef0123456789abcdef01234567" }

[[package]]
name = "h11"
version = "0.16.0"
source = { registry = "https://me:secret@pypi.corp.example/simple" }

[[package]]
name = "local-dir"
version = "1.0"
source = { directory = "../elsewhere" }

[[package]]
name = "numpy"
version = "1.26.4"
${registry}
sdist = { url = "https://files.example/numpy-1.26.4.tar.gz", hash = "sha256:aa", size = 1, upload-time = "2024-02-05T23:48:50.5Z" }
wheels = [
    { url = "https://files.example/a.whl", hash = "sha256:bb", size = 1, upload-time = "2024-02-05T23:48:50.25Z" },
    { url = "https://files.example/b.whl", hash = "sha256:cc", size = 1, upload-time = "2024-02-06T00:00:00Z" },
]

[[package]]
name = "numpy"
version = "2.1.0"
${registry}
wheels = [
    { url = "https://files.example/c.whl", hash = "sha256:dd", size = 1, upload_time = "2024-08-18T00:00:00Z" },
]

[[package]]
name = "tested"
version = "1.0"
${registry}
dependencies = [
    { name = "h11" },
    { name = "wheel-only" },
]

[[package]]
name = "Tool.Kit"
source = { virtual = "libs/tool" }
dependencies = [
    { name = "h11" },
]

[package.metadata]
requires-dist = [{ name = "h11", specifier = "<1" }]

[[package]]
name = "typer"
version = "0.15.0"
${registry}

[[package]]
name = "uvicorn"
version = "0.34.0"
${registry}
dependencies = [
    { name = "h11" },
]

[package.optional-dependencies]
standard = [
    { name = "watchfiles" },
]

[[package]]
name = "watchfiles"
version = "1.0.0"
source = { url = "https://dl.example/watchfiles-1.0.0-py3-none-any.whl" }
wheels = [
    { url = "https://dl.example/watchfiles-1.0.0-py3-none-any.whl", hash = "sha256:ee" },
]

[[package]]
name = "wheel-only"
version = "1.0"
source = { path = "wheels/wheel_only-1.0-py3-none-any.whl" }
wheels = [
    { filename = "wheel_only-1.0-py3-none-any.whl", hash = "sha256:ff" },
]
`;

describe('uv.lock', () => {
  const lock = uv.read(workspace);

  it('says its version', () => {
    assert.equal(lock.format, 'uv.lock 1.3');
    assert.equal(lock.excludeNewer, '2026-01-02T03:04:05Z');
    assert.deepEqual(lock.problems, []);
  });

  it('holds every release, by its normalized name', () => {
    assert.deepEqual(keys(lock), [
      'app 0.1.0',
      'fork 3.0',
      'h11 0.16.0',
      'local-dir 1.0',
      'numpy 1.26.4',
      'numpy 2.1.0',
      'tested 1.0',
      'tool-kit',
      'typer 0.15.0',
      'uvicorn 0.34.0',
      'watchfiles 1.0.0',
      'wheel-only 1.0',
    ]);
  });

  it('knows the edges, of what a marker chooses between all, and those of extras', () => {
    assert.deepEqual(
      edges(lock).filter((edge) => !edge.endsWith('→')),
      [
        'app 0.1.0 → numpy 1.26.4, numpy 2.1.0, tool-kit, uvicorn 0.34.0, typer 0.15.0',
        'tested 1.0 → h11 0.16.0, wheel-only 1.0',
        'tool-kit → h11 0.16.0',
        'uvicorn 0.34.0 → h11 0.16.0, watchfiles 1.0.0',
      ],
    );
  });

  it('knows who asks, by folder, section and specifier', () => {
    assert.deepEqual(lock.importers, ['', 'libs/tool']);
    assert.deepEqual(roots(lock), [
      '. dependencies never >=1 =',
      '. dependencies numpy  = numpy 1.26.4, numpy 2.1.0',
      '. dependencies tool-kit ? = tool-kit',
      '. dependencies uvicorn >=0.30 = uvicorn 0.34.0',
      '. optional-dependencies.cli typer >=0.9,<1 = typer 0.15.0',
      '. dev-dependencies.dev fork ? = fork 3.0',
      '. dev-dependencies.dev tested ~=1.0 = tested 1.0',
      'libs/tool dependencies h11 <1 = h11 0.16.0',
    ]);
  });

  it('tells sources apart', () => {
    const sources = lock.packages.map(({ key, source, registry: from, own }) => [key, source, from ?? '-', own].join(' '));
    assert.deepEqual(sources, [
      'app 0.1.0 workspace - true',
      'fork 3.0 git https://git.example false',
      'h11 0.16.0 registry https://pypi.corp.example/simple false',
      'local-dir 1.0 path - false',
      'numpy 1.26.4 registry https://pypi.org/simple false',
      'numpy 2.1.0 registry https://pypi.org/simple false',
      'tested 1.0 registry https://pypi.org/simple false',
      'tool-kit workspace - true',
      'typer 0.15.0 registry https://pypi.org/simple false',
      'uvicorn 0.34.0 registry https://pypi.org/simple false',
      'watchfiles 1.0.0 url https://dl.example false',
      'wheel-only 1.0 path - false',
    ]);
  });

  it('has hashes and the earliest upload', () => {
    const old = entryOf(lock, 'numpy 1.26.4');
    assert.deepEqual(old.hashes, ['sha256:aa', 'sha256:bb', 'sha256:cc']);
    assert.equal(old.uploadedAt?.toISOString(), '2024-02-05T23:48:50.250Z');
    assert.equal(entryOf(lock, 'numpy 2.1.0').uploadedAt?.toISOString(), '2024-08-18T00:00:00.000Z');
    assert.equal(entryOf(lock, 'watchfiles 1.0.0').uploadedAt, undefined);
  });

  it('says what is for development or by an extra alone', () => {
    const flagged = (flag: 'dev' | 'optional') => lock.packages.filter((one) => one[flag]).map(({ key }) => key);
    assert.deepEqual(flagged('dev'), ['fork 3.0', 'tested 1.0', 'wheel-only 1.0']);
    assert.deepEqual(flagged('optional'), ['typer 0.15.0']);
  });

  it('finds the name of each entry', () => {
    assert.deepEqual(places(uv, workspace), [
      '15:app',
      '53:fork',
      '58:h11',
      '63:local-dir',
      '68:numpy',
      '78:numpy',
      '86:tested',
      '95:Tool.Kit',
      '105:typer',
      '110:uvicorn',
      '123:watchfiles',
      '131:wheel-only',
    ]);
    assert.deepEqual(places(uv, workspace.replaceAll('\n', '\r\n')), places(uv, workspace));
  });

  it('is not misled by a text that looks like a header, and reads other layouts', () => {
    const odd = `version = 1\nnote = """\n[[package]]\nname = "b"\nversion = "1"\n"""\n[[ package ]]\nversion = "1"\n"name" = 'b'\nsource.virtual = "."\n`;
    assert.deepEqual(places(uv, odd), ['9:b']);
    assert.deepEqual(places(uv, 'version = 1\npackage = [{ version = "1", name = "b" }, { name = "c", version = "2" }]'), ['2:b', '2:c']);
    assert.deepEqual(places(uv, `version = 1\n[[distribution]]\nname = "b"\nversion = "1"\n${registry}\n`), ['3:b']);
  });

  it('tells one release of two indexes apart', () => {
    const twice = (url: string) => `[[package]]\nname = "torch"\nversion = "2.5.1"\nsource = { registry = "${url}" }\n\n`;
    const text = `version = 1\n[[package]]\nname = "app"\nsource = { virtual = "." }\ndependencies = [{ name = "torch", version = "2.5.1", source = { registry = "https://b.example" }, marker = "x" }]\n\n${twice('https://a.example')}${twice('https://b.example')}`;
    assert.deepEqual(edges(uv.read(text)), ['app → torch 2.5.1 #2', 'torch 2.5.1 →', 'torch 2.5.1 #2 →']);
    assert.deepEqual(places(uv, text), ['3:app', '8:torch', '13:torch']);
  });

  it('takes of several releases the one that is named', () => {
    const text = workspace.replace(
      '    { name = "h11" },\n    { name = "wheel-only" },',
      '    { name = "numpy", version = "2.1.0" },\n    { name = "wheel-only" },',
    );
    assert.ok(edges(uv.read(text)).includes('tested 1.0 → numpy 2.1.0, wheel-only 1.0'));
  });

  it("says that a member's extra is optional although the member is not", () => {
    const text = workspace.replace(
      '[package.metadata]\nrequires-dist = [{ name = "h11"',
      '[package.optional-dependencies]\nextra = [{ name = "local-dir" }]\n\n$&',
    );
    assert.equal(entryOf(uv.read(text), 'local-dir 1.0').optional, true);
    assert.deepEqual(
      edges(uv.read(text)).filter((edge) => edge.startsWith('tool-kit')),
      ['tool-kit → h11 0.16.0, local-dir 1.0'],
    );
  });

  it('reads a root that is no package', () => {
    const text = `version = 1\nrevision = 2\n[manifest]\nmembers = ["m"]\n[manifest.dependency-groups]\nlint = [{ name = "ruff", specifier = ">=0.9" }]\n[[package]]\nname = "m"\nversion = "1"\nsource = { directory = "packages/m" }\n[[package]]\nname = "ruff"\nversion = "0.9.1"\n${registry}\n`;
    const read = uv.read(text);
    assert.deepEqual(read.importers, ['', 'packages/m']);
    assert.deepEqual(roots(read), ['. dev-dependencies.lint ruff >=0.9 = ruff 0.9.1']);
    assert.equal(entryOf(read, 'ruff 0.9.1').dev, true);
    assert.equal(entryOf(read, 'm 1').own, true);
  });

  it('matches uv.lock alone', () => {
    for (const path of ['uv.lock', 'a/b/uv.lock']) assert.equal(lockKindOf(path)?.reader.id, 'uv', path);
    for (const path of ['a/my-uv.lock', 'uv.lock.bak']) assert.equal(lockKindOf(path), undefined, path);
  });

  describe('that cannot be read', () => {
    it('says so of a newer version, and reads what keeps the known form', () => {
      const newer = workspace.replace('version = 1\n', 'version = 2\n');
      assert.equal(problem(uv, newer), 'unreadable 1: uv.lock 2.3 is of a newer version than Merlon knows (1)');
      assert.equal(uv.read(newer).packages.length, 12);
    });

    it('names the line of a fault, and keeps what stands beside it', () => {
      const broken = workspace.replace('name = "fork"\nversion = "3.0"', 'name = "fork"\nversion = "3.0');
      assert.equal(problem(uv, broken), 'unreadable 54: uv.lock 1.3 cannot be read in full (line 54): this string lacks its closing quote');
      assert.deepEqual(
        keys(uv.read(broken)),
        keys(lock).filter((key) => key !== 'fork 3.0'),
      );
    });

    it('leaves out what is doubtful', () => {
      const version = 'name = "fork"\nversion = "3.0"';
      for (const doubtful of [`${version}5`, `${version}\nversion = "4.0"`, `${version} "`, version.replace('"fork"', '"fork"s')]) {
        const read = uv.read(workspace.replace(version, doubtful));
        assert.equal(read.problems.length, 1, doubtful);
        assert.deepEqual(
          keys(read),
          keys(lock).filter((key) => key !== 'fork 3.0'),
          doubtful,
        );
      }
    });

    it('misses the member whose entry is lost', () => {
      const text = `version = 1\n[manifest]\nmembers = ["app", "zeta"]\n[[package]]\nname = "app"\nversion = "1"\nsource = { virtual = "." }\n`;
      assert.match(problem(uv, text), /is cut off: it names zeta/);
    });

    it('leaves out what a merge conflict touches', () => {
      const ours = 'version = "0.16.0"';
      const conflict = workspace.replace(ours, `<<<<<<< HEAD\n${ours}\n=======\nversion = "0.14.0"\n>>>>>>> other`);
      assert.equal(problem(uv, conflict), 'unreadable 59: uv.lock 1.3 cannot be read in full (line 59): a merge conflict was left in it');
      assert.deepEqual(
        keys(uv.read(conflict)),
        keys(lock).filter((key) => !key.startsWith('h11')),
      );
    });

    it('notices every cut, and takes no cut version for a whole one', () => {
      const whole = new Set(keys(lock));
      // Behind the last entry's version nothing but its source and hashes can be lost.
      const end = workspace.lastIndexOf('source = ');
      for (let length = 0; length < end; length += 3) {
        const cut = uv.read(workspace.slice(0, length));
        assert.equal(cut.problems.length, 1, JSON.stringify(workspace.slice(0, length).slice(-60)));
        for (const key of keys(cut)) assert.ok(whole.has(key), key);
      }
    });

    it('takes nothing for an empty lock', () => {
      for (const text of ['', '\n', '{}', 'version = 1\n', '[[package]]\nname = "a"\n', '\u0000'])
        assert.match(problem(uv, text), /^unreadable/, text);
    });
  });
});
