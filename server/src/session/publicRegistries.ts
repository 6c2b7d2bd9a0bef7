import type { Registry } from '../core/ecosystem';
import type { FeedContext } from '../core/feed';
import { ecosystems } from '../ecosystems';
import { withAccess, type Access } from '../platform/access';
import { publicNpmRegistry } from '../platform/npmRegistryUrl';
import { cleanAddress, userAddress, type UserConfiguration } from '../platform/userIndexes';
import type { Settings } from '../policy/settings';

/** What stands for the public registries on this machine. */
export interface PublicRegistries {
  /** Clients for them, by ecosystem. */
  open(): ReadonlyMap<string, Registry>;
  /** Their hosts, and those of the registries that they stand for. */
  readonly hosts: ReadonlySet<string>;
  /** Whether an address is the public registry's, or leads to what stands for it. */
  isPublic(ecosystem: string, address: Access): boolean;
  /**
   * Whether an address, as written, is a public registry's own, or of an index that serves nothing but what everybody may have. A mirror
   * may serve what is private besides, so it is none.
   */
  isPublicIndex(address: string): boolean;
  /** The ecosystems for which Merlon's own settings name an address: it stands before the user's default index. */
  readonly overridden: ReadonlySet<string>;
}

const publicPypi = 'https://pypi.org';
/** Hosts that serve the same packages as the public registry does. */
const others: Readonly<Record<string, RegExp>> = { npm: /(?:^|\.)yarnpkg\.com$/, PyPI: /^pypi\.python\.org$/ };
/** PyTorch's and NVIDIA's own: half of all projects with a model bind torch to one of them, which must not keep its advisories away. */
const openIndexes = /^(?:download(?:-r2)?\.pytorch\.org|pypi\.nvidia\.com)$/;

/** The registry that npm's own configuration of this user names, and PyPI; in their place what Merlon's own settings say. */
export function createPublicRegistries(
  named: { readonly npm?: string; readonly pypi?: string },
  settings: Settings['registries'],
  user: UserConfiguration,
  context: FeedContext,
): PublicRegistries {
  const written = {
    npm: named.npm ?? settings.npm,
    PyPI: named.pypi ?? (settings.pypi === publicPypi ? undefined : settings.pypi),
  };
  const canonical: Readonly<Record<string, string>> = { npm: publicNpmRegistry, PyPI: publicPypi };
  const ways: Readonly<Record<string, Access>> = {
    npm: wayTo('npm', written.npm ?? user.indexes.npm?.main?.address ?? publicNpmRegistry),
    // PyPI itself wants no credentials of who reads.
    PyPI: written.PyPI === undefined ? { shown: publicPypi, url: publicPypi } : wayTo('PyPI', written.PyPI),
  };

  function wayTo(ecosystem: string, address: string): Access {
    return user.wayTo(ecosystem, userAddress(address) ?? { shown: address, url: address });
  }
  const hostOf = (address: string) => new URL(address).host;
  const isCanonical = (ecosystem: string, host: string) => host === hostOf(canonical[ecosystem]!) || others[ecosystem]!.test(host);
  const bare = (address: string) => address.replace(/\/simple$/, '');

  return {
    open: () =>
      new Map(
        ecosystems.map((ecosystem) => {
          const way = ways[ecosystem.id]!;
          return [ecosystem.id, ecosystem.registry(way.shown, { ...context, http: withAccess(context.http, way) })];
        }),
      ),
    hosts: new Set([...Object.values(canonical), ...Object.values(ways).map(({ url }) => url)].map(hostOf)),
    isPublic(ecosystem, { shown }) {
      if (isCanonical(ecosystem, hostOf(shown))) return true;
      const own = cleanAddress(ways[ecosystem]!.shown)?.shown ?? ways[ecosystem]!.shown;
      return bare(shown) === bare(own);
    },
    isPublicIndex(written) {
      const address = cleanAddress(written);
      if (!address) return false;
      const host = hostOf(address.shown);
      return openIndexes.test(host) || Object.keys(canonical).some((ecosystem) => isCanonical(ecosystem, host));
    },
    overridden: new Set(Object.entries(written).flatMap(([ecosystem, address]) => (address === undefined ? [] : [ecosystem]))),
  };
}
