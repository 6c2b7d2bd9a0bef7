/**
 * Text from a file or a feed for a terminal or a log. What could move the cursor, change colours, turn the direction of writing or
 * stay unseen is shown as `\xNN`; tabs and line breaks become spaces; and nothing in it is a command to GitHub Actions. Our own
 * styles are put on after this.
 */
export function printable(text: string): string {
  return withoutCommands(visible(text));
}

/** The same of a text of several lines, such as a stack. */
export function printableLines(text: string): string {
  return text.split(/\r?\n/).map(printable).join('\n');
}

/** The same for a place where no runner looks for a command: two colons at its beginning are what they are. */
export function visible(text: string): string {
  return text
    .replace(/[\t\r\n]+/g, ' ')
    .replace(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu, (c) => `\\x${c.codePointAt(0)!.toString(16).padStart(2, '0')}`);
}

/**
 * A runner obeys `::command …::` at the beginning of a line, spaces apart, and its older form `##[command …]` anywhere in one
 * (actions/runner, ActionCommand): a name could have it stop listening, or hide a word in the log.
 */
function withoutCommands(text: string): string {
  return text.replace(/^(\s*)::/, '$1\\x3a:').replace(/##(?=\[)/g, '\\x23#');
}
