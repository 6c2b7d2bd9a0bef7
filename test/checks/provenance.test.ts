import assert from 'node:assert/strict';
import { installScript } from '../../server/src/checks/installScript';
import { newDependency } from '../../server/src/checks/newDependency';
import { provenanceLost } from '../../server/src/checks/provenanceLost';
import type { Check } from '../../server/src/core/check';
import type { Release } from '../../server/src/core/release';
import { checkFixture } from '../support/caretFixture';
import { checkFix } from '../support/checkFix';
import { advisory, aged, day, lockedPackage, policy, subject, type SubjectParts } from '../support/subjects';

const alone = { policy: { rules: { unpinned: 'off', 'install-script': 'off', 'unknown-package': 'off' } } } as const;

describe('provenance-lost', () => {
  it('names a release without what those before it carry, in each kind of manifest', async () => {
    await checkFixture(
      `
proven-sdk==1.0.3
          ^^^^^^^ 💡 provenance-lost [warning]: proven-sdk 1.0.3 carries no attestation and was published by the account mallory, while the three releases before it (1.0.2, 1.0.1 and 1.0.0) came from the trusted publisher github (acme/sdk, release.yml)
proven-sdk>=1
          ^^^ 💡 provenance-lost: proven-sdk >=1 takes 1.0.3, which carries no attestation
proven-sdk==1.0.2
proven-sdk<1.0.3
steady-llm==1.0.0
moved-mcp==1.0.2
         ^^^^^^^ 💡 provenance-lost: moved-mcp 1.0.2 was built by the repository mallory/sdk, while the two releases before it (1.0.1 and 1.0.0) came from acme/sdk
`,
      alone,
    );
    await checkFixture(
      `
//- pyproject.toml
[project]
dependencies = ["proven-sdk==1.0.3", "proven-sdk==1.0.1", "plain-util"]
                           ^^^^^^^ 💡 provenance-lost: proven-sdk 1.0.3 carries no attestation
`,
      alone,
    );
    await checkFixture(
      `
//- package.json
{ "dependencies": { "proven-sdk": "^1.0.0", "moved-mcp": "1.0.1", "plain-util": "1.0.0" } }
                                   ^^^^^^ 💡 provenance-lost: proven-sdk ^1.0.0 takes 1.0.3
`,
      alone,
    );
    await checkFixture('proven-sdk==1.0.3\n', { ...alone, registries: 'down' });
  });

  it('goes back to the last release that has it', async () => {
    await checkFix('proven-sdk==1.0.3\n', 'proven-sdk==1.0.2\n', { rule: 'provenance-lost', title: 'Go back to proven-sdk 1.0.2' });
    await checkFix('moved-mcp>=1\n', 'moved-mcp==1.0.1\n', { ...alone, rule: 'provenance-lost', title: 'Pin moved-mcp to 1.0.1' });
  });

  const trusted = { trusted: 'github', repository: 'a/b', workflow: 'release.yml' };
  const line = (version: string, daysAgo: number, more: Partial<Release>): Release => ({ ...aged(version, daysAgo * day), ...more });
  const lost = (...last: readonly Partial<Release>[]) =>
    told(provenanceLost, `a==1.${last.length}`, { releases: last.map((more, index) => line(`1.${index + 1}`, 90 - index, more)) });

  it('wants two attested releases before it, and the registry’s word on each', () => {
    assert.equal(lost({ attested: true }, { attested: true }, { attested: false }).length, 1);
    assert.deepEqual(lost({ attested: true }, { attested: false }), [], 'one is no habit');
    assert.deepEqual(lost({ attested: true }, { attested: false }, { attested: true }, { attested: false }), [], 'nor is now and then');
    assert.deepEqual(lost({ attested: true }, {}, { attested: false }), [], 'not known of one before it');
    assert.deepEqual(lost({ attested: true }, { attested: true }, {}), [], 'not known of itself');
    assert.deepEqual(lost({ attested: false }, { attested: true }, { attested: true }, { attested: true }), [], 'it has been gained');
  });

  it('takes an upload by an account for less than a trusted publisher’s, attested or not', () => {
    const before = { attested: true, publisher: trusted };
    const [found] = lost(before, before, { attested: true, publisher: { account: 'alice' } });
    assert.equal(
      found,
      'a 1.3 was published by the account alice, while the two releases before it (1.2 and 1.1) came from the trusted publisher github (a/b, release.yml)',
    );
    assert.deepEqual(lost(before, before, { attested: true }), [], 'who published it is not known');
  });

  it('sees another workflow, and not another spelling of a repository', () => {
    const before = { attested: true, publisher: trusted };
    const [found] = lost(before, before, { attested: true, publisher: { ...trusted, workflow: 'ci.yml' } });
    assert.equal(found, 'a 1.3 was built by the workflow ci.yml, while the two releases before it (1.2 and 1.1) came from release.yml');
    assert.deepEqual(lost(before, before, { attested: true, publisher: { ...trusted, repository: 'https://github.com/A/B.git' } }), []);
  });

  it('measures a release by its own line, without previews, later ones and malware', () => {
    const releases = [
      line('1.8', 90, { attested: false }),
      line('1.9', 80, { attested: false }),
      line('2.0', 70, { attested: true }),
      line('2.1', 60, { attested: true }),
      line('1.10', 50, { attested: false }),
      line('2.2rc1', 45, { attested: false }),
      line('2.2', 40, { attested: false }),
    ];
    assert.deepEqual(told(provenanceLost, 'a==1.10', { releases }), []);
    assert.deepEqual(told(provenanceLost, 'a==2.2', { releases }), [], 'only two of the three before it are attested');
    const backport = [line('2.2', 40, { attested: false }), line('2.1', 60, { attested: true }), line('2.0', 70, { attested: true })];
    assert.equal(
      told(provenanceLost, 'a==2.2', { releases: [line('1.10', 30, { attested: false }), ...backport] }).length,
      1,
      '1.10 came later',
    );
    const later = releases.filter(({ version }) => !version.startsWith('1.'));
    assert.match(told(provenanceLost, 'a==2.2', { releases: later })[0]!, /the two releases before it \(2\.1 and 2\.0\) carry one$/);
    assert.deepEqual(told(provenanceLost, 'a==2.2', { releases: later, advisories: [advisory('MAL-1', ['2.2'])] }), []);
    assert.deepEqual(told(provenanceLost, 'a==2.2', { releases: later, advisories: [advisory('MAL-1', ['2.1'])] }), []);
  });
});

