import { DiagnosticSeverity, DiagnosticTag, type Diagnostic } from 'vscode-languageserver-types';
import type { Finding, Severity } from '../core/finding';
import type { ScannedFile } from '../core/report';
import { rulePage } from './links';
import { lineIndexOf } from './positions';

const severities: Readonly<Record<Severity, DiagnosticSeverity>> = {
  error: DiagnosticSeverity.Error,
  warning: DiagnosticSeverity.Warning,
  information: DiagnosticSeverity.Information,
  hint: DiagnosticSeverity.Hint,
};

/** A file's findings, and what could not be read in it. */
export function diagnosticsOf(file: ScannedFile): Diagnostic[] {
  const unreadable = file.manifest.problems.filter(({ kind }) => kind === 'unreadable');
  return [
    ...file.findings.map((finding) => diagnosticOf(finding, file)),
    ...unreadable.map(({ span, message }): Diagnostic => ({
      range: lineIndexOf(file).range(span),
      severity: DiagnosticSeverity.Warning,
      source: 'merlon',
      message: `Not checked: ${message}`,
    })),
  ];
}

export function diagnosticOf(finding: Finding, file: ScannedFile): Diagnostic {
  return {
    range: lineIndexOf(file).range(finding.span),
    severity: severities[finding.severity],
    source: 'merlon',
    code: finding.rule,
    codeDescription: { href: rulePage(finding.rule) },
    message: finding.message,
    ...(finding.tags.includes('deprecated') && { tags: [DiagnosticTag.Deprecated] }),
  };
}

/** A file that could not be read at all. */
export function unreadDiagnostic(message: string): Diagnostic {
  const start = { line: 0, character: 0 };
  return { range: { start, end: start }, severity: DiagnosticSeverity.Warning, source: 'merlon', message: `Not checked: ${message}` };
}
