import { isObject } from '../../core/isObject';
import path from 'node:path';
import defer * as toml from 'smol-toml';
import type { Access } from '../access';
import { basic, userAddress, type Expand } from './address';
import { textOf, userFile } from './files';
import type { Credential, ToolConfiguration, UserPlace } from './types';

// Bun's settings of this user ("bunfig.toml" in its documentation): `[install]` of $XDG_CONFIG_HOME/.bunfig.toml or ~/.bunfig.toml, and
// BUN_CONFIG_REGISTRY before it. A registry is an address, or a table of url, token, username and password. `$NAME` and `${NAME}`
// stand for variables.

export function readBun({ env, home }: UserPlace): ToolConfiguration {
  const expand = bunExpand(env);
  const ways: Access[] = [];
  const credentials: Credential[] = [];
  const registry = (value: unknown): string | undefined => {
    const table = isObject(value) ? value : { url: value };
    const way = userAddress(textOf(table.url) ?? '', expand);
    if (!way) return undefined;
    ways.push(way);
    const authorization = authorizationOf(table, expand);
    if (authorization !== undefined) {
      const { protocol, host, pathname } = new URL(way.url);
      credentials.push({ scheme: protocol, host, path: pathname.replace(/\/+$/, ''), authorization });
    }
    return way.shown;
  };

  const install = installIn(env, home);
  const inEnvironment = registry({ url: env.BUN_CONFIG_REGISTRY, token: env.BUN_CONFIG_TOKEN });
  const main = inEnvironment ?? registry(install.registry);
  const scopes = new Map<string, string>();
  for (const [name, value] of Object.entries(isObject(install.scopes) ? install.scopes : {})) {
    const written = isObject(value) ? textOf(value.url) : textOf(value);
    if (written !== undefined) scopes.set(name.startsWith('@') ? name : `@${name}`, registry(value) ?? written);
  }
  return {
    indexes: { ...(main !== undefined && { main: { address: main, first: inEnvironment !== undefined } }), scopes },
    ways,
    credentials,
  };
}

function authorizationOf(table: Readonly<Record<string, unknown>>, expand: Expand): string | undefined {
  const filled = (name: string) => {
    const written = textOf(table[name]);
    return written === undefined ? undefined : expand(written)?.text;
  };
  const token = filled('token');
  if (token) return `Bearer ${token}`;
  const [username, password] = [filled('username'), filled('password')];
  return username && password ? basic(username, password) : undefined;
}

function installIn(env: NodeJS.ProcessEnv, home: string): Readonly<Record<string, unknown>> {
  const places = [...(env.XDG_CONFIG_HOME ? [path.join(env.XDG_CONFIG_HOME, '.bunfig.toml')] : []), path.join(home, '.bunfig.toml')];
  const text = places.map(userFile).find((found) => found !== undefined);
  if (text === undefined) return {};
  try {
    const { install } = toml.parse(text);
    return isObject(install) ? install : {};
  } catch {
    return {};
  }
}

function bunExpand(env: NodeJS.ProcessEnv): Expand {
  return (written) => {
    const values: string[] = [];
    let missing = false;
    const text = written.replace(/\$(?:\{(\w+)\}|(\w+))/g, (_, braced?: string, plain?: string) => {
      const value = env[(braced ?? plain)!];
      if (value === undefined) missing = true;
      else values.push(value);
      return value ?? '';
    });
    return missing ? undefined : { text, values };
  };
}
