import assert from 'node:assert/strict';
import fc from 'fast-check';
import { knownHook, type HookSurroundings } from '../../../../server/src/ecosystems/pypi/environment/knownHooks';
import { isVirtualenvPatch } from '../../../../server/src/ecosystems/pypi/environment/virtualenvPatch';

/** Everything is where its own tool puts it. */
const owners: Readonly<Record<string, string>> = {
  '_distutils_hack/__init__.py': 'setuptools',
  'coverage/__init__.py': 'coverage',
  'pytest_cov/embed.py': 'pytest-cov',
  '__editable___mine_1_0_finder.py': 'mine',
  '_editable_impl_mine.py': 'mine',
  'pywin32_bootstrap.py': 'pywin32',
};
const around: HookSurroundings = { ownerOf: (name) => owners[name] ?? '', beside: () => undefined };
const nowhere: HookSurroundings = { ownerOf: () => '', beside: () => undefined };

const distutils = (value: string, tail = '') =>
  `import os; var = 'SETUPTOOLS_USE_DISTUTILS'; enabled = os.environ.get(var, '${value}') == 'local'; enabled and __import__('_distutils_hack').add_shim();${tail}`;
const namespace =
  "import sys, types, os;has_mfs = sys.version_info > (3, 5);p = os.path.join(sys._getframe(1).f_locals['sitedir'], *('made', 'up'));importlib = has_mfs and __import__('importlib.util');has_mfs and __import__('importlib.machinery');m = has_mfs and sys.modules.setdefault('made.up', importlib.util.module_from_spec(importlib.machinery.PathFinder.find_spec('made.up', [os.path.dirname(p)])));m = m or sys.modules.setdefault('made.up', types.ModuleType('made.up'));mp = (m or []) and m.__dict__.setdefault('__path__',[]);(p not in mp) and mp.append(p);m and setattr(sys.modules['made'], 'up', m)";
const coverage = `import sys; exec('import os\\n\\nif os.getenv("COVERAGE_PROCESS_START") or os.getenv("COVERAGE_PROCESS_CONFIG"):\\n try:\\n  import coverage\\n except:\\n  pass\\n else:\\n  coverage.process_startup(slug="pth")')`;

const known: readonly (readonly [tool: string, name: string, line: string])[] = [
  ['setuptools', 'distutils-precedence.pth', distutils('local', ' ')],
  ['setuptools', 'distutils-precedence.pth', distutils('stdlib')],
  ['setuptools', 'made.up-1.0-py3.9-nspkg.pth', namespace],
  ['setuptools', 'easy-install.pth', 'import sys; sys.__plen = len(sys.path)'],
  ['coverage', 'a1_coverage.pth', coverage],
  ['an editable install', '__editable__.mine-1.0.pth', 'import __editable___mine_1_0_finder; __editable___mine_1_0_finder.install()'],
  ['an editable install', '_editable_impl_mine.pth', 'import _editable_impl_mine'],
  ['pywin32', 'pywin32.pth', 'import pywin32_bootstrap'],
];

describe('known start-up hooks', () => {
  for (const [tool, name, line] of known) {
    it(`knows ${name} of ${tool}`, () => assert.equal(knownHook(name, [line], around), tool));
    it(`does not know ${name} with foreign content`, () => {
      for (const foreign of [`${line}; import evil`, `import evil; ${line}`, `import evil`, line.replace(/^import /, 'import evil, ')])
        assert.equal(knownHook(name, [foreign], around), undefined, foreign);
      assert.equal(knownHook(name, [line, 'import evil'], around), undefined);
    });
    it(`does not know the content of ${name} under another name`, () => assert.equal(knownHook('other.txt', [line], around), undefined));
  }

  it('does not know an editable hook that installs another module than it imports', () => {
    const both: HookSurroundings = { ...around, ownerOf: (name) => (name.startsWith('__editable__') ? 'mine' : '') };
    const line = 'import __editable___mine_1_0_finder; __editable___evil_1_0_finder.install()';
    assert.equal(knownHook('__editable__.mine-1.0.pth', [line], both), undefined);
  });

  it('does not know a hook whose module is not the tool’s own', () => {
    for (const name of ['distutils-precedence.pth', 'a1_coverage.pth', '__editable__.mine-1.0.pth', 'pywin32.pth']) {
      const [, , line] = known.find(([, other]) => other === name)!;
      assert.equal(knownHook(name, [line], nowhere), undefined, name);
    }
  });

  it('tries no pattern on a line that is too long for any', () => {
    assert.equal(knownHook('x-nspkg.pth', [`${namespace};${' '.repeat(100_000)}`], around), undefined);
  });
});

describe('the patch of virtualenv', () => {
  const patch = `"""Patches that are applied at runtime to the virtual environment."""

from __future__ import annotations
import os
import sys

VIRTUALENV_PATCH_FILE = os.path.join(__file__)


def patch_dist(dist):
    """Words of any kind: exec, socket, 'quotes'."""
    old_parse_config_files = dist.Distribution.parse_config_files

    def parse_config_files(self, *args, **kwargs):  # any comment: import socket
        result = old_parse_config_files(self, *args, **kwargs)
        install = self.get_option_dict("install")
        for base in ("purelib", 'platlib'):
            key = f"install_{base}"
            if key in install:
                install.pop(key, None)
        return result

    dist.Distribution.parse_config_files = parse_config_files


class _Finder:
    lock = []

    @staticmethod
    def exec_module(old, module):
        old(module)


sys.meta_path.insert(0, _Finder())
`;
  const withPatch: HookSurroundings = { ownerOf: () => '', beside: (name) => (name === '_virtualenv.py' ? patch : undefined) };

  it('is known with its hook', () => {
    assert.ok(isVirtualenvPatch(patch));
    assert.ok(isVirtualenvPatch(patch.replaceAll('\n', '\r\n')));
    assert.equal(knownHook('_virtualenv.pth', ['import _virtualenv'], withPatch), 'virtualenv');
  });

  it('is not known with anything that reaches beyond', () => {
    for (const line of [
      'os.system("id")',
      'import socket',
      'exec("1")',
      'getattr(os, "system")',
      'getattr(sys, "modules")',
      '__import__(old)',
      'open(__file__)',
      'old("""import os""")',
      'key = "\\x65xec"',
      '@old',
      'x = b"aGk="',
      'ｅｘｅｃ(old)',
    ])
      assert.ok(!isVirtualenvPatch(`${patch}\n${line}\n`), line);
  });

  it('is not known when it is gone', () => assert.equal(knownHook('_virtualenv.pth', ['import _virtualenv'], nowhere), undefined));

  it('never throws', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom('"', "'", '"""', '#', '\n', ' ', 'os', 'f', '\\', '(', '.', '🦅', '\0')), (parts) => {
        isVirtualenvPatch(parts.join(''));
      }),
      { numRuns: 1000 },
    );
  });
});
