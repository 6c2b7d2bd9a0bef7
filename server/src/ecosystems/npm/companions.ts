import type { Companion } from '../../core/manifest';
import { type JsonObject, parseJson } from '../../syntax/json';
import { parseToml, tomlEntries, type TomlTable } from '../../syntax/toml';
import { readYamlBlocks, type YamlEntry } from '../../syntax/yamlBlocks';

// The files beside a package.json that change what it means. They are read once a text: many manifests share one.

type CompanionName = 'pnpm-workspace.yaml' | '.yarnrc.yml' | '.npmrc' | 'bunfig.toml' | 'package.json';

export type YamlBlocks = ReadonlyMap<string, readonly YamlEntry[]>;

export const pnpmWorkspace = remembered((text) =>
  readYamlBlocks(text, ['catalog', 'catalogs', 'overrides', 'registries', 'namedRegistries']),
);
export const yarnSettings = remembered((text) => readYamlBlocks(text, ['catalog', 'catalogs', 'npmScopes']));

/** The `[install]` table of Bun's settings. */
export const bunInstall = remembered((text): TomlTable | undefined =>
  tomlEntries(parseToml(text).root, ['install'])
    .map(({ value }) => value)
    .find((value) => value.kind === 'table'),
);

/** The address of `npmRegistryServer` at the top of a .yarnrc.yml. */
export const yarnServer = remembered((text) => {
  const value = /(?:^|\n)npmRegistryServer[ \t]*:[ \t]+([^\r\n]+)/.exec(text)?.[1] ?? '';
  return /^"([^"]*)"|^'([^']*)'/.exec(value)?.slice(1).join('') ?? value.replace(/\s#.*$/s, '').trim();
});

/** The root object of a package.json above. */
export const packageAbove = remembered((text): JsonObject | undefined => {
  const { root } = parseJson(text);
  return root?.type === 'object' ? root : undefined;
});

/** `key=value` lines of an .npmrc, later ones last; sections and `${VAR}` are left as they stand. */
export const npmSettings = remembered((text) => {
  const settings = new Map<string, string>();
  for (const line of text.split(/\r\n|\n|\r/)) {
    const equals = line.indexOf('=');
    if (equals < 0 || /^\s*[;#[]/.test(line)) continue;
    settings.set(unquoted(line.slice(0, equals)), unquoted(line.slice(equals + 1)));
  }
  return settings;
});

export function companionsNamed(companions: readonly Companion[], name: CompanionName): Companion[] {
  return companions.filter(({ path }) => path === name || path.endsWith(`/${name}`));
}

function unquoted(text: string): string {
  const trimmed = text.trim();
  return /^(["']).*\1$/s.test(trimmed) && trimmed.length > 1 ? trimmed.slice(1, -1) : trimmed;
}

/** Keeps the readings of the last few texts. */
function remembered<T>(read: (text: string) => T): (text: string) => T {
  const kept = new Map<string, T>();
  return (text) => {
    const known = kept.get(text);
    if (known !== undefined) return known;
    const value = read(text);
    if (kept.size >= 8) kept.delete(kept.keys().next().value!);
    kept.set(text, value);
    return value;
  };
}
