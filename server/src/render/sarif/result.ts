import type { Finding, Fix, Suppression } from '../../core/finding';
import type { Edit } from '../../core/manifest';
import { printable } from '../printable';
import { plain } from './messages';
import { artifactAt, type Places } from './places';
import { flawRisk } from './risk';
import { levels } from './rules';
import type { SarifFix, SarifResult, SarifSuppression } from './types';

/** One finding as a result. `suppressed`: it is shown as such, and counted by nobody. */
export function resultOf(
  finding: Finding,
  suppressed: boolean,
  context: { readonly ruleIndex: number; readonly fingerprints: Readonly<Record<string, string>>; readonly places: Places },
): SarifResult {
  const { places, ruleIndex, fingerprints } = context;
  const level = levels[finding.severity];
  const related = finding.related.map(({ file, span, message }, at) => ({
    id: at + 1,
    ...places.location(file, span),
    message: plain(message),
  }));
  const fixes = finding.fixes.map((fix) => fixOf(fix, places)).filter((fix) => fix !== undefined);
  return {
    ruleId: finding.rule,
    ruleIndex,
    // A level of `none` and a kind of `fail` exclude each other (SARIF 3.27.10).
    kind: level === 'none' ? 'informational' : 'fail',
    level,
    message: plain(finding.message),
    locations: [places.location(finding.file, finding.span)],
    ...(related.length > 0 && { relatedLocations: related }),
    partialFingerprints: fingerprints,
    ...(fixes.length > 0 && { fixes }),
    ...(suppressed && { suppressions: [suppressionOf(finding.suppression, places)] }),
    properties: propertiesOf(finding),
  };
}

/** A fix whose changes can all be placed; half a fix is none. To suppress a finding cures nothing, so it is left to the editor. */
function fixOf({ title, kind, edits }: Fix, places: Places): SarifFix | undefined {
  if (kind === 'suppress' || edits.length === 0) return undefined;
  const byFile = new Map<string, Edit[]>();
  for (const edit of edits) byFile.set(edit.file, [...(byFile.get(edit.file) ?? []), edit]);
  const artifactChanges: SarifFix['artifactChanges'][number][] = [];
  for (const [path, own] of byFile) {
    const replacements = own.flatMap(({ span, newText }) => {
      const deletedRegion = places.region(path, span);
      return deletedRegion ? [{ deletedRegion, insertedContent: { text: newText } }] : [];
    });
    if (replacements.length < own.length) return undefined;
    artifactChanges.push({ artifactLocation: artifactAt(path), replacements });
  }
  return { description: plain(title), artifactChanges };
}

function suppressionOf(suppression: Suppression | undefined, places: Places): SarifSuppression {
  const kind = { kind: 'external', status: 'accepted' } as const;
  if (!suppression) return { ...kind, justification: 'The policy of the team suppresses it' };
  const { reason, file, span, expires, untilFixed } = suppression;
  return {
    ...kind,
    justification: printable(reason),
    location: places.location(file, span),
    ...((expires ?? untilFixed) && {
      properties: { ...(expires && { expires: expires.toISOString() }), ...(untilFixed && { untilFixed }) },
    }),
  };
}

/** For who reads the log by a program: what the message says in words. */
function propertiesOf(finding: Finding): Readonly<Record<string, unknown>> {
  const risk = flawRisk(finding);
  return {
    ...(finding.package !== '' && { ecosystem: finding.ecosystem, package: finding.package }),
    ...(finding.version !== undefined && { version: finding.version }),
    ...(finding.resolvedBy !== undefined && { resolvedBy: finding.resolvedBy }),
    ...(finding.via.length > 0 && { via: finding.via }),
    ...(risk !== undefined && { 'security-severity': risk.toFixed(1) }),
    ...(finding.advisories.length > 0 && {
      advisories: finding.advisories.map(({ id, aliases, kind, severity, url }) => ({
        id,
        ...(aliases.length > 0 && { aliases }),
        kind,
        ...(severity && { severity }),
        url,
      })),
    }),
  };
}
