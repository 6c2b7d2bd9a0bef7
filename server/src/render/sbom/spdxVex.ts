import type { Sbom, SbomVulnerability } from './model';
import type { SpdxElement, SpdxGraph } from './spdx';

/** The vulnerabilities of a bill, each once, and what is said of each about the packages: the VEX of SPDX 3's security profile. */
export function vexElements({ vulnerabilities }: Sbom, graph: SpdxGraph): SpdxElement[] {
  const idOf = ({ id }: SbomVulnerability) => graph.id('vulnerability', id);
  const once = new Map(vulnerabilities.map((one) => [one.id, one]));
  return [
    ...[...once.values()].map((one) =>
      graph.element('security_Vulnerability', idOf(one), {
        name: one.id,
        ...(one.summary !== '' && { summary: one.summary }),
        externalIdentifier: [one.id, ...one.aliases].map((identifier) => ({
          type: 'ExternalIdentifier',
          externalIdentifierType: identifier.startsWith('CVE-') ? 'cve' : 'securityOther',
          identifier,
        })),
        ...(one.url !== '' && { externalRef: [{ type: 'ExternalRef', externalRefType: 'securityAdvisory', locator: [one.url] }] }),
        comment: `${one.kind}, ${one.severity}`,
      }),
    ),
    ...vulnerabilities.map((one) => assessment(one, idOf(one), graph)),
  ];
}

function assessment(one: SbomVulnerability, from: string, graph: SpdxGraph): SpdxElement {
  const { id, state, affects, details } = one;
  const shared = { from, to: affects.map(({ ref }) => graph.packageId(ref)) };
  const spdxId = graph.id('vex', `${id} ${state}`);
  const notes = details.join('\n');
  switch (state) {
    case 'exploitable':
      return graph.element('security_VexAffectedVulnAssessmentRelationship', spdxId, {
        ...shared,
        relationshipType: 'affects',
        security_actionStatement: actionOf(one),
        ...(notes !== '' && { security_statusNotes: notes }),
      });
    case 'in_triage':
      return graph.element('security_VexUnderInvestigationVulnAssessmentRelationship', spdxId, {
        ...shared,
        relationshipType: 'underInvestigationFor',
        ...(notes !== '' && { security_statusNotes: notes }),
      });
    case 'not_affected':
      return graph.element('security_VexNotAffectedVulnAssessmentRelationship', spdxId, {
        ...shared,
        relationshipType: 'doesNotAffect',
        security_justificationType: 'vulnerableCodeNotPresent',
        ...(notes !== '' && { security_impactStatement: notes }),
      });
  }
}

function actionOf({ kind, fixedIn }: SbomVulnerability): string {
  if (kind === 'malware') return 'Remove the release, and treat where it was installed as compromised.';
  return fixedIn.length ? `Move to a release that is free of it: ${fixedIn.join(', ')}.` : 'No release is known that is free of it.';
}
