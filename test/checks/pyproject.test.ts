import { checkFixture } from '../support/caretFixture';

const commit = '0123456789abcdef0123456789abcdef01234567';

describe('rules on pyproject.toml', () => {
  it('compromised-release: in each notation', () =>
    checkFixture(`
//- pyproject.toml
[project]
dependencies = ["story-llm[proxy]==1.82.7 ; python_version > '3.9'"]
                                 ^^^^^^^^ 💡 compromised-release [error]: story-llm 1.82.7 is malware (MAL-2026-9001)

[dependency-groups]
dev = ["squat-model"]
        ^^^^^^^^^^^ 💡 compromised-release: squat-model is malware in every release

[tool.poetry.dependencies]
python = "^3.9"
hijacked-agent = "2.1.1"
                  ^^^^^ 💡 compromised-release: hijacked-agent 2.1.1 is malware
broad-tool = { version = "1.3.0", extras = ["x"] }
                          ^^^^^ 💡 compromised-release: broad-tool 1.3.0 is malware
`));

  it('admits-compromised: in each group', () =>
    checkFixture(`
//- pyproject.toml
[build-system]
requires = ["story-llm>=1.80"]
                      ^^^^^^ 💡 admits-compromised: story-llm >=1.80 admits the compromised releases 1.82.7 and 1.82.8
[project.optional-dependencies]
all = ["story-llm"]
        ^^^^^^^^^ admits-compromised: story-llm <2 admits
[tool.poetry.group.dev.dependencies]
hijacked-agent = "^2.0"
                  ^^^^ 💡 admits-compromised: hijacked-agent ^2.0 admits the compromised release 2.1.1
[tool.uv]
constraint-dependencies = ["story-llm<1.82"]
override-dependencies = ["story-llm<2"]
                                   ^^ 💡 admits-compromised: story-llm <2 admits
`));

  it('vulnerable-release: exact versions alone', () =>
    checkFixture(`
//- pyproject.toml
[project]
dependencies = ["sinking-db==1.0.0", "holey-vector==1.6.0"]
                           ^^^^^^^ 💡 vulnerable-release [error]: sinking-db 1.0.0 has one known vulnerability, high
`));

  it('unpinned: AI packages alone', () =>
    checkFixture(`
//- pyproject.toml
[project]
requires-python = ">=3.9"
dependencies = [
    "steady-llm>=1",
               ^^^ 💡 unpinned [warning]: steady-llm is not pinned: the next install may take any release that >=1 admits
    "plain-util>=1",
]
[tool.poetry.dependencies]
steady-llm = "*"
              ^ 💡 unpinned: steady-llm is not pinned: the next install takes whatever was published last
beta-rag = "1.0.0"
`));

  it('mutable-source and insecure-source: sources of every tool', () =>
    checkFixture(`
//- pyproject.toml
[project]
dependencies = ["steady-llm", "plain-util @ git+https://git.example/plain-util@v1"]
                               ^^^^^^^^^^ mutable-source: plain-util comes from git at v1
                 ^^^^^^^^^^ mutable-source: steady-llm comes from git at main

[tool.uv.sources]
steady-llm = { git = "https://git.example/steady-llm", branch = "main" }

[tool.poetry.dependencies]
beta-rag = { git = "http://git.example/beta-rag", rev = "${commit}" }
^^^^^^^^ insecure-source: beta-rag comes from git.example over a connection without encryption
fresh-agent = { url = "https://host.example/fresh_agent-1.0.0-py3-none-any.whl" }
^^^^^^^^^^^ mutable-source: fresh-agent comes from a URL without a hash
`));

  it('insecure-source: indexes, by the tool that asks them', async () => {
    await checkFixture(`
//- pyproject.toml
[[tool.uv.index]]
name = "torch"
url = "https://torch.example/whl"

[[tool.pdm.source]]
name = "corp"
url = "https://pdm.corp.example/simple"
       ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ insecure-source [warning]: The extra index pdm.corp.example opens dependency confusion

[[tool.poetry.source]]
name = "corp"
url = "http://poetry.corp.example/simple"
       ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ insecure-source: Packages come from poetry.corp.example over a connection without encryption
priority = "explicit"
`);
    await checkFixture(`
//- pyproject.toml
[tool.uv]
index-strategy = "unsafe-best-match"
extra-index-url = ["https://torch.example/whl"]
                    ^^^^^^^^^^^^^^^^^^^^^^^^^ insecure-source: The extra index torch.example opens dependency confusion
`);
  });

  it('invalid-requirement: the entry alone', () =>
    checkFixture(`
//- pyproject.toml
[project]
dependencies = ["steady-llm=>1", "plain-util==1.0.0"]
                           ^^^ invalid-requirement [warning]: 
`));
});
