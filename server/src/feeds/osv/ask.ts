import { isObject } from '../../core/isObject';
import type { Http } from '../../core/io';

/** OSV at an address, as the questions below need it. */
export interface Osv {
  /** Without a trailing slash: `https://api.osv.dev`. */
  readonly base: string;
  /** The same without credentials, for keys. */
  readonly address: string;
  /** For people. */
  readonly host: string;
  readonly http: Http;
}

/** An address that is none is said by the first question. */
export function osvAt(baseUrl: string, http: Http): Osv {
  const base = baseUrl.replace(/\/+$/, '');
  if (!URL.canParse(base)) return { base, address: base, host: 'OSV', http };
  const url = new URL(base);
  url.username = '';
  url.password = '';
  return { base, address: url.href, host: url.host, http };
}

export type Asked = { readonly json: Readonly<Record<string, unknown>> } | { readonly fault: string; readonly status?: number };

/** One question by POST. What is not a JSON object with status 200 is a fault, said as a clause for people. */
export async function askOsv(osv: Osv, path: string, json: unknown, names: readonly string[], signal: AbortSignal): Promise<Asked> {
  const response = await osv.http.request({ url: `${osv.base}${path}`, method: 'POST', json, purpose: 'advisories', names }, signal);
  signal.throwIfAborted();
  if (!response.ok) return { fault: response.message };
  if (response.status !== 200) return { fault: `${osv.host} answered ${response.status}`, status: response.status };
  try {
    const answer: unknown = JSON.parse(response.body);
    if (isObject(answer)) return { json: answer };
  } catch {
    // Told below: cut off or garbage.
  }
  return { fault: notOsv(osv) };
}

/** What is said of an answer that is none of OSV's. */
export function notOsv(osv: Osv): string {
  return `${osv.host} answered with something that is not from OSV`;
}

export function endless(osv: Osv): string {
  return `${osv.host} answered with pages without end`;
}

export interface Page {
  readonly vulns: readonly unknown[];
  /** Where the answer goes on. */
  readonly token?: string;
}

/** The part that `/v1/query` and each result of `/v1/querybatch` have in common. A page may hold a token alone. */
export function readPage(json: unknown): Page | undefined {
  if (!isObject(json)) return undefined;
  const { vulns = [], next_page_token: token = '' } = json;
  if (!Array.isArray(vulns) || typeof token !== 'string') return undefined;
  return { vulns: vulns as unknown[], ...(token !== '' && { token }) };
}
