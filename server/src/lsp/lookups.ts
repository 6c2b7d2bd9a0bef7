import type { DeclarationSubject } from '../core/check';
import type { Declaration } from '../core/declaration';
import type { ManifestDocument } from '../scan/document';
import type { Session } from '../session/session';
import type { Folder } from './folder';
import { doneWithin } from './within';
import type { Workspace } from './workspace';

/** How long somebody who looks waits for an answer; then what is held is shown, and that the rest is being asked. */
const patienceMs = 1500;

/** A declaration that somebody looks at, with the document that it stands in. */
export interface Place {
  readonly folder: Folder;
  readonly path: string;
  readonly document: ManifestDocument;
  readonly declaration: Declaration;
}

/** Asks about the one package that somebody looks at, whoever else wants it. */
export interface Lookups {
  /** What is known of the declaration: what is not held is asked for, once, and waited for, but not for long. */
  of(place: Place): Promise<DeclarationSubject>;
}

/** `onAnswer`: something was asked and the answer is there; findings may have changed with it. */
export function createLookups(workspace: Workspace, session: () => Session, onAnswer: () => void): Lookups {
  /** By package and who asks, what is under way: a mouse that rests asks once. */
  const underWay = new Map<string, Promise<unknown>>();

  return {
    async of({ folder, path, document, declaration }) {
      const question = { document, rules: workspace.rulesOf(folder, path), locks: folder.locks.documents() };
      const { engine } = session();
      const before = engine.about(question, declaration);
      if (!isOpen(before)) return before;
      const key = JSON.stringify([folder.uri, path, declaration.package.ecosystem, declaration.package.name, declaration.boundIndex]);
      let asking = underWay.get(key);
      if (!asking) {
        asking = engine
          .askAbout(question, declaration)
          .catch(() => undefined)
          .finally(() => {
            underWay.delete(key);
            onAnswer();
          });
        underWay.set(key, asking);
      }
      await doneWithin(asking, patienceMs);
      return engine.about(question, declaration);
    },
  };
}

/** Never asked, or the answer has grown old. What could not be asked waits for its next try, as everywhere. */
function isOpen({ registry, advisories }: DeclarationSubject): boolean {
  return registry.state === 'pending' || advisories.some(({ answer }) => answer.state === 'pending');
}
