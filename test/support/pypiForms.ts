// What PyPI, and indexes like it, answer about a project: its data, and the forms in which the APIs write it.

/** A version with the time of its upload; a third part yanks it, with the reason. */
export type FakeRelease = readonly [version: string, published: string, withdrawn?: string];

export interface FakePypiRelease {
  readonly version: string;
  /** When its files were uploaded. */
  readonly published?: string;
  /** PEP 592. */
  readonly yanked?: boolean | string;
  /** By default one wheel and one source archive, with digests made of their names. */
  readonly files?: readonly FakeFile[];
  /** Gives every file an attestation by this publisher. `true`: by GitHub's, `owner/NAME`, `release.yml`. */
  readonly attested?: true | FakePublisher;
}

export interface FakeFile {
  readonly filename: string;
  /** 64 hexadecimal digits. */
  readonly sha256?: string;
  readonly uploadTime?: string;
  readonly yanked?: boolean | string;
  /** The document of the integrity API; or the address of one, in place of our own. */
  readonly provenance?: object | string;
}

export interface FakePublisher {
  readonly kind: string;
  readonly repository: string;
  readonly workflow: string;
}

export interface FakePypiProject {
  readonly releases: readonly (FakeRelease | FakePypiRelease)[];
  /** PEP 792: `quarantined`, and what PyPI does with it: files are hidden, and `/pypi/NAME/json` does not know it. */
  readonly status?: string | { readonly status: string; readonly reason?: string };
  readonly license?: string;
}

/** What the index can do. PyPI can do everything. */
export interface PypiAbilities {
  /** PEP 691; without it the simple API answers in HTML, whatever is asked for. */
  readonly json: boolean;
  /** `/pypi/NAME/json`. */
  readonly legacy: boolean;
  /** PEP 700. */
  readonly times: boolean;
  /** PEP 740: a `provenance` in each file. */
  readonly provenance: boolean;
}

interface Row extends FakeFile {
  readonly version: string;
}

export function pypiReleases(project: FakePypiProject | readonly FakeRelease[]): readonly FakePypiRelease[] {
  const releases = 'releases' in project ? project.releases : project;
  return releases.map((release) => (isTuple(release) ? ofTuple(release) : release));
}

/** The page of a project in the simple API, as JSON. */
export function simpleJson(name: string, project: FakePypiProject | readonly FakeRelease[], can: PypiAbilities, base: string): object {
  const own = 'releases' in project ? project : undefined;
  const hidden = isQuarantined(own);
  return {
    meta: { 'api-version': '1.4', '_last-serial': 1 },
    name,
    ...(own?.status !== undefined && { 'project-status': own.status }),
    versions: hidden ? [] : pypiReleases(project).map(({ version }) => version),
    files: hidden ? [] : rows(name, project).map((row) => simpleFile(name, row, can, base)),
  };
}

function simpleFile(name: string, row: Row, can: PypiAbilities, base: string): object {
  const { filename, sha256, uploadTime, yanked, provenance, version } = row;
  const own = `${base}/integrity/${name}/${version}/${filename}/provenance`;
  return {
    filename,
    url: `https://files.example/${filename}`,
    hashes: sha256 === undefined ? {} : { sha256 },
    ...(can.times && uploadTime !== undefined && { 'upload-time': uploadTime }),
    yanked: yanked ?? false,
    ...(can.provenance && { provenance: provenance === undefined ? null : typeof provenance === 'string' ? provenance : own }),
  };
}

/** The same in HTML, which has no times (PEP 503, frozen by PEP 833). */
export function simpleHtml(name: string, project: FakePypiProject | readonly FakeRelease[]): string {
  const anchors = rows(name, project).map(({ filename, sha256, yanked }) => {
    const mark = yanked === undefined || yanked === false ? '' : ` data-yanked="${typeof yanked === 'string' ? yanked : ''}"`;
    return `<a href="../../files/${filename}${sha256 === undefined ? '' : `#sha256=${sha256}`}"${mark}>${filename}</a><br />`;
  });
  return `<!DOCTYPE html>\n<html><head><title>Links for ${name}</title></head><body><h1>Links for ${name}</h1>\n${anchors.join('\n')}\n</body></html>`;
}

