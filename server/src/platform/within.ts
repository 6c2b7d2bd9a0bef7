import path from 'node:path';

/** Whether an absolute path is this folder, or lies below it, by its letters: links are the caller's affair. */
export function isWithin(place: string, top: string): boolean {
  const relative = path.relative(top, place);
  return !path.isAbsolute(relative) && relative !== '..' && !relative.startsWith(`..${path.sep}`);
}
