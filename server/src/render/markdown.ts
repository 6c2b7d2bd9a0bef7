/** Text from outside as it may stand in Markdown: nothing in it is a link, an image, HTML, emphasis or a line of its own. */
export function escapeMarkdown(text: string): string {
  return (
    text
      .replace(/\s+/g, ' ')
      .replace(unseen, '')
      .replace(/[&<>]/g, (c) => `&#${c.charCodeAt(0)};`)
      .replace(/[\\`*_{}[\]()#+\-!|~$]/g, '\\$&')
      // A bare address would be made a link by the viewer.
      .replace(/:\/\//g, ':&#47;/')
      .replace(/\bwww\./gi, (c) => `${c.slice(0, -1)}&#46;`)
      .replace(/@/g, '&#64;')
  );
}

/** Control characters, and those that turn the direction of writing. */
const unseen = /[\u0000-\u001f\u007f-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069]/g;

/** A link, if the address is plain http(s); otherwise the text alone. */
export function link(text: string, url: string): string {
  if (!/^https?:\/\//i.test(url) || !URL.canParse(url)) return escapeMarkdown(text);
  return `[${escapeMarkdown(text)}](${new URL(url).href.replace(/[()\s<>]/g, (c) => `%${c.charCodeAt(0).toString(16)}`)})`;
}
