import { isObject } from '../../core/isObject';
import path from 'node:path';
import defer * as yaml from 'yaml';
import type { Access } from '../access';
import { cleanAddress, userAddress, type Expand } from './address';
import { textOf, userFile } from './files';
import type { Credential, ToolConfiguration, UserPlace } from './types';

// Yarn's settings of this user, from version 2 on ("Yarnrc" in its documentation): ~/.yarnrc.yml, and YARN_NPM_… of the
// environment before it. `${NAME}` stands for a variable, `${NAME-other}` and `${NAME:-other}` for another text where there is none.

export function readYarn({ env, home }: UserPlace): ToolConfiguration {
  const expand = yarnExpand(env);
  const settings = parsed(userFile(path.join(home, '.yarnrc.yml')));
  const ways: Access[] = [];
  const credentials: Credential[] = [];
  const address = (written: string | undefined, by: Expand): string | undefined => {
    const way = written === undefined ? undefined : userAddress(written, by);
    if (way) ways.push(way);
    return way?.shown;
  };
  const allow = (place: string | undefined, { npmAuthToken, npmAuthIdent }: Readonly<Record<string, unknown>>) => {
    const authorization = authorizationOf(textOf(npmAuthToken), textOf(npmAuthIdent), expand);
    const base = place === undefined ? undefined : (cleanAddress(place)?.url ?? cleanAddress(`https:${place}`)?.url);
    if (base === undefined || authorization === undefined) return;
    const { protocol, host, pathname } = new URL(base);
    const scheme = place!.startsWith('//') ? {} : { scheme: protocol };
    credentials.push({ ...scheme, host, path: pathname.replace(/\/+$/, ''), authorization });
  };

  const inEnvironment = address(textOf(env.YARN_NPM_REGISTRY_SERVER), expand);
  const main = inEnvironment ?? address(textOf(settings.npmRegistryServer), expand);
  allow(main && ways.find(({ shown }) => shown === main)?.url, {
    npmAuthToken: env.YARN_NPM_AUTH_TOKEN ?? settings.npmAuthToken,
    npmAuthIdent: env.YARN_NPM_AUTH_IDENT ?? settings.npmAuthIdent,
  });
  const scopes = new Map<string, string>();
  for (const [name, scope] of entries(settings.npmScopes)) {
    const server = textOf(scope.npmRegistryServer);
    if (server === undefined) continue;
    const shown = address(server, expand);
    scopes.set(name.startsWith('@') ? name : `@${name}`, shown ?? server);
    allow(shown && ways.find((way) => way.shown === shown)?.url, scope);
  }
  for (const [place, registry] of entries(settings.npmRegistries)) allow(place, registry);
  return {
    indexes: { ...(main !== undefined && { main: { address: main, first: inEnvironment !== undefined } }), scopes },
    ways,
    credentials,
  };
}

function authorizationOf(token: string | undefined, ident: string | undefined, expand: Expand): string | undefined {
  const bearer = token === undefined ? undefined : expand(token)?.text;
  if (bearer) return `Bearer ${bearer}`;
  const pair = ident === undefined ? undefined : expand(ident)?.text;
  if (!pair) return undefined;
  // Yarn takes `name:password`, or the same in base64 already.
  return `Basic ${pair.includes(':') ? Buffer.from(pair).toString('base64') : pair}`;
}

function entries(value: unknown): (readonly [string, Readonly<Record<string, unknown>>])[] {
  return Object.entries(isObject(value) ? value : {}).flatMap(([key, own]) => (isObject(own) ? [[key, own] as const] : []));
}

function parsed(text: string | undefined): Readonly<Record<string, unknown>> {
  if (text === undefined) return {};
  try {
    const value: unknown = yaml.parseDocument(text, { logLevel: 'silent' }).toJS({ maxAliasCount: 20 });
    return isObject(value) ? value : {};
  } catch {
    return {};
  }
}

function yarnExpand(env: NodeJS.ProcessEnv): Expand {
  return (written) => {
    const values: string[] = [];
    let missing = false;
    const text = written.replace(/\$\{([\w]+)(?:(:)?-([^}]*))?\}/g, (_, name: string, colon?: string, other?: string) => {
      const value = env[name];
      const found = value !== undefined && !(colon && value === '') ? value : other;
      if (found === undefined) missing = true;
      else values.push(found);
      return found ?? '';
    });
    return missing ? undefined : { text, values };
  };
}
