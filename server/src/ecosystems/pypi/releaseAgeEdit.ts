import { numberIn } from '../../core/ageText';
import type { AgeLimitEdit, EditedDocument, ManifestEditor } from '../../core/manifest';
import { folderOf } from '../companionFiles';
import { iniSetting, replaced, tomlSetting, type SettingFile } from '../settingInserts';

type LimitReleaseAge = NonNullable<ManifestEditor['limitReleaseAge']>;

const day = 86_400_000;

/** `exclude-newer` in a uv.toml or in `[tool.uv]`, or `min-release-age` in poetry.toml, by the tool that locks. */
export const pyprojectLimitReleaseAge: LimitReleaseAge = (document, ageMs, lockTool) => {
  const tool = lockTool ?? document.manifest.project?.lockedBy;
  if (tool === 'uv' || (tool === undefined && beside(document, 'uv.toml').existing)) return ofUv(document, ageMs);
  if (tool !== 'poetry') return undefined;
  const file = beside(document, 'poetry.toml');
  const value = numberIn(ageMs, 'days');
  const off = offAt(document, 'poetry', file.path);
  const edits = off ? replaced(file.path, off.span, value) : tomlSetting(file, ['solver'], `min-release-age = ${value}`);
  return edits && { what: `solver.min-release-age = ${value} in poetry.toml (days)`, edits };
};

/**
 * A requirements file itself has no such option, and a pip.conf in a project is read only where somebody names it. So a limit
 * goes where such a file lies: into the uv.toml or the pip.conf.
 */
export const requirementsLimitReleaseAge: LimitReleaseAge = (document, ageMs) => {
  if (beside(document, 'uv.toml').existing) return ofUv(document, ageMs);
  const file = beside(document, 'pip.conf');
  if (!file.existing) return undefined;
  const value = `P${numberIn(ageMs, 'days')}D`;
  const off = offAt(document, 'pip', file.path);
  const edits = off ? replaced(file.path, off.span, value) : iniSetting(file, 'install', `uploaded-prior-to = ${value}`);
  return edits && { what: `uploaded-prior-to = ${value} in pip.conf`, edits };
};

function ofUv(document: EditedDocument, ageMs: number): AgeLimitEdit | undefined {
  const count = ageMs % day === 0 ? ageMs / day : Number(numberIn(ageMs, 'hours'));
  const value = `${count} ${ageMs % day === 0 ? 'day' : 'hour'}${count === 1 ? '' : 's'}`;
  const uvToml = beside(document, 'uv.toml');
  const own: SettingFile = { path: document.path, existing: document };
  const [file, table] = uvToml.existing ? ([uvToml, []] as const) : ([own, ['tool', 'uv']] as const);
  const off = offAt(document, 'uv', file.path);
  const edits = off ? replaced(file.path, off.span, value) : tomlSetting(file, table, `exclude-newer = "${value}"`);
  const where = table.length ? `[tool.uv] of pyproject.toml` : 'uv.toml';
  return edits && { what: `exclude-newer = "${value}" in ${where}`, edits };
}

/** A setting in this file that limits nothing. */
function offAt({ manifest }: EditedDocument, tool: string, path: string) {
  return manifest.releaseAge?.find((setting) => setting.tool === tool && setting.file === path);
}

function beside({ path, companions }: EditedDocument, name: string): SettingFile {
  const folder = folderOf(path);
  const own = folder === '' ? name : `${folder}/${name}`;
  return { path: own, existing: companions.find((companion) => companion.path === own) };
}
