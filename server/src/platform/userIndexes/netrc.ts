import path from 'node:path';
import { basic } from './address';
import { userFile } from './files';
import type { Credential, UserPlace } from './types';

// The .netrc of this user, which pip and uv read: `machine HOST login NAME password WORD`, in any white space; `account WORD` is skipped,
// `macdef` goes on to an empty line, `#` begins a comment. `default` would be for any host, and is used for none.

export function readNetrc({ env, home, platform }: UserPlace): readonly Credential[] {
  const places = env.NETRC ? [env.NETRC] : [path.join(home, '.netrc'), ...(platform === 'win32' ? [path.join(home, '_netrc')] : [])];
  const text = places.map(userFile).find((found) => found !== undefined);
  return text === undefined ? [] : machines(text);
}

interface Machine {
  readonly host: string | undefined;
  login?: string;
  password?: string;
}

function machines(text: string): Credential[] {
  const found: Machine[] = [];
  const tokens = text
    .replace(/^[ \t]*macdef[^\n]*\n(?:[^\n]*\S[^\n]*(?:\n|$))*/gm, '')
    .replace(/^[ \t]*#[^\n]*/gm, '')
    .matchAll(/"((?:[^"\\]|\\.)*)"|(\S+)/g);
  let open: 'machine' | 'login' | 'password' | 'account' | undefined;
  for (const [, quoted, plain] of tokens) {
    const token = quoted?.replace(/\\(.)/gs, '$1') ?? plain!;
    const current = found.at(-1);
    if (open === 'machine') found.push({ host: token.toLowerCase() });
    else if (open === 'login' && current) current.login = token;
    else if (open === 'password' && current) current.password = token;
    if (open !== undefined) open = undefined;
    else if (token === 'default') found.push({ host: undefined });
    else if (token === 'machine' || token === 'login' || token === 'user' || token === 'password' || token === 'account')
      open = token === 'user' ? 'login' : token;
  }
  return found.flatMap(({ host, login, password }) =>
    host === undefined || password === undefined ? [] : [{ host, anyPort: true, path: '', authorization: basic(login ?? '', password) }],
  );
}
