import type { Http, HttpRequest } from '../core/io';

/** Where an address leads, and what is shown there at the door. */
export interface Access {
  /** The address as it is written down everywhere: cache keys, messages, the ledger. It holds no secret. */
  readonly shown: string;
  /** The real one; its path may hold a secret. Without credentials. */
  readonly url: string;
  /** The value of `Authorization`. */
  readonly authorization?: string;
  /** The address below which it is sent; `url` where absent. */
  readonly below?: string;
}

/**
 * Sends what is asked of a shown address to the real one, with the credentials that the user has for it. Whoever asks, be it a
 * registry, a cache or a message, knows the shown address alone.
 */
export function withAccess(http: Http, access: Access): Http {
  return { request: (asked, signal) => http.request(accessed(asked, access), signal) };
}

/** A request of a shown address as it is sent to the real one; one of another address as it is. */
export function accessed(asked: HttpRequest, access: Access): HttpRequest {
  const rest = restBelow(asked.url, access.shown);
  if (rest === undefined) return asked;
  const { authorization, url } = access;
  const own = { shownUrl: asked.url, below: access.below ?? url, ...(authorization !== undefined && { authorization }) };
  return { ...asked, url: url + rest, access: own };
}

/** What goes on behind an address, `''` or with its slash; `undefined` where the address lies elsewhere. */
export function restBelow(address: string, base: string): string | undefined {
  const top = base.replace(/\/+$/, '');
  if (!address.startsWith(top)) return undefined;
  const rest = address.slice(top.length);
  return rest === '' || rest.startsWith('/') || rest.startsWith('?') ? rest : undefined;
}

/** Whether an address lies at or below another one: the same scheme, host and port, and its path or one that goes on from it. */
export function isBelow(url: URL, base: string): boolean {
  if (!URL.canParse(base)) return false;
  const top = new URL(base);
  if (top.origin !== url.origin) return false;
  const path = top.pathname.replace(/\/+$/, '');
  return url.pathname === path || url.pathname.startsWith(`${path}/`);
}
