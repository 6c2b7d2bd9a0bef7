import { version } from '../../../package.json';
import type { Check } from '../core/check';
import { partsOf, type Report } from '../core/report';
import { home } from './links';
import { createFingerprints } from './sarif/fingerprints';
import { notificationKinds, notificationsOf } from './sarif/notifications';
import { placesOf, sourceRoot } from './sarif/places';
import { resultOf } from './sarif/result';
import { rulesOf } from './sarif/rules';
import type { SarifLog } from './sarif/types';

export interface SarifContext {
  /** What was run: logs of different commands stand beside each other, and do not replace each other. */
  readonly command: 'check' | 'verify';
  readonly checks: readonly Check[];
  readonly now: Date;
  /** A hash in hex, of 32 digits at least. */
  readonly digest: (text: string) => string;
}

/**
 * A report as a SARIF 2.1.0 log for code scanning. Suppressed findings are results with a suppression; what could not be read or
 * asked is a notification, and then the invocation was not successful: no results must not read as nothing found.
 */
export function sarifLog(report: Report, { command, checks, now, digest }: SarifContext): SarifLog {
  const parts = partsOf(report);
  const places = placesOf(report);
  const rules = rulesOf(
    checks,
    parts.flatMap(({ findings }) => findings),
    parts.flatMap(({ findings, suppressed }) => [...findings, ...suppressed].map(({ rule }) => rule)),
  );
  const indexOf = new Map(rules.map(({ id }, at) => [id, at]));
  const fingerprints = createFingerprints(digest);
  const results = parts.flatMap(({ text, findings, suppressed }) =>
    [...findings.map((finding) => ({ finding, isSuppressed: false })), ...suppressed.map((finding) => ({ finding, isSuppressed: true }))]
      // So that a finding keeps its number when it is suppressed.
      .sort((a, b) => a.finding.span.start - b.finding.span.start)
      .map(({ finding, isSuppressed }) =>
        resultOf(finding, isSuppressed, {
          ruleIndex: indexOf.get(finding.rule)!,
          fingerprints: fingerprints(finding, text),
          places,
        }),
      ),
  );
  return {
    $schema: 'https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: {
          driver: { name: 'Merlon', version, semanticVersion: version, informationUri: home, rules, notifications: notificationKinds },
        },
        automationDetails: { id: `merlon/${command}/` },
        columnKind: 'utf16CodeUnits',
        newlineSequences: ['\r\n', '\n', '\r'],
        originalUriBaseIds: { [sourceRoot]: { description: { text: 'The folder in which Merlon ran' } } },
        invocations: [
          {
            executionSuccessful: report.complete,
            endTimeUtc: now.toISOString(),
            toolExecutionNotifications: notificationsOf(report, places),
          },
        ],
        results,
        properties: {
          sources: report.sources.map(({ id, state, asOf }) => ({ id, state, ...(asOf && { asOf: asOf.toISOString() }) })),
        },
      },
    ],
  };
}
