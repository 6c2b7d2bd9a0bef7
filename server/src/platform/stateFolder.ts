import os from 'node:os';
import path from 'node:path';

/**
 * Where Merlon keeps what it may lose, shared by editor and command line: MERLON_CACHE_DIR, or a folder `merlon` in the
 * platform's cache folder. `name` is the part of it that is wanted. The folder may not exist yet.
 */
export function stateFolder(name: string, env: NodeJS.ProcessEnv = process.env, platform: NodeJS.Platform = process.platform): string {
  const own = env.MERLON_CACHE_DIR;
  return path.join(own ? path.resolve(own) : path.join(cacheFolder(env, platform), 'merlon'), name);
}

/** The XDG specification has relative paths ignored. */
function cacheFolder(env: NodeJS.ProcessEnv, platform: NodeJS.Platform): string {
  const home = os.homedir();
  if (platform === 'win32') return env.LOCALAPPDATA || path.join(home, 'AppData', 'Local');
  if (platform === 'darwin') return path.join(home, 'Library', 'Caches');
  const xdg = env.XDG_CACHE_HOME;
  return xdg && path.isAbsolute(xdg) ? xdg : path.join(home, '.cache');
}
