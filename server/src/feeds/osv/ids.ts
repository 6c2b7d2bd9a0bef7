import { isObject } from '../../core/isObject';
import type { PackageId } from '../../core/declaration';
import { askOsv, endless, notOsv, readPage, type Osv, type Page } from './ask';

/** The records of one package, each with the time of its last change. */
export type Ids = ReadonlyMap<string, string>;
export type IdsAnswer = { readonly ids: Ids } | { readonly fault: string };

const queriesInOneRequest = 1000;
const mostPages = 200;
/** How many more requests may be spent on finding the names that OSV refuses. */
const mostSplits = 100;

interface Question {
  readonly index: number;
  readonly pkg: PackageId;
  readonly ids: Map<string, string>;
  /** The pages seen, by the token that led there. */
  readonly tokens: Set<string>;
  token?: string;
}

/**
 * Which records each package has, by `POST /v1/querybatch` with names alone. In the order of `packages`. Pages are
 * followed to their end, re-sending only the questions that are not yet answered. A fault costs the packages that it is about.
 */
export async function askIds(osv: Osv, packages: readonly PackageId[], signal: AbortSignal): Promise<IdsAnswer[]> {
  const answers: IdsAnswer[] = new Array<IdsAnswer>(packages.length);
  const splits = { left: mostSplits };
  let open = packages.map((pkg, index): Question => ({ index, pkg, ids: new Map(), tokens: new Set() }));
  while (open.length > 0) {
    const chunks: Question[][] = [];
    for (let i = 0; i < open.length; i += queriesInOneRequest) chunks.push(open.slice(i, i + queriesInOneRequest));
    const results = (await Promise.all(chunks.map((chunk) => askChunk(osv, chunk, splits, signal)))).flat();
    const unfinished: Question[] = [];
    for (const [question, page] of results) {
      const fault = 'fault' in page ? page.fault : take(osv, question, page);
      if (fault !== undefined) answers[question.index] = { fault };
      else if (question.token === undefined) answers[question.index] = { ids: question.ids };
      else unfinished.push(question);
    }
    open = unfinished;
  }
  return answers;
}

type Result = readonly [Question, Page | { readonly fault: string }];

/** One name that OSV does not accept has it refuse the whole request, so a refused request is halved until that name is alone. */
async function askChunk(osv: Osv, chunk: readonly Question[], splits: { left: number }, signal: AbortSignal): Promise<Result[]> {
  const queries = chunk.map(({ pkg: { ecosystem, name }, token }) => ({
    package: { ecosystem, name },
    ...(token !== undefined && { page_token: token }),
  }));
  const names = chunk.map(({ pkg }) => pkg.name);
  const answer = await askOsv(osv, '/v1/querybatch', { queries }, names, signal);
  const allFail = (fault: string) => chunk.map((question): Result => [question, { fault }]);
  if ('fault' in answer) {
    if (answer.status !== 400 || splits.left <= 0) return allFail(answer.fault);
    if (chunk.length === 1) return allFail(`${osv.host} does not accept this name`);
    splits.left -= 2;
    const middle = chunk.length >> 1;
    const halves = [chunk.slice(0, middle), chunk.slice(middle)];
    return (await Promise.all(halves.map((half) => askChunk(osv, half, splits, signal)))).flat();
  }
  const { results } = answer.json;
  if (!Array.isArray(results) || results.length !== chunk.length) return allFail(notOsv(osv));
  return chunk.map((question, i): Result => [question, readPage(results[i]) ?? { fault: notOsv(osv) }]);
}

/** Adds a page to what is known; answers what is wrong with it. */
function take(osv: Osv, question: Question, page: Page): string | undefined {
  for (const vuln of page.vulns) {
    if (!isObject(vuln) || typeof vuln.id !== 'string' || vuln.id === '') return notOsv(osv);
    question.ids.set(vuln.id, typeof vuln.modified === 'string' ? vuln.modified : '');
  }
  question.token = page.token;
  if (page.token === undefined) return undefined;
  if (question.tokens.has(page.token) || question.tokens.size >= mostPages) return endless(osv);
  question.tokens.add(page.token);
  return undefined;
}
