import { narrowedBy, replacedBy } from '../../core/bounds';
import type { Declaration } from '../../core/declaration';
import { pypiVersions } from './versions';

// Who heeds what: uv's overrides and constraints are for what uv reads, PDM's overrides for what PDM reads. Neither is for what builds.

const standard = ['project.dependencies', 'project.optional-dependencies.', 'dependency-groups.'];
const heeded: readonly (readonly [bounds: string, by: readonly string[]])[] = [
  ['tool.uv.override-dependencies', [...standard, 'tool.uv.dev-dependencies']],
  ['tool.uv.constraint-dependencies', [...standard, 'tool.uv.dev-dependencies']],
  ['tool.pdm.resolution.overrides', [...standard, 'tool.pdm.dev-dependencies.']],
];

/**
 * Makes of each declaration what the overrides and constraints beside it leave of it. Rows under markers hold for some machines
 * alone, and change nothing here. uv hears those of a workspace's root alone: `isMember` says that this is none.
 */
export function followBounds(declarations: readonly Declaration[], isMember: boolean): readonly Declaration[] {
  const bounds = new Map<string, Declaration[]>();
  for (const one of declarations) {
    if (one.group !== 'override' && one.group !== 'constraint') continue;
    if (isMember && one.section.startsWith('tool.uv.')) continue;
    const same = bounds.get(one.package.name);
    if (same) same.push(one);
    else bounds.set(one.package.name, [one]);
  }
  if (bounds.size === 0) return declarations;
  return declarations.map((declaration) => {
    if (declaration.group === 'override' || declaration.group === 'constraint') return declaration;
    const rows = (bounds.get(declaration.package.name) ?? []).filter(({ section }) => isHeeded(section, declaration.section));
    const overrides = rows.filter(({ group }) => group === 'override');
    const [override] = overrides;
    if (override) {
      return overrides.length === 1 && override.marker === undefined ? replacedBy(declaration, override, override.section) : declaration;
    }
    return rows.reduce((narrowed, row) => narrowedBy(narrowed, row, row.section, pypiVersions), declaration);
  });
}

function isHeeded(bounds: string, section: string): boolean {
  const sections = heeded.find(([name]) => name === bounds)?.[1] ?? [];
  return sections.some((one) => section === one || (one.endsWith('.') && section.startsWith(one)));
}
