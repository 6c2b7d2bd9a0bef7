// direct_url.json (packaging.python.org, "Recording the Direct URL Origin of installed distributions"; PEP 610): written by
// installers where a distribution came from an address, a folder or a repository instead of an index.

export interface DirectUrl {
  readonly source: 'git' | 'url' | 'path';
  readonly editable: boolean;
  /** Address or folder, without credentials. */
  readonly origin: string;
  /** `sha256:…` of the archive. */
  readonly integrity?: string;
}

/** Reads direct_url.json; `undefined` where it is none. Never throws. */
export function readDirectUrl(text: string): DirectUrl | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  const { url, vcs_info, archive_info, dir_info } = objectOf(value);
  if (typeof url !== 'string') return undefined;
  const integrity = integrityOf(objectOf(archive_info));
  return {
    source: vcs_info !== undefined ? 'git' : dir_info !== undefined || /^file:/i.test(url) ? 'path' : 'url',
    editable: objectOf(dir_info).editable === true,
    origin: withoutCredentials(url),
    ...(integrity !== undefined && { integrity }),
  };
}

function integrityOf({ hash, hashes }: Record<string, unknown>): string | undefined {
  const sha256 = objectOf(hashes).sha256;
  if (typeof sha256 === 'string') return `sha256:${sha256}`;
  return typeof hash === 'string' && hash.startsWith('sha256=') ? `sha256:${hash.slice(7)}` : undefined;
}

export function withoutCredentials(url: string): string {
  return url.replace(/^([a-z][\w+.-]*:\/\/)[^/?#]*@/i, '$1');
}

function objectOf(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}
