/** Why npm would install no package of this name, as a clause; `undefined` for a name that is or once was allowed. */
export function faultOfName(name: string): string | undefined {
  if (name === '') return 'a package name cannot be empty';
  if (name.length > 1000) return 'a package name is at most 214 characters long';
  const slash = name.startsWith('@') ? name.indexOf('/') : -1;
  const scope = slash > 0 ? name.slice(1, slash) : undefined;
  const bare = slash > 0 ? name.slice(slash + 1) : name;
  if (scope === '' || bare === '') return 'a scoped name is written @scope/name';
  if (/^[.]/.test(bare)) return 'a package name cannot start with a period';
  if (scope === undefined && /^[_-]/.test(bare)) return 'a package name cannot start with a hyphen or an underscore';
  if (/^(?:node_modules|favicon\.ico)$/i.test(name)) return 'this name is reserved';
  // What encodeURIComponent leaves as it is.
  const plain = /^[A-Za-z0-9\-_.!~*'()]+$/;
  if (!plain.test(bare) || (scope !== undefined && !plain.test(scope))) return 'a package name holds only letters, digits and - . _ ~';
  return undefined;
}

/** The scope with its `@`, of a scoped name. */
export function scopeOf(name: string): string | undefined {
  const slash = name.indexOf('/');
  return name.startsWith('@') && slash > 1 ? name.slice(0, slash) : undefined;
}

/** Splits `name@rest` where the name may be scoped; `at` is the offset behind the `@`, absent where there is no rest. */
export function splitNamed(text: string): { readonly name: string; readonly at?: number } {
  const at = text.indexOf('@', 1);
  return at < 0 ? { name: text } : { name: text.slice(0, at), at: at + 1 };
}
