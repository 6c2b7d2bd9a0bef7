/** JSON as a program reads it. `##[`, which stands in its strings alone, is a command to a runner of GitHub Actions wherever it stands in a line. */
export function jsonText(value: unknown): string {
  return `${JSON.stringify(value, undefined, 2).replaceAll('##[', '\\u0023#[')}\n`;
}
