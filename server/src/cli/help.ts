/** The text of `merlon --help`. */
export const help = `Merlon finds compromised, vulnerable and unpinned AI dependencies in package.json, requirements files and pyproject.toml.

  merlon check [PATH…]   says what is wrong          --format text|json|sarif|github|html  --fail-on LEVEL  -o FILE
                                                     --provenance verifies attestations of what is declared
  merlon list  [PATH…]   says what was read          --format text|json  --locked
  merlon fix   [PATH…]   writes the cures            --pin ai|all  --rule ID…  --dry-run
  merlon verify [ENV…]   reads what is installed     --format text|json|sarif  --fail-on LEVEL  -o FILE
  merlon sbom  [PATH]    bill of materials           --format cyclonedx|spdx  -o FILE
  merlon db build FROM…  builds the offline index    --out FILE; FROM: OSV dumps (.zip), folders, .jsonl or .jsonl.gz files
  merlon db sync         brings it up to OSV's dump  --dump-url URL  the whole at first, then what has changed
  merlon db status       says what it holds          --verify reads all of it
  merlon lsp   --stdio   language server

An ENV is a virtual environment, a site-packages or node_modules folder, or a project, whose environments are found; without
one, the current folder. Nothing of it is run.

A PATH is a file or a folder; without one, the current folder. node_modules, virtual environments, build output and
git-ignored folders are left out.

A LEVEL is error, warning, information or never. -o, --output writes the result into FILE and not to standard output.
--rule may be repeated, and takes several IDs with commas.

Options of every command
  --offline              ask nothing of the network: the offline index and bundled knowledge alone
  --no-registries        ask advisory feeds alone
  --osv-url URL          instead of https://api.osv.dev
  --pypi-url URL         instead of https://pypi.org
  --npm-registry URL     instead of the registry that npm's configuration names
  --db FILE|FOLDER       the offline index, in place of the one in the cache folder; db sync takes a folder
  --max-age AGE          an older offline index is told as old: 12h, 3d, 2w; without it 7d
  --policy FILE          this policy file, in place of every merlon.toml
  --no-cache             neither read nor write answers on disk
  --now TIME             take this ISO time for now
  -h, --help             this text
  -V, --version          the version of Merlon

Exit codes
  0  clean                    1  findings at or above --fail-on (fix: something is left)
  2  wrong usage              3  incomplete: something could not be asked or read; what was found is printed still

MERLON_CACHE_DIR names the folder of the cache. HTTPS_PROXY, NO_PROXY and NODE_EXTRA_CA_CERTS work as everywhere.
`;
