import { DiagnosticSeverity, DiagnosticTag, type Diagnostic } from 'vscode-languageserver-types';
import type { Finding, Severity } from '../core/finding';
import type { Companion, Problem } from '../core/manifest';
import type { Report, ScannedFile, ScannedLock, ScannedPolicy } from '../core/report';
import { rulePage } from './links';
import { fileAt, lineIndexOf } from './positions';

const severities: Readonly<Record<Severity, DiagnosticSeverity>> = {
  error: DiagnosticSeverity.Error,
  warning: DiagnosticSeverity.Warning,
  information: DiagnosticSeverity.Information,
  hint: DiagnosticSeverity.Hint,
};

/** A file's findings, and what could not be read in it. */
export function diagnosticsOf(file: ScannedFile, uriOf: (path: string) => string): Diagnostic[] {
  return [
    ...file.findings.map((finding) => diagnosticOf(finding, file, { report: { files: [file] }, uriOf })),
    ...unreadParts(file, file.manifest.problems),
  ];
}

/** A lockfile's entries that are malware, and what could not be read in it. */
export function lockDiagnosticsOf(file: ScannedLock): Diagnostic[] {
  return [...file.findings.map((finding) => diagnosticOf(finding, file)), ...unreadParts(file, file.lock.problems)];
}

/** What is wrong with a policy file. */
export function policyDiagnosticsOf(file: ScannedPolicy, uriOf: (path: string) => string): Diagnostic[] {
  return file.findings.map((finding) => diagnosticOf(finding, file, { report: { files: [], policies: [file] }, uriOf }));
}

function unreadParts(file: Companion, problems: readonly Problem[]): Diagnostic[] {
  return problems
    .filter(({ kind }) => kind === 'unreadable')
    .map(({ span, message }) => ({
      range: lineIndexOf(file).range(span),
      severity: DiagnosticSeverity.Warning,
      source: 'merlon',
      message: `Not checked: ${message}`,
    }));
}

/** `around` says where related places lie; without it they are left out. */
export function diagnosticOf(
  finding: Finding,
  file: Companion,
  around?: { readonly report: Pick<Report, 'files' | 'policies'>; readonly uriOf: (path: string) => string },
): Diagnostic {
  const related = finding.related.flatMap(({ file: path, span, message }) => {
    const other = around && fileAt(around.report, path);
    return other ? [{ location: { uri: around.uriOf(path), range: lineIndexOf(other).range(span) }, message }] : [];
  });
  return {
    range: lineIndexOf(file).range(finding.span),
    severity: severities[finding.severity],
    source: 'merlon',
    code: finding.rule,
    codeDescription: { href: rulePage(finding.rule) },
    message: finding.message,
    ...(related.length && { relatedInformation: related }),
    ...(finding.tags.includes('deprecated') && { tags: [DiagnosticTag.Deprecated] }),
  };
}

/** A file that could not be read at all. */
export function unreadDiagnostic(message: string): Diagnostic {
  const start = { line: 0, character: 0 };
  return { range: { start, end: start }, severity: DiagnosticSeverity.Warning, source: 'merlon', message: `Not checked: ${message}` };
}
