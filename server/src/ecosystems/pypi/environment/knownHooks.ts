import { isVirtualenvPatch } from './virtualenvPatch';

// The start-up hooks that tools are known to put into site-packages. Each is known by its name and by its content: a name that
// is known with foreign content is not known, and neither is a content that one of these lines merely resembles.

export interface HookSurroundings {
  /** The text of a file beside the hook; `undefined` where there is none that can be read. */
  beside(name: string): string | undefined;
  /** The distribution whose RECORD lists a file beside the hook; `''` where none does. */
  ownerOf(name: string): string;
}

interface KnownHook {
  readonly tool: string;
  readonly name: RegExp;
  /** Every line that runs must be one of these. */
  readonly lines: readonly RegExp[];
  /** What else must hold, since the line only starts it. */
  readonly also?: (line: RegExpExecArray, around: HookSurroundings) => boolean;
}

const word = String.raw`[A-Za-z_]\w*`;
const dotted = String.raw`[\w.-]+`;
const tupleOfNames = String.raw`\((?:'${dotted}', ?)*'${dotted}',?\)`;
const statement = String.raw` ?; ?`;

/** setuptools, namespaces.py: one line a namespace package; each statement as one of its releases wrote it. */
const namespaceStatements = [
  `import sys, ?types, ?os`,
  String.raw`has_mfs = sys\.version_info > \(3, 5\)`,
  String.raw`p = os\.path\.join\(sys\._getframe\(1\)\.f_locals\['sitedir'\], \*${tupleOfNames}\)`,
  String.raw`importlib = (?:has_mfs and )?__import__\('importlib\.util'\)`,
  String.raw`(?:has_mfs and )?__import__\('importlib\.machinery'\)`,
  String.raw`m = (?:has_mfs and )?sys\.modules\.setdefault\('${dotted}', importlib\.util\.module_from_spec\(importlib\.machinery\.PathFinder\.find_spec\('${dotted}', \[os\.path\.dirname\(p\)\]\)\)\)`,
  String.raw`m = m or sys\.modules\.setdefault\('${dotted}', ?types\.ModuleType\('${dotted}'\)\)`,
  String.raw`ie = os\.path\.exists\(os\.path\.join\(p, ?'__init__\.py'\)\)`,
  String.raw`m = not ie and sys\.modules\.setdefault\('${dotted}', ?types\.ModuleType\('${dotted}'\)\)`,
  String.raw`mp = \(m or \[\]\) and m\.__dict__\.setdefault\('__path__', ?\[\]\)`,
  String.raw`\(p not in mp\) and mp\.append\(p\)`,
  String.raw`m and setattr\(sys\.modules\['${dotted}'\], '${dotted}', m\)`,
].join('|');
const namespaceLine = new RegExp(`^(?:${namespaceStatements})(?:${statement}(?:${namespaceStatements}))*;?$`);

