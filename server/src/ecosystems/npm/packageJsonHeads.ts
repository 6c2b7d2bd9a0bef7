import type { Span } from '../../core/span';
import { parseJson, propertyOf } from '../../syntax/json';

/** Where the sections of a package.json begin: their keys. */
export function packageJsonHeads(text: string, sections: readonly string[]): (Span | undefined)[] {
  const { root } = parseJson(text);
  return sections.map((section) => (root?.type === 'object' ? propertyOf(root, section)?.key.span : undefined));
}
