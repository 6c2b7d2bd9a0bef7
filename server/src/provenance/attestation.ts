import { isObject } from '../core/isObject';
import type { Publisher } from '../core/release';

/** One attestation as a registry serves it, in the form that sigstore's libraries read. */
export interface Attestation {
  /** A sigstore bundle as JSON; what it holds is not looked at here. */
  readonly bundle: unknown;
  /** What the registry says of who published it, and the certificate has to confirm. */
  readonly claimed?: Publisher & { readonly kind: string };
}

// PEP 740, "Provenance object": { version, attestation_bundles: [{ publisher: { kind, repository, workflow, … }, attestations: [
//   { version: 1, verification_material: { certificate: BASE64, transparency_entries: [entry] },
//     envelope: { statement: BASE64, signature: BASE64 } }] }] }

/** The attestations of a file by PEP 740, each rewritten into a sigstore bundle (v0.3). `undefined` for what is no such object. */
export function pypiAttestations(body: unknown): readonly Attestation[] | undefined {
  const bundles = isObject(body) ? body['attestation_bundles'] : undefined;
  if (!Array.isArray(bundles)) return undefined;
  const found: Attestation[] = [];
  for (const bundle of bundles as unknown[]) {
    if (!isObject(bundle) || !Array.isArray(bundle['attestations'])) return undefined;
    const claimed = publisherOf(bundle['publisher']);
    for (const attestation of bundle['attestations'] as unknown[]) {
      found.push({ bundle: rewritten(attestation), ...(claimed && { claimed }) });
    }
  }
  return found;
}

function rewritten(attestation: unknown): unknown {
  const material = objectAt(attestation, 'verification_material');
  const envelope = objectAt(attestation, 'envelope');
  return {
    mediaType: 'application/vnd.dev.sigstore.bundle.v0.3+json',
    verificationMaterial: {
      certificate: { rawBytes: material?.['certificate'] },
      tlogEntries: material?.['transparency_entries'],
    },
    dsseEnvelope: {
      payload: envelope?.['statement'],
      payloadType: 'application/vnd.in-toto+json',
      signatures: [{ sig: envelope?.['signature'] }],
    },
  };
}

function publisherOf(written: unknown): Attestation['claimed'] {
  if (!isObject(written) || typeof written['kind'] !== 'string') return undefined;
  const text = (key: string) => (typeof written[key] === 'string' ? written[key] : undefined);
  const repository = text('repository');
  // GitLab names the workflow's path, GitHub its file name, Google the account.
  const workflow = text('workflow') ?? text('workflow_filepath');
  const account = text('email');
  return {
    kind: written['kind'],
    trusted: written['kind'],
    ...(repository !== undefined && { repository }),
    ...(workflow !== undefined && { workflow }),
    ...(account !== undefined && { account }),
  };
}

/** The attestations of an npm release: `{ attestations: [{ predicateType, bundle }] }`. `undefined` for what is no such object. */
export function npmAttestations(body: unknown): readonly Attestation[] | undefined {
  const attestations = isObject(body) ? body['attestations'] : undefined;
  if (!Array.isArray(attestations)) return undefined;
  return (attestations as unknown[]).map((attestation) => ({ bundle: isObject(attestation) ? attestation['bundle'] : undefined }));
}

function objectAt(value: unknown, key: string): Record<string, unknown> | undefined {
  const inner = isObject(value) ? value[key] : undefined;
  return isObject(inner) ? inner : undefined;
}
