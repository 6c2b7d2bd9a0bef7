import type { Companion, ScriptRules } from '../../core/manifest';
import { textAt } from '../../core/span';
import { propertyOf, type JsonNode, type JsonObject } from '../../syntax/json';
import { readYamlValues, type YamlNode } from '../../syntax/yamlBlocks';
import { settingLines } from '../settingLines';
import { companionsNamed, packageAbove } from './companions';
import { exceptionOf } from './releaseAge/pnpm';

// Where a project says which dependencies may run code when they are installed:
//
//   npm 12   package.json allowScripts {"pkg@1.2.3": true}             .npmrc ignore-scripts
//   pnpm     pnpm-workspace.yaml allowBuilds, onlyBuiltDependencies, …; up to 10 the same below "pnpm" in package.json
//   Yarn     package.json dependenciesMeta {pkg: {built: false}}       .yarnrc.yml enableScripts
//   Bun      package.json trustedDependencies

const lists = ['onlyBuiltDependencies', 'neverBuiltDependencies', 'ignoredBuiltDependencies'] as const;

type Decided = ScriptRules['decided'][number];

/** A decision is one whether it is yes or no: in both cases somebody has looked. */
export function readScriptRules(root: JsonObject, text: string, companions: readonly Companion[]): ScriptRules {
  const above = companionsNamed(companions, 'package.json').flatMap((companion) => {
    const object = packageAbove(companion.text);
    return object ? [{ object, text: companion.text }] : [];
  });
  const decided = [{ object: root, text }, ...above].flatMap((file) => decidedIn(file.object, file.text));
  for (const { text: settings } of companionsNamed(companions, 'pnpm-workspace.yaml')) decided.push(...decidedByPnpm(settings));
  const noneRun = whyNone(companions);
  return { decided, ...(noneRun !== undefined && { noneRun }) };
}

function decidedIn(root: JsonObject, text: string): Decided[] {
  const pnpm = objectAt(root, 'pnpm');
  return [
    ...keysOf(objectAt(root, 'allowScripts'), (value) => value.type === 'boolean'),
    ...keysOf(pnpm && objectAt(pnpm, 'allowBuilds'), (value) => value.type === 'boolean'),
    ...keysOf(objectAt(root, 'dependenciesMeta'), (value) => value.type === 'object' && isBoolean(value, 'built', text)),
    ...(pnpm ? lists.flatMap((key) => namesAt(pnpm, key)) : []),
    ...namesAt(root, 'trustedDependencies'),
  ];
}

function decidedByPnpm(text: string): Decided[] {
  const values = readYamlValues(text, [...lists, 'allowBuilds']);
  const allowed = values.get('allowBuilds');
  const keys = allowed?.kind === 'map' ? allowed.entries.filter(({ value }) => isFlag(value)).map(({ key }) => key) : [];
  const listed = lists.flatMap((key) => {
    const list = values.get(key);
    return list?.kind === 'list' ? list.items.flatMap((item) => (item.kind === 'text' ? [item.text] : [])) : [];
  });
  return [...keys, ...listed].flatMap(exceptionOf);
}

function isFlag(value: YamlNode | undefined): boolean {
  return value?.kind === 'text' && /^(?:true|false)$/.test(value.text);
}

function whyNone(companions: readonly Companion[]): string | undefined {
  for (const { path, text } of companionsNamed(companions, '.npmrc'))
    if (settingLines(text, '=').findLast(({ key }) => key === 'ignore-scripts')?.value === 'true') return `ignore-scripts of ${path}`;
  for (const { path, text } of companionsNamed(companions, '.yarnrc.yml')) {
    const flag = readYamlValues(text, ['enableScripts']).get('enableScripts');
    if (flag?.kind === 'text' && flag.text === 'false') return `enableScripts of ${path}`;
  }
  return undefined;
}

function objectAt(object: JsonObject, key: string): JsonObject | undefined {
  const value = propertyOf(object, key)?.value;
  return value?.type === 'object' ? value : undefined;
}

function keysOf(object: JsonObject | undefined, isDecision: (value: JsonNode) => boolean): Decided[] {
  return (object?.properties ?? []).flatMap(({ key, value }) => (value && isDecision(value) ? exceptionOf(key.value) : []));
}

function namesAt(object: JsonObject, key: string): Decided[] {
  const value = propertyOf(object, key)?.value;
  return value?.type === 'array' ? value.items.flatMap((item) => (item.type === 'string' ? exceptionOf(item.value) : [])) : [];
}

function isBoolean(object: JsonObject, key: string, text: string): boolean {
  const value = propertyOf(object, key)?.value;
  return value?.type === 'boolean' && /^(?:true|false)$/.test(textAt(text, value.span));
}
