import type { IndexPlan, IndexPlanner, IndexSettings, ToolIndexes, UserIndexes, WrittenIndex } from '../../core/indexes';
import type { Companion } from '../../core/manifest';
import { companionsNamed } from './companions';
import { scopeOf } from './names';
import { isRegistryAddress, readRegistries } from './registries';

// Where npm's tools look a package up: a scope's registry where one is bound to it, and else one default registry. npm and
// pnpm take the environment before the project's files, and these before the user's own ("npmrc" in npm's documentation); so do
// Yarn and Bun with theirs.

type Tool = 'npm' | 'pnpm' | 'yarn' | 'bun';

export const planNpmIndexes: IndexPlanner = ({ manifest, companions, user }) => {
  const registries = readRegistries(companions);
  const tools = toolsOf(manifest.project?.lockedBy, companions);
  const settings = tools.map((tool) => settingsOf(tool, user));
  const main = mainPlan(tools, registries.main, user);
  return ({ package: { name }, boundIndex }) => {
    const scope = scopeOf(name);
    const own = boundIndex ?? registries.boundTo(name);
    if (own !== undefined) return boundTo({ address: own, by: 'project' });
    const users = scope === undefined ? undefined : settings.map((one) => one?.scopes?.get(scope)).find((address) => address !== undefined);
    return users === undefined ? main : boundTo({ address: users, by: 'user' });
  };
};

export function npmIndexesSetUp({ companions, user }: IndexSettings): readonly string[] {
  const own = (['npm', 'yarn', 'bun'] as const).flatMap((tool) => [
    user[tool]?.main?.address ?? [],
    ...(user[tool]?.scopes?.values() ?? []),
  ]);
  return [...readRegistries(companions).all, ...own.flat()];
}

function boundTo(index: WrittenIndex): IndexPlan {
  if (isRegistryAddress(index.address)) return { indexes: [index], bound: true };
  return { indexes: [], bound: true, none: `it is bound to "${index.address.slice(0, 60)}", of which no address is known` };
}

/** Whose settings count. Where the project does not say which tool it uses, all that lie beside it do. */
function toolsOf(lockedBy: string | undefined, companions: readonly Companion[]): readonly Tool[] {
  // Yarn from version 2 on reads no .npmrc, and is the one that has a .yarnrc.yml.
  const berry = companionsNamed(companions, '.yarnrc.yml').length > 0;
  switch (lockedBy) {
    case 'package-lock':
      return ['npm'];
    case 'pnpm':
      return ['pnpm', 'npm'];
    case 'yarn':
      return berry ? ['yarn'] : ['yarn', 'npm'];
    case 'bun':
      return ['bun', 'npm'];
    default: {
      const bun = companionsNamed(companions, 'bunfig.toml').length > 0;
      return ['npm', 'pnpm', ...(berry ? (['yarn'] as const) : []), ...(bun ? (['bun'] as const) : [])];
    }
  }
}

function mainPlan(tools: readonly Tool[], project: ReadonlyMap<Tool, string>, user: UserIndexes): IndexPlan {
  const settings = tools.map((tool) => [tool, settingsOf(tool, user)?.main] as const);
  const inEnvironment = settings.find(([, main]) => main?.first);
  const own = tools.map((tool) => project.get(tool)).find((address) => address !== undefined && isRegistryAddress(address));
  if (!inEnvironment && own !== undefined) return { indexes: [{ address: own, by: 'project' }] };
  const [tool, users] = inEnvironment ?? settings.find(([, main]) => main !== undefined) ?? [];
  // What npm's own configuration of the user names is what stands for the public registry.
  if (users === undefined || tool === 'npm') return { indexes: ['public'] };
  return { indexes: [{ address: users.address, by: 'user' }] };
}

/** pnpm has the user's settings from npm's file. */
function settingsOf(tool: Tool, user: UserIndexes): ToolIndexes | undefined {
  return tool === 'pnpm' ? undefined : user[tool];
}
