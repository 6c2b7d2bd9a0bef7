import { createPublicKey, createVerify } from 'node:crypto';
import { isValid, type RegistryKey } from './trust';

/** What npm's registry signed: `name@version:integrity`. */
export interface SignedRelease {
  readonly name: string;
  readonly version: string;
  /** The SRI string of the tarball. */
  readonly integrity: string;
  readonly publishedAt?: Date;
  readonly signatures: readonly { readonly keyid: string; readonly sig: string }[];
}

/**
 * Verifies the registry's own signature (ECDSA over P-256, SHA-256). A key that nobody here knows proves nothing, and refutes nothing.
 * Never throws.
 */
export function verifyRegistrySignature(
  release: SignedRelease,
  keys: readonly RegistryKey[],
): { readonly state: 'verified' } | { readonly state: 'failed' | 'unknown'; readonly reason: string } {
  const { name, version, integrity, publishedAt, signatures } = release;
  if (signatures.length === 0) return { state: 'unknown', reason: 'the registry has not signed it' };
  let unknown = true;
  for (const { keyid, sig } of signatures) {
    const key = keys.find(({ keyId, usage }) => keyId === keyid && usage === 'npm:signatures');
    if (!key) continue;
    unknown = false;
    if (publishedAt && !isValid(key, publishedAt))
      return { state: 'failed', reason: `its signing key ${keyid} was not in use when it was published` };
    try {
      const publicKey = createPublicKey({ key: Buffer.from(key.key, 'base64'), format: 'der', type: 'spki' });
      const verifier = createVerify('sha256').update(`${name}@${version}:${integrity}`);
      if (!verifier.verify(publicKey, sig, 'base64'))
        return { state: 'failed', reason: "the registry's signature does not fit its integrity" };
    } catch (error) {
      return { state: 'failed', reason: error instanceof Error ? error.message : String(error) };
    }
  }
  return unknown
    ? { state: 'unknown', reason: `no known key has signed it (${signatures.map(({ keyid }) => keyid.slice(0, 80)).join(', ')})` }
    : { state: 'verified' };
}
