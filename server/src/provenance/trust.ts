import { TrustedRoot } from '@sigstore/protobuf-specs';
import { toTrustMaterial, type TrustMaterial } from '@sigstore/verify';
import { crypto } from '@sigstore/core';
import seeds from 'merlon:trust';

/** A key that a registry signs with. */
export interface RegistryKey {
  readonly keyId: string;
  /** `npm:signatures` or `npm:attestations`. */
  readonly usage: string;
  /** SubjectPublicKeyInfo, DER in base64. */
  readonly key: string;
  /** Signatures of other days do not count. */
  readonly start?: Date;
  readonly end?: Date;
}

/** Whom to believe: sigstore's authorities and logs, and the registry's own keys. */
export interface Trust {
  readonly root: TrustedRoot;
  readonly registryKeys: readonly RegistryKey[];
}

interface SeedKey {
  readonly keyId: string;
  readonly keyUsage: string;
  readonly publicKey: { readonly rawBytes: string; readonly validFor?: { readonly start?: string; readonly end?: string } };
}

/** What this build of Merlon was given: sigstore's public instance and the npm registry's keys. */
export function bundledTrust(): Trust {
  const keys = (seeds.npmKeys as readonly SeedKey[]).map(({ keyId, keyUsage, publicKey }): RegistryKey => {
    const { start, end } = publicKey.validFor ?? {};
    return {
      keyId,
      usage: keyUsage,
      key: publicKey.rawBytes,
      ...(start !== undefined && { start: new Date(start) }),
      ...(end !== undefined && { end: new Date(end) }),
    };
  });
  return { root: TrustedRoot.fromJSON(seeds.trustedRoot), registryKeys: keys };
}

/** Keys by `{ keys: [{ keyid, key, expires }] }`, as a registry of npm's kind answers at `/-/npm/v1/keys`. */
export function keysAnswered(body: unknown): readonly RegistryKey[] {
  const keys = typeof body === 'object' && body !== null && 'keys' in body && Array.isArray(body.keys) ? (body.keys as unknown[]) : [];
  return keys.flatMap((entry) => {
    if (typeof entry !== 'object' || entry === null) return [];
    const { keyid, key, expires } = entry as Record<string, unknown>;
    if (typeof keyid !== 'string' || typeof key !== 'string') return [];
    const end = typeof expires === 'string' ? new Date(expires) : undefined;
    const known = { keyId: keyid, key, ...(end && !Number.isNaN(end.getTime()) && { end }) };
    return [
      { ...known, usage: 'npm:signatures' },
      { ...known, usage: 'npm:attestations' },
    ];
  });
}

/** A {@link Trust} as it is asked. */
export interface Judge {
  /** In the form that sigstore's verifier takes. */
  readonly material: TrustMaterial;
  knowsKey(hint: string): boolean;
  /** By the id of a transparency log: logs come and go. */
  knowsLog(keyId: Uint8Array): boolean;
}

export function judgeBy({ root, registryKeys }: Trust): Judge {
  const material = toTrustMaterial(root, (hint) => {
    const key = registryKeys.find(({ keyId, usage }) => keyId === hint && usage === 'npm:attestations');
    if (!key) throw new Error(`there is no key ${hint} among those that are trusted`);
    return { publicKey: crypto.createPublicKey(Buffer.from(key.key, 'base64')), validFor: (date) => isValid(key, date) };
  });
  const logs = new Set(root.tlogs.map(({ logId }) => (logId ? Buffer.from(logId.keyId).toString('hex') : '')));
  return {
    material,
    knowsKey: (hint) => registryKeys.some(({ keyId, usage }) => keyId === hint && usage === 'npm:attestations'),
    knowsLog: (keyId) => logs.has(Buffer.from(keyId).toString('hex')),
  };
}

/** Whether a key may have signed at this moment. */
export function isValid({ start, end }: RegistryKey, moment: Date): boolean {
  return (!start || start <= moment) && (!end || moment <= end);
}
