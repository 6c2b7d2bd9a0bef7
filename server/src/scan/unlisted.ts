import type { DeclarationSubject } from '../core/check';
import type { Manifest, Problem } from '../core/manifest';
import type { ManifestDocument } from './document';

/**
 * The manifest, with a problem at the first declaration of which only what is installed would say the release, where a folder that
 * may hold it could not be looked into: that nothing is installed would be a guess.
 */
export function withUnlisted(
  { manifest, unlisted = [] }: Pick<ManifestDocument, 'manifest' | 'unlisted'>,
  subjects: readonly DeclarationSubject[],
): Manifest {
  const isOpen = ({ declaration, resolution, lock }: DeclarationSubject) =>
    declaration.source.kind === 'registry' && declaration.package.name !== '' && resolution.version === undefined && lock?.exempt !== 'own';
  const open = unlisted.length > 0 ? subjects.find(isOpen)?.declaration : undefined;
  if (!open) return manifest;
  const span = open.spans.range ?? open.spans.name ?? open.spans.entry;
  const problems = unlisted.map(({ path, message }): Problem => ({
    kind: 'unreadable',
    span,
    message: `What is installed in ${path || '.'} is not known: ${message}`,
  }));
  return { ...manifest, problems: [...manifest.problems, ...problems] };
}
