import { spanWords } from '../core/ageText';
import type { Check, ManifestSubject, Policy } from '../core/check';
import type { Fix, Observation } from '../core/finding';
import type { ReleaseAgeSetting } from '../core/releaseAge';
import { nameOf } from '../fixes/culprit';
import { pinnableGroups } from '../fixes/pinning';
import { named } from '../fixes/publisher';

export const releaseAgeSetting: Check = {
  id: 'release-age-setting',
  title: 'A limit on the age of releases that is missing, or in the wrong unit',
  severity: 'warning',
  docs: {
    severity:
      'warning for a value in the wrong unit, or that its tool does not understand; information, once a project, where no limit is set at all',
    why: `Waiting for a few days before a release is let in is the one defence that would have stopped every burst of 2026, and every package manager can do it by now. But each counts in a unit of its own, and none objects to a value in another one's: \`4320\` is three days to pnpm and Yarn (minutes), 72 minutes to Bun (seconds) and twelve years to npm and Poetry (days); \`3\` is three minutes to pnpm. The first lets malware in, the last lets nothing in until somebody takes the limit out.

| tool | setting | file | a bare number is |
|---|---|---|---|
| npm | \`min-release-age\` | .npmrc | days |
| pnpm | \`minimumReleaseAge\` | pnpm-workspace.yaml | minutes |
| Yarn | \`npmMinimalAgeGate\` | .yarnrc.yml | minutes |
| Bun | \`install.minimumReleaseAge\` | bunfig.toml | seconds |
| uv | \`exclude-newer\` | pyproject.toml \`[tool.uv]\`, uv.toml | not understood: \`"3 days"\`, \`P3D\` or a date |
| Poetry | \`solver.min-release-age\` | poetry.toml | days |
| pip | \`uploaded-prior-to\` | pip.conf | not understood: \`P3D\` or a date |
| Renovate | \`minimumReleaseAge\` | renovate.json, … | milliseconds: write \`"3 days"\` |
| Dependabot | \`cooldown: default-days\` | .github/dependabot.yml | days |

A number counts as one in the wrong unit where its age comes to less than an hour or to more than a year; where it is whole days in a larger unit and no whole number of hours in its own (\`4320\` seconds); and where it is sixty days or more, but whole days in a smaller unit (\`259200\` minutes). Anything else is taken for what it says.

A project without any limit is told so once, at its root: at the manifest beside its lockfile, or the topmost one. Nothing is said of a requirements file in which every entry has its hashes: no release comes in by itself there. A limit of Renovate or Dependabot counts as one, although it holds back proposals alone and not who installs by hand. pnpm 11 has a limit of one day by itself; Merlon knows that where \`packageManager\` names the version. Nothing is said of PDM and Pipenv, whose settings Merlon does not read.`,
    example: `min-release-age=4320      # .npmrc: twelve years`,
    fix: `*Add a release-age limit* writes \`merlon.minimumReleaseAge\` (three days, if you have not said otherwise) in the file and the unit of the project's own tool, and makes the file where there is none. A value in the wrong unit is written anew where only one thing can have been meant.

pip has no place in a project for such a limit: a requirements file that holds \`--uploaded-prior-to\` is refused (pip 26.2). Set it for the environment with \`pip config --site set install.uploaded-prior-to P3D\`, by PIP_UPLOADED_PRIOR_TO, or in a pip.conf that PIP_CONFIG_FILE names.`,
  },
  assess: {
    manifest(subject, policy) {
      const problems = problemsOf(subject);
      if (problems.length) return problems;
      const missing = missingLimit(subject, policy);
      return missing ? [missing] : [];
    },
  },
};

/** Of each file once: a manifest speaks for itself, and one at a project's root for what lies beside and above it. */
function problemsOf({ file, manifest }: ManifestSubject): Observation[] {
  const isRoot = manifest.project?.partOf === undefined;
  const isOwnFolder = folderOf(manifest.project?.partOf ?? '') !== folderOf(file);
  return (manifest.releaseAge ?? []).flatMap((setting) => {
    const isManifest = /(?:^|\/)(?:pyproject\.toml|package\.json)$/.test(setting.file);
    const isMine = setting.file === file || (!isManifest && (isRoot || (isOwnFolder && folderOf(setting.file) === folderOf(file))));
    return isMine && setting.problem ? [problemOf(setting)] : [];
  });
}

function problemOf(setting: ReleaseAgeSetting): Observation {
  const { key, tool, written, span, file, problem } = setting;
  const { kind, meantMs, meantUnit, rewritten } = problem!;
  const unit = meantUnit === undefined || meantUnit === 'days' ? '' : ` (${named(written)} ${meantUnit})`;
  const meant = meantMs === undefined ? '' : `; most likely meant: ${spanWords(meantMs)}${unit}`;
  return {
    message:
      kind === 'wrong-unit'
        ? `${key} is ${problem!.reads} to ${toolNames[tool]}${meant}`
        : `${toolNames[tool]} does not understand ${key} ${named(written) || '(nothing)'}, so it limits nothing`,
    span,
    file,
    ...(rewritten !== undefined && {
      fixes: (): Fix[] => [
        {
          title: `Set ${key} to ${rewritten}, ${spanWords(meantMs!)} to ${toolNames[tool]}`,
          kind: 'setting',
          preferred: true,
          edits: [{ file, span, newText: rewritten }],
        },
      ],
    }),
  };
}

const toolNames: Readonly<Record<ReleaseAgeSetting['tool'], string>> = {
  npm: 'npm',
  pnpm: 'pnpm',
  yarn: 'Yarn',
  bun: 'Bun',
  pip: 'pip',
  uv: 'uv',
  poetry: 'Poetry',
  renovate: 'Renovate',
  dependabot: 'Dependabot',
};

/** Tools with settings of their own that are not read here: that there is no limit would be a guess. */
const unreadTools: ReadonlySet<string> = new Set(['pdm', 'pipfile']);

function missingLimit(subject: ManifestSubject, policy: Policy): Observation | undefined {
  const { manifest, releaseAge, lock } = subject;
  const tool = lock?.tool ?? manifest.project?.lockedBy;
  const isPart = manifest.project?.partOf !== undefined || manifest.includes.some(({ kind }) => kind === 'requirements');
  if (releaseAge || policy.minimumReleaseAgeMs <= 0 || (isPart && !lock) || (tool !== undefined && unreadTools.has(tool))) return undefined;
  const installed = manifest.declarations.filter(
    ({ source, group, package: pkg }) => source.kind === 'registry' && pkg.name !== '' && pinnableGroups.has(group),
  );
  const [first] = installed;
  // Where each has its hashes pip takes these files and nothing that they bring along besides.
  if (!first || installed.every(({ hashes }) => hashes.length > 0)) return undefined;
  const limit = spanWords(policy.minimumReleaseAgeMs);
  return {
    message: `Nothing in this project limits the age of releases: one that was published a minute ago may be installed. ${limit} would keep most compromised ones out`,
    span: nameOf(first),
    severity: 'information',
    fixes: () => {
      const made = subject.limitReleaseAge?.(policy.minimumReleaseAgeMs);
      return made?.edits.length
        ? [{ title: `Add a release-age limit: ${made.what}`, kind: 'setting', preferred: true, edits: made.edits }]
        : [];
    },
  };
}

function folderOf(path: string): string {
  return path.slice(0, Math.max(0, path.lastIndexOf('/')));
}
