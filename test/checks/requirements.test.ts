import { checkFixture } from '../support/caretFixture';

const commit = '0123456789abcdef0123456789abcdef01234567';

describe('rules on a requirements file', () => {
  it('compromised-release: the release, with extras, markers, comments and hashes around it', () =>
    checkFixture(`
story-llm==1.82.7
         ^^^^^^^^ 💡 compromised-release [error]: story-llm 1.82.7 is malware (MAL-2026-9001)
Story_LLM[proxy] == 1.82.8 ; python_version >= "3.9"  # why
                 ^^^^^^^^^ 💡 compromised-release: story-llm 1.82.8 is malware
story-llm==1.82.7 --hash=sha256:${'a'.repeat(64)}
         ^^^^^^^^ compromised-release: story-llm 1.82.7 is malware
hijacked-agent==2.1.1
              ^^^^^^^ 💡 compromised-release: hijacked-agent 2.1.1 is malware (MAL-2026-9002)
hijacked-agent==2.1.2
rushed-fix==1.1.0
          ^^^^^^^ 💡 compromised-release: rushed-fix 1.1.0 is malware
broad-tool==1.3.0
          ^^^^^^^ 💡 compromised-release: broad-tool 1.3.0 is malware
broad-tool==1.2.0
`));

  it('compromised-release: a package that is malware as a whole, whatever the range', () =>
    checkFixture(`
squat-model
^^^^^^^^^^^ 💡 compromised-release [error]: squat-model is malware in every release (MAL-2026-9003)
squat.model>=1
           ^^^ 💡 compromised-release: squat-model is malware in every release
squat_model==9.9
           ^^^^^ 💡 compromised-release: squat-model is malware in every release
squat-model @ git+https://git.example/squat-model@${commit}
`));

  it('admits-compromised: the range, the bare name, and what keeps the release out', () =>
    checkFixture(`
story-llm>=1.80,<2
         ^^^^^^^^^ 💡 admits-compromised [warning]: story-llm >=1.80,<2 admits the compromised releases 1.82.7 and 1.82.8 (MAL-2026-9001)
story-llm
^^^^^^^^^ 💡 admits-compromised: story-llm without a version admits the compromised releases 1.82.7 and 1.82.8
story-llm~=1.82.0
         ^^^^^^^^ 💡 admits-compromised: story-llm ~=1.82.0 admits
broad-tool<2
          ^^ 💡 admits-compromised: broad-tool <2 admits the compromised release 1.3.0 (MAL-2026-9004)
story-llm>=1.83
         ^^^^^^ 💡 unpinned: story-llm is not pinned: the next install may take any release that >=1.83 admits
story-llm!=1.82.7,!=1.82.8
         ^^^^^^^^^^^^^^^^^ 💡 unpinned: story-llm is not pinned: !=1.82.7,!=1.82.8 blocks two releases, not the next one
story-llm==1.84.0
`));

  it('admits-compromised: a constraint as well, which is where the release is to be kept out', () =>
    checkFixture(`
//- constraints.txt
story-llm<2
         ^^ 💡 admits-compromised: story-llm <2 admits
steady-llm<2
`));

  it('vulnerable-release: one finding with the worst severity', () =>
    checkFixture(`
holey-vector==1.4.0
            ^^^^^^^ 💡 vulnerable-release [warning]: holey-vector 1.4.0 has two known vulnerabilities, the worst is medium (GHSA-aaaa-bbbb-0003); 1.6.0 is the lowest
holey-vector==1.5.0
            ^^^^^^^ 💡 vulnerable-release [information]: holey-vector 1.5.0 has one known vulnerability, low (GHSA-aaaa-bbbb-0004); 1.6.0 is the lowest
holey-vector==1.6.0
story-llm==1.82.6
         ^^^^^^^^ 💡 vulnerable-release [error]: story-llm 1.82.6 has two known vulnerabilities, the worst is critical (GHSA-aaaa-bbbb-0001); 1.84.0
sinking-db==1.1.0
          ^^^^^^^ 💡 vulnerable-release [error]: sinking-db 1.1.0 has one known vulnerability, high (GHSA-aaaa-bbbb-0005)
holey-vector<1.5
            ^^^^ unpinned: holey-vector is not pinned
`));

  it('unpinned: AI packages alone, exact versions left alone', () =>
    checkFixture(`
steady-llm
^^^^^^^^^^ 💡 unpinned [warning]: steady-llm is not pinned: the next install takes whatever was published last
steady-llm>=1,<2 ; sys_platform == "linux"
          ^^^^^^ 💡 unpinned: steady-llm is not pinned: the next install may take any release that >=1,<2 admits
steady-llm==1.*
          ^^^^^ 💡 unpinned: steady-llm is not pinned
steady-llm==1.2.0
steady-llm===1.2.0
plain-util>=1
`));

  it('unpinned: every package where the scope says so, none where it is off', async () => {
    await checkFixture('plain-util>=1\n          ^^^ 💡 unpinned: plain-util is not pinned\n', { policy: { unpinnedScope: 'all' } });
    await checkFixture('steady-llm\n', { policy: { unpinnedScope: 'off' } });
    await checkFixture('steady-llm\n', { policy: { rules: { unpinned: 'off' } } });
  });

  it('mutable-source: what is not a full commit id, and a file without a hash', () =>
    checkFixture(`
steady-llm @ git+https://git.example/steady-llm@main
^^^^^^^^^^ mutable-source [warning]: steady-llm comes from git at main, which can be moved
steady-llm @ git+https://git.example/steady-llm
^^^^^^^^^^ mutable-source: steady-llm comes from git without a commit
steady-llm @ git+https://git.example/steady-llm@${commit}
steady-llm @ https://host.example/steady_llm-1.0.0-py3-none-any.whl
^^^^^^^^^^ mutable-source: steady-llm comes from a URL without a hash
steady-llm @ https://host.example/steady_llm-1.0.0-py3-none-any.whl#sha256=${'a'.repeat(64)}
./wheels/steady_llm-1.0.0-py3-none-any.whl
`));

  it('insecure-source: plain http, trusted hosts, extra indexes', () =>
    checkFixture(`
-i http://pypi.corp.example/simple
   ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ insecure-source [warning]: Packages come from pypi.corp.example over a connection without encryption
--trusted-host pypi.corp.example
               ^^^^^^^^^^^^^^^^^ insecure-source: The certificate of pypi.corp.example is not checked
--extra-index-url https://user:secret@pypi.corp.example/simple
                  ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ insecure-source: The extra index pypi.corp.example opens dependency confusion
--find-links http://localhost:8000/wheels
plain-util==1.0.0
plain-util @ git+http://git.example/plain-util@${commit}
^^^^^^^^^^ insecure-source: plain-util comes from git.example over a connection without encryption
`));

  it('invalid-requirement: the entry alone', () =>
    checkFixture(`
steady-llm=>1.0
          ^^^^^ invalid-requirement [warning]: 
plain-util==1.0.0
`));
});
