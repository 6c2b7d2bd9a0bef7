import os from 'node:os';
import type { UserIndexes } from '../../core/indexes';
import { isBelow, type Access } from '../access';
import { readBun } from './bun';
import { readNetrc } from './netrc';
import { readNpm } from './npm';
import { readPip } from './pip';
import type { Credential, ToolConfiguration, UserPlace } from './types';
import { readUv } from './uv';
import { readYarn } from './yarn';

export { cleanAddress, userAddress } from './address';

/** What the user's own files and environment say of indexes, read once. Nothing of a project is looked at. */
export interface UserConfiguration {
  /** By tool. The addresses in it hold no secret. */
  readonly indexes: UserIndexes;
  /** The way to an address of `indexes`, with what the user has for it; or to another one, with the credentials that fit it. */
  wayTo(ecosystem: string, address: Access): Access;
}

const hereAndNow = (): UserPlace => ({ env: process.env, home: os.homedir(), platform: process.platform, etc: '/etc' });

const readers: Readonly<Record<string, Readonly<Record<string, (place: UserPlace) => ToolConfiguration>>>> = {
  npm: { npm: readNpm, yarn: readYarn, bun: readBun },
  PyPI: { pip: readPip, uv: readUv },
};

export function readUserIndexes(place: UserPlace = hereAndNow()): UserConfiguration {
  const indexes: Record<string, ToolConfiguration['indexes']> = {};
  const ways = new Map<string, readonly Access[]>();
  const credentials = new Map<string, readonly Credential[]>();
  for (const [ecosystem, tools] of Object.entries(readers)) {
    const read = Object.entries(tools).map(([tool, reader]) => [tool, reader(place)] as const);
    for (const [tool, configuration] of read) indexes[tool] = configuration.indexes;
    ways.set(
      ecosystem,
      read.flatMap(([, configuration]) => configuration.ways),
    );
    credentials.set(ecosystem, [...read.flatMap(([, own]) => own.credentials), ...(ecosystem === 'PyPI' ? readNetrc(place) : [])]);
  }
  return {
    indexes,
    wayTo(ecosystem, address) {
      const own = (ways.get(ecosystem) ?? []).filter(({ shown }) => shown === address.shown);
      // The same address may stand in several files, with its credentials in one of them.
      const way = own.find(({ authorization }) => authorization !== undefined) ?? own[0] ?? address;
      if (way.authorization !== undefined) return { ...way, below: placeOf(way) };
      const url = new URL(way.url);
      const inAddress = (ways.get(ecosystem) ?? [])
        .filter((other) => other.authorization !== undefined && isBelow(url, placeOf(other)))
        .map((other) => ({ authorization: other.authorization!, below: placeOf(other) }));
      const bound = (credentials.get(ecosystem) ?? []).flatMap((credential) => belowOf(credential, url, ways.get(ecosystem) ?? []) ?? []);
      const [best] = [...inAddress, ...bound].sort((a, b) => b.below.length - a.below.length);
      return best ? { ...way, ...best } : way;
    },
  };
}

/** Credentials in an address are for the index, be its pages under `/simple` or beside it. */
function placeOf({ url }: Access): string {
  return url.replace(/\/+$/, '').replace(/\/\+?simple$/, '');
}

/**
 * Where credentials go that are bound to a host, if that is this address's. They go over https; over plain http to this machine, or
 * where the user's own files say http of that host.
 */
function belowOf(
  { scheme, host, anyPort, path, authorization }: Credential,
  url: URL,
  ways: readonly Access[],
): { authorization: string; below: string } | undefined {
  const named = anyPort ? url.hostname === host : url.host === host || `${url.hostname}:${url.protocol === 'https:' ? 443 : 80}` === host;
  if (!named || (scheme !== undefined && scheme !== url.protocol)) return undefined;
  const usersOwn = () => ways.some((way) => new URL(way.url).origin === url.origin);
  if (url.protocol === 'http:' && scheme === undefined && !isLoopback(url.hostname) && !usersOwn()) return undefined;
  const below = url.origin + path;
  return isBelow(url, below) ? { authorization, below } : undefined;
}

function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '[::1]' || /^127(?:\.\d{1,3}){3}$/.test(host);
}
