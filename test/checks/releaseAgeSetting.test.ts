import { checkFixture } from '../support/caretFixture';
import { checkFix, checkNoFix } from '../support/checkFix';

const told = { releaseAge: 'told', policy: { rules: { unpinned: 'off', 'install-script': 'off' } } } as const;
const rule = 'release-age-setting';

describe('release-age-setting', () => {
  describe('a value in the wrong unit', () => {
    const files: readonly (readonly [what: string, fixture: string])[] = [
      [
        'npm: twelve years',
        `
//- .npmrc
min-release-age=4320
                ^^^^ 💡 release-age-setting [warning]: min-release-age is 4320 days, about 12 years to npm; most likely meant: 3 days (4320 minutes)
//- package.json
{ "dependencies": { "plain-util": "1.0.0" } }
`,
      ],
      [
        'pnpm: three minutes',
        `
//- pnpm-workspace.yaml
packages: ["a/*"]
minimumReleaseAge: 3 # days
                   ^ 💡 release-age-setting [warning]: minimumReleaseAge is 3 minutes to pnpm; most likely meant: 3 days
//- package.json
{ "dependencies": { "plain-util": "1.0.0" } }
//- a/b/package.json
{ "dependencies": { "plain-util": "1.0.0" } }
`,
      ],
      [
        'Yarn: a week of minutes',
        `
//- .yarnrc.yml
npmMinimalAgeGate: "7"
                    ^ 💡 release-age-setting: npmMinimalAgeGate is 7 minutes to Yarn; most likely meant: 7 days
//- package.json
{ "dependencies": { "plain-util": "1.0.0" } }
`,
      ],
      [
        'Bun: 72 minutes',
        `
//- bunfig.toml
[install]
minimumReleaseAge = 4320
                    ^^^^ 💡 release-age-setting: minimumReleaseAge is 4320 seconds, 72 minutes to Bun; most likely meant: 3 days (4320 minutes)
//- package.json
{ "dependencies": { "plain-util": "1.0.0" } }
`,
      ],
      [
        'Poetry: minutes again',
        `
//- poetry.toml
[solver]
min-release-age = 1440
                  ^^^^ 💡 release-age-setting: solver.min-release-age is 1440 days, about 4 years to Poetry; most likely meant: 1 day (1440 minutes)
//- pyproject.toml
[tool.poetry.dependencies]
plain-util = "1.0.0"
`,
      ],
      [
        'uv: no unit at all',
        `
//- pyproject.toml
[project]
dependencies = ["plain-util==1.0.0"]
[tool.uv]
exclude-newer = "3"
                 ^ release-age-setting [warning]: uv does not understand exclude-newer 3, so it limits nothing
`,
      ],
      [
        'pip: days without their form',
        `
//- pip.conf
[install]
uploaded-prior-to = 3 days
                    ^^^^^^ 💡 release-age-setting: pip does not understand uploaded-prior-to 3 days
//- requirements.txt
plain-util==1.0.0
`,
      ],
      [
        'Renovate: milliseconds, once for manifests of two ecosystems',
        `
//- .github/renovate.json5
{ extends: ["config:recommended"], // as ever
  minimumReleaseAge: '3' }
                      ^ 💡 release-age-setting: minimumReleaseAge is 3 milliseconds to Renovate; most likely meant: 3 days
//- package.json
{ "dependencies": { "plain-util": "1.0.0" } }
//- requirements.txt
plain-util==1.0.0
`,
      ],
      [
        'Dependabot: minutes',
        `
//- .github/dependabot.yml
version: 2
updates:
  - package-ecosystem: pip
    directory: /
    cooldown:
      default-days: 10080
                    ^^^^^ 💡 release-age-setting: default-days is 10080 days, about 28 years to Dependabot; most likely meant: 7 days (10080 minutes)
//- requirements.txt
plain-util==1.0.0
`,
      ],
      [
        'one that may be days or hours: no fix',
        `
//- pnpm-workspace.yaml
minimumReleaseAge: 24
                   ^^ release-age-setting: minimumReleaseAge is 24 minutes to pnpm
//- package.json
{ "dependencies": { "plain-util": "1.0.0" } }
`,
      ],
      [
        'in the folder of a member',
        `
//- .npmrc
min-release-age=3
//- package.json
{ "dependencies": { "plain-util": "1.0.0" } }
//- a/.npmrc
min-release-age=1440
                ^^^^ 💡 release-age-setting: min-release-age is 1440 days
//- a/package.json
{ "dependencies": { "plain-util": "1.0.0" } }
`,
      ],
      [
        'in the package.json itself',
        `
//- package.json
{ "dependencies": { "plain-util": "1.0.0" },
  "renovate": { "minimumReleaseAge": "5" } }
                                      ^ 💡 release-age-setting: minimumReleaseAge is 5 milliseconds to Renovate
`,
      ],
    ];
    for (const [what, fixture] of files) it(what, () => checkFixture(fixture, told));

    it('is written anew where only one thing can have been meant', async () => {
      const manifest = '//- package.json\n{ "dependencies": { "plain-util": "1.0.0" } }\n';
      await checkFix(`//- .npmrc\nmin-release-age=4320\n${manifest}`, '//- .npmrc\nmin-release-age=3\n', {
        ...told,
        rule,
        kind: 'setting',
        title: 'Set min-release-age to 3, 3 days to npm',
      });
      await checkFix(
        `//- bunfig.toml\n[install]\nminimumReleaseAge = 4_320\n${manifest}`,
        '//- bunfig.toml\n[install]\nminimumReleaseAge = 259200\n',
        {
          ...told,
          rule,
        },
      );
      await checkFix(
        `//- renovate.json\n{ "minimumReleaseAge": "3" }\n${manifest}`,
        '//- renovate.json\n{ "minimumReleaseAge": "3 days" }\n',
        {
          ...told,
          rule,
        },
      );
    });
  });

  describe('no limit at all', () => {
    it('is said once, at the root, with the line that adds one', async () => {
      await checkFixture(
        `
//- package.json
{ "dependencies": { "plain-util": "1.0.0" } }
                     ^^^^^^^^^^ 💡 release-age-setting [information]: Nothing in this project limits the age of releases
//- packages/a/package.json
{ "dependencies": { "plain-util": "1.0.0" } }
//- pyproject.toml
[project]
dependencies = ["plain-util==1.0.0"]
                 ^^^^^^^^^^ release-age-setting [information]: Nothing in this project
//- requirements.txt
plain-util==1.0.0
//- requirements/dev.txt
plain-util==1.0.0
`,
        told,
      );
      await checkFixture(
        `
//- requirements.txt
-r requirements/base.txt
plain-util==1.0.0
//- requirements.in
plain-util
^^^^^^^^^^ release-age-setting: Nothing in this project
//- requirements/base.txt
plain-util==1.0.0
`,
        told,
      );
    });

    it('is not said where every entry has its hashes, since pip takes nothing else then', async () => {
      const hash = `--hash=sha256:${'a'.repeat(64)}`;
      await checkFixture(`plain-util==1.0.0 ${hash}\nsteady-llm==1.0.0 ${hash}\n`, told);
      await checkFixture(`plain-util==1.0.0 ${hash}\n^^^^^^^^^^ release-age-setting: Nothing\nsteady-llm==1.0.0\n`, told);
    });

    it('is said of requirements beside a pyproject.toml that declares nothing', () =>
      checkFixture(
        `
//- pyproject.toml
[tool.ruff]
line-length = 100
//- requirements.txt
plain-util==1.0.0
^^^^^^^^^^ release-age-setting: Nothing in this project
`,
        told,
      ));

    it('is not said where there is one, where nothing is installed from a registry, and of tools that are not read', async () => {
      const declared = '//- package.json\n{ "dependencies": { "plain-util": "1.0.0" } }\n';
      await checkFixture(`//- .npmrc\nmin-release-age=3\n${declared}`, told);
      await checkFixture(`//- pnpm-workspace.yaml\nminimumReleaseAge: 4320\n${declared}`, told);
      await checkFixture(
        `//- .github/dependabot.yml\nupdates: [{package-ecosystem: npm, directory: "/", cooldown: {default-days: 5}}]\n${declared}`,
        told,
      );
      await checkFixture('//- package.json\n{ "packageManager": "pnpm@11.2.0", "dependencies": { "plain-util": "1.0.0" } }\n', told);
      await checkFixture('//- package.json\n{ "dependencies": { "a": "file:../a" } }\n', told);
      await checkFixture('//- pyproject.toml\n[project]\nname = "a"\n[tool.uv]\nexclude-newer = "P3D"\n', told);
      await checkFixture('//- uv.toml\nexclude-newer = "2026-05-01"\n//- requirements.txt\nplain-util==1.0.0\n', told);
      await checkFixture('//- pyproject.toml\n[project]\ndependencies = ["plain-util==1.0.0"]\n[tool.pdm]\n', told);
      await checkFixture('//- constraints.txt\nplain-util==1.0.0\n', told);
      await checkFixture('plain-util==1.0.0\n', { ...told, policy: { ...told.policy, minimumReleaseAgeMs: 0 } });
    });

    it('is said where the one that is set is another tool’s', () =>
      checkFixture(
        `
//- bunfig.toml
[install]
minimumReleaseAge = 259200
//- package.json
{ "packageManager": "npm@12.0.1", "dependencies": { "plain-util": "1.0.0" } }
                                                     ^^^^^^^^^^ 💡 release-age-setting [information]: Nothing
`,
        told,
      ));

    const declared = '{ "dependencies": { "plain-util": "1.0.0" } }\n';
    const npm = (before: string, after: string, title: string, manifest = declared) =>
      checkFix(`${before}//- package.json\n${manifest}`, after, {
        ...told,
        rule,
        kind: 'setting',
        title: `Add a release-age limit: ${title}`,
      });

    it('is cured by npm’s own setting, in days', async () => {
      await npm('', '//- .npmrc\nmin-release-age=3\n', 'min-release-age=3 in .npmrc (3 days)');
      await npm(
        '//- .npmrc\nengine-strict=true\n',
        '//- .npmrc\nengine-strict=true\nmin-release-age=3\n',
        'min-release-age=3 in .npmrc (3 days)',
      );
      await npm('//- .npmrc\nmin-release-age=0\n', '//- .npmrc\nmin-release-age=3\n', 'min-release-age=3 in .npmrc (3 days)');
    });

    it('is cured by those of pnpm and Yarn, in minutes, and by Bun’s, in seconds', async () => {
      const by = (manager: string) => `{ "packageManager": "${manager}", "dependencies": { "plain-util": "1.0.0" } }\n`;
      const pnpm = 'minimumReleaseAge: 4320 in pnpm-workspace.yaml (minutes: 3 days)';
      await npm('', '//- pnpm-workspace.yaml\nminimumReleaseAge: 4320 # minutes: 3 days\n', pnpm, by('pnpm@10.20.0'));
      await npm(
        '//- pnpm-workspace.yaml\npackages:\n  - "a/*"\n',
        '//- pnpm-workspace.yaml\npackages:\n  - "a/*"\nminimumReleaseAge: 4320 # minutes: 3 days\n',
        pnpm,
      );
      const yarn = 'npmMinimalAgeGate: 4320 in .yarnrc.yml (minutes: 3 days)';
      await npm('', '//- .yarnrc.yml\nnpmMinimalAgeGate: 4320 # minutes: 3 days\n', yarn, by('yarn@4.18.0'));
      const bun = 'minimumReleaseAge = 259200 in bunfig.toml (seconds: 3 days)';
      await npm('', '//- bunfig.toml\n[install]\nminimumReleaseAge = 259200 # seconds: 3 days\n', bun, by('bun@1.3.0'));
      await npm(
        '//- bunfig.toml\n[install]\nexact = true\n',
        '//- bunfig.toml\n[install]\nminimumReleaseAge = 259200 # seconds: 3 days\nexact = true\n',
        bun,
      );
    });

    it('is cured by uv’s own setting and by Poetry’s, and by what lies beside a requirements file', async () => {
      const title = 'Add a release-age limit: exclude-newer = "3 days" in [tool.uv] of pyproject.toml';
      const project = '[project]\ndependencies = ["plain-util==1.0.0"]\n';
      await checkFix(
        `//- pyproject.toml\n${project}[tool.uv]\nmanaged = true\n`,
        `//- pyproject.toml\n${project}[tool.uv]\nexclude-newer = "3 days"\nmanaged = true\n`,
        {
          ...told,
          rule,
          title,
        },
      );
      await checkFix(
        `//- uv.toml\noffline = false\n//- pyproject.toml\n${project}`,
        '//- uv.toml\noffline = false\nexclude-newer = "3 days"\n',
        {
          ...told,
          rule,
          title: 'Add a release-age limit: exclude-newer = "3 days" in uv.toml',
        },
      );
      await checkFix(
        '//- pyproject.toml\n[tool.poetry.dependencies]\nplain-util = "1.0.0"\n',
        '//- poetry.toml\n[solver]\nmin-release-age = 3\n',
        {
          ...told,
          rule,
          title: 'Add a release-age limit: solver.min-release-age = 3 in poetry.toml (days)',
        },
      );
      await checkFix(
        '//- pip.conf\n[install]\nquiet = 1\n//- requirements.txt\nplain-util==1.0.0\n',
        '//- pip.conf\n[install]\nuploaded-prior-to = P3D\nquiet = 1\n',
        {
          ...told,
          rule,
          title: 'Add a release-age limit: uploaded-prior-to = P3D in pip.conf',
        },
      );
    });

    it('has no cure where no file of the project is heard, or where the file leaves no room', async () => {
      await checkNoFix('plain-util==1.0.0\n', { ...told, rule });
      await checkNoFix('//- pyproject.toml\n[project]\ndependencies = ["plain-util==1.0.0"]\n', { ...told, rule });
      await checkNoFix(`//- pnpm-workspace.yaml\n{ packages: ["a"] }\n//- package.json\n${declared}`, { ...told, rule });
      await checkNoFix(`//- pnpm-workspace.yaml\nx: |\n  text\n...\n//- package.json\n${declared}`, { ...told, rule });
    });
  });
});
