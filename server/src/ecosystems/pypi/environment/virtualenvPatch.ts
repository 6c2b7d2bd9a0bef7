// `_virtualenv.py`, which virtualenv and uv put into the environments they make, changes a little with every few releases,
// mostly in its comments; and no RECORD lists it. So it is judged by what it is made of: words and strings that the patch of
// distutils needs, and nothing with which a program could read a file, start a program or reach a host.

const words = new Set(
  `from import as if else try except finally with for in is not and or def class return pass None True False self staticmethod
  annotations __future__ typing TYPE_CHECKING types ModuleType collections abc Callable importlib machinery ModuleSpec util object str tuple
  list dict Any contextlib suppress NameError AttributeError os path join abspath sys prefix meta_path insert version_info
  __file__ __name__ VIRTUALENV_PATCH_FILE patch_dist dist Distribution parse_config_files old_parse_config_files args kwargs result
  install get_option_dict base key pop _DISTUTILS_PATCH distutils_patch _Finder fullname lock find_spec target len threading Lock
  append functools partial spec is_new_api hasattr func_name getattr setattr func old loader exec_module load_module module name
  _patch_spec imp`.split(/\s+/),
);
const strings = new Set([
  'install',
  'prefix',
  'purelib',
  'platlib',
  'headers',
  'scripts',
  'data',
  'install_{base}',
  'install_{}',
  'distutils.dist',
  'setuptools.dist',
  'exec_module',
  'load_module',
]);

/** Whether a module holds nothing but what the patch of virtualenv is made of. Linear, never throws. */
export function isVirtualenvPatch(text: string): boolean {
  // Longer than any release's by far.
  if (text.length > 20_000) return false;
  const token = /#[^\r\n]*|[rbuf]{0,2}("""|'''|"|')|[A-Za-z_]\w*|[^\w\s"'#]|\s+|\d+/giy;
  let leadsLine = true;
  while (token.lastIndex < text.length) {
    const match = token.exec(text);
    if (!match) return false;
    const quote = match[1];
    if (quote) {
      const start = token.lastIndex;
      const end = text.indexOf(quote, start);
      const content = text.slice(start, end);
      if (end < 0 || content.includes('\\') || (quote.length === 1 && /[\r\n]/.test(content))) return false;
      // A string that stands alone in three quotes is a comment to Python.
      if (!(strings.has(content) || (quote.length === 3 && leadsLine && standsAlone(text, end + quote.length)))) return false;
      token.lastIndex = end + quote.length;
    } else if (/[^\x00-\x7f]/.test(match[0]) && !match[0].startsWith('#')) {
      // Python takes full-width letters for plain ones.
      return false;
    } else if (/^[A-Za-z_]/.test(match[0]) && !words.has(match[0])) return false;
    else if (match[0] === '@' && !text.startsWith('staticmethod', token.lastIndex)) return false;
    leadsLine = /^\s*[\r\n]\s*$/.test(match[0]) || (leadsLine && match[0].startsWith('#'));
  }
  return true;
}

function standsAlone(text: string, end: number): boolean {
  return /^[ \t]*(?:#[^\r\n]*)?(?:\r?\n|$)/.test(text.slice(end, end + 300));
}
