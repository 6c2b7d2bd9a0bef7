import type { PackageId } from '../../core/declaration';
import type { Companion, Edit } from '../../core/manifest';
import { yamlSetting } from '../settingInserts';
import { pnpmWorkspace } from './companions';

/**
 * A line in the `overrides` of pnpm-workspace.yaml, where pnpm looks since its version 10 and, from 11 on, alone. `undefined` where
 * the file's own form leaves no place for it; an empty list where it stands there already.
 */
export function overrideInWorkspace(path: string, existing: Companion | undefined, pkg: PackageId, range: string): Edit[] | undefined {
  const entry = `"${pkg.name}": "${range}"`;
  const entries = existing && pnpmWorkspace(existing.text).get('overrides');
  if (!existing || !entries) {
    const newline = existing?.text.includes('\r\n') ? '\r\n' : '\n';
    const edits = yamlSetting({ path, existing }, 'overrides', `overrides:${newline}  ${entry}`, 'map');
    return edits && isRead(existing?.text ?? '', edits, pkg, range) ? edits : undefined;
  }
  const own = entries.find(({ key }) => key === pkg.name)?.value;
  if (own) {
    if (!('text' in own) || !own.literal) return undefined;
    return own.text === range ? [] : [{ file: path, span: own.inner, newText: range }];
  }
  const [first] = entries;
  if (!first?.value || !('text' in first.value)) return undefined;
  const at = existing.text.lastIndexOf('\n', first.value.inner.start) + 1;
  const [, indent] = /^([ ]+)\S/.exec(existing.text.slice(at, first.value.inner.start)) ?? [];
  if (indent === undefined) return undefined;
  const edits = [
    { file: path, span: { start: at, end: at }, newText: `${indent}${entry}${existing.text.includes('\r\n') ? '\r\n' : '\n'}` },
  ];
  return isRead(existing.text, edits, pkg, range) ? edits : undefined;
}

/** Whether the text says so after the edit. */
function isRead(text: string, edits: readonly Edit[], { name }: PackageId, range: string): boolean {
  const [{ span, newText }] = edits as readonly [Edit];
  const after = text.slice(0, span.start) + newText + text.slice(span.end);
  return (pnpmWorkspace(after).get('overrides') ?? []).some(
    ({ key, value }) => key === name && value !== undefined && 'text' in value && value.text === range,
  );
}
