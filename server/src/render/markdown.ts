/** Text from outside as it may stand in Markdown: nothing in it is a link, an image, HTML, emphasis or a line of its own. */
export function escapeMarkdown(text: string): string {
  return (
    text
      .replace(/\s+/g, ' ')
      .replace(unseen, '')
      .replace(/[&<>"\\`*_{}[\]()#+\-!|~$=^]/g, (c) => (c === '&' || c === '<' || c === '>' ? entity(c) : `\\${c}`))
      // A bare address, be it of a site or of a mailbox, would be made a link by the viewer. So would a line that begins as a list.
      .replace(/:(?=\/\/)|@|(?<=www)\.|(?<=^ ?\d{1,9})\.(?= |$)/gi, entity)
  );
}

function entity(c: string): string {
  return `&#${c.charCodeAt(0)};`;
}

/** Control characters, halves of pairs, and what is not seen or turns the direction of writing. */
const unseen = /[\p{Cc}\p{Cf}\p{Cs}]/gu;

/** A link, if the address is plain http(s); otherwise the text alone. */
export function link(text: string, url: string): string {
  if (!/^https?:\/\//i.test(url) || !URL.canParse(url)) return escapeMarkdown(text);
  const address = new URL(url).href
    .replace(/[^\w\-.~:/?#@!$&'*+,;=%]/g, encodeURIComponent)
    .replace(/[()'*]/g, (c) => `%${c.charCodeAt(0).toString(16)}`);
  return `[${escapeMarkdown(text)}](${address.replaceAll('&', '&amp;')})`;
}