describe('new-dependency', () => {
  it('names what a patch release brings that no earlier one did, in each kind of manifest', async () => {
    await checkFixture(
      `
laden-client==1.0.2
            ^^^^^^^ new-dependency [information]: laden-client 1.0.2 brings plain-crypto ^4.2.1, which no earlier release asked for
laden-client==1.0.1
laden-client==1.1.0
laden-client
steady-llm==1.0.0
laden-client<1.1
            ^^^^ new-dependency: laden-client <1.1 takes 1.0.2, which brings plain-crypto ^4.2.1
`,
      alone,
    );
    await checkFixture(
      `
//- pyproject.toml
[project]
dependencies = ["laden-client==1.0.2", "laden-client>=1"]
                             ^^^^^^^ new-dependency: laden-client 1.0.2 brings
`,
      alone,
    );
    await checkFixture(
      `
//- package.json
{ "dependencies": { "laden-client": "~1.0.0" }, "devDependencies": { "laden-client": "1.1.0" } }
                                     ^^^^^^ new-dependency: laden-client ~1.0.0 takes 1.0.2
`,
      alone,
    );
    await checkFixture('laden-client==1.0.2\n', { ...alone, registries: 'down' });
  });

  it('says nothing where the registry does not tell what was asked for before', () => {
    const release = (version: string, dependencies?: Record<string, string>): Release => ({
      ...aged(version, 90 * day),
      ...(dependencies && { dependencies }),
    });
    const releases = [release('1.0.0', {}), release('1.0.1'), release('1.0.2', { a: '1' })];
    assert.deepEqual(told(newDependency, 'x==1.0.2', { releases }), []);
    assert.deepEqual(told(newDependency, 'x==1.0.0', { releases: [release('1.0.0', { a: '1' })] }), [], 'a first release');
    const many = [release('1.0.0', {}), release('1.0.1', { a: '1', b: '2', c: '3', d: '4' })];
    assert.match(told(newDependency, 'x==1.0.1', { releases: many })[0]!, /brings four dependencies, a 1, b 2, c 3 and 1 more, which no/);
    const malware = { releases: many, advisories: [advisory('MAL-1', ['1.0.1'])] };
    assert.deepEqual(told(newDependency, 'x==1.0.1', malware), []);
  });
});

