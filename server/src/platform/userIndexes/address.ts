import defer * as crypto from 'node:crypto';
import type { Access } from '../access';

/** Fills in the variables of a text. `values` are those that were put in, whole; `undefined` where one is not set. */
export type Expand = (text: string) => { readonly text: string; readonly values: readonly string[] } | undefined;

/** Tools that know no variables in their files. */
export const asWritten: Expand = (text) => ({ text, values: [] });

/**
 * An address that the user wrote, taken apart: `shown` may stand anywhere, `url` and `authorization` are for its own server.
 * `undefined` where it is no http or https address, or where a variable in it is not set.
 */
export function userAddress(written: string, expand: Expand = asWritten): Access | undefined {
  const filled = expand(written.trim());
  const clean = filled && cleanAddress(filled.text, filled.text === filled.values[0] ? [] : filled.values);
  if (!clean) return undefined;
  const { username, password } = new URL(filled.text);
  const authorization = username === '' && password === '' ? undefined : basic(decoded(username), decoded(password));
  return { ...clean, ...(authorization !== undefined && { authorization }) };
}

/**
 * An address without credentials, query and fragment, and the form of it that may be shown: a part of the path that is, or
 * holds, one of `secrets`, and one that looks like a token, is replaced by a short digest. Some servers want their token there.
 */
export function cleanAddress(written: string, secrets: readonly string[] = []): Access | undefined {
  const text = written.trim();
  if (!/^https?:\/\/[^/]/i.test(text) || !URL.canParse(text)) return undefined;
  const url = new URL(text);
  const path = url.pathname.replace(/\/+$/, '');
  const parts = path.split('/').map((part) => (isSecret(decoded(part), secrets) ? `~${digest(part)}` : part));
  return { shown: url.origin + parts.join('/'), url: url.origin + path };
}

export function basic(username: string, password: string): string {
  return `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`;
}

function isSecret(part: string, secrets: readonly string[]): boolean {
  if (secrets.some((secret) => secret !== '' && (secret === part || (secret.length >= 6 && part.includes(secret))))) return true;
  return part.length >= 16 && /\d/.test(part) && /[a-z]/i.test(part) && !/^[\w.]*[.-]v?\d[\d.]*$/.test(part);
}

function digest(text: string): string {
  return crypto.createHash('sha256').update(text).digest('hex').slice(0, 8);
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
