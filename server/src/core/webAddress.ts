// Addresses as people, tools and attackers write them: read as whoever fetches them reads them.

/** Schemes without TLS, also behind a VCS prefix: `http:`, `git:`, `git+http:`, `svn+http:`, `ftp:`, `svn:`. */
export function isPlain(url: string): boolean {
  return /^(?:(?:git|hg|bzr|svn)\+)?(?:(?:http|ftp):[\\/]|(?:git|svn):\/\/)/i.test(url.trim());
}

/** Host and port, without credentials, which must not be shown. A backslash ends it as a slash does (WHATWG URL, "special schemes"). */
export function hostOf(address: string): string {
  const rest = address.trim().replace(/^[a-z][a-z0-9+.-]*:[\\/]+/i, '');
  const authority = rest.split(/[\\/?#]/, 1)[0]!;
  return authority.slice(authority.lastIndexOf('@') + 1);
}

/** Whether a host, with or without its port, is this machine. */
export function isLoopback(host: string): boolean {
  const name = host
    .replace(/:\d+$/, '')
    .replace(/^\[(.*)\]$/, '$1')
    .toLowerCase();
  return name === 'localhost' || name.endsWith('.localhost') || name === '::1' || /^127(?:\.\d{1,3}){3}$/.test(name);
}
