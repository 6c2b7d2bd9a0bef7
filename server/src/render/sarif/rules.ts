import type { Check } from '../../core/check';
import type { Finding, Severity } from '../../core/finding';
import { rulePage } from '../links';
import { withoutMarkup } from './messages';
import { ruleRisk } from './risk';
import type { SarifLevel, SarifRule } from './types';

export const levels: Readonly<Record<Severity, SarifLevel>> = { error: 'error', warning: 'warning', information: 'note', hint: 'none' };

/** GitHub takes descriptions of 1,024 characters. */
const longest = 1000;

/** The rules of a log: every check, spoken or not, and the `spoken` ids that no check stands for. `findings` are those that count. */
export function rulesOf(checks: readonly Check[], findings: readonly Finding[], spoken: Iterable<string>): readonly SarifRule[] {
  const known = new Set(checks.map(({ id }) => id));
  const others = [...new Set(spoken)].filter((id) => !known.has(id)).sort();
  return [
    ...checks.map((check) =>
      ruleOf(
        check,
        findings.filter(({ rule }) => rule === check.id),
      ),
    ),
    ...others.map((id) => ruleOf({ id, title: id, severity: 'warning', docs: { why: id, example: '', fix: '' } }, [])),
  ];
}

function ruleOf(check: Omit<Check, 'assess'>, findings: readonly Finding[]): SarifRule {
  const { why, example, fix, severity } = check.docs;
  const risk = ruleRisk(check, findings);
  const markdown = [
    `${check.title}.${severity === undefined ? '' : ` Severity ${severity}.`}`,
    why.trim(),
    ...(example.trim() === '' ? [] : ['## Example', `\`\`\`\n${example.replace(/^\n+|\s+$/g, '')}\n\`\`\``]),
    ...(fix.trim() === '' ? [] : ['## How to fix it', fix.trim()]),
  ].join('\n\n');
  return {
    id: check.id,
    name: check.id.replace(/(?:^|-)(\w)/g, (_, letter: string) => letter.toUpperCase()),
    shortDescription: { text: withoutMarkup(check.title, longest) },
    fullDescription: { text: withoutMarkup(why.trim().split(/\n\s*\n/)[0]!, longest) },
    help: { text: withoutMarkup(markdown.replace(/^## (.*)$/gm, '$1:')), markdown },
    helpUri: rulePage(check.id),
    defaultConfiguration: { level: levels[check.severity] },
    properties: {
      tags: risk === undefined ? ['supply-chain'] : ['security', 'supply-chain'],
      precision: 'high',
      // GitHub reads a text here and not a number.
      ...(risk === undefined ? { 'problem.severity': problemWords[check.severity] } : { 'security-severity': risk.toFixed(1) }),
    },
  };
}

const problemWords: Readonly<Record<Severity, string>> = {
  error: 'error',
  warning: 'warning',
  information: 'recommendation',
  hint: 'recommendation',
};
