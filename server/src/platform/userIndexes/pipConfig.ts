import os from 'node:os';
import path from 'node:path';
import { userFile } from './files';
import type { UserPlace } from './types';

/**
 * Where pip looks for its configuration ("Configuration" in its documentation), the weakest first: machine, user, environment (a venv),
 * and PIP_CONFIG_FILE, which takes the place of the user's own; the null device takes the place of all.
 */
export function pipFiles({ env, home, platform, etc }: UserPlace): readonly string[] {
  const named = env.PIP_CONFIG_FILE;
  if (named === os.devNull) return [];
  const namedExists = named !== undefined && named !== '' && userFile(named) !== undefined;
  const name = platform === 'win32' ? 'pip.ini' : 'pip.conf';
  const venv = env.VIRTUAL_ENV ? [path.join(env.VIRTUAL_ENV, name)] : [];
  return [
    ...machineFiles(env, platform, etc),
    ...(namedExists ? [] : usersFiles(env, home, platform)),
    ...venv,
    ...(namedExists ? [named] : []),
  ];
}

function machineFiles(env: NodeJS.ProcessEnv, platform: NodeJS.Platform, etc: string): readonly string[] {
  if (platform === 'win32') return [path.join(env.PROGRAMDATA ?? 'C:\\ProgramData', 'pip', 'pip.ini')];
  if (platform === 'darwin') return ['/Library/Application Support/pip/pip.conf'];
  const folders = (env.XDG_CONFIG_DIRS || path.join(etc, 'xdg')).split(':').filter((folder) => path.isAbsolute(folder));
  return [...folders.reverse().map((folder) => path.join(folder, 'pip', 'pip.conf')), path.join(etc, 'pip.conf')];
}

function usersFiles(env: NodeJS.ProcessEnv, home: string, platform: NodeJS.Platform): readonly string[] {
  if (platform === 'win32')
    return [path.join(home, 'pip', 'pip.ini'), path.join(env.APPDATA ?? path.join(home, 'AppData', 'Roaming'), 'pip', 'pip.ini')];
  const legacy = path.join(home, '.pip', 'pip.conf');
  const xdg = env.XDG_CONFIG_HOME && path.isAbsolute(env.XDG_CONFIG_HOME) ? env.XDG_CONFIG_HOME : path.join(home, '.config');
  const mac = path.join(home, 'Library', 'Application Support', 'pip', 'pip.conf');
  const own = platform === 'darwin' && userFile(mac) !== undefined ? mac : path.join(xdg, 'pip', 'pip.conf');
  return [legacy, own];
}

/**
 * What Python's configparser makes of a file, as far as pip looks at it: `[section]`, `key = value` or `key: value`, and indented
 * lines that go on with a value. Names are in small letters, `_` is `-`, and leading dashes are cut. No variables are filled in.
 */
export function pipSections(text: string): ReadonlyMap<string, ReadonlyMap<string, string>> {
  const sections = new Map<string, Map<string, string>>();
  let section: Map<string, string> | undefined;
  let key: string | undefined;
  for (const line of text.split(/\r\n|\n|\r/)) {
    const trimmed = line.trim();
    if (trimmed === '' || /^[#;]/.test(trimmed)) continue;
    const header = /^\[([^\]]+)\]/.exec(line)?.[1];
    if (header !== undefined) {
      section = sections.get(header) ?? new Map<string, string>();
      sections.set(header, section);
      key = undefined;
    } else if (/^\s/.test(line) && key !== undefined) {
      section?.set(key, `${section.get(key)}\n${trimmed}`);
    } else {
      const at = trimmed.search(/[=:]/);
      key = at < 0 ? undefined : trimmed.slice(0, at).trim().toLowerCase().replaceAll('_', '-').replace(/^--/, '');
      if (key !== undefined) section?.set(key, trimmed.slice(at + 1).trim());
    }
  }
  return sections;
}
