import { isObject } from '../../core/isObject';
import path from 'node:path';
import defer * as toml from 'smol-toml';
import type { NamedIndex, ToolIndexes } from '../../core/indexes';
import type { Access } from '../access';
import { basic, userAddress } from './address';
import { textOf, userFile } from './files';
import type { ToolConfiguration, UserPlace } from './types';

// uv's configuration of this user ("Configuration files", "Environment variables" in its documentation): UV_… of the environment, then the
// user's uv.toml, then the machine's. UV_INDEX holds `address` or `name=address`, several with spaces between them.
// UV_INDEX_NAME_USERNAME and _PASSWORD belong to an index by its name; a project may give any index any name, so they are used for
// indexes alone that the user has set up.

export function readUv(place: UserPlace): ToolConfiguration {
  const { env } = place;
  const ways: Access[] = [];
  const index = (written: string, name?: string): NamedIndex | undefined => {
    const way = userAddress(written);
    if (!way) return undefined;
    const authorization = way.authorization ?? (name === undefined ? undefined : namedCredentials(env, name));
    ways.push({ ...way, ...(authorization !== undefined && { authorization }) });
    return { address: way.shown, ...(name !== undefined && { name }) };
  };
  const extra: NamedIndex[] = [];
  const add = (found: NamedIndex | undefined, more: Pick<NamedIndex, 'first' | 'explicit'> = {}) =>
    found && extra.push({ ...found, ...more });

  for (const word of words(env.UV_INDEX)) {
    const [, name, address] = /^([\w.-]+)=(.*)$/s.exec(word) ?? [undefined, undefined, word];
    add(index(address, name), { first: true });
  }
  for (const word of words(env.UV_EXTRA_INDEX_URL)) add(index(word), { first: true });
  const [named] = words(env.UV_DEFAULT_INDEX ?? env.UV_INDEX_URL);
  let main: NamedIndex | undefined;
  if (named !== undefined) {
    const [, name, address] = /^([\w.-]+)=(https?:.*)$/is.exec(named) ?? [undefined, undefined, named];
    const found = index(address, name);
    main = found && { ...found, first: true };
  }

  let strategy = env.UV_INDEX_STRATEGY;
  let noIndex = /^(?:1|true)$/i.test(env.UV_NO_INDEX ?? '');
  for (const table of uvTables(place)) {
    for (const one of Array.isArray(table.index) ? (table.index as unknown[]) : []) {
      if (!isObject(one)) continue;
      const found = index(textOf(one.url) ?? '', textOf(one.name));
      if (one.default === true) main ??= found;
      else add(found, one.explicit === true ? { explicit: true } : {});
    }
    const extras: unknown[] = Array.isArray(table['extra-index-url']) ? table['extra-index-url'] : [table['extra-index-url']];
    for (const one of extras) add(index(textOf(one) ?? ''));
    main ??= index(textOf(table['index-url']) ?? '');
    strategy ??= textOf(table['index-strategy']);
    noIndex ||= table['no-index'] === true;
  }
  const indexes: ToolIndexes = {
    ...(main && { main }),
    extra,
    ...(strategy !== undefined && { firstMatch: strategy === 'first-index' }),
    ...(noIndex && { noIndex }),
  };
  return { indexes, ways, credentials: [] };
}

function namedCredentials(env: NodeJS.ProcessEnv, name: string): string | undefined {
  const key = name.toUpperCase().replace(/[^A-Z0-9]/g, '_');
  const [username, password] = [env[`UV_INDEX_${key}_USERNAME`], env[`UV_INDEX_${key}_PASSWORD`]];
  return username === undefined && password === undefined ? undefined : basic(username ?? '', password ?? '');
}

/** The settings files, the strongest first, each with its `[pip]` table, which uv's pip interface reads besides. */
function uvTables({ env, home, platform, etc }: UserPlace): readonly Readonly<Record<string, unknown>>[] {
  if (/^(?:1|true)$/i.test(env.UV_NO_CONFIG ?? '')) return [];
  const users =
    platform === 'win32'
      ? [path.join(env.APPDATA ?? path.join(home, 'AppData', 'Roaming'), 'uv', 'uv.toml')]
      : [
          path.join(
            env.XDG_CONFIG_HOME && path.isAbsolute(env.XDG_CONFIG_HOME) ? env.XDG_CONFIG_HOME : path.join(home, '.config'),
            'uv',
            'uv.toml',
          ),
        ];
  const machine =
    platform === 'win32'
      ? [path.join(env.PROGRAMDATA ?? 'C:\\ProgramData', 'uv', 'uv.toml')]
      : [
          ...(env.XDG_CONFIG_DIRS || path.join(etc, 'xdg')).split(':').map((folder) => path.join(folder, 'uv', 'uv.toml')),
          path.join(etc, 'uv', 'uv.toml'),
        ];
  const files = env.UV_CONFIG_FILE ? [env.UV_CONFIG_FILE] : [...users, ...machine];
  return files.flatMap((file) => {
    const text = userFile(file);
    if (text === undefined) return [];
    try {
      const table: unknown = toml.parse(text);
      return isObject(table) ? [table, ...(isObject(table.pip) ? [table.pip] : [])] : [];
    } catch {
      return [];
    }
  });
}

function words(text: string | undefined): readonly string[] {
  return (text ?? '').split(/\s+/).filter((word) => word !== '');
}
