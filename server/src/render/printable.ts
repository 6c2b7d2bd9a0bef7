/**
 * Text from a file or a feed for a terminal. What could move the cursor, change colours, turn the direction of writing or
 * stay unseen is shown as `\xNN`; tabs and line breaks become spaces. Our own styles are put on after this.
 */
export function printable(text: string): string {
  return text
    .replace(/[\t\r\n]+/g, ' ')
    .replace(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu, (c) => `\\x${c.codePointAt(0)!.toString(16).padStart(2, '0')}`);
}
