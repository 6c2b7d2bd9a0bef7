import { createHash } from 'node:crypto';
import type { Report } from '../../server/src/core/report';
import { sbomText } from '../../server/src/render/sbom';
import type { SbomFormat } from '../../server/src/render/sbom/formats';
import type { SbomFacts } from '../../server/src/render/sbom/model';
import { sbomKnowledge } from '../../server/src/session/sbom';
import { assertCycloneDx, assertSpdx, type CycloneDxJson, type SpdxJson } from './sbomSchemas';

export const sbomFacts: SbomFacts = {
  ...sbomKnowledge,
  tool: { name: 'Merlon', version: '1.2.3' },
  now: new Date('2026-06-01T12:00:00Z'),
  name: 'folder',
};

export const digest = (text: string) => createHash('sha256').update(text).digest('hex');

export function billText(report: Report, format: SbomFormat, facts: Partial<SbomFacts> = {}): Promise<string> {
  return sbomText(report, format, { ...sbomFacts, ...facts }, digest);
}

/** The bill as CycloneDX, held against the official schema. */
export async function cycloneDxOf(report: Report, facts: Partial<SbomFacts> = {}): Promise<CycloneDxJson> {
  return assertCycloneDx(await billText(report, 'cyclonedx', facts));
}

/** The bill as SPDX, held against the official schema. */
export async function spdxOf(report: Report, facts: Partial<SbomFacts> = {}): Promise<SpdxJson> {
  return assertSpdx(await billText(report, 'spdx', facts));
}
