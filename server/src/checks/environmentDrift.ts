import type { Check, ExpectedRelease, InstalledSubject } from '../core/check';
import type { Observation } from '../core/finding';
import { listed } from '../fixes/wording';

export const environmentDrift: Check = {
  id: 'environment-drift',
  title: 'What is installed is not what is locked',
  severity: 'warning',
  docs: {
    why: `A lockfile protects only those who install by it. Where the environment holds another version, or npm wrote down another integrity than the lockfile has, something was installed past the lockfile: by hand, by another tool, from before the last change, or by a command that resolves anew (\`npm install\`, \`uv pip install\`, \`pip install -U\`). Reviews and alerts speak of the lockfile, and the code that runs is another.

Packages that the lockfile does not name, and those it names for another platform or group, are no finding.`,
    example: `uv.lock holds litellm 1.82.6, .venv holds litellm 1.82.8`,
    fix: `Install by the lockfile and by nothing else: \`npm ci\`, \`pnpm install --frozen-lockfile\`, \`yarn install --immutable\`, \`uv sync --locked\`, \`poetry sync\`, \`pdm sync\`. If the installed release is the one that you want, lock it.`,
  },
  assess: {
    installed(subject) {
      for (const expected of subject.expected) {
        const observation = difference(subject, expected);
        // The first list that differs speaks: the project's lockfile before the installer's own list.
        if (observation) return [observation];
      }
      return [];
    },
  },
};

function difference({ release, versions }: InstalledSubject, expected: ExpectedRelease): Observation | undefined {
  const { file, entries, locate } = expected;
  const { name } = release.package;
  if (release.source === 'path') return undefined;
  const same = entries.filter((entry) => entry.package.name === name && versions.equal(entry.version, release.version));
  if (same.length === 0) {
    const held = [
      ...new Set(entries.map((entry) => (entry.package.name === name ? entry.version : `${entry.package.name} ${entry.version}`))),
    ];
    return observation(
      `${name} ${release.version || '(no version)'} is installed where ${file} holds ${listed(held)}`,
      release.span,
      expected,
    );
  }
  const { integrity } = release;
  const kind = integrity?.split(/[-:]/, 1)[0];
  const comparable = same.flatMap(({ hashes }) => hashes.filter((hash) => hash.split(/[-:]/, 1)[0] === kind));
  if (integrity === undefined || comparable.length === 0 || comparable.some((hash) => hash.split(/\s+/).includes(integrity)))
    return undefined;
  return observation(
    `${name} ${release.version} is installed from another archive than ${file} holds: its integrity differs`,
    release.span,
    { file, entries: same, byPlace: expected.byPlace, ...(locate && { locate }) },
  );
}

function observation(message: string, span: Observation['span'], { file, entries, locate }: ExpectedRelease): Observation {
  const place = locate?.(entries[0]!);
  return {
    message,
    span,
    ...(place && { related: [{ file, span: place, message: `${entries[0]!.package.name} ${entries[0]!.version} is locked here` }] }),
  };
}
