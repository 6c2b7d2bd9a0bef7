import { ageInUnit } from '../core/ageText';
import type { Companion } from '../core/manifest';
import type { ReleaseAgeSetting } from '../core/releaseAge';
import { readYamlValues, type YamlNode } from '../syntax/yamlBlocks';

export const dependabotNames = ['.github/dependabot.yml', '.github/dependabot.yaml'] as const;

/**
 * `cooldown` of Dependabot: `default-days` of the updates that are about this folder and these of its ecosystems. It keeps
 * Dependabot from proposing young releases, and nobody else from installing them; security updates pass.
 */
export function dependabotReleaseAge({ path, text }: Companion, ecosystems: readonly string[], folder: string): ReleaseAgeSetting[] {
  const updates = readYamlValues(text, ['updates']).get('updates');
  if (updates?.kind !== 'list') return [];
  return updates.items.flatMap((update): ReleaseAgeSetting[] => {
    const ecosystem = textAt(update, 'package-ecosystem')?.text;
    const cooldown = valueAt(update, 'cooldown');
    const days = textAt(cooldown, 'default-days');
    if (ecosystem === undefined || !ecosystems.includes(ecosystem) || !days || !isAbout(update, folder)) return [];
    // A cool-down for some packages alone is none for the project.
    if (textsAt(cooldown, 'include').some((name) => name !== '*')) return [];
    const { text: written, inner: span } = days;
    const exceptions = textsAt(cooldown, 'exclude').map((name) => ({ name }));
    return [{ tool: 'dependabot', key: 'default-days', file: path, span, written, exceptions, ...ageInUnit(written, 'days') }];
  });
}

/** Whether the folder of a manifest is one of those, or lies below. */
function isAbout(update: YamlNode, folder: string): boolean {
  const directories = [textAt(update, 'directory')?.text, ...textsAt(update, 'directories')].filter((directory) => directory !== undefined);
  return directories.some((directory) => {
    const own = directory.replace(/^\/+|\/+$/g, '');
    return own === '' || own.includes('*') || folder === own || folder.startsWith(`${own}/`);
  });
}

function valueAt(node: YamlNode | undefined, key: string): YamlNode | undefined {
  return node?.kind === 'map' ? node.entries.find((entry) => entry.key === key)?.value : undefined;
}

function textAt(node: YamlNode | undefined, key: string): Extract<YamlNode, { kind: 'text' }> | undefined {
  const value = valueAt(node, key);
  return value?.kind === 'text' ? value : undefined;
}

function textsAt(node: YamlNode | undefined, key: string): string[] {
  const value = valueAt(node, key);
  return value?.kind === 'list' ? value.items.flatMap((item) => (item.kind === 'text' ? [item.text] : [])) : [];
}
