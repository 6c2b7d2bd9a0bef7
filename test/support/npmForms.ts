import { inventedDigest, type FakeRelease } from './pypiForms';

// What an npm registry answers about a package: its data, and the documents that it writes.

export interface FakeNpmRelease {
  readonly version: string;
  readonly published?: string;
  readonly deprecated?: string;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
  readonly scripts?: Readonly<Record<string, string>>;
  /** node-gyp runs at install, without any script. */
  readonly gypfile?: boolean;
  /** `npm publish --provenance`: it has attestations. An object is what `/-/npm/v1/attestations/NAME@VERSION` answers. */
  readonly attested?: true | object;
  /** The account. */
  readonly publisher?: string;
  /** The kind of trusted publisher, such as `github`. */
  readonly trusted?: string;
  readonly integrity?: string;
  readonly signatures?: readonly { readonly keyid: string; readonly sig: string }[];
  readonly repository?: string;
}

export interface FakeNpmPackage {
  readonly releases: readonly (FakeRelease | FakeNpmRelease)[];
  readonly created?: string;
  readonly license?: string;
  /** Dist-tags beside `latest`, which is the last release unless it is named here. */
  readonly tags?: Readonly<Record<string, string>>;
  /** Of releases that were taken down `time` alone remembers. */
  readonly removed?: readonly (readonly [version: string, published: string])[];
  /** Taken down as a whole, at this time: nothing but `time` is left. */
  readonly unpublished?: string;
}

/** The package that stands where npm has taken malware down. */
export function securityHolding(time: string): FakeNpmPackage {
  return { releases: [{ version: '0.0.1-security', published: time, repository: 'npm/security-holder', publisher: 'npm' }], created: time };
}

export function npmReleases(pkg: FakeNpmPackage | readonly FakeRelease[]): readonly FakeNpmRelease[] {
  const releases = 'releases' in pkg ? pkg.releases : pkg;
  return releases.map((release) => (isTuple(release) ? ofTuple(release) : release));
}

/** The full document. */
export function packument(name: string, pkg: FakeNpmPackage | readonly FakeRelease[], base: string): object {
  const own: Partial<FakeNpmPackage> = 'releases' in pkg ? pkg : {};
  const releases = npmReleases(pkg);
  const created = own.created ?? releases[0]?.published;
  const time = {
    ...(created !== undefined && { created }),
    ...Object.fromEntries(own.removed ?? []),
    ...Object.fromEntries(releases.map(({ version, published }) => [version, published])),
  };
  if (own.unpublished !== undefined)
    return { _id: name, name, time: { ...time, unpublished: { time: own.unpublished, versions: releases.map(({ version }) => version) } } };
  return {
    _id: name,
    name,
    'dist-tags': tagsOf(own, releases),
    versions: Object.fromEntries(releases.map((release) => [release.version, versionDocument(name, release, base, own.license)])),
    time,
    maintainers: [{ name: releases.at(-1)?.publisher ?? 'owner' }],
    ...(own.license !== undefined && { license: own.license }),
    ...(releases.at(-1)?.repository !== undefined && { repository: releases.at(-1)!.repository }),
    readme: '',
  };
}

/** The abbreviated document: no times, no scripts, no publishers. */
export function abbreviated(name: string, pkg: FakeNpmPackage | readonly FakeRelease[], base: string): object {
  const own: Partial<FakeNpmPackage> = 'releases' in pkg ? pkg : {};
  const releases = npmReleases(pkg);
  return {
    name,
    'dist-tags': tagsOf(own, releases),
    versions: Object.fromEntries(
      releases.map((release) => {
        const { deprecated, dependencies, optionalDependencies, scripts, version } = release;
        const hasInstallScript = ['preinstall', 'install', 'postinstall'].some((script) => scripts?.[script] !== undefined);
        return [
          version,
          {
            name,
            version,
            ...(deprecated !== undefined && { deprecated }),
            ...(dependencies && { dependencies }),
            ...(optionalDependencies && { optionalDependencies }),
            ...(hasInstallScript && { hasInstallScript }),
            dist: dist(name, release, base),
          },
        ];
      }),
    ),
    modified: releases.at(-1)?.published ?? '2026-01-01T00:00:00.000Z',
  };
}

/** `GET /NAME/VERSION`. */
export function versionDocument(name: string, release: FakeNpmRelease, base: string, license?: string): object {
  const { version, deprecated, dependencies, optionalDependencies, scripts, gypfile, publisher, trusted, repository } = release;
  return {
    _id: `${name}@${version}`,
    name,
    version,
    ...(license !== undefined && { license }),
    ...(deprecated !== undefined && { deprecated }),
    ...(dependencies && { dependencies }),
    ...(optionalDependencies && { optionalDependencies }),
    ...(scripts && { scripts }),
    ...(gypfile && { gypfile }),
    ...(repository !== undefined && { repository: { type: 'git', url: `git+https://github.com/${repository}.git` } }),
    _npmUser: {
      name: trusted === undefined ? (publisher ?? 'owner') : 'GitHub Actions',
      email: 'owner@mail.example',
      ...(trusted !== undefined && { trustedPublisher: { id: trusted, oidcConfigId: 'oidc:1' } }),
    },
    dist: dist(name, release, base),
  };
}

function dist(name: string, { version, integrity, signatures, attested }: FakeNpmRelease, base: string): object {
  return {
    tarball: `${base}/${name}/-/${name.replace(/^.*\//, '')}-${version}.tgz`,
    integrity: integrity ?? `sha512-${Buffer.from(inventedDigest(`${name}@${version}`)).toString('base64')}`,
    ...(signatures && { signatures }),
    ...(attested && {
      attestations: {
        url: `${base}/-/npm/v1/attestations/${encodeURIComponent(`${name}@${version}`)}`,
        provenance: { predicateType: 'https://slsa.dev/provenance/v1' },
      },
    }),
  };
}

function tagsOf({ tags }: Partial<FakeNpmPackage>, releases: readonly FakeNpmRelease[]): object {
  const latest = releases.at(-1)?.version;
  return { ...(latest !== undefined && { latest }), ...tags };
}

function isTuple(release: FakeRelease | FakeNpmRelease): release is FakeRelease {
  return Array.isArray(release);
}

function ofTuple([version, published, withdrawn]: FakeRelease): FakeNpmRelease {
  return { version, published, ...(withdrawn !== undefined && { deprecated: withdrawn }) };
}
