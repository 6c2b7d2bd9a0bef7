import type { IndexPlan, IndexPlanner, IndexSettings, NamedIndex, ToolIndexes, UserIndexes, WrittenIndex } from '../../core/indexes';
import type { IndexOption, Manifest } from '../../core/manifest';
import { namedCompanions, onceEach } from '../companionFiles';
import defer * as pyprojectIndexes from './pyprojectIndexes';

// Where Python's tools look a package up:
//
//   pip     one index, in place of which each --index-url stands, and extra ones: all are asked, and the best release of any is
//           taken (pip's "Finding packages"). --no-index: none. The user's files and PIP_… stand before the options of a file.
//   uv      UV_INDEX, the project's indexes, the user's, then the default one; the first that has the name is taken, unless
//           index-strategy says otherwise; explicit ones serve only what names them (uv's "Package indexes").
//   Poetry  its sources, and PyPI only where no primary one is named; the user's files of pip are not read.
//   PDM     its sources; the one named pypi stands in place of PyPI.

// A uv.toml stands in the place of `[tool.uv]`.
const uvTomlOnce = onceEach(({ text }) => pyprojectIndexes.readUvToml(text));

/** More indexes than this one file does not use: each is a request for every package. */
const mostIndexes = 8;

export const planPypiIndexes: IndexPlanner = ({ manifest, user }) => {
  const plan = planOf(manifest, user);
  const named = new Map(
    [...usersOf(user), ...manifest.indexes].flatMap((index) => (index.name === undefined ? [] : [[index.name, index]])),
  );
  return ({ boundIndex }) => {
    if (boundIndex === undefined) return plan;
    const index = named.get(boundIndex);
    const written = index && toWritten(index);
    if (!written) return { indexes: [], bound: true, none: `it is bound to "${boundIndex.slice(0, 60)}", of which no address is known` };
    return { indexes: [written], bound: true };
  };
};

export function pypiIndexesSetUp({ manifest, companions, user }: IndexSettings): readonly string[] {
  const options = [...manifest.indexes, ...namedCompanions(companions, 'uv.toml').flatMap(uvTomlOnce)]
    .filter(({ kind }) => kind !== 'no-index')
    .map(({ value }) => value);
  const bound = manifest.declarations.flatMap(({ boundIndex }) => (boundIndex?.includes('://') ? [boundIndex] : []));
  const own = [user.pip, user.uv].flatMap((tool) => [...(tool?.main ? [tool.main] : []), ...(tool?.extra ?? [])]);
  return [...options, ...bound, ...own.map(({ address }) => address)];
}

function planOf(manifest: Manifest, user: UserIndexes): IndexPlan {
  const tool = toolOf(manifest, user);
  const plan = tool === 'uv' ? uvPlan(manifest, user.uv ?? {}) : tool === 'pip' ? pipPlan(manifest, user) : sourcesPlan(manifest);
  const kept = distinct(plan.indexes).slice(0, mostIndexes);
  return { ...plan, indexes: kept };
}

function toolOf({ project, indexes }: Manifest, user: UserIndexes): 'uv' | 'pip' | 'sources' {
  if (project?.lockedBy === 'uv' || indexes.some(({ firstMatch }) => firstMatch)) return 'uv';
  if (project?.lockedBy === 'poetry' || project?.lockedBy === 'pdm') return 'sources';
  // Nothing says whether pip or uv installs it: whichever the user has set up speaks.
  return isSet(user.uv) && !isSet(user.pip) ? 'uv' : 'pip';
}

function isSet(settings: ToolIndexes | undefined): boolean {
  return settings?.main !== undefined || (settings?.extra?.length ?? 0) > 0 || settings?.noIndex === true;
}

function pipPlan({ indexes: options }: Manifest, { pip = {} }: UserIndexes): IndexPlan {
  let none = pip.noIndex ? 'pip is set up to ask no index' : undefined;
  let indexes: IndexPlan['indexes'] = none === undefined ? [mainOf(pip), ...(pip.extra ?? []).map(byUser)] : [];
  for (const option of options) {
    if (option.kind === 'no-index') {
      none = '--no-index';
      indexes = [];
    } else if (none === undefined && option.kind === 'index') indexes = [byProject(option)];
    else if (none === undefined && option.kind === 'extra-index') indexes = [...indexes, byProject(option)];
  }
  return { indexes, ...(none !== undefined && { none }) };
}

function uvPlan({ indexes: options }: Manifest, uv: ToolIndexes): IndexPlan {
  if (uv.noIndex || options.some(({ kind }) => kind === 'no-index')) return { indexes: [], none: 'uv is set up to ask no index' };
  const usable = (index: NamedIndex) => !index.explicit;
  const own = options.filter((option) => option.kind === 'extra-index' && !option.explicit);
  const users = (uv.extra ?? []).filter(usable);
  const before = users.filter(({ first }) => first);
  const main = options.find((option) => option.kind === 'index' && !option.explicit);
  const last = uv.main?.first || !main ? mainOf(uv) : byProject(main);
  // Of several with one name the first counts: the user's environment speaks before the project.
  const taken = new Set<string>();
  const isFirst = ({ name }: { readonly name?: string }) => name === undefined || (!taken.has(name) && taken.add(name).size > 0);
  const indexes = [
    ...before.filter(isFirst).map(byUser),
    ...own.filter(isFirst).map(byProject),
    ...users.filter((index) => !index.first && isFirst(index)).map(byUser),
    last,
  ];
  const project = options.length ? options.some(({ firstMatch }) => firstMatch) : undefined;
  return { indexes, firstMatch: uv.firstMatch ?? project ?? true };
}

/** Poetry and PDM. */
function sourcesPlan({ indexes: options }: Manifest): IndexPlan {
  const usable = options.filter(({ kind, explicit }) => (kind === 'index' || kind === 'extra-index') && !explicit);
  const primary = usable.filter(({ kind }) => kind === 'index').map(byProject);
  const extra = usable.filter(({ kind }) => kind === 'extra-index').map(byProject);
  return { indexes: [...(primary.length ? primary : (['public'] as const)), ...extra] };
}

function usersOf(user: UserIndexes): readonly NamedIndex[] {
  return [...(user.uv?.extra ?? []), ...(user.uv?.main ? [user.uv.main] : [])];
}

function mainOf({ main }: ToolIndexes): 'public' | WrittenIndex {
  return main ? byUser(main) : 'public';
}

function byUser({ address }: NamedIndex): WrittenIndex {
  return { address, by: 'user' };
}

function byProject({ value }: IndexOption): WrittenIndex {
  return { address: value.trim(), by: 'project' };
}

function toWritten(index: NamedIndex | IndexOption): WrittenIndex | undefined {
  if (!('value' in index)) return byUser(index);
  return index.kind === 'index' || index.kind === 'extra-index' ? byProject(index) : undefined;
}

function distinct(indexes: IndexPlan['indexes']): IndexPlan['indexes'] {
  const seen = new Set<string>();
  return indexes.filter((index) => {
    const key = index === 'public' ? '' : index.address.replace(/\/+$/, '');
    return !seen.has(key) && seen.add(key);
  });
}
