import { inOrder, type SbomHash } from './model';

const names: Readonly<Record<string, { readonly algorithm: SbomHash['algorithm']; readonly length: number }>> = {
  md5: { algorithm: 'MD5', length: 32 },
  sha1: { algorithm: 'SHA-1', length: 40 },
  sha256: { algorithm: 'SHA-256', length: 64 },
  sha384: { algorithm: 'SHA-384', length: 96 },
  sha512: { algorithm: 'SHA-512', length: 128 },
};

/** Hashes as lockfiles and requirements have them, `sha256:hex` or an SRI string, as hex; what is not whole is left out. Each once, sorted. */
export function hashesOf(written: Iterable<string>): SbomHash[] {
  const found = new Map<string, SbomHash>();
  for (const one of written) {
    const hash = /^[a-z0-9]+:/.test(one) ? ofPair(one) : ofSri(one);
    if (hash) found.set(`${hash.algorithm} ${hash.content}`, hash);
  }
  return [...found].sort(([a], [b]) => inOrder(a, b)).map(([, hash]) => hash);
}

function ofPair(text: string): SbomHash | undefined {
  const colon = text.indexOf(':');
  return hashOf(text.slice(0, colon), text.slice(colon + 1).toLowerCase());
}

/** `sha512-base64==`, options behind `?` apart (W3C Subresource Integrity). */
function ofSri(text: string): SbomHash | undefined {
  const dash = text.indexOf('-');
  const base64 = text.slice(dash + 1).split('?', 1)[0]!;
  return dash < 0 || base64.length % 4 !== 0 || !/^[A-Za-z0-9+/]+={0,2}$/.test(base64)
    ? undefined
    : hashOf(text.slice(0, dash), hexOfBase64(base64));
}

function hashOf(name: string, content: string): SbomHash | undefined {
  const kind = Object.hasOwn(names, name) ? names[name]! : undefined;
  return kind && content.length === kind.length && /^[0-9a-f]+$/.test(content) ? { algorithm: kind.algorithm, content } : undefined;
}

function hexOfBase64(base64: string): string {
  let hex = '';
  for (const character of atob(base64)) hex += character.charCodeAt(0).toString(16).padStart(2, '0');
  return hex;
}
