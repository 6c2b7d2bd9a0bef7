import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { parse } from 'ini';
import { defaultUrl } from 'registry-url';

/**
 * The registry that npm's own configuration of this user and machine names, without a trailing slash: the environment,
 * then the user's `.npmrc`, then npm's default. A project's `.npmrc` is not read here, since a repository must not redirect
 * what Merlon asks.
 */
export function npmRegistryUrl(env: NodeJS.ProcessEnv = process.env): string {
  const named = address(env.npm_config_registry ?? env.NPM_CONFIG_REGISTRY) ?? fromUserFile(env) ?? defaultUrl;
  return named.replace(/\/+$/, '');
}

/** The registry that npm uses where nothing else is configured. */
export const publicNpmRegistry = defaultUrl;

/** The scopes (`@scope`) that the user's own `.npmrc` binds to a registry: `npm login --scope` writes them there. */
export function npmUserScopes(env: NodeJS.ProcessEnv = process.env): string[] {
  return Object.keys(userFile(env) ?? {}).flatMap((key) => /^(@[^:/]+):registry$/.exec(key)?.[1] ?? []);
}

function userFile(env: NodeJS.ProcessEnv): Readonly<Record<string, unknown>> | undefined {
  const file = env.npm_config_userconfig || env.NPM_CONFIG_USERCONFIG || path.join(os.homedir(), '.npmrc');
  try {
    return parse(fs.readFileSync(file, 'utf8'));
  } catch {
    return undefined;
  }
}

function fromUserFile(env: NodeJS.ProcessEnv): string | undefined {
  const registry = userFile(env)?.registry;
  // npm leaves a variable that is not set as it stands.
  return address(
    typeof registry === 'string' ? registry.replace(/\$\{([^}]+)\}/g, (whole, name: string) => env[name] ?? whole) : undefined,
  );
}

function address(text: string | undefined): string | undefined {
  const trimmed = text?.trim() ?? '';
  return /^https?:\/\/[^/]/i.test(trimmed) && URL.canParse(trimmed) ? trimmed : undefined;
}
