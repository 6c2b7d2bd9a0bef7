import defer * as cvss from 'ae-cvss-calculator';
import type { AdvisorySeverity } from '../core/advisory';
import type { OsvMarks, OsvSeverity } from './osvRecord';

const order: readonly AdvisorySeverity[] = ['critical', 'high', 'medium', 'low'];

/** Worst first; `undefined` (nobody rated it) last. */
export function compareSeverity(a: AdvisorySeverity | undefined, b: AdvisorySeverity | undefined): number {
  return rank(a) - rank(b);
}

export function worstSeverity(list: readonly (AdvisorySeverity | undefined)[]): AdvisorySeverity | undefined {
  return [...list].sort(compareSeverity)[0];
}

/**
 * The rating of a record: computed from its CVSS vectors, of which the newest version of the standard decides; the
 * database's own word where there is no vector that can be read.
 */
export function severityOf(vectors: readonly OsvSeverity[], marks: readonly OsvMarks[]): AdvisorySeverity | undefined {
  for (const type of ['CVSS_V4', 'CVSS_V3', 'CVSS_V2']) {
    const worst = worstSeverity(vectors.filter((vector) => vector.type === type).map(({ score }) => rateVector(type, score)));
    if (worst) return worst;
  }
  return worstSeverity(marks.map(({ severity }) => rateWord(severity)));
}

function rank(severity: AdvisorySeverity | undefined): number {
  return severity ? order.indexOf(severity) : order.length;
}

/** The qualitative scale of CVSS 3 and 4; CVSS 2 (NVD's scale) ends at high. A score of 0 rates nothing. */
function rateVector(type: string, vector: string): AdvisorySeverity | undefined {
  const prefix = type === 'CVSS_V4' ? /^CVSS:4\.0\// : type === 'CVSS_V3' ? /^CVSS:3\.[01]\// : /^\(?AV:/;
  if (vector.length > 500 || !prefix.test(vector)) return undefined;
  const score = scoreOf(vector);
  if (score === undefined || !(score > 0)) return undefined;
  if (score >= 9 && type !== 'CVSS_V2') return 'critical';
  if (score >= 7) return 'high';
  return score >= 4 ? 'medium' : 'low';
}

/** What the library's `any` is. */
interface Calculator {
  isBaseFullyDefined(): boolean;
  calculateScores(): { readonly overall?: number };
}

function scoreOf(vector: string): number | undefined {
  try {
    const calculator = cvss.fromVector(vector) as Calculator | null;
    return calculator?.isBaseFullyDefined() ? calculator.calculateScores().overall : undefined;
  } catch {
    return undefined;
  }
}

function rateWord(word: string | undefined): AdvisorySeverity | undefined {
  switch (word?.toLowerCase()) {
    case 'critical':
      return 'critical';
    case 'high':
    case 'important':
      return 'high';
    case 'moderate':
    case 'medium':
      return 'medium';
    case 'low':
      return 'low';
    default:
      return undefined;
  }
}
