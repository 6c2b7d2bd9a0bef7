import { escapeMarkdown, link } from './markdown';
import { printable } from './printable';

/** How a hover is written: for a client that shows Markdown, or for one that shows text as it is. */
export interface HoverStyle {
  /** Text from outside, as it may stand anywhere. */
  text(text: string): string;
  strong(text: string): string;
  /** Of text that may stand there already. */
  quiet(text: string): string;
  link(text: string, url: string): string;
  /** Rows of cells that may stand there already; the first is the head. */
  table(rows: readonly (readonly string[])[]): string;
}

export const markdownStyle: HoverStyle = {
  text: escapeMarkdown,
  strong: (text) => `**${text}**`,
  quiet: (text) => `*${text}*`,
  link,
  table: ([head = [], ...rows]) =>
    [head, head.map(() => ':--'), ...rows].map((cells) => `| ${cells.map((cell) => cell || ' ').join(' | ')} |`).join('\n'),
};

export const plainStyle: HoverStyle = {
  text: printable,
  strong: (text) => text,
  quiet: (text) => text,
  link: (text, url) => (/^https?:\/\//i.test(url) && text !== url ? `${printable(text)} <${printable(url)}>` : printable(text)),
  table: ([head = [], ...rows]) =>
    rows
      .map(([first = '', ...cells]) => {
        const named = cells.flatMap((cell, index) =>
          cell === '' || cell === none ? [] : [index === 0 ? cell : `${head[index + 1]} ${cell}`],
        );
        return `${first}: ${named.join(', ')}`;
      })
      .join('\n'),
};

/** Stands in a cell of which nobody knows what belongs there. */
export const none = '–';
