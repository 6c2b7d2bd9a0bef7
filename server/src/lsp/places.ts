import path from 'node:path';
import { fileURLToPath } from 'node:url';

/** The absolute path that a file URI names; `undefined` for other schemes, and for what is no path here (`file://host/x` outside Windows, `%zz`). */
export function placeOf(uri: string): string | undefined {
  if (!/^file:/i.test(uri)) return undefined;
  try {
    return path.normalize(fileURLToPath(uri));
  } catch {
    return undefined;
  }
}

/** Equal for two paths that name one file: clients write drive letters either way. */
export function placeKey(place: string): string {
  return process.platform === 'win32' ? place.toLowerCase() : place;
}

/** `below` relative to `top`, with forward slashes; `undefined` where it lies elsewhere, `''` for `top` itself. */
export function relativePlace(top: string, below: string): string | undefined {
  const relative = path.relative(top, below);
  if (relative === '..' || relative.startsWith(`..${path.sep}`) || path.isAbsolute(relative)) return undefined;
  return relative.split(path.sep).join('/');
}
