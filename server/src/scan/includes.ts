import type { Include, Manifest, Problem } from '../core/manifest';
import { dirname } from './document';

/** Where an include leads: a path inside the scan's root, or a reason why it is not followed. */
export type IncludeTarget = { readonly path: string } | { readonly fault: string };

/** Resolves the target of `-r` or `-c` against the file that names it (pip: relative to the including file). Pure. */
export function includeTarget(from: string, include: Include): IncludeTarget {
  const target = include.target;
  if (/^[a-z][a-z0-9+.-]+:/i.test(target)) return { fault: 'it is an address, and Merlon reads files of the workspace only' };
  if (target.includes('${')) return { fault: 'its path holds a variable' };
  if (/^(?:[a-z]:|[\\/])/i.test(target)) return { fault: 'its path is absolute' };
  const path = joinPath(dirname(from), target.replaceAll('\\', '/'));
  return { path };
}

/** `a/b` + `../c` → `a/c`. Leading `..` are kept. */
export function joinPath(folder: string, relative: string): string {
  const parts = folder === '' ? [] : folder.split('/');
  for (const part of relative.split('/')) {
    if (part === '' || part === '.') continue;
    if (part === '..' && parts.length && parts[parts.length - 1] !== '..') parts.pop();
    else parts.push(part);
  }
  return parts.join('/');
}

/** The manifest with a problem for each include that cannot be read: what it declares is not known. */
export function withIncludeFaults(manifest: Manifest, faults: ReadonlyMap<string, string>): Manifest {
  const problems: Problem[] = manifest.includes.flatMap((include) => {
    const fault = faults.get(include.target);
    return fault === undefined
      ? []
      : [{ kind: 'unreadable' as const, span: include.span, message: `${withoutCredentials(include.target)} is not checked: ${fault}` }];
  });
  return problems.length ? { ...manifest, problems: [...manifest.problems, ...problems] } : manifest;
}

/** An address as it may be shown: what stands before its `@` may be a password. */
function withoutCredentials(target: string): string {
  return target.replace(/\/\/[^/?#]*@/, '//');
}
