import fs from 'node:fs';

const largest = 1024 * 1024;

/** The text of a file of the user's configuration; `undefined` where there is none, or nothing that is one. */
export function userFile(place: string): string | undefined {
  try {
    const { size } = fs.statSync(place);
    return size > largest ? undefined : fs.readFileSync(place, 'utf8').replace(/^\ufeff/, '');
  } catch {
    return undefined;
  }
}

export function textOf(value: unknown): string | undefined {
  return typeof value === 'string' && value.trim() !== '' ? value.trim() : undefined;
}
