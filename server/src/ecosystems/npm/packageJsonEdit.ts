import { override } from './overrideEdit';
import { npmLimitReleaseAge } from './releaseAgeEdit';
import { overlap } from '../../core/applyEdits';
import type { Declaration } from '../../core/declaration';
import type { Edit, EditedDocument, ManifestEditor } from '../../core/manifest';
import type { Span } from '../../core/span';
import { type JsonNode, type JsonProperty, parseJson } from '../../syntax/json';
import type { EntryDetail } from './declare';
import { excluding } from './excluding';
import { rename } from './renameEdit';
import { npmVersions } from './versions';

/** How a wish is written in package.json; an entry of a catalog is edited in the catalog's file. */
export const packageJsonEditor: ManifestEditor = {
  pin(document, declaration, version) {
    return npmVersions.isValid(version) && /^[\w.+-]+$/.test(version) ? rewrite(document, declaration, version) : undefined;
  },
  exclude(document, declaration, versions) {
    const { source } = declaration;
    if (source.kind !== 'registry' || source.tag !== undefined) return undefined;
    const range = excluding(source.range, versions);
    const edits = range === undefined ? undefined : rewrite(document, declaration, range);
    return edits?.every((edit) => edit.file === document.path || isQuoted(edit, document)) ? edits : undefined;
  },
  override,
  limitReleaseAge: npmLimitReleaseAge,
  rename,
  remove(document, declaration) {
    if (declaration.frozen !== undefined) return undefined;
    // An override that says `$name` would point at nothing.
    if (isReferredTo(document, declaration)) return undefined;
    const { root } = parseJson(document.text);
    const spans = [declaration.spans.entry, ...(root ? bundledItems(root, document, declaration) : [])];
    const edits: Edit[] = [];
    for (const span of spans) {
      const cut = root && cutOf(root, span, document.text);
      const edit = cut && { file: document.path, span: cut, newText: '' };
      if (!edit || edits.some((other) => overlap(edit, other))) return undefined;
      edits.push(edit);
    }
    return edits;
  },
};

function rewrite(document: EditedDocument, declaration: Declaration, version: string): Edit[] | undefined {
  const { pin } = declaration.detail as EntryDetail;
  if (declaration.source.kind !== 'registry' || declaration.frozen !== undefined || !pin) return undefined;
  const file = pin.file ?? document.path;
  const text = file === document.path ? document.text : document.companions.find(({ path }) => path === file)?.text;
  if (text?.slice(pin.span.start, pin.span.end) !== pin.was) return undefined;
  return [{ file, span: pin.span, newText: `${pin.prefix}${version}` }];
}

/** Whether an edit of a catalog lies inside quotes: bare, a range may be no YAML text (`>1` starts a block). */
function isQuoted({ file, span }: Edit, { companions }: EditedDocument): boolean {
  const text = companions.find(({ path }) => path === file)?.text ?? '';
  return /["']/.test(text[span.start - 1] ?? '') && text[span.start - 1] === text[span.end];
}

/** Whether an override stands for what this entry says, by `$name`. */
function isReferredTo({ manifest }: EditedDocument, { group, writtenName }: Declaration): boolean {
  return group !== 'override' && manifest.declarations.some(({ detail }) => (detail as EntryDetail).refersTo === writtenName);
}

/** The items of bundleDependencies that would be left to name a package which is declared nowhere else. */
function bundledItems(root: JsonNode, { manifest }: EditedDocument, declaration: Declaration): Span[] {
  const { writtenName, group, spans } = declaration;
  if (group === 'override' || root.type !== 'object') return [];
  const lists = root.properties.filter(({ key }) => /^bundled?Dependencies$/.test(key.value)).map(({ value }) => value);
  const items = lists.flatMap((list) => (list?.type === 'array' ? list.items : []));
  const elsewhere = (other: Declaration) => other !== declaration && other.group !== 'override' && other.writtenName === writtenName;
  if (items.length === 0 || manifest.declarations.some(elsewhere)) return [];
  return items
    .filter((item) => item.type === 'string' && item.value === writtenName && item.span.start !== spans.entry.start)
    .map(({ span }) => span);
}

/**
 * What to cut so that a property or item is gone and its neighbours stand as they stood. It goes with the comma and the space behind
 * it; the last one with the comma before it; the only one with all space inside the brackets. `undefined` where something else than
 * space and one comma stands between it and its neighbours.
 */
function cutOf(root: JsonNode, span: Span, text: string): Span | undefined {
  const holder = holderOf(root, span);
  const siblings = holder ? childrenOf(holder) : [];
  const at = lastBefore(siblings, span.start);
  const own = siblings[at];
  if (!holder || own?.span.start !== span.start || own.span.end !== span.end) return undefined;
  const [before, after] = [siblings[at - 1], siblings[at + 1]];
  if (after) return /^\s*,\s*$/.test(text.slice(span.end, after.span.start)) ? { start: span.start, end: after.span.start } : undefined;
  if (before) return /^\s*,\s*$/.test(text.slice(before.span.end, span.start)) ? { start: before.span.end, end: span.end } : undefined;
  const inside = { start: holder.span.start + 1, end: holder.span.end - 1 };
  const rest = text.slice(inside.start, span.start) + text.slice(span.end, inside.end);
  return /^\s*$/.test(rest) ? inside : undefined;
}

/** The innermost object or array around a span. */
function holderOf(node: JsonNode, span: Span): JsonNode | undefined {
  const children = childrenOf(node);
  const child = children[lastBefore(children, span.start)];
  const inner = child && 'key' in child ? child.value : child;
  if (inner && isAround(inner, span)) return holderOf(inner, span);
  return isAround(node, span) ? node : undefined;
}

function isAround(node: JsonNode, span: Span): boolean {
  return node.span.start < span.start && node.span.end > span.end;
}

function childrenOf(node: JsonNode): readonly (JsonNode | JsonProperty)[] {
  return node.type === 'object' ? node.properties : node.type === 'array' ? node.items : [];
}

/** The position of the last that begins at an offset or before it, of some that stand one after another; -1 where none does. */
function lastBefore(nodes: readonly { readonly span: Span }[], offset: number): number {
  let [low, high] = [0, nodes.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (nodes[middle]!.span.start <= offset) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}