/** `/pypi/NAME/json`, or with a version `/pypi/NAME/VERSION/json`; `undefined` where it does not know it. */
export function legacyJson(name: string, project: FakePypiProject | readonly FakeRelease[], version?: string): object | undefined {
  const own = 'releases' in project ? project : undefined;
  const releases = pypiReleases(project);
  const chosen = version === undefined ? releases.at(-1) : releases.find((release) => release.version === version);
  if (isQuarantined(own) || !chosen) return undefined;
  const filesOf = (wanted: string) =>
    rows(name, project)
      .filter((row) => row.version === wanted)
      .map(legacyFile);
  return {
    info: { name, version: chosen.version, yanked: false, license: own?.license ?? null, license_expression: null },
    urls: filesOf(chosen.version),
    ...(version === undefined && { releases: Object.fromEntries(releases.map((release) => [release.version, filesOf(release.version)])) }),
    vulnerabilities: [],
  };
}

function legacyFile({ filename, sha256, uploadTime, yanked }: Row): object {
  return {
    filename,
    url: `https://files.example/${filename}`,
    digests: sha256 === undefined ? {} : { sha256 },
    ...(uploadTime !== undefined && { upload_time_iso_8601: uploadTime }),
    yanked: yanked !== undefined && yanked !== false,
    yanked_reason: typeof yanked === 'string' ? yanked : null,
  };
}

/** The integrity API's document of a file; `undefined` where it has none. */
export function provenanceOf(
  name: string,
  project: FakePypiProject | readonly FakeRelease[],
  version: string,
  filename: string,
): object | undefined {
  const row = rows(name, project).find((candidate) => candidate.version === version && candidate.filename === filename);
  return typeof row?.provenance === 'object' ? row.provenance : undefined;
}

function rows(name: string, project: FakePypiProject | readonly FakeRelease[]): readonly Row[] {
  return pypiReleases(project).flatMap((release) => {
    const { version, published, yanked, attested } = release;
    const publisher = attested === true ? { kind: 'GitHub', repository: `owner/${name}`, workflow: 'release.yml' } : attested;
    return (release.files ?? defaultFiles(name, version)).map((file) => ({
      version,
      ...(published !== undefined && { uploadTime: published }),
      ...(yanked !== undefined && { yanked }),
      ...(publisher && { provenance: { version: 1, attestation_bundles: [{ publisher, attestations: [] }] } }),
      ...file,
    }));
  });
}

function defaultFiles(name: string, version: string): FakeFile[] {
  const stem = `${name.replaceAll('-', '_')}-${version}`;
  return [`${stem}-py3-none-any.whl`, `${stem}.tar.gz`].map((filename) => ({ filename, sha256: inventedDigest(filename) }));
}

/** 64 hexadecimal digits that differ with the text; no digest of anything. */
export function inventedDigest(text: string): string {
  let digits = '';
  for (let round = 0; digits.length < 64; round++) {
    let hash = 0x811c9dc5 ^ round;
    for (const character of text) hash = Math.imul(hash ^ character.codePointAt(0)!, 0x01000193) >>> 0;
    digits += hash.toString(16).padStart(8, '0');
  }
  return digits;
}

function isQuarantined(project: FakePypiProject | undefined): boolean {
  const status = project?.status;
  return (typeof status === 'string' ? status : status?.status) === 'quarantined';
}

function isTuple(release: FakeRelease | FakePypiRelease): release is FakeRelease {
  return Array.isArray(release);
}

function ofTuple([version, published, withdrawn]: FakeRelease): FakePypiRelease {
  return { version, published, ...(withdrawn !== undefined && { yanked: withdrawn }) };
}
