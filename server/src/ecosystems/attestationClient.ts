import type { FeedContext } from '../core/feed';
import type { Lookup } from '../core/lookup';
import { parsedJson } from './indexClient';

/** A file's attestations are some ten kilobytes; a build's own statement makes them some hundred. */
const maxBytes = 4 * 1024 * 1024;

/** What is asked of a registry about where its releases come from. */
export interface AttestationQuestion {
  readonly id: string;
  readonly url: string;
  readonly accept: string;
  /** The package; `''` for what is of none. */
  readonly name: string;
}

/** Asks for a JSON document about provenance: bounded, and of this host alone. Failures are values; only an abort rejects. */
export async function askAttestations(
  { id, url, accept, name }: AttestationQuestion,
  { http, clock }: FeedContext,
  signal: AbortSignal | undefined,
): Promise<Lookup<unknown>> {
  const names = name === '' ? [] : [name];
  // An address that the index has named may repeat what is secret about its own.
  const access = { shownUrl: URL.canParse(url) ? new URL('/', url).href : url, below: '' };
  const asked = { url, headers: { accept }, purpose: 'provenance', names, maxBytes, sameHost: true, access } as const;
  const response = await http.request(asked, signal);
  if (!response.ok) return { state: 'unavailable', reason: response.message };
  if (response.status !== 200) return { state: 'unavailable', reason: refusal(id, response.status) };
  const value = parsedJson(response.body);
  return value === undefined
    ? { state: 'unavailable', reason: `${id} answered with something that is not JSON` }
    : { state: 'known', value, asOf: clock.now() };
}

/** Whether an address lies where the registry itself does: what it names elsewhere is not asked. */
export function isOfOrigin(url: string, base: string): boolean {
  return URL.canParse(url) && URL.canParse(base) && new URL(url).origin === new URL(base).origin;
}

function refusal(id: string, status: number): string {
  if (status === 404) return `${id} lists it and does not serve it (404)`;
  // PyPI answers so while it has switched attestations off.
  if (status === 403) return `${id} refuses to serve it at present (403)`;
  return `${id} answered ${status}`;
}
