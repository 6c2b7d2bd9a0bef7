import { createHash } from 'node:crypto';
import { checks } from '../checks';
import type { Report } from '../core/report';
import { jsonText } from '../render/jsonText';
import { sarifLog } from '../render/sarif';

export function sarifText(report: Report, command: 'check' | 'verify', now: Date): string {
  const log = sarifLog(report, {
    command,
    checks,
    now,
    digest: (text) => createHash('sha256').update(text).digest('hex'),
  });
  return jsonText(log);
}
