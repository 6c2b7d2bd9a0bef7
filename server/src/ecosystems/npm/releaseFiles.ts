import type { ReleaseFile } from '../../core/release';
import { jsonObject } from './packument';

/** The tarball of a release, as the release's document describes it (`dist`); `undefined` for what is no such document. */
export function releaseFiles(document: unknown, base: string): readonly ReleaseFile[] | undefined {
  const dist = jsonObject(jsonObject(document)?.dist);
  const url = httpUrl(dist?.tarball, base);
  if (!dist || url === undefined) return undefined;
  const { integrity, shasum } = dist;
  const attestations = jsonObject(dist.attestations);
  // Where it lists some and names no address, they are where npm has them.
  const attestationUrl = attestations && (httpUrl(attestations.url, base) ?? base);
  const signatures = signaturesOf(dist.signatures);
  return [
    {
      name: url.slice(url.lastIndexOf('/') + 1),
      url,
      hashes: typeof integrity === 'string' ? [integrity] : sha1Integrity(shasum),
      ...(attestationUrl !== undefined && { attestationUrl }),
      ...(signatures && { signatures }),
    },
  ];
}

function signaturesOf(written: unknown): ReleaseFile['signatures'] {
  if (!Array.isArray(written)) return undefined;
  return (written as unknown[]).slice(0, 20).flatMap((row) => {
    const { keyid, sig } = jsonObject(row) ?? {};
    return typeof keyid === 'string' && typeof sig === 'string' ? [{ keyid, sig }] : [];
  });
}

/** Releases of before 2017 have a SHA-1 in hexadecimal alone. */
function sha1Integrity(shasum: unknown): readonly string[] {
  if (typeof shasum !== 'string' || !/^[0-9a-f]{40}$/i.test(shasum)) return [];
  const bytes = shasum.match(/../g)!.map((pair) => parseInt(pair, 16));
  return [`sha1-${btoa(String.fromCharCode(...bytes))}`];
}

/** Without credentials, which are never part of an address that is handed on. */
function httpUrl(written: unknown, base: string): string | undefined {
  if (typeof written !== 'string' || !URL.canParse(written, base)) return undefined;
  const url = new URL(written, base);
  if (url.protocol !== 'https:' && url.protocol !== 'http:') return undefined;
  url.username = '';
  url.password = '';
  return url.href;
}
