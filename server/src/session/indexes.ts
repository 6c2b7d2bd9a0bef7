import type { Ecosystem, Registry } from '../core/ecosystem';
import type { FeedContext } from '../core/feed';
import { hostOf } from '../core/webAddress';
import type { IndexPlan, Place, WrittenIndex } from '../core/indexes';
import type { Lookup } from '../core/lookup';
import { compositeRegistry } from '../ecosystems/compositeRegistry';
import type { Access } from '../platform/access';
import { cleanAddress, type UserConfiguration } from '../platform/userIndexes';
import type { ManifestDocument } from '../scan/document';
import type { Indexes, Nowhere } from '../scan/indexes';
import { createIndexRegistry, createSilentRegistry } from './indexRegistry';

export interface IndexesOptions {
  /** What stands for the public registries, by ecosystem; absent where they are switched off, and then all others are. */
  readonly registries: ReadonlyMap<string, Registry>;
  readonly context: FeedContext;
  readonly user: UserConfiguration;
  /** Whether an address is the public registry's, whatever the files call it. */
  readonly isPublic: (ecosystem: string, address: Access) => boolean;
  /** Whether an address, as written, is a public registry's own: what is bound to it is no secret. */
  readonly isPublicIndex: (address: string) => boolean;
  /** Whether what a project's own files name may be asked. */
  readonly trusted: () => boolean;
  /** By ecosystem, whether an address of Merlon's own settings stands before the user's default index. */
  readonly overridden: ReadonlySet<string>;
}

/** More indexes than a workspace has; a limit, since files that anybody wrote name them. */
const mostIndexes = 60;
const mostPlaces = 2000;

/** Where packages are looked up, by what {@link Ecosystem.planIndexes} says. Clients are made when they are first wanted. */
export function createIndexes(options: IndexesOptions): Indexes & { expire(): void } {
  const { registries, context, user, isPublic, isPublicIndex, trusted, overridden } = options;
  const planners = new WeakMap<ManifestDocument, ReturnType<Ecosystem['planIndexes']>>();
  const clients = new Map<string, Registry>();
  const places = new Map<string, Place | Nowhere>();
  const known = new WeakMap<IndexPlan, { readonly place: Place | Nowhere; readonly allowed: boolean }>();

  const of: Indexes['of'] = (document, declaration) => {
    const { ecosystem, companions, indexOptions: indexes = document.manifest.indexes } = document;
    const manifest = { ...document.manifest, indexes };
    const registry = registries.get(ecosystem.id);
    if (!registry) return { reason: 'registries are switched off' };
    let planner = planners.get(document);
    if (!planner) planners.set(document, (planner = ecosystem.planIndexes({ manifest, companions, user: indexesOf(ecosystem) })));
    const plan = planner(declaration);
    const allowed = trusted();
    const before = known.get(plan);
    if (before?.allowed === allowed) return before.place;
    const key = JSON.stringify([ecosystem.id, plan, allowed]);
    let place = places.get(key);
    if (!place) {
      if (places.size >= mostPlaces) places.clear();
      places.set(key, (place = placeOf(plan, ecosystem, registry)));
    }
    known.set(plan, { place, allowed });
    return place;
  };

  const indexesOf = ({ id }: Ecosystem) => {
    if (!overridden.has(id)) return user.indexes;
    return Object.fromEntries(Object.entries(user.indexes).map(([tool, own]) => [tool, { ...own, main: undefined }]));
  };

  const placeOf = (plan: IndexPlan, ecosystem: Ecosystem, registry: Registry): Place | Nowhere => {
    if (plan.none !== undefined) return { reason: plan.none };
    const publicPart: Part = { registry, name: registry.id };
    const parts = plan.indexes.map((index) => (index === 'public' ? publicPart : partOf(index, ecosystem, registry)));
    const [only] = parts;
    if (!only) return { reason: 'no index is named' };
    if (plan.bound && !plan.indexes.some((index) => index !== 'public' && isPublicIndex(index.address))) {
      if (only.silent !== undefined) return { reason: only.silent };
      return { registry: privately(only.registry), parts: [only.registry], private: true, index: only.name };
    }
    // What stands for the public registry and may not be asked serves the public one's packages all the same.
    if (parts.every(({ silent }) => silent !== undefined)) parts.push(publicPart);
    const names = [...new Set(parts.filter(({ silent }) => silent === undefined).map(({ name }) => name))];
    const distinct = [...new Set(parts.map((part) => part.registry))];
    const together = { firstMatch: plan.firstMatch ?? false, versions: ecosystem.versions };
    return {
      registry: distinct.length === 1 ? distinct[0]! : compositeRegistry(distinct, together),
      parts: distinct,
      private: false,
      ...((names.length > 1 || names[0] !== registry.id) && { index: names.join(', ') }),
    };
  };

  const partOf = ({ address: written, by }: WrittenIndex, ecosystem: Ecosystem, registry: Registry): Part => {
    const address = cleanAddress(written);
    const host = address ? new URL(address.url).host : '';
    const name = /^[\w.:[\]-]+$/.test(host) ? host : 'its own index';
    const id = `${registry.id} (${name})`;
    const silent = (reason: string): Part => ({ registry: createSilentRegistry(id, reason), name, silent: reason });
    if (by === 'project' && /\$[{\w]|%\(/.test(written)) return silent(variable);
    if (!address) return silent('its address is not one of http or https');
    if (isPublic(ecosystem.id, address)) return { registry, name: registry.id };
    if (by === 'project' && !trusted()) return silent(untrusted);
    const key = `${ecosystem.id} ${address.shown}`;
    let client = clients.get(key);
    if (!client) {
      if (clients.size >= mostIndexes) return silent(`more than ${mostIndexes} indexes are named here`);
      clients.set(key, (client = createIndexRegistry(ecosystem, user.wayTo(ecosystem.id, address), id, context)));
    }
    return { registry: client, name };
  };

  return {
    of,
    hosts(document) {
      const { ecosystem, companions, indexOptions: indexes = document.manifest.indexes } = document;
      const written = ecosystem.indexesSetUp({ manifest: { ...document.manifest, indexes }, companions, user: user.indexes });
      const hosts = new Set<string>();
      for (const address of written) {
        const host = hostOf(address).toLowerCase();
        if (/[$%{]/.test(host)) return undefined;
        hosts.add(URL.canParse(`https://${host}`) ? new URL(`https://${host}`).host : host);
      }
      return hosts;
    },
    expire() {
      for (const client of clients.values()) client.expire?.();
    },
  };
}

/** One index of a plan. */
interface Part {
  readonly registry: Registry;
  /** For people: its host. */
  readonly name: string;
  /** Why it is not asked. */
  readonly silent?: string;
}

const variable = "the project's address holds a variable, and those are filled in for the user's own files alone";
const untrusted = 'the indexes that a project names are asked in a trusted workspace alone';

/** Nobody else can be asked about what is private: that its own index cannot is no gap in what a check covers. */
function privately(registry: Registry): Registry {
  const settled = <T>(lookup: Lookup<T>): Lookup<T> => {
    if (lookup.state === 'known' || lookup.state === 'pending') return lookup;
    return { ...lookup, state: 'withheld', reason: `bound to an index of its own, of which nothing is known: ${lookup.reason}` };
  };
  return {
    ...registry,
    held: (name) => settled(registry.held(name)),
    recordOf: async (name, signal) => settled(await registry.recordOf(name, signal)),
    existence: (name) => settled(registry.existence(name)),
    knowExistence: async (name, signal) => settled(await registry.knowExistence(name, signal)),
  };
}
