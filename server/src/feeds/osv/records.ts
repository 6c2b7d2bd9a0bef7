import { isAbout } from '../../advisories/advisory';
import { readOsvRecord, type OsvRecord } from '../../advisories/osvRecord';
import type { PackageId } from '../../core/declaration';
import { askOsv, endless, notOsv, readPage, type Osv } from './ask';
import type { Ids } from './ids';

export type RecordsAnswer = { readonly records: readonly OsvRecord[] } | { readonly fault: string };

const mostPages = 200;

/**
 * All records of one package, by `POST /v1/query` with its name, as far as they are about it. An answer that lacks a
 * record of `expected` is a fault: half an answer must not pass for the whole.
 */
export async function askRecords(osv: Osv, pkg: PackageId, expected: Ids, signal: AbortSignal): Promise<RecordsAnswer> {
  const records = new Map<string, OsvRecord>();
  const tokens = new Set<string>();
  let token: string | undefined;
  do {
    const query = { package: { ecosystem: pkg.ecosystem, name: pkg.name }, ...(token !== undefined && { page_token: token }) };
    const answer = await askOsv(osv, '/v1/query', query, [pkg.name], signal);
    if ('fault' in answer) return answer;
    const page = readPage(answer.json);
    if (!page) return { fault: notOsv(osv) };
    for (const vuln of page.vulns) {
      const record = readOsvRecord(vuln);
      if (!record) return { fault: notOsv(osv) };
      records.set(record.id, { ...record, affected: record.affected.filter((entry) => isAbout(entry.package, pkg)) });
    }
    token = page.token;
    if (token !== undefined && (tokens.has(token) || tokens.size >= mostPages)) return { fault: endless(osv) };
    if (token !== undefined) tokens.add(token);
  } while (token !== undefined);
  const missing = [...expected.keys()].filter((id) => !records.has(id)).length;
  if (missing > 0) return { fault: `${osv.host} left out ${missing} of ${expected.size} records` };
  return { records: [...records.values()] };
}
