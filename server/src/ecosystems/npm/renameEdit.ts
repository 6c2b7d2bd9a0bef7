import type { Declaration } from '../../core/declaration';
import type { Edit, EditedDocument } from '../../core/manifest';
import type { EntryDetail } from './declare';

/**
 * Writes another name as the entry's key. Not where the key is no package's name (an alias), where a catalog has the range
 * under it, or where anything else in the file speaks of it by name.
 */
export function rename({ path, text, manifest }: EditedDocument, declaration: Declaration, name: string): Edit[] | undefined {
  const { spans, writtenName, source, frozen, group, package: pkg } = declaration;
  const { listed, pin } = declaration.detail as EntryDetail;
  const span = spans.name;
  if (!span || source.kind !== 'registry' || frozen !== undefined || group === 'override' || listed) return undefined;
  if (writtenName !== pkg.name || !packageName.test(name) || pin?.file !== undefined || !pin) return undefined;
  const quoted = `"${writtenName}"`;
  if (text.slice(span.start - 1, span.end + 1) !== quoted || text.indexOf(quoted) !== text.lastIndexOf(quoted)) return undefined;
  const taken = manifest.declarations.some((other) => other.writtenName === name || other.package.name === name);
  return taken ? undefined : [{ file: path, span, newText: name }];
}

/** As new names have to be, in 214 characters. */
const packageName = /^(?:@[a-z0-9~-][a-z0-9._~-]*\/)?[a-z0-9~-][a-z0-9._~-]{0,213}$/;