const known: readonly KnownHook[] = [
  {
    tool: 'setuptools',
    name: /^distutils-precedence\.pth$/,
    lines: [
      /^import os; var = 'SETUPTOOLS_USE_DISTUTILS'; enabled = os\.environ\.get\(var, '(?:local|stdlib)'\) == 'local'; enabled and __import__\('_distutils_hack'\)(?:\.add_shim\(\))?;?$/,
    ],
    also: (_, { ownerOf }) => ownerOf('_distutils_hack/__init__.py') === 'setuptools',
  },
  { tool: 'setuptools', name: /-nspkg\.pth$/, lines: [namespaceLine] },
  {
    tool: 'setuptools',
    name: /^(?:easy-install|setuptools|_virtualenv_path_extensions)\.pth$/,
    lines: [
      /^import sys; ?sys\.__plen = len\(sys\.path\)$/,
      /^import sys; ?new ?= ?sys\.path\[sys\.__plen:\]; ?del sys\.path\[sys\.__plen:\]; ?p ?= ?getattr\(sys, ?'__egginsert', ?0\); ?sys\.path\[p:p\] ?= ?new; ?sys\.__egginsert ?= ?p ?\+ ?len\(new\)$/,
    ],
  },
  {
    tool: 'an editable install',
    name: /^__editable__\..+\.pth$/,
    lines: [new RegExp(`^import (__editable__${word}_finder); ?(__editable__${word}_finder)\\.install\\(\\)$`)],
    also: ([, imported, called], { ownerOf }) => imported === called && ownerOf(`${imported}.py`) !== '',
  },
  {
    tool: 'an editable install',
    name: /^(?:_editable_impl_|_editable_skbc_|_)?[\w.-]+\.pth$/,
    lines: [/^import (_editable_impl_\w+|_editable_skbc_\w+|_\w+_editable_loader|__editables_\w+)$/],
    also: ([, imported], { ownerOf }) => ownerOf(`${imported}.py`) !== '',
  },
  {
    tool: 'virtualenv',
    name: /^_virtualenv\.pth$/,
    lines: [/^import _virtualenv$/],
    also: (_, { beside }) => isVirtualenvPatch(beside('_virtualenv.py') ?? 'x'),
  },
  {
    tool: 'coverage',
    name: /^a1_coverage\.pth$/,
    lines: [
      // The condition and the names that process_startup takes have changed; nothing else has.
      /^import sys; ?exec\((['"])(?:import os\\n|\\n|if os\.getenv\("COVERAGE_PROCESS_START"\)(?: or os\.getenv\("COVERAGE_PROCESS_CONFIG"\))?:\\n| ?try:\\n| *import coverage\\n| ?except(?: ImportError)?:\\n| *pass\\n| ?else:\\n)+ *coverage\.process_startup\((?:slug="pth")?\)(?:\\n)?\1\)$/,
      /^import coverage; ?coverage\.process_startup\(\)$/,
    ],
    also: (_, { ownerOf }) => ownerOf('coverage/__init__.py') === 'coverage',
  },
  {
    tool: 'pytest-cov',
    name: /^(?:pytest-cov|init_cov_core)\.pth$/,
    lines: [
      /^import os, sys; ?exec\('if "COV_CORE_SOURCE" in os\.environ:\\n {4}try:\\n {8}from pytest_cov\.embed import init\\n {8}init\(\)\\n {4}except (?:Exception as exc|ImportError):\\n {8}(?:sys\.stderr\.write\(\\n? *"pytest-cov: Failed to setup subprocess coverage\. "\\n? *"Environ: \{0!r\} "\\n? *"Exception: \{1!r\}\\+n"\.format\(\\n? *dict\(\(k, v\) for k, v in os\.environ\.items\(\) if k\.startswith\("COV_CORE"\)\),\\n? *exc\\n? *\)\\n? *\)|pass)\\n'\)$/,
      /^import os; ?os\.environ\.get\('COV_CORE_SOURCE'\) and __import__\('pytest_cov\.embed'\)\.embed\.init\(\)$/,
    ],
    also: (_, { ownerOf }) => ownerOf('pytest_cov/embed.py') === 'pytest-cov',
  },
  {
    tool: 'pywin32',
    name: /^pywin32\.pth$/,
    lines: [/^import pywin32_bootstrap$/],
    also: (_, { ownerOf }) => [`pywin32_bootstrap.py`, `win32/lib/pywin32_bootstrap.py`].some((module) => ownerOf(module) === 'pywin32'),
  },
];

/** The tool whose hook a `.pth` file is, by its name and by each line that runs; `undefined` where none is known. */
export function knownHook(name: string, lines: readonly string[], around: HookSurroundings): string | undefined {
  const hook = known.find(
    (candidate) =>
      candidate.name.test(name) &&
      lines.every((line) => {
        // Two kilobytes hold any line of these; a longer one is none, and no pattern is tried on it.
        const match = line.length > 2048 ? null : firstMatch(candidate.lines, line.trimEnd());
        return match !== null && (candidate.also?.(match, around) ?? true);
      }),
  );
  return hook?.tool;
}

function firstMatch(patterns: readonly RegExp[], line: string): RegExpExecArray | null {
  for (const pattern of patterns) {
    const match = pattern.exec(line);
    if (match) return match;
  }
  return null;
}
