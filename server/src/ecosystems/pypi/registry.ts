import type { Registry } from '../../core/ecosystem';
import type { FeedContext } from '../../core/feed';
import type { HttpResponse } from '../../core/io';
import type { Lookup } from '../../core/lookup';
import type { PackageRecord, ReleaseFile } from '../../core/release';
import { askAttestations, isOfOrigin } from '../attestationClient';
import { conditions, parsedJson, refusal, trimmedBase, validatorsOf, type IndexClient, type Told, type Validators } from '../indexClient';
import { parseInPortions } from '../jsonPortions';
import { createRecordStore } from '../recordStore';
import { recordInHtml } from './htmlIndex';
import { filesInLegacyJson, legacyPortions, recordInLegacyJson } from './legacyJson';
import { normalizeName } from './name';
import { filesInIndex, pagePortions, recordInIndex } from './simpleIndex';

const id = 'pypi';
/** The largest projects list some ten thousand files. */
const maxBytes = 64 * 1024 * 1024;
const simpleTypes = 'application/vnd.pypi.simple.v1+json, text/html;q=0.2';

/** JSON of the simple API; its HTML; PyPI's own JSON. */
type Form = 'simple' | 'html' | 'legacy';

/**
 * A client for PyPI or what answers like it, at an address such as `https://pypi.org`. It asks the simple API in its
 * JSON form (PEP 691): `GET {base}/simple/NAME/`, the one place that tells upload times, yanks and quarantine alike. An address that ends in
 * `/simple` is that of the simple API itself. Of an index that answers in HTML alone `/pypi/NAME/json` is asked; where there is none, the HTML
 * is read. Which form an index has is then remembered.
 */
export function pypiRegistry(baseUrl: string, context: FeedContext): Registry {
  const store = createRecordStore(indexClient(trimmedBase(baseUrl), context), context);
  return {
    id: store.id,
    held: (name) => store.held(normalizeName(name)),
    recordOf: (name, signal) => store.recordOf(normalizeName(name), signal),
    existence: (name) => store.existence(normalizeName(name)),
    knowExistence: (name, signal) => store.knowExistence(normalizeName(name), signal),
    filesOf: (name, version, signal) => store.filesOf!(normalizeName(name), version, signal),
    attestationsOf: (name, version, file, signal) => store.attestationsOf!(normalizeName(name), version, file, signal),
    expire: (name) => store.expire?.(name === undefined ? undefined : normalizeName(name)),
  };
}

