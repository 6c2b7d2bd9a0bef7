export const dspyProject = (more = '') => `[project]
name = "app"
version = "1"
dependencies = ["dspy>=3"]
${more}`;

/** When the files of the release that dspy brings were uploaded. */
export interface Uploads {
  readonly wheel: string;
  readonly sdist?: string;
}

/** A uv.lock in which app asks for dspy, and dspy for this release. */
export function uvLockOf(name: string, version: string, { wheel, sdist }: Uploads): string {
  const file = (rest: string, hash: string, time: string) =>
    `{ url = "https://files.pythonhosted.org/packages/${name}-${version}${rest}", hash = "sha256:${hash}", size = 1, upload-time = "${time}" }`;
  return `version = 1
revision = 3

[[package]]
name = "app"
version = "1"
source = { virtual = "." }
dependencies = [{ name = "dspy" }]

[package.metadata]
requires-dist = [{ name = "dspy", specifier = ">=3" }]

[[package]]
name = "dspy"
version = "3.0.3"
source = { registry = "https://pypi.org/simple" }
dependencies = [{ name = "${name}" }]
sdist = { url = "https://files.pythonhosted.org/packages/dspy-3.0.3.tar.gz", hash = "sha256:aa", size = 1, upload-time = "2025-08-31T18:49:30Z" }

[[package]]
name = "${name}"
version = "${version}"
source = { registry = "https://pypi.org/simple" }
${sdist === undefined ? '' : `sdist = ${file('.tar.gz', 'bb', sdist)}\n`}wheels = [
    ${file('-py3-none-any.whl', 'cc', wheel)},
]
`;
}
