import path from 'node:path';

/** What a PATH is called where the result wants a name: the folder's own; of a file, its folder's. */
export function nameOf(place: string): string {
  const absolute = path.resolve(place);
  return path.basename(path.extname(absolute) === '' ? absolute : path.dirname(absolute)) || 'project';
}
