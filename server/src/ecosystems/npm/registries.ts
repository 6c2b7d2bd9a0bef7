import type { Companion } from '../../core/manifest';
import type { TomlTables, TomlValue } from '../../syntax/toml';
import type { YamlEntry } from '../../syntax/yamlBlocks';
import { bunInstall, companionsNamed, npmSettings, pnpmWorkspace, yarnServer, yarnSettings } from './companions';
import { scopeOf } from './names';

/** Which registry a name is bound to by a project's settings. A replaced default registry is a mirror and binds nothing. */
export interface Registries {
  /** The address of the registry to which the name's scope is bound, as written. */
  boundTo(name: string): string | undefined;
  /** The file that binds it, where one does. */
  boundBy(name: string): string | undefined;
  /** The scopes that are bound, each with the address as written, and the file that says so. */
  readonly scopes: readonly { readonly scope: string; readonly index: string; readonly by: string }[];
  /** The addresses of all of them, as written. */
  readonly all: readonly string[];
  /** The address of a registry that pnpm's settings name, for specs such as `work:^1`. */
  named(scheme: string): string | undefined;
  /** By the tool whose file says so, the address of the default registry, as written. */
  readonly main: ReadonlyMap<'npm' | 'pnpm' | 'yarn' | 'bun', string>;
}

/**
 * Reads `@scope:registry=` and `registry=` of .npmrc, `npmScopes` and `npmRegistryServer` of .yarnrc.yml, `registries` and
 * `namedRegistries` of pnpm-workspace.yaml, `[install]` of bunfig.toml; the nearest file wins.
 */
export function readRegistries(companions: readonly Companion[]): Registries {
  const scopes = new Map<string, { readonly index: string; readonly by: string }>();
  const names = new Map<string, string>();
  const main = new Map<'npm' | 'pnpm' | 'yarn' | 'bun', string>();
  const bind = <K>(to: Map<K, string>, key: K, address: string) => {
    if (address !== '' && !to.has(key)) to.set(key, address);
  };
  const bindScope = (scope: string, index: string, by: string) => {
    if (index !== '' && !scopes.has(scope)) scopes.set(scope, { index, by });
  };
  for (const { text, path } of companionsNamed(companions, '.npmrc')) {
    for (const [key, value] of npmSettings(text)) {
      const scope = /^(@[^:/]+):registry$/.exec(key)?.[1];
      if (scope !== undefined) bindScope(scope, value, path);
      else if (key === 'registry') bind(main, 'npm', value);
    }
  }
  for (const { text, path } of companionsNamed(companions, '.yarnrc.yml')) {
    for (const { key, value } of yarnSettings(text).get('npmScopes') ?? []) {
      const server = entriesIn(value).find((entry) => entry.key === 'npmRegistryServer');
      bindScope(key.startsWith('@') ? key : `@${key}`, textIn(server?.value), path);
    }
    bind(main, 'yarn', yarnServer(text));
  }
  for (const { text, path } of companionsNamed(companions, 'pnpm-workspace.yaml')) {
    const blocks = pnpmWorkspace(text);
    for (const { key, value } of blocks.get('registries') ?? []) {
      if (key.startsWith('@')) bindScope(key, textIn(value), path);
      else if (key === 'default') bind(main, 'pnpm', textIn(value));
    }
    for (const { key, value } of blocks.get('namedRegistries') ?? []) bind(names, key, textIn(value));
  }
  for (const { text, path } of companionsNamed(companions, 'bunfig.toml')) {
    const install = bunInstall(text);
    bind(main, 'bun', bunAddress(install?.byName.get('registry')?.value));
    const own = install?.byName.get('scopes')?.value;
    for (const { key, value } of own?.kind === 'table' ? own.entries : [])
      bindScope(key.name.startsWith('@') ? key.name : `@${key.name}`, bunAddress(value), path);
  }
  const bindingOf = (name: string) => scopes.get(scopeOf(name) ?? '');
  return {
    main,
    all: [...main.values(), ...[...scopes.values()].map(({ index }) => index), ...names.values()],
    scopes: [...scopes].map(([scope, binding]) => ({ scope, ...binding })),
    boundTo: (name) => bindingOf(name)?.index,
    boundBy: (name) => bindingOf(name)?.by,
    named: (scheme) => names.get(scheme),
  };
}

/** `"https://…"`, or a table with `url`. */
function bunAddress(value: TomlValue | TomlTables | undefined): string {
  const url = value?.kind === 'table' ? value.byName.get('url')?.value : value;
  return url?.kind === 'string' ? url.value.trim() : '';
}

/** Whether this can be asked at all; what stands in it as a variable is another matter. */
export function isRegistryAddress(text: string): boolean {
  return /^https?:\/\/[^/\s]/i.test(text) || text.includes('${');
}

export function entriesIn(value: YamlEntry['value']): readonly YamlEntry[] {
  return value !== undefined && !('text' in value) ? value : [];
}

function textIn(value: YamlEntry['value']): string {
  return value !== undefined && 'text' in value ? value.text : '';
}
