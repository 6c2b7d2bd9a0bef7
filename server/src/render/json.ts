import type { Advisory } from '../core/advisory';
import type { Source } from '../core/declaration';
import type { Coverage } from '../core/environment';
import type { Finding } from '../core/finding';
import type { Companion, Edit, Problem } from '../core/manifest';
import type { VerifiedRelease } from '../core/provenance';
import { partsOf, type Report, type ScannedFile, type ScannedLock } from '../core/report';
import { withoutSecrets } from '../core/withoutSecrets';
import { lockedRows } from './lockedRows';
import { fileAt, lineIndexOf } from './positions';

/** `merlon.report/1`, as DESIGN fixes it: what CI reads. */
export function reportJson(report: Report): object {
  return {
    schema: 'merlon.report/1',
    complete: report.complete,
    sources: report.sources.map(({ id, state, asOf, reason }) => ({
      id,
      state: state === 'pending' ? 'unavailable' : state,
      ...(asOf && { asOf: asOf.toISOString() }),
      ...(reason !== undefined && { reason }),
    })),
    withheld: report.withheld,
    ...(report.withheldNames?.length && {
      withheldNames: report.withheldNames.map(({ package: { ecosystem, name }, reason, wellKnown }) => ({
        ecosystem,
        package: name,
        reason,
        ...(wellKnown && { wellKnown }),
      })),
    }),
    ...(report.provenance && { provenance: report.provenance.map(provenanceJson) }),
    ...(report.coverage && { coverage: report.coverage.map(coverageJson) }),
    manifests: [
      ...(report.coverage ? [] : report.files).map((file) => ({
        file: file.path,
        declarations: file.manifest.declarations.length,
        problems: problemsOf(file, file.manifest.problems),
      })),
      ...report.locks
        .filter(({ lock }) => lock.problems.length > 0)
        .map((file) => ({ file: file.path, declarations: 0, problems: problemsOf(file, file.lock.problems) })),
      ...report.unread.map(({ path, message }) => ({ file: path, declarations: 0, problems: [{ range: startOfFile, message }] })),
    ],
    findings: partsOf(report).flatMap((file) => file.findings.map((finding) => findingJson(finding, file, report))),
    suppressed: partsOf(report).flatMap((file) =>
      file.suppressed.map((finding) => ({ ...findingJson(finding, file, report), suppression: suppressionJson(finding, report) })),
    ),
  };
}

/** What was verified, and what came of it: `none` is no failure, and nothing here says that a release is safe. */
function provenanceJson({
  ecosystem,
  package: name,
  version,
  files,
  state,
  publisher,
  reason,
  signature,
  before,
}: VerifiedRelease): object {
  return {
    ecosystem,
    package: name,
    version,
    files,
    state,
    ...(publisher && { publisher }),
    ...(reason !== undefined && { reason: withoutSecrets(reason) }),
    ...(signature && { registrySignature: signature }),
    ...(before && { before }),
  };
}

function coverageJson({ path, looked, notLooked, packages, files }: Coverage): object {
  return { path, looked, notLooked: notLooked.map(({ what, reason }) => ({ what, reason })), packages: packages ?? 0, files: files ?? 0 };
}

/** Why it is not counted, and where that is written. */
function suppressionJson({ suppression }: Finding, report: Report): object | null {
  if (!suppression) return null;
  const { reason, file, span, expires, untilFixed } = suppression;
  const policy = report.policies?.find(({ path }) => path === file);
  return {
    reason,
    file,
    ...(policy && { range: lineIndexOf(policy).range(span) }),
    ...(expires && { expires: expires.toISOString() }),
    ...(untilFixed && { untilFixed }),
  };
}

function findingJson(finding: Finding, file: Companion, report: Report): object {
  return {
    rule: finding.rule,
    severity: finding.severity,
    message: finding.message,
    file: finding.file,
    range: lineIndexOf(file).range(finding.span),
    ecosystem: finding.ecosystem,
    package: finding.package,
    version: finding.version ?? null,
    resolvedBy: finding.resolvedBy ?? null,
    via: finding.via,
    advisories: finding.advisories.map(advisoryJson),
    fixes: finding.fixes.map(({ title, kind, preferred, edits }) => ({
      title,
      kind,
      preferred,
      edits: edits.flatMap((edit) => editJson(edit, report)),
    })),
  };
}

function editJson(edit: Edit, report: Report): object[] {
  // What makes a file begins where that begins.
  const file = edit.creates ? { path: edit.file, text: '' } : fileAt(report, edit.file);
  return file ? [{ file: edit.file, range: lineIndexOf(file).range(edit.span), newText: edit.newText }] : [];
}

function advisoryJson(advisory: Advisory): object {
  return {
    id: advisory.id,
    aliases: advisory.aliases,
    kind: advisory.kind,
    severity: advisory.kind === 'malware' ? null : (advisory.severity ?? 'unknown'),
    fixed: advisory.fixedIn,
    url: advisory.url,
  };
}

function problemsOf(file: ScannedFile | ScannedLock, problems: readonly Problem[]): object[] {
  return problems.map(({ span, message }) => ({ range: lineIndexOf(file).range(span), message }));
}

const startOfFile = { start: { line: 0, character: 0 }, end: { line: 0, character: 0 } };

/** `merlon.declarations/1`: what was read, and what it resolves to. */
export function listJson(report: Report, locked = false): object {
  return {
    schema: 'merlon.declarations/1',
    declarations: report.files.flatMap((file) => {
      const lines = lineIndexOf(file);
      return file.subjects.map(({ declaration, resolution, roles }) => ({
        file: file.path,
        range: lines.range(declaration.spans.entry),
        nameRange: declaration.spans.name ? lines.range(declaration.spans.name) : null,
        specifierRange: declaration.spans.range ? lines.range(declaration.spans.range) : null,
        ecosystem: declaration.package.ecosystem,
        name: declaration.writtenName,
        package: declaration.package.name,
        specifier: declaration.specifier,
        source: declaration.source.kind,
        ...(declaration.source.kind !== 'registry' && { url: addressOf(declaration.source) }),
        group: declaration.group,
        section: declaration.section,
        extras: declaration.extras,
        marker: declaration.marker ?? null,
        hashes: declaration.hashes.length,
        exact: resolution.version !== undefined && resolution.from === 'exact-range' ? resolution.version : null,
        resolved: resolution.version === undefined ? null : { version: resolution.version, by: resolution.from },
        roles,
      }));
    }),
    locked: locked ? lockedRows(report) : [],
    problems: [
      ...report.files.flatMap((file) =>
        file.manifest.problems.map(({ span, message }) => ({ file: file.path, range: lineIndexOf(file).range(span), message })),
      ),
      ...report.locks.flatMap((file) => problemsOf(file, file.lock.problems).map((problem) => ({ file: file.path, ...problem }))),
      ...report.unread.map(({ path, message }) => ({ file: path, range: startOfFile, message })),
    ],
  };
}

function addressOf(source: Exclude<Source, { kind: 'registry' }>): string {
  return 'path' in source ? source.path : withoutSecrets(source.url);
}
