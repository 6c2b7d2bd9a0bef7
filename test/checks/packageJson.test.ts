import { checkFixture } from '../support/caretFixture';

const commit = '0123456789abcdef0123456789abcdef01234567';

describe('rules on package.json', () => {
  it('compromised-release: by its own name, by an alias, in an override', () =>
    checkFixture(`
//- package.json
{
  "dependencies": {
    "hijacked-agent": "2.1.1",
                       ^^^^^ 💡 compromised-release [error]: hijacked-agent 2.1.1 is malware (MAL-2026-9002)
    "agent": "npm:hijacked-agent@2.1.1",
                                 ^^^^^ 💡 compromised-release: hijacked-agent 2.1.1 is malware
    "squat-model": "^1.0.0",
                    ^^^^^^ 💡 compromised-release: squat-model is malware in every release
    "broad-tool": "1.2.0"
  },
  "overrides": { "story-llm": "1.82.8" }
                               ^^^^^^ 💡 compromised-release: story-llm 1.82.8 is malware
}
`));

  it('admits-compromised: ranges, tags and peers', () =>
    checkFixture(`
//- package.json
{
  "dependencies": {
    "hijacked-agent": "^2.0.0",
                       ^^^^^^ 💡 admits-compromised [warning]: hijacked-agent ^2.0.0 admits the compromised release 2.1.1 (MAL-2026-9002)
    "story-llm": "latest",
                  ^^^^^^ 💡 admits-compromised: story-llm by the tag latest admits
    "broad-tool": "~1.4.0"
                   ^^^^^^ 💡 unpinned: broad-tool is not pinned
  },
  "peerDependencies": {
    "hijacked-agent": ">=2 <3",
                       ^^^^^^ 💡 admits-compromised: hijacked-agent >=2 <3 admits
    "steady-llm": "^1.0.0"
  }
}
`));

  it('vulnerable-release: exact versions alone', () =>
    checkFixture(`
//- package.json
{
  "dependencies": { "sinking-db": "1.1.0" },
                                   ^^^^^ 💡 vulnerable-release [error]: sinking-db 1.1.0 has one known vulnerability, high
  "devDependencies": { "holey-vector": "1.4.0" }
                                        ^^^^^ 💡 vulnerable-release [warning]: holey-vector 1.4.0 has two known vulnerabilities
}
`));

  it('unpinned: each group that installs', () =>
    checkFixture(`
//- package.json
{
  "dependencies": { "steady-llm": "^1.0.0", "plain-util": "^1.0.0" },
                                   ^^^^^^ 💡 unpinned: steady-llm is not pinned: the next install may take any release that ^1.0.0 admits
  "devDependencies": { "steady-llm": "*" },
                                      ^ 💡 unpinned: steady-llm is not pinned: the next install takes whatever was published last
  "optionalDependencies": { "beta-rag": "1.0.0" }
}
`));

  it('mutable-source and insecure-source: git, tarballs, plain http', () =>
    checkFixture(`
//- package.json
{
  "dependencies": {
    "a": "user/repo",
     ^ mutable-source: a comes from git without a commit
    "b": "git+https://git.example/b.git#v1.0.0",
     ^ mutable-source: b comes from git at v1.0.0
    "c": "github:user/repo#${commit}",
    "d": "https://host.example/d.tgz",
     ^ mutable-source: d comes from a URL without a hash
    "e": "git+http://git.example/e.git#${commit}",
     ^ insecure-source: e comes from git.example over a connection without encryption
    "f": "file:../f"
  }
}
`));

  it('invalid-requirement: a spec that npm would reject', () =>
    checkFixture(`
//- package.json
{
  "dependencies": {
    "steady-llm": 1,
                  ^ invalid-requirement [warning]: 
    "plain-util": "1.0.0"
  }
}
`));
});
