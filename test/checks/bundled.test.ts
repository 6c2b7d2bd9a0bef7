import { checkFixture } from '../support/caretFixture';
import { checkFix } from '../support/checkFix';

// What Merlon says of the compromise of March 2026 with no network at all.
const world = 'bundled';

describe('litellm, from the bundle alone', () => {
  it('is named, whether pinned, ranged or bare', () =>
    checkFixture(
      `
litellm==1.82.7
       ^^^^^^^^ 💡 compromised-release [error]: litellm 1.82.7 is malware (MAL-2026-2144)
litellm[proxy]==1.82.8 ; python_version >= "3.9"
              ^^^^^^^^ 💡 compromised-release [error]: litellm 1.82.8 is malware (MAL-2026-2144)
litellm>=1.81,<2
       ^^^^^^^^^ 💡 admits-compromised [warning]: litellm >=1.81,<2 admits the compromised releases 1.82.7 and 1.82.8 (MAL-2026-2144)
litellm
^^^^^^^ 💡 admits-compromised [warning]: litellm without a version admits the compromised releases 1.82.7 and 1.82.8 (MAL-2026-2144)
litellm==1.82.6
       ^^^^^^^^ 💡 vulnerable-release [error]: litellm 1.82.6 has three known vulnerabilities, the worst is critical (CVE-2026-
litellm!=1.82.7,!=1.82.8
       ^^^^^^^^^^^^^^^^^ 💡 unpinned [warning]: litellm is not pinned: !=1.82.7,!=1.82.8 blocks two releases, not the next one
litellm==1.84.0
dspy
^^^^ unpinned [warning]: dspy is not pinned: the next install takes whatever was published last
`,
      { world },
    ));

  it('is cured by a release that is free of all that is known, not by the one before or after', async () => {
    const title = 'Upgrade litellm to 1.84.0 (not checked against the registry)';
    await checkFix('litellm==1.82.7\n', 'litellm==1.84.0\n', { rule: 'compromised-release', world, title });
    await checkFix('litellm==1.82.6\n', 'litellm==1.84.0\n', { rule: 'vulnerable-release', world, title });
    await checkFix('litellm>=1.81,<2\n', 'litellm==1.84.0\n', { rule: 'admits-compromised', world });
    await checkFix('litellm>=1.81,<2\n', 'litellm>=1.81,<2,!=1.82.7,!=1.82.8\n', {
      rule: 'admits-compromised',
      kind: 'exclude',
      world,
      leaves: ['unpinned'],
    });
  });
});
