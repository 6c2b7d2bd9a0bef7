import type { ManifestDocument } from './document';
import { packageKey } from './packages';

/**
 * The names that a workspace's own manifests have, by {@link packageKey}. They are learned as manifests are assessed; a folder
 * with settings of its own is a workspace of its own, for which its list of private packages stands.
 */
export function createMembers(): (document: ManifestDocument, workspace: object) => ReadonlySet<string> {
  const names = new WeakMap<object, Set<string>>();
  return ({ ecosystem, manifest }, workspace) => {
    let known = names.get(workspace);
    if (!known) names.set(workspace, (known = new Set()));
    const name = manifest.project?.memberName ?? manifest.project?.name;
    if (name !== undefined && name !== '') known.add(packageKey({ ecosystem: ecosystem.id, name }));
    return known;
  };
}