function indexClient(baseUrl: string, context: FeedContext): IndexClient {
  const { http, clock } = context;
  const base = baseUrl.endsWith('/simple') ? baseUrl.slice(0, -'/simple'.length) : baseUrl;
  /** What the index was seen to have. */
  let form: Form | undefined;

  /** As it stands now: a question for another name may have shown it meanwhile. */
  const hasLegacy = () => form === 'legacy';
  const pageOf = (name: string) => `${base}/simple/${encodeURIComponent(name)}/`;
  const get = (name: string, url: string, headers: Readonly<Record<string, string>>, signal: AbortSignal | undefined) =>
    http.request({ url, headers, purpose: 'releases', names: [name], maxBytes }, signal);

  async function ask(name: string, before: Validators | undefined, signal: AbortSignal): Promise<Told> {
    if (hasLegacy()) return askLegacy(name, before, signal);
    const page = await get(name, pageOf(name), { accept: simpleTypes, ...pageConditions(before) }, signal);
    if (!lacksJson(page)) {
      const answer = await told(page, 'simple', async (body) => recordInIndex(await parseInPortions(body, pagePortions, signal)));
      if (answer.kind === 'record') form = 'simple';
      return answer;
    }
    // An index that has answered in JSON has somebody's page between it and us.
    if (form === 'simple') return { kind: 'fault', reason: `${id} answered with a page that is not the index's` };
    const listed = await told(page, 'html', (body) => recordInHtml(body, name));
    if (form === 'html' && listed.kind === 'record') return listed;
    const answer = await askLegacy(name, before, signal);
    if (answer.kind !== 'absent') return answer.kind === 'fault' && listed.kind === 'record' ? listed : answer;
    if (hasLegacy()) return answer;
    if (listed.kind === 'record') form = 'html';
    return listed.kind === 'record' ? listed : { kind: 'fault', reason: `${id} has no list of releases that can be read` };
  }

  async function askLegacy(name: string, before: Validators | undefined, signal: AbortSignal): Promise<Told> {
    const url = `${base}/pypi/${encodeURIComponent(name)}/json`;
    const response = await get(name, url, { accept: 'application/json', ...conditions(before, 'legacy') }, signal);
    const answer = await told(response, 'legacy', async (body) => recordInLegacyJson(await parseInPortions(body, legacyPortions, signal)));
    if (answer.kind === 'record') form = 'legacy';
    return answer;
  }

  async function filesOf(name: string, version: string, signal: AbortSignal | undefined): Promise<Lookup<readonly ReleaseFile[]>> {
    const known = (value: readonly ReleaseFile[]): Lookup<readonly ReleaseFile[]> => ({ state: 'known', value, asOf: clock.now() });
    if (!hasLegacy()) {
      const response = await get(name, pageOf(name), { accept: simpleTypes }, signal);
      const page = response.ok && response.status === 200 ? await parseInPortions(response.body, pagePortions, signal) : undefined;
      const files = filesInIndex(page, version, pageOf(name));
      if (files?.length) return known(files);
      if (files || !lacksJson(response)) return { state: 'unavailable', reason: reasonOf(response, name, version) };
    }
    const url = `${base}/pypi/${encodeURIComponent(name)}/${encodeURIComponent(version)}/json`;
    const response = await get(name, url, { accept: 'application/json' }, signal);
    const files = response.ok && response.status === 200 ? filesInLegacyJson(parsedJson(response.body), url) : undefined;
    return files?.length ? known(files) : { state: 'unavailable', reason: reasonOf(response, name, version) };
  }

  /** By PEP 740 the index names the address, beside its own pages; a mirror may hand on PyPI's, which is not the one that was asked. */
  async function attestationsOf(name: string, _: string, { attestationUrl }: ReleaseFile, signal: AbortSignal | undefined) {
    if (attestationUrl === undefined || !isOfOrigin(attestationUrl, base))
      return { state: 'unavailable', reason: `${id} names attestations at another host, which is not asked` } as const;
    return askAttestations({ id, url: attestationUrl, accept: 'application/vnd.pypi.integrity.v1+json', name }, context, signal);
  }

  return { id, baseUrl, ask, filesOf, attestationsOf };
}

/** Whether the index has no JSON for the simple API: it answers with a page, or refuses the form. */
function lacksJson(response: HttpResponse): boolean {
  if (!response.ok) return false;
  const { status, headers } = response;
  const isPage = /\bhtml\b/i.test(headers['content-type'] ?? '');
  return status === 400 || status === 406 || status === 415 || (status === 200 && isPage);
}

/** Both forms of a page have one address, and one tag. */
function pageConditions(before: Validators | undefined): Record<string, string> {
  return before?.form === 'legacy' ? {} : conditions(before, before?.form ?? '');
}

async function told(
  response: HttpResponse,
  form: Form,
  read: (body: string) => PackageRecord | undefined | Promise<PackageRecord | undefined>,
): Promise<Told> {
  if (!response.ok) return { kind: 'fault', reason: response.message };
  if (response.status === 304) return { kind: 'unchanged' };
  if (response.status === 404) return { kind: 'absent' };
  if (response.status !== 200) return { kind: 'fault', reason: refusal(id, response.status) };
  const record = await read(response.body);
  if (!record) return { kind: 'fault', reason: `${id} answered with something that is not a list of releases` };
  return { kind: 'record', record, validators: validatorsOf(response, form) };
}

function reasonOf(response: HttpResponse, name: string, version: string): string {
  if (!response.ok) return response.message;
  return response.status === 200 || response.status === 404 ? `${id} lists no file of ${name} ${version}` : refusal(id, response.status);
}
