import type { Span } from '../../../core/span';
import type { JsonNode, JsonText } from '../../../syntax/json';
import { lineEnd, merged, touches } from './damage';

const deepest = 50;
/** As many problems as parseJson reports at most: behind them nothing is sure. */
const mostProblems = 200;

/**
 * What a damaged JSON text still says beyond doubt, as plain values: what was lost is left out, and so are keys that
 * stand twice, anything in a merge conflict, and texts and numbers on a line with a fault.
 */
export function sureJson(text: string, { root, problems }: JsonText, conflicts: readonly Span[]): unknown {
  const lines = problems.map(({ span }) => ({ start: text.lastIndexOf('\n', span.start - 1) + 1, end: lineEnd(text, span.end) }));
  const rest = problems.length >= mostProblems ? [{ start: problems.at(-1)!.span.start, end: text.length }] : [];
  const inConflict = merged([...conflicts, ...rest]);
  const doubtful = merged([...inConflict, ...lines]);
  return root && plain(root, 0);

  function plain(node: JsonNode, depth: number): unknown {
    if (depth > deepest) return undefined;
    if (node.type === 'array') return node.items.map((item) => plain(item, depth + 1)).filter((item) => item !== undefined);
    if (node.type === 'object') {
      const values = Object.create(null) as Record<string, unknown>;
      const seen = new Set<string>();
      const twice = new Set<string>();
      for (const { key, value } of node.properties) {
        if (seen.has(key.value)) twice.add(key.value);
        seen.add(key.value);
        const read = value && !touches(inConflict, key.span) ? plain(value, depth + 1) : undefined;
        if (read !== undefined) values[key.value] = read;
      }
      for (const name of twice) delete values[name];
      return values;
    }
    if (touches(doubtful, node.span)) return undefined;
    if (node.type === 'string') return node.value;
    const written = text.slice(node.span.start, node.span.end);
    return node.type === 'boolean' ? written === 'true' : node.type === 'number' ? Number(written) : undefined;
  }
}
