import type { Companion } from '../../core/manifest';
import { partsOf, type Report } from '../../core/report';
import type { Span } from '../../core/span';
import { lineIndexOf } from '../positions';
import type { SarifArtifactLocation, SarifLocation, SarifRegion } from './types';

/** The id that stands for the folder in which Merlon ran; uploaders put the checkout in its place. */
export const sourceRoot = '%SRCROOT%';

/** Where things lie, as SARIF has it. */
export interface Places {
  /** `undefined`: the report does not hold the file's text, so its positions have no lines. */
  region(path: string, span: Span): SarifRegion | undefined;
  /** Without a region where the text is not at hand. */
  location(path: string, span?: Span): SarifLocation;
}

export function placesOf(report: Report): Places {
  const files = new Map<string, Companion>();
  for (const file of report.files) for (const companion of file.companions) files.set(companion.path, companion);
  for (const part of partsOf(report)) files.set(part.path, part);
  const region = (path: string, span: Span): SarifRegion | undefined => {
    const file = files.get(path);
    if (!file) return undefined;
    const { start, end } = lineIndexOf(file).range(span);
    return { startLine: start.line + 1, startColumn: start.character + 1, endLine: end.line + 1, endColumn: end.character + 1 };
  };
  return {
    region,
    location(path, span) {
      const place = span && region(path, span);
      return { physicalLocation: { artifactLocation: artifactAt(path), ...(place && { region: place }) } };
    },
  };
}

/** The file of a report as a relative URI reference (RFC 3986), each segment percent-encoded. A path on another drive has no base. */
export function artifactAt(path: string): SarifArtifactLocation {
  const drive = /^[A-Za-z]:(?=\/)/.exec(path)?.[0];
  const segments = path
    .slice(drive?.length ?? 0)
    // Half of a surrogate pair has no encoding.
    .replace(/\p{Cs}/gu, '\ufffd')
    .split('/')
    .map(encodeURIComponent)
    .join('/');
  return drive === undefined ? { uri: segments, uriBaseId: sourceRoot } : { uri: `file:///${drive}${segments}` };
}
