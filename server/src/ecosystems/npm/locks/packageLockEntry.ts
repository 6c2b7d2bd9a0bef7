import type { LockedPackage, LockedRoot } from '../../../core/lockfile';
import type { PlainObject } from '../../../syntax/jsonPlain';
import type { Entry } from './entry';

/** What both layouts of package-lock.json are read into. */
export interface ReadEntries {
  readonly read: {
    readonly packages: readonly LockedPackage[];
    readonly roots: readonly LockedRoot[];
    readonly importers: readonly string[];
  };
  readonly fault?: { readonly key: string; readonly message: string };
}

/** `devOptional`, what either a development or an optional dependency brings, is neither: it stays where one of the two is left out. */
export function setFlags(one: Entry, raw: PlainObject): void {
  if (raw['dev'] === true) one.dev = true;
  if (raw['optional'] === true) one.optional = true;
  if (raw['peer'] === true) one.peer = true;
  if (raw['inBundle'] === true || raw['bundled'] === true) one.bundled = true;
  if (raw['hasInstallScript'] === true) one.installScript = true;
  if (typeof raw['deprecated'] === 'string') one.deprecated = raw['deprecated'];
}

/** An http address is a registry's archive, unless somebody asked for that very address: see {@link markUrl}. */
export function sourceOf(resolved: string): LockedPackage['source'] {
  if (/^(?:git[+:@]|github:|gitlab:|bitbucket:|gist:|ssh:)/.test(resolved)) return 'git';
  return resolved.startsWith('file:') ? 'path' : 'registry';
}

export function markUrl(target: Entry, spec: unknown): void {
  if (typeof spec !== 'string' || target.source !== 'registry' || !/^https?:/.test(spec)) return;
  target.source = 'url';
  target.origin = spec;
}
