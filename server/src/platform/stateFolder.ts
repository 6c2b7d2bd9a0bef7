import os from 'node:os';
import path from 'node:path';

/**
 * A folder below Merlon's one state folder, which editor and command line share: `MERLON_CACHE_DIR`, else the platform's
 * cache folder. It need not exist.
 */
export function stateFolder(name: string, env: NodeJS.ProcessEnv = process.env, platform: NodeJS.Platform = process.platform): string {
  return path.join(env.MERLON_CACHE_DIR || path.join(cacheHome(env, platform), 'merlon'), name);
}

function cacheHome(env: NodeJS.ProcessEnv, platform: NodeJS.Platform): string {
  if (platform === 'win32') return env.LOCALAPPDATA || path.join(os.homedir(), 'AppData', 'Local');
  if (platform === 'darwin') return path.join(os.homedir(), 'Library', 'Caches');
  // The XDG base directory specification: a relative path is to be ignored.
  const xdg = env.XDG_CACHE_HOME;
  return xdg && path.isAbsolute(xdg) ? xdg : path.join(os.homedir(), '.cache');
}
