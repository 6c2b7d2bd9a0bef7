import type { Companion } from '../../core/manifest';
import type { YamlEntry } from '../../syntax/yamlBlocks';
import { companionsNamed, npmSettings, pnpmWorkspace, yarnSettings } from './companions';
import { scopeOf } from './names';

/** Which registry a name is bound to by a project's settings. A replaced default registry is a mirror and binds nothing. */
export interface Registries {
  /** The address of the registry to which the name's scope is bound, as written. */
  boundTo(name: string): string | undefined;
  /** The scopes that are bound. */
  readonly scopes: readonly string[];
  /** The address of a registry that pnpm's settings name, for specs such as `work:^1`. */
  named(scheme: string): string | undefined;
}

/** Reads `@scope:registry=` of .npmrc, `npmScopes` of .yarnrc.yml, `registries` and `namedRegistries` of pnpm-workspace.yaml; the nearest file wins. */
export function readRegistries(companions: readonly Companion[]): Registries {
  const scopes = new Map<string, string>();
  const names = new Map<string, string>();
  const bind = (to: Map<string, string>, key: string, address: string) => {
    if (address !== '' && !to.has(key)) to.set(key, address);
  };
  for (const { text } of companionsNamed(companions, '.npmrc')) {
    for (const [key, value] of npmSettings(text)) {
      const scope = /^(@[^:/]+):registry$/.exec(key)?.[1];
      if (scope !== undefined) bind(scopes, scope, value);
    }
  }
  for (const { text } of companionsNamed(companions, '.yarnrc.yml')) {
    for (const { key, value } of yarnSettings(text).get('npmScopes') ?? []) {
      const server = entriesIn(value).find((entry) => entry.key === 'npmRegistryServer');
      bind(scopes, key.startsWith('@') ? key : `@${key}`, textIn(server?.value));
    }
  }
  for (const { text } of companionsNamed(companions, 'pnpm-workspace.yaml')) {
    const blocks = pnpmWorkspace(text);
    for (const { key, value } of blocks.get('registries') ?? []) if (key.startsWith('@')) bind(scopes, key, textIn(value));
    for (const { key, value } of blocks.get('namedRegistries') ?? []) bind(names, key, textIn(value));
  }
  return {
    scopes: [...scopes.keys()],
    boundTo(name) {
      const scope = scopeOf(name);
      return scope === undefined ? undefined : scopes.get(scope);
    },
    named: (scheme) => names.get(scheme),
  };
}

export function entriesIn(value: YamlEntry['value']): readonly YamlEntry[] {
  return value !== undefined && !('text' in value) ? value : [];
}

function textIn(value: YamlEntry['value']): string {
  return value !== undefined && 'text' in value ? value.text : '';
}
