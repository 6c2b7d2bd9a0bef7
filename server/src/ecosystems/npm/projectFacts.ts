import type { ProjectFacts } from '../../core/manifest';
import { textAt } from '../../core/span';
import { propertyOf, type JsonObject } from '../../syntax/json';

/** Ids of lockfile readers, by what Corepack's `packageManager` calls their tool. */
const tools: Readonly<Record<string, string>> = { npm: 'package-lock', pnpm: 'pnpm', yarn: 'yarn', bun: 'bun' };

/** What a package.json says of the project: who installs it, and whether others install it. */
export function projectFacts(root: JsonObject, text: string): ProjectFacts {
  const manager = stringOf(root, 'packageManager')?.split('@', 1)[0];
  const lockedBy = manager !== undefined && Object.hasOwn(tools, manager) ? tools[manager] : undefined;
  const library = libraryBy(root, text);
  const memberName = stringOf(root, 'name');
  return {
    ...(lockedBy !== undefined && { lockedBy }),
    ...(library !== undefined && { library }),
    ...(memberName !== undefined && { memberName }),
  };
}

function libraryBy(root: JsonObject, text: string): string | undefined {
  const isPrivate = propertyOf(root, 'private')?.value;
  if (isPrivate?.type === 'boolean' && textAt(text, isPrivate.span) === 'true') return undefined;
  const entry = ['main', 'exports', 'bin'].find((key) => propertyOf(root, key)?.value !== undefined);
  return entry === undefined ? undefined : `it has "${entry}" and is not private`;
}

function stringOf(root: JsonObject, key: string): string | undefined {
  const value = propertyOf(root, key)?.value;
  return value?.type === 'string' ? value.value : undefined;
}
