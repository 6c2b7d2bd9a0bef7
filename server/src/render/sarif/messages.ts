import { printable } from '../printable';
import type { SarifMessage } from './types';

/**
 * A plain text message (SARIF 3.11): braces are doubled, since a single one begins a placeholder, and nothing that comes from a
 * manifest or a feed is taken for a link.
 */
export function plain(text: string): SarifMessage {
  return { text: printable(text).replace(/[{}]/g, '$&$&').replace(/\]\(/g, '] (') };
}

/** Our own Markdown, with what is left of it where only plain text is shown. Bounded as GitHub bounds it where `most` is given. */
export function withoutMarkup(markdown: string, most = Infinity): string {
  const text = markdown
    .replace(/```\w*\n([^]*?)\n```/g, '$1')
    .replace(/`([^`]*)`/g, '$1')
    .replace(/\[([^\]]*)\]\(([^)]*)\)/g, '$1 ($2)')
    .replace(/\*\*([^*]+)\*\*/g, '$1')
    .trim();
  return text.length <= most ? text : `${text.slice(0, most - 1).trimEnd()}…`;
}
