import { checkFixture } from '../support/caretFixture';
import type { ScanSettings } from '../support/scanTexts';

// What the registry says of a package, on the three kinds of manifests: yes, no, and not known.

const check = (fixture: string, settings: ScanSettings = {}) =>
  checkFixture(fixture, { ...settings, policy: { rules: { 'release-age-setting': 'off' } } });

describe('rules on what the registry knows', () => {
  it('quarantined-package: no release can be had, and no pin is a cure', () =>
    check(`
locked-llm
^^^^^^^^^^ quarantined-package [error]: PyPI has quarantined locked-llm and hides all of its releases, so installs fail
locked-llm==1.0.0
^^^^^^^^^^ quarantined-package: PyPI has quarantined locked-llm
steady-llm==1.0.0
locked-llm @ https://files.example/locked_llm-1.0-py3-none-any.whl#sha256=${'a'.repeat(64)}
//- pyproject.toml
[project]
dependencies = ["locked-llm>=1"]
                 ^^^^^^^^^^ quarantined-package: PyPI has quarantined locked-llm
[tool.poetry.dependencies]
locked-llm = "^1.0"
^^^^^^^^^^ quarantined-package: PyPI has quarantined locked-llm
//- package.json
{
  "dependencies": {
    "locked-llm": "^1.0.0",
     ^^^^^^^^^^ quarantined-package: npm has taken locked-llm down and holds its name, so installs fail: do not take it from another registry
    "there": "npm:locked-llm@1.0.0",
     ^^^^^ quarantined-package: npm has taken locked-llm down
    "steady-llm": "1.0.0"
  }
}
`));

  it('unknown-package: a name that no index has, and nothing by guess', () =>
    check(`
never-heard-of
^^^^^^^^^^^^^^ unknown-package [error]: No package is named never-heard-of: PyPI was asked on 2026-06-01 and has none. Whoever takes the name
Never_Heard.of[x]==1.0 ; python_version > "3"
^^^^^^^^^^^^^^ unknown-package: No package is named never-heard-of
never-heard-of @ git+https://git.example/x@${'0'.repeat(40)}
./never-heard-of
plain-util==1.0.0
//- constraints.txt
never-heard-of<2
//- pyproject.toml
[project]
name = "own-thing"
dependencies = ["own-thing[all]", "never-heard-of>=1"]
                                   ^^^^^^^^^^^^^^ unknown-package: No package is named never-heard-of
[tool.poetry.group.dev.dependencies]
never-heard-of = "^1"
^^^^^^^^^^^^^^ unknown-package: No package is named never-heard-of
nowhere = { path = "../nowhere" }
//- package.json
{
  "name": "@we/member",
  "dependencies": {
    "never-heard-of": "^1",
     ^^^^^^^^^^^^^^ unknown-package: No package is named never-heard-of: the npm registry was asked on 2026-06-01
    "nowhere": "file:../nowhere",
    "member": "workspace:*"
  },
  "overrides": { "nobody-knows": "1.0.0" }
}
//- site/package.json
{ "dependencies": { "@we/member": "^1.0.0" } }
`));

  it('unknown-package: an outage is one finding a file', async () => {
    await check(
      `
never-heard-of==1
^^^^^^^^^^^^^^ unknown-package [information]: Whether two packages exist (never-heard-of and plain-util) could not be asked: the registry is down
plain-util==1.0.0
never-heard-of==1
squat @ https://files.example/squat-1.tar.gz#sha256=${'a'.repeat(64)}
//- package.json
{ "dependencies": { "plain-util": "1.0.0", "locked-llm": "1.0.0" } }
                     ^^^^^^^^^^ unknown-package [information]: Whether two packages exist (plain-util and locked-llm) could not be asked
`,
      { registries: 'down' },
    );
    await check('never-heard-of==1\nlocked-llm==1\nyanked-embed==1.1.0\narchived-rag==1.0.0\nplain-utill==1.0.0\n', {
      registries: 'off',
    });
  });

  it('lookalike-name: near to a known name, and a second sign', () =>
    check(`
plain-utill==1.0.0
^^^^^^^^^^^ 💡 lookalike-name [warning]: plain-utill is one letter away from plain-util: it was first published on 2026-05-24, 8 days ago and it has two releases
plain-utils==1.0.0
//- pyproject.toml
[dependency-groups]
dev = ["plain-utill>=1"]
        ^^^^^^^^^^^ 💡 lookalike-name: plain-utill is one letter away from plain-util
//- package.json
{
  "devDependencies": { "plain-utill": "1.0.0", "plain-utils": "1.0.0" }
                        ^^^^^^^^^^^ 💡 lookalike-name: plain-utill is one letter away from plain-util
}
`));

  it('lookalike-name: what Merlon ships with, without any network', () =>
    check(
      `
openaii==1.55.4
^^^^^^^ 💡 lookalike-name: openaii is one letter away from openai: MAL-2026-16135 calls it malware
ollamaa==0.4.2
       ^^^^^^^ 💡 compromised-release: ollamaa 0.4.2 is malware
langgrapp==0.1.0
tоrch==2.0.0
^^^^^ lookalike-name [warning]: “tоrch” looks like torch: some of its letters are not those that they look like
^^^^^^^^^^^^ invalid-requirement: pip rejects this line
//- package.json
{
  "dependencies": {
    "оpenai": "1.0.0",
     ^^^^^^ lookalike-name: “оpenai” looks like openai: some of its letters are not those that they look like
    ^^^^^^^^ invalid-requirement: "оpenai" cannot be installed
    "openaii": "1.0.0"
  }
}
`,
      { world: 'bundled' },
    ));

  it('yanked-release: pinned to it, with the reason', () =>
    check(`
yanked-embed==1.1.0
            ^^^^^^^ 💡 yanked-release [warning]: yanked-embed 1.1.0 of 2026-02-21 was yanked from PyPI: “broken”
yanked-embed==1.1
            ^^^^^ 💡 yanked-release: yanked-embed 1.1 of 2026-02-21 was yanked
yanked-embed==1.0.0
yanked-embed==1.1.0 --hash=sha256:${'a'.repeat(64)}
            ^^^^^^^ yanked-release: yanked-embed 1.1.0
yanked-embed>=1.1
            ^^^^^ unpinned: yanked-embed is not pinned
//- pyproject.toml
[tool.poetry.dependencies]
yanked-embed = "1.1.0"
                ^^^^^ 💡 yanked-release: yanked-embed 1.1.0 of 2026-02-21 was yanked from PyPI: “broken”
`));

  it('deprecated-release: the text is shown, and words of malware raise it', () =>
    check(`
//- package.json
{
  "dependencies": {
    "yanked-embed": "1.1.0",
                     ^^^^^ 💡 deprecated-release [information]: yanked-embed 1.1.0 of 2026-02-21 is deprecated on the npm registry: “broken”
    "warned-agent": "1.1.0",
                     ^^^^^ 💡 deprecated-release [warning]: warned-agent 1.1.0 of 2026-02-21 is deprecated on the npm registry: “published with a compromised key”, which speaks of malware
    "archived-rag": "1.0.0",
     ^^^^^^^^^^^^ deprecated-release [information]: archived-rag is archived
    "steady-llm": "1.0.0"
  }
}
//- requirements.txt
archived-rag==1.0.0
^^^^^^^^^^^^ deprecated-release [information]: archived-rag is archived, so that no new release is to be expected, on PyPI: “Use beta-rag.”
`));
});
