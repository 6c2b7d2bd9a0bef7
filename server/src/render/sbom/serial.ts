import type { Sbom } from './model';

/** Hex digest of a text, of at least 32 digits. */
export type Digest = (text: string) => string;

/**
 * A UUID by what the bill says, the day apart: the same content has the same number whenever it is written. Version 8 of
 * RFC 9562, which is the one for digests of one's own choice.
 */
export function serialOf(sbom: Sbom, format: string, digest: Digest): string {
  const hex = digest(`${format}\n${JSON.stringify({ ...sbom, created: undefined })}`);
  const variant = '89ab'[Number.parseInt(hex[16]!, 16) & 3]!;
  return [hex.slice(0, 8), hex.slice(8, 12), `8${hex.slice(13, 16)}`, variant + hex.slice(17, 20), hex.slice(20, 32)].join('-');
}