describe('install-script', () => {
  const scripts = { policy: { rules: { unpinned: 'off', 'unknown-package': 'off' } } } as const;

  it('names what runs at installation, and nothing about which the project has decided', async () => {
    await checkFixture(
      `
//- package.json
{ "dependencies": { "scripted-tool": "1.0.0", "plain-util": "1.0.0" },
                                      ^^^^^ install-script [information]: scripted-tool 1.0.0 runs code when it is installed (postinstall and binding.gyp), and no setting of the project decides on that
  "devDependencies": { "scripted-tool": "<2" }, "peerDependencies": { "scripted-tool": "1.0.0" },
                                         ^^ install-script: scripted-tool <2 takes 1.0.0, which runs code
  "optionalDependencies": { "scripted-tool": "2.0.0" } }
`,
      scripts,
    );
    await checkFixture('scripted-tool==1.0.0\n', scripts);
    await checkFixture('//- pyproject.toml\n[project]\ndependencies = ["scripted-tool==1.0.0"]\n', scripts);
    await checkFixture('//- package.json\n{ "dependencies": { "scripted-tool": "1.0.0" } }\n', { ...scripts, registries: 'down' });
  });

  const decided: Readonly<Record<string, string>> = {
    'allowScripts of npm': '"allowScripts": { "scripted-tool@1.0.0": true }',
    'a refusal': '"allowScripts": { "scripted-tool": false }',
    'onlyBuiltDependencies of pnpm': '"pnpm": { "onlyBuiltDependencies": ["scripted-tool"] }',
    'trustedDependencies of Bun': '"trustedDependencies": ["scripted-tool"]',
    'dependenciesMeta of Yarn': '"dependenciesMeta": { "scripted-tool": { "built": true } }',
  };
  for (const [what, text] of Object.entries(decided)) {
    it(`is silent by ${what}`, () =>
      checkFixture(`//- package.json\n{ "dependencies": { "scripted-tool": "1.0.0" }, ${text} }\n`, scripts));
  }

  const files: Readonly<Record<string, string>> = {
    'pnpm-workspace.yaml': 'allowBuilds:\n  scripted-tool: true\n',
    './pnpm-workspace.yaml': 'onlyBuiltDependencies:\n  - "scripted-*"\n',
    '.npmrc': 'ignore-scripts=true\n',
    '.yarnrc.yml': 'enableScripts: false\n',
  };
  for (const [name, text] of Object.entries(files)) {
    it(`is silent by ${name}`, () =>
      checkFixture(`//- ${name.replace('./', '')}\n${text}//- package.json\n{ "dependencies": { "scripted-tool": "1.0.0" } }\n`, scripts));
  }

  it('speaks where something else was decided', () =>
    checkFixture(
      `
//- .npmrc
ignore-scripts=false
//- package.json
{ "allowScripts": { "scripted-tool@2.0.0": true, "other": true },
  "dependencies": { "scripted-tool": "1.0.0" } }
                                      ^^^^^ install-script: scripted-tool 1.0.0 runs code
`,
      scripts,
    ));

  it('goes by the lockfile where the registry was not asked', () => {
    const lock = { releases: [lockedPackage('a', '1.0', { installScript: true })] };
    const on = { ...subject('a>=1', { locked: '1.0', lock }), installScripts: { decided: [] } };
    const [found] = installScript.assess.declaration!(on, policy);
    assert.equal(found!.message, 'a 1.0 runs code when it is installed (uv.lock says so), and no setting of the project decides on that');
    assert.deepEqual(installScript.assess.declaration!({ ...on, installScripts: { decided: [{ name: 'a' }] } }, policy), []);
  });
});

function told(check: Check, line: string, parts: SubjectParts): string[] {
  return check.assess.declaration!(subject(line, parts), policy).map(({ message }) => message);
}
