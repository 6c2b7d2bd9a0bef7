/** Text from a file or a feed for a terminal: control characters, which could move the cursor or change colours, are shown as `\xNN`. */
export function printable(text: string): string {
  // Tabs and line breaks become spaces; the escape sequences that our own styles add are put on after this.
  return text
    .replace(/[\t\r\n]+/g, ' ')
    .replace(/[\u0000-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/g, (c) => `\\x${c.charCodeAt(0).toString(16).padStart(2, '0')}`);
}
