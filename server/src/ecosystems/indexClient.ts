import type { HttpResponse } from '../core/io';
import type { Lookup } from '../core/lookup';
import type { PackageRecord, ReleaseFile } from '../core/release';

/** What sets one kind of registry apart from another: its addresses and its forms. It keeps no answers; {@link createRecordStore} does. */
export interface IndexClient {
  /** The source's name in reports: `npm-registry`, `pypi`. */
  readonly id: string;
  /** The registry's address; part of the cache key, so that a mirror's answers are not taken for another's. */
  readonly baseUrl: string;
  /** Asks about one package. `before` is what the last answer may be revalidated by. Only an abort rejects. */
  ask(name: string, before: Validators | undefined, signal: AbortSignal): Promise<Told>;
  filesOf(name: string, version: string, signal: AbortSignal | undefined): Promise<Lookup<readonly ReleaseFile[]>>;
  attestationsOf(name: string, version: string, file: ReleaseFile, signal: AbortSignal | undefined): Promise<Lookup<unknown>>;
  signingKeys?(signal: AbortSignal | undefined): Promise<Lookup<unknown>>;
}

/** What an index said of a package. */
export type Told =
  | { readonly kind: 'record'; readonly record: PackageRecord; readonly validators?: Validators }
  /** What was known still holds (304). */
  | { readonly kind: 'unchanged' }
  /** It was asked, and there is no such name. */
  | { readonly kind: 'absent' }
  | { readonly kind: 'fault'; readonly reason: string };

/** By what an answer is recognised (RFC 9110, section 8.8), and which of the registry's documents it was. */
export interface Validators {
  readonly form: string;
  readonly etag?: string;
  readonly lastModified?: string;
}

type Answered = Extract<HttpResponse, { readonly ok: true }>;

export function validatorsOf({ headers }: Answered, form: string): Validators {
  return readValidators({ form, etag: headers.etag, lastModified: headers['last-modified'] })!;
}

/** The headers that ask for what has changed alone. Another document's validators say nothing about this one. */
export function conditions(before: Validators | undefined, form: string): Record<string, string> {
  if (before?.form !== form) return {};
  const { etag, lastModified } = before;
  if (etag !== undefined) return { 'if-none-match': etag };
  return lastModified === undefined ? {} : { 'if-modified-since': lastModified };
}

/** Reads validators that were stored. They are sent as headers, so nothing but what belongs there passes. */
export function readValidators(value: unknown): Validators | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const { form, etag, lastModified } = value as Record<string, unknown>;
  if (typeof form !== 'string') return undefined;
  return {
    form,
    ...(typeof etag === 'string' && /^(?:W\/)?"[!\x23-\x7e]{0,200}"$/.test(etag) && { etag }),
    ...(typeof lastModified === 'string' && /^[A-Za-z0-9 ,:+-]{1,40}$/.test(lastModified) && { lastModified }),
  };
}

/** A status that is neither a document nor an absence, in words. */
export function refusal(id: string, status: number): string {
  return status === 401 || status === 403 ? `${id} wants credentials (${status})` : `${id} answered ${status}`;
}

/** JSON, or `undefined` for what is none. */
export function parsedJson(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}

/** The address without trailing slashes. */
export function trimmedBase(baseUrl: string): string {
  let end = baseUrl.length;
  while (baseUrl.charAt(end - 1) === '/') end--;
  return baseUrl.slice(0, end);
}

/** The address without credentials, for what is kept or shown. */
export function withoutCredentials(address: string): string {
  if (!URL.canParse(address)) return address;
  const url = new URL(address);
  if (url.username === '' && url.password === '') return address;
  url.username = '';
  url.password = '';
  return trimmedBase(url.href);
}
