import { startLoopback, type Loopback, type LoopbackAnswer, type LoopbackMode, type LoopbackRequest } from './loopback';
import { abbreviated, npmReleases, packument, versionDocument, type FakeNpmPackage } from './npmForms';
import { legacyJson, provenanceOf, simpleHtml, simpleJson, type FakePypiProject, type FakeRelease, type PypiAbilities } from './pypiForms';

export { securityHolding, type FakeNpmPackage, type FakeNpmRelease } from './npmForms';
export { inventedDigest, type FakeFile, type FakePypiProject, type FakePypiRelease, type FakeRelease } from './pypiForms';
export type { LoopbackRequest } from './loopback';

/** How the fake answers. */
export type FakeRegistryMode = LoopbackMode;

export interface NpmAbilities {
  /** The full document. Without it the abbreviated one is answered where that is asked for, and 406 elsewhere. */
  readonly full: boolean;
  readonly abbreviated: boolean;
}

/**
 * A loopback registry that stands for https://pypi.org and for the npm registry alike. Everything may be changed while it
 * runs: what it knows (replace or mutate `pypi` and `npm`), what it can do (`can`), and how it misbehaves (`mode`, `modeOf`).
 */
export interface FakeRegistry extends Loopback {
  /** Paths that were asked for, in order. `log` has the rest: headers, status and bytes. */
  readonly requests: string[];
  /** By normalized name. What is not there is answered by 404. An array is short for its releases. */
  pypi: Record<string, FakePypiProject | readonly FakeRelease[]>;
  npm: Record<string, FakeNpmPackage | readonly FakeRelease[]>;
  can: { pypi: PypiAbilities; npm: NpmAbilities };
  /** The value of `Authorization` that is wanted of everybody (`Basic …`, `Bearer …`); without it 401. */
  authorization: string | undefined;
  /** Paths that are answered by this instead: another status, a redirect, a file. */
  answers: Record<string, LoopbackAnswer>;
  /** What `/-/npm/v1/keys` lists. */
  npmKeys: readonly object[];
  /** Switches tags off, so that nothing can be revalidated. */
  tags: boolean;
}

type Packages = Partial<Pick<FakeRegistry, 'pypi' | 'npm'>>;

/**
 * Starts one. It answers `/simple/NAME/` (PEP 691 JSON, else HTML), `/pypi/NAME/json`, `/pypi/NAME/VERSION/json`,
 * `/integrity/NAME/VERSION/FILE/provenance`, `/-/npm/v1/keys`, `/-/npm/v1/attestations/NAME@VERSION`, `/NAME/VERSION` and `/NAME` (full or
 * abbreviated, by `Accept`), all with `ETag` and 304.
 */
export async function startFakeRegistry(packages: Packages = {}): Promise<FakeRegistry> {
  const loopback = await startLoopback((request) => {
    fake.requests.push(request.path);
    const right = answer(fake, request);
    return fake.tags ? right : { ...right, headers: { ...right.headers, etag: '' } };
  });
  const fake: FakeRegistry = Object.assign(loopback, {
    requests: [] as string[],
    pypi: { ...packages.pypi },
    npm: { ...packages.npm },
    can: {
      pypi: { json: true, legacy: true, times: true, provenance: true },
      npm: { full: true, abbreviated: true },
    },
    authorization: undefined,
    answers: {},
    npmKeys: [],
    tags: true,
  });
  return fake;
}

const notFound: LoopbackAnswer = { status: 404, body: '{"message": "Not Found"}' };

function answer(fake: FakeRegistry, request: LoopbackRequest): LoopbackAnswer {
  const path = request.path.replace(/\?.*$/s, '');
  if (fake.authorization !== undefined && request.headers.authorization !== fake.authorization)
    return { status: 401, body: '{"error": "unauthorized"}', headers: { 'www-authenticate': 'Basic realm="fake"' } };
  if (Object.hasOwn(fake.answers, path)) return fake.answers[path]!;
  const parts = path.split('/').slice(1).map(decoded);
  if (parts[0] === 'simple' && parts.length === 3 && parts[2] === '') return simple(fake, parts[1]!, request);
  if (parts[0] === 'pypi' && parts.at(-1) === 'json') return legacy(fake, parts.slice(1, -1));
  if (parts[0] === 'integrity' && parts.length === 5 && parts[4] === 'provenance') return integrity(fake, parts.slice(1, 4));
  if (path === '/-/npm/v1/keys') return json({ keys: fake.npmKeys });
  if (path.startsWith('/-/npm/v1/attestations/')) return attestations(fake, parts.slice(4).join('/'));
  return npm(fake, parts, request);
}

function simple(fake: FakeRegistry, name: string, { headers }: LoopbackRequest): LoopbackAnswer {
  const project = own(fake.pypi, name);
  const wantsJson = (headers.accept ?? '').includes('application/vnd.pypi.simple.v1+json');
  if (fake.can.pypi.json && wantsJson) {
    const type = 'application/vnd.pypi.simple.v1+json';
    return project ? { ...json(simpleJson(name, project, fake.can.pypi, fake.url)), type } : { ...notFound, type };
  }
  const type = 'text/html; charset=utf-8';
  return project ? { status: 200, type, body: simpleHtml(name, project) } : { status: 404, type, body: '404 Not Found' };
}

function legacy(fake: FakeRegistry, [name = '', version]: readonly string[]): LoopbackAnswer {
  const project = fake.can.pypi.legacy ? own(fake.pypi, name) : undefined;
  const document = project && legacyJson(name, project, version);
  return document ? json(document) : notFound;
}

function integrity(fake: FakeRegistry, [name = '', version = '', file = '']: readonly string[]): LoopbackAnswer {
  const project = own(fake.pypi, name);
  const document = project && provenanceOf(name, project, version, file);
  return document ? { ...json(document), type: 'application/vnd.pypi.integrity.v1+json' } : notFound;
}

function attestations(fake: FakeRegistry, release: string): LoopbackAnswer {
  const at = release.lastIndexOf('@');
  const pkg = own(fake.npm, release.slice(0, at));
  const attested = pkg && npmReleases(pkg).find(({ version }) => version === release.slice(at + 1))?.attested;
  return attested ? json(attested === true ? { attestations: [] } : attested) : notFound;
}

function npm(fake: FakeRegistry, parts: readonly string[], { headers }: LoopbackRequest): LoopbackAnswer {
  // A scope's slash is escaped by npm, and not by everybody.
  const scoped = parts[0]?.startsWith('@') === true && !parts[0].includes('/');
  const name = scoped ? parts.slice(0, 2).join('/') : parts[0]!;
  const version = parts[scoped ? 2 : 1];
  const pkg = own(fake.npm, name);
  if (!pkg) return { status: 404, body: '{"error": "Not found"}' };
  if (version !== undefined) {
    const release = npmReleases(pkg).find((candidate) => candidate.version === version);
    return release ? json(versionDocument(name, release, fake.url)) : { status: 404, body: '"version not found"' };
  }
  const { full, abbreviated: short } = fake.can.npm;
  const type = 'application/vnd.npm.install-v1+json';
  if (short && (headers.accept ?? '').includes(type)) return { ...json(abbreviated(name, pkg, fake.url)), type };
  return full ? json(packument(name, pkg, fake.url)) : { status: 406, body: '{"error": "Not Acceptable"}' };
}

function json(value: object): LoopbackAnswer {
  return { status: 200, body: JSON.stringify(value) };
}

function own<T>(record: Readonly<Record<string, T>>, name: string): T | undefined {
  return Object.hasOwn(record, name) ? record[name] : undefined;
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}
