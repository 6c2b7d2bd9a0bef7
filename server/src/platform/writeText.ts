import fs from 'node:fs';

/**
 * Writes a fixed manifest back, keeping its byte order mark. Answers why it was not written, as a clause, where the file is
 * no longer what it was when it was read, or is not UTF-8.
 */
export function writeText(file: string, before: string, after: string): string | undefined {
  try {
    const bytes = fs.readFileSync(file);
    const mark = bytes.subarray(0, 3).equals(Buffer.from([0xef, 0xbb, 0xbf])) ? bytes.subarray(0, 3) : bytes.subarray(0, 0);
    if (!bytes.subarray(mark.length).equals(Buffer.from(before, 'utf8'))) return 'it has changed meanwhile, or is not UTF-8';
    fs.writeFileSync(file, Buffer.concat([mark, Buffer.from(after, 'utf8')]));
    return undefined;
  } catch (error) {
    return (error as Error).message;
  }
}
