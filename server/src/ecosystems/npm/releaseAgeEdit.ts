import { numberIn, spanWords } from '../../core/ageText';
import type { EditedDocument, ManifestEditor } from '../../core/manifest';
import type { ReleaseAgeSetting } from '../../core/releaseAge';
import { folderOf } from '../companionFiles';
import { iniSetting, replaced, tomlSetting, yamlSetting, type SettingFile } from '../settingInserts';

type Tool = 'npm' | 'pnpm' | 'yarn' | 'bun';

/** Each tool's own file, key and unit. Yarn's `3d` was once read as three minutes, so a bare number of minutes it is. */
const writers: Readonly<
  Record<
    Tool,
    {
      readonly name: string;
      readonly line: (ageMs: number) => string;
      readonly value: (ageMs: number) => string;
      readonly write: (file: SettingFile, line: string) => ReturnType<typeof iniSetting>;
    }
  >
> = {
  npm: {
    name: '.npmrc',
    value: (ageMs) => numberIn(ageMs, 'days'),
    line: (ageMs) => `min-release-age=${numberIn(ageMs, 'days')}`,
    write: (file, line) => iniSetting(file, '', line),
  },
  pnpm: {
    name: 'pnpm-workspace.yaml',
    value: (ageMs) => numberIn(ageMs, 'minutes'),
    line: (ageMs) => `minimumReleaseAge: ${numberIn(ageMs, 'minutes')} # minutes: ${spanWords(ageMs)}`,
    write: (file, line) => yamlSetting(file, 'minimumReleaseAge', line),
  },
  yarn: {
    name: '.yarnrc.yml',
    value: (ageMs) => numberIn(ageMs, 'minutes'),
    line: (ageMs) => `npmMinimalAgeGate: ${numberIn(ageMs, 'minutes')} # minutes: ${spanWords(ageMs)}`,
    write: (file, line) => yamlSetting(file, 'npmMinimalAgeGate', line),
  },
  bun: {
    name: 'bunfig.toml',
    value: (ageMs) => numberIn(ageMs, 'seconds'),
    line: (ageMs) => `minimumReleaseAge = ${numberIn(ageMs, 'seconds')} # seconds: ${spanWords(ageMs)}`,
    write: (file, line) => tomlSetting(file, ['install'], line),
  },
};

/** A limit in the file of the tool that installs. */
export const npmLimitReleaseAge: NonNullable<ManifestEditor['limitReleaseAge']> = (document, ageMs, lockTool) => {
  const tool = toolOf(document, lockTool);
  const { name, line, value, write } = writers[tool];
  const folder = folderOf(document.path);
  const path = folder === '' ? name : `${folder}/${name}`;
  const written = line(ageMs);
  // What is switched off there, or means nothing, is written anew: two lines of one key would contradict each other.
  const off = document.manifest.releaseAge?.find((setting) => isOwn(setting, tool, path));
  const edits = off
    ? replaced(path, off.span, value(ageMs))
    : write({ path, existing: document.companions.find((companion) => companion.path === path) }, written);
  return (
    edits && {
      what: `${written.replace(/ #.*$/, '')} in ${name} (${written.includes('#') ? written.slice(written.indexOf('#') + 2) : spanWords(ageMs)})`,
      edits,
    }
  );
};

function isOwn({ tool, file, key, byDefault }: ReleaseAgeSetting, wanted: Tool, path: string): boolean {
  return tool === wanted && file === path && key !== 'before' && !byDefault;
}

/** By the lockfile, by `packageManager`, by a file that only one tool has; npm comes with Node. */
function toolOf({ manifest, companions }: EditedDocument, lockTool: string | undefined): Tool {
  const id = lockTool ?? manifest.project?.lockedBy;
  if (id?.startsWith('pnpm')) return 'pnpm';
  if (id?.startsWith('yarn')) return 'yarn';
  if (id?.startsWith('bun')) return 'bun';
  if (id !== undefined) return 'npm';
  const has = (name: string) => companions.some(({ path }) => path === name || path.endsWith(`/${name}`));
  return has('pnpm-workspace.yaml') ? 'pnpm' : has('.yarnrc.yml') ? 'yarn' : has('bunfig.toml') ? 'bun' : 'npm';
}
