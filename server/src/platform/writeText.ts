import fs from 'node:fs';

const utf8Mark = Buffer.from([0xef, 0xbb, 0xbf]);

/**
 * The byte order mark of a file that stands as it was read, `''` where it has none; or why nothing may be written there,
 * as a clause: it is no longer what it was, or is not UTF-8.
 */
export function markOf(file: string, before: string): { readonly mark: string } | { readonly fault: string } {
  try {
    const bytes = fs.readFileSync(file);
    const marked = bytes.subarray(0, 3).equals(utf8Mark);
    if (!bytes.subarray(marked ? 3 : 0).equals(Buffer.from(before, 'utf8'))) return { fault: 'it has changed meanwhile, or is not UTF-8' };
    return { mark: marked ? '\ufeff' : '' };
  } catch (error) {
    return { fault: (error as Error).message };
  }
}

/**
 * Writes a fixed manifest back, keeping its byte order mark, its permissions and the links that lead to it. Answers why it was not written,
 * as a clause.
 */
export function writeText(file: string, before: string, after: string): string | undefined {
  const held = markOf(file, before);
  if ('fault' in held) return held.fault;
  try {
    fs.writeFileSync(file, held.mark + after, 'utf8');
    return undefined;
  } catch (error) {
    return (error as Error).message;
  }
}

/** Makes a file. Answers why it was not made, as a clause: one that is there by now stays as it is. */
export function writeNew(file: string, text: string): string | undefined {
  try {
    fs.writeFileSync(file, text, { encoding: 'utf8', flag: 'wx' });
    return undefined;
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    return code === 'EEXIST' ? 'there is such a file already' : message;
  }
}

/** Writes a result into a file that the user names, new or not. Answers why it was not written, as a clause. */
export function writeResult(file: string, text: string): string | undefined {
  try {
    fs.writeFileSync(file, text, 'utf8');
    return undefined;
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    return code === 'ENOENT' ? 'there is no such folder' : message;
  }
}
