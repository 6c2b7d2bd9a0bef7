import { isObject } from '../../core/isObject';
import path from 'node:path';
import defer * as ini from 'ini';
import defer * as tokens from 'registry-auth-token';
import type { Access } from '../access';
import { userAddress, type Expand } from './address';
import { userFile } from './files';
import type { Credential, ToolConfiguration, UserPlace } from './types';

// npm's configuration of this user ("npmrc", "config" in its documentation), pnpm's as well: npm_config_… of the environment
// before the user's .npmrc. `${NAME}` stands for a variable, and stays as it is where that is not set; `${NAME?}` is then empty.

export function readNpm({ env, home }: UserPlace): ToolConfiguration {
  const expand = npmExpand(env);
  const environment = settingsIn(env);
  const file = readUserFile(environment.get('userconfig') || path.join(home, '.npmrc'));
  const settings = new Map([...file, ...environment]);
  const ways: Access[] = [];
  const address = (written: string | undefined): string | undefined => {
    const way = written === undefined ? undefined : userAddress(written, expand);
    if (way) ways.push(way);
    return way?.shown;
  };
  const inEnvironment = address(environment.get('registry'));
  const main = inEnvironment ?? address(file.get('registry'));
  const scopes = new Map<string, string>();
  for (const [key, value] of settings) {
    const scope = /^(@[^:/]+):registry$/.exec(key)?.[1];
    // What cannot be read as an address binds the scope all the same: its names are private.
    if (scope !== undefined) scopes.set(scope, address(value) ?? value);
  }
  return {
    indexes: { ...(main !== undefined && { main: { address: main, first: inEnvironment !== undefined } }), scopes },
    ways,
    credentials: credentialsIn(settings, expand),
  };
}

/** npm's credentials are bound to `//host/path/`; registry-auth-token knows their forms. Those that are bound to nothing are not used. */
function credentialsIn(settings: ReadonlyMap<string, string>, expand: Expand): Credential[] {
  const npmrc: Record<string, string> = Object.create(null) as Record<string, string>;
  const places = new Set<string>();
  for (const [key, value] of settings) {
    const place = /^(\/\/[^:]+(?::\d+)?(?:\/[^:]*)?):(?:_authToken|_auth|username|_password)$/.exec(key)?.[1];
    const filled = place === undefined ? undefined : expand(value);
    if (place === undefined || !filled) continue;
    npmrc[key] = filled.text;
    places.add(place);
  }
  return [...places].flatMap((place): Credential[] => {
    const url = URL.canParse(`https:${place}`) ? new URL(`https:${place}`) : undefined;
    const found = url && tokens.default(place, { npmrc });
    if (!found) return [];
    // The port as it is written: `https` would drop its own.
    const host = /^\/\/([^/]+)/.exec(place)![1]!.toLowerCase();
    return [{ host, path: url.pathname.replace(/\/+$/, ''), authorization: `${found.type} ${found.token}` }];
  });
}

function settingsIn(env: NodeJS.ProcessEnv): Map<string, string> {
  const settings = new Map<string, string>();
  const names = Object.keys(env).filter((name) => /^npm_config_/i.test(name));
  // npm takes the spelling in small letters where both are there.
  for (const name of names.sort((a, b) => Number(a.startsWith('npm_config_')) - Number(b.startsWith('npm_config_')))) {
    const key = name.slice('npm_config_'.length);
    const value = env[name];
    const plain = /^(?:\/\/|@)/.test(key) ? key : key.replace(/(?!^)_/g, '-').toLowerCase();
    if (value !== undefined && value.trim() !== '') settings.set(plain, value);
  }
  return settings;
}

function readUserFile(place: string): Map<string, string> {
  const text = userFile(place);
  if (text === undefined) return new Map();
  let parsed: unknown;
  try {
    parsed = ini.parse(text);
  } catch {
    return new Map();
  }
  return new Map(
    Object.entries(isObject(parsed) ? parsed : {}).flatMap(([key, value]) => (typeof value === 'string' ? [[key, value]] : [])),
  );
}

function npmExpand(env: NodeJS.ProcessEnv): Expand {
  return (written) => {
    const values: string[] = [];
    const text = written.replace(/\$\{([^${}?]+)(\?)?\}/g, (whole, name: string, optional?: string) => {
      const value = env[name] ?? (optional ? '' : undefined);
      if (value !== undefined) values.push(value);
      return value ?? whole;
    });
    return text.includes('${') ? undefined : { text, values };
  };
}
