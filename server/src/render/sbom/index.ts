import type { Report } from '../../core/report';
import { jsonText } from '../jsonText';
import { sbomOf } from './build';
import type { SbomFormat } from './formats';
import type { SbomFacts } from './model';
import { serialOf, type Digest } from './serial';

/**
 * The bill of materials of a report, as the text of a file. The same report, facts and day give the same bytes.
 * @param digest a hash of a text, as hex
 */
export async function sbomText(report: Report, format: SbomFormat, facts: SbomFacts, digest: Digest): Promise<string> {
  const sbom = sbomOf(report, facts);
  const serial = serialOf(sbom, format, digest);
  // Loaded when it is wanted: nothing else needs CycloneDX's library.
  const document =
    format === 'cyclonedx'
      ? (await import('./cycloneDx')).cycloneDx(sbom, serial)
      : (await import('./spdx')).spdx(sbom, serial, (await import('./cycloneDxLibrary')).canonicalLicense);
  return jsonText(document);
}
