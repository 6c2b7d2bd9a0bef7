// Digests are written in two ways: `sha256:HEX` (Python), and as SRI, `sha512-BASE64`, several separated by spaces.

/** Lower-case hex. */
export function sha256Of(hashes: readonly string[]): string | undefined {
  return digestsOf(hashes).get('sha256');
}

/** Lower-case hex. */
export function sha512Of(hashes: readonly string[]): string | undefined {
  return digestsOf(hashes).get('sha512');
}

/**
 * What a lockfile, or the entry itself, holds a release to and its registry does not have; `undefined` where all agree, or where
 * they have no algorithm in common.
 */
export function strangeDigest(held: readonly string[], files: readonly { readonly hashes: readonly string[] }[]): string | undefined {
  const listed = files.flatMap(({ hashes }) => hashes.flatMap(readDigests));
  const algorithms = new Set(listed.map(({ algorithm }) => algorithm));
  const known = new Set(listed.map(({ algorithm, hex }) => `${algorithm}:${hex}`));
  return held.flatMap(readDigests).find(({ algorithm, hex }) => algorithms.has(algorithm) && !known.has(`${algorithm}:${hex}`))?.written;
}

interface Digest {
  readonly algorithm: string;
  readonly hex: string;
  readonly written: string;
}

function digestsOf(hashes: readonly string[]): ReadonlyMap<string, string> {
  return new Map(hashes.flatMap(readDigests).map(({ algorithm, hex }) => [algorithm, hex]));
}

const sizes: Readonly<Record<string, number>> = { sha1: 40, sha256: 64, sha384: 96, sha512: 128 };

function readDigests(written: string): Digest[] {
  return written.split(/\s+/).flatMap((part) => {
    const [, algorithm = '', hex, base64] = /^(sha\d{1,3})(?::([0-9a-f]+)|-([A-Za-z0-9+/]+={0,2}))(?:\?.*)?$/i.exec(part) ?? [];
    const name = algorithm.toLowerCase();
    const digest = hex?.toLowerCase() ?? (base64 === undefined ? '' : Buffer.from(base64, 'base64').toString('hex'));
    return digest.length === sizes[name] ? [{ algorithm: name, hex: digest, written: part.slice(0, 160) }] : [];
  });
}
