import type { Registry } from '../../core/ecosystem';
import type { FeedContext } from '../../core/feed';
import type { HttpResponse } from '../../core/io';
import type { Lookup } from '../../core/lookup';
import type { ReleaseFile } from '../../core/release';
import { askAttestations, isOfOrigin } from '../attestationClient';
import { conditions, parsedJson, refusal, trimmedBase, validatorsOf, type Told, type Validators } from '../indexClient';
import { parseInPortions } from '../jsonPortions';
import { createRecordStore } from '../recordStore';
import { jsonObject, packumentPortions, recordInPackument } from './packument';
import { releaseFiles } from './releaseFiles';

const id = 'npm-registry';
const maxBytes = 64 * 1024 * 1024;
const longestName = 214;
const accepts = { full: 'application/json', abbreviated: 'application/vnd.npm.install-v1+json' } as const;

type Form = keyof typeof accepts;

/**
 * A client for the npm registry at this address, or for what answers like it. It asks for the full document, since the abbreviated one
 * has no times and no scripts; that one is taken where an index has nothing else, which is then remembered.
 */
export function npmRegistry(baseUrl: string, context: FeedContext): Registry {
  const base = trimmedBase(baseUrl);
  let hasFull = true;

  const get = (name: string, path: string, headers: Readonly<Record<string, string>>, signal: AbortSignal | undefined) =>
    context.http.request({ url: `${base}/${path}`, headers, purpose: 'releases', names: [name], maxBytes }, signal);
  const documentOf = (name: string, form: Form, before: Validators | undefined, signal: AbortSignal) =>
    get(name, escapedName(name), { accept: accepts[form], ...conditions(before, form) }, signal);

  async function ask(name: string, before: Validators | undefined, signal: AbortSignal): Promise<Told> {
    if (!isName(name)) return { kind: 'absent' };
    if (hasFull) {
      const response = await documentOf(name, 'full', before, signal);
      if (!lacksForm(response)) return told(response, 'full', signal);
    }
    const response = await documentOf(name, 'abbreviated', before, signal);
    const answer = await told(response, 'abbreviated', signal);
    if (answer.kind === 'record') hasFull = false;
    return answer;
  }

  /** The files of a release: from its own small document, or from the package's where an index has no other. */
  async function filesOf(name: string, version: string, signal: AbortSignal | undefined): Promise<Lookup<readonly ReleaseFile[]>> {
    const own = await get(name, `${escapedName(name)}/${encodeURIComponent(version)}`, { accept: accepts.full }, signal);
    const known = (document: unknown): Lookup<readonly ReleaseFile[]> | undefined => {
      const files = releaseFiles(document, `${base}/`);
      return files && { state: 'known', value: files, asOf: context.clock.now() };
    };
    const small = own.ok && own.status === 200 ? known(parsedJson(own.body)) : undefined;
    if (small) return small;
    if (!own.ok) return { state: 'unavailable', reason: own.message };
    const whole = await get(name, escapedName(name), { accept: `${accepts.full}, ${accepts.abbreviated};q=0.5` }, signal);
    if (!whole.ok) return { state: 'unavailable', reason: whole.message };
    if (whole.status !== 200) return { state: 'unavailable', reason: refusal(id, whole.status) };
    const versions = jsonObject(jsonObject(await parseInPortions(whole.body, packumentPortions, signal))?.versions) ?? {};
    const row = Object.hasOwn(versions, version) ? versions[version] : undefined;
    return known(row) ?? { state: 'unavailable', reason: `${id} lists no file of ${name} ${version}` };
  }

  /** Mirrors hand on the address of the registry that they copy: theirs is derived from their own. */
  async function attestationsOf(name: string, version: string, { attestationUrl }: ReleaseFile, signal: AbortSignal | undefined) {
    const isNamed = attestationUrl !== undefined && attestationUrl !== `${base}/` && isOfOrigin(attestationUrl, base);
    const url = isNamed ? attestationUrl : `${base}/-/npm/v1/attestations/${escapedName(name)}@${encodeURIComponent(version)}`;
    return askAttestations({ id, url, accept: accepts.full, name }, context, signal);
  }

  const signingKeys = (signal: AbortSignal | undefined) =>
    askAttestations({ id, url: `${base}/-/npm/v1/keys`, accept: accepts.full, name: '' }, context, signal);

  return createRecordStore({ id, baseUrl: base, ask, filesOf, attestationsOf, signingKeys }, context);
}

/**
 * Whether the index may know the package and not its full document. A registry says in JSON that it has no such name; a 404 in another
 * form comes from a server that does not know what was asked.
 */
function lacksForm(response: HttpResponse): boolean {
  if (!response.ok) return false;
  const { status, headers, body } = response;
  if (status === 404) return !/\bjson\b/i.test(headers['content-type'] ?? '') && parsedJson(body) === undefined;
  return status === 400 || status === 406 || status === 415;
}

async function told(response: HttpResponse, form: Form, signal: AbortSignal): Promise<Told> {
  if (!response.ok) return { kind: 'fault', reason: response.message };
  if (response.status === 304) return { kind: 'unchanged' };
  if (response.status === 404) return { kind: 'absent' };
  if (response.status !== 200) return { kind: 'fault', reason: refusal(id, response.status) };
  const record = recordInPackument(await parseInPortions(response.body, packumentPortions, signal));
  if (!record) return { kind: 'fault', reason: `${id} answered with something that is not a list of releases` };
  return { kind: 'record', record, validators: validatorsOf(response, form) };
}

/** Names that npm does not allow are no package's; of these, some would be another path of the registry. */
function isName(name: string): boolean {
  return name.length <= longestName && name.split('/').every((part) => part !== '' && !part.startsWith('.'));
}

/** The name as a path: `@scope%2fname`. */
function escapedName(name: string): string {
  return encodeURIComponent(name).replace(/^%40/, '@').replace('%2F', '%2f');
}
