import type { Declaration } from '../core/declaration';
import { globMatches } from './glob';

export interface Privacy {
  /** Why the declaration's name is sent nowhere, as a clause for people; `undefined` where it may be asked. */
  withheld(declaration: Declaration): string | undefined;
  /** The same of a name alone, as a lockfile or an environment has it. */
  ofName(name: string): string | undefined;
  /** The same of what is bound to an index, by its address or name as written. */
  ofIndex(index: string | undefined): string | undefined;
}

/**
 * Which names stay on this machine: those that match a pattern of `merlon.privatePackages`, and those bound to an index
 * of their own. What is bound to the public index is public: whoever writes so must not make its advisories go away. `*` in a pattern stands for any run of characters, and `@scope` alone for all of the scope. Case and the
 * choice among `-`, `_` and `.` do not matter (PEP 503 takes them for the same), so that no spelling slips through. No
 * regular expression is made of a pattern, since it may come from anybody.
 */
export function createPrivacy(patterns: readonly string[], isPublicIndex: (index: string) => boolean = () => false): Privacy {
  const pieces = patterns
    .map((pattern) => folded(pattern.trim()))
    .filter((pattern) => pattern !== '')
    .map((pattern) => (/^@[^/*]+$/.test(pattern) ? `${pattern}/*` : pattern).split('*'));
  const memo = new Map<string, boolean>();
  const isPrivate = (name: string): boolean => {
    let answer = memo.get(name);
    if (answer === undefined) {
      const plain = folded(name);
      answer = pieces.some((parts) => globMatches(plain, parts));
      memo.set(name, answer);
    }
    return answer;
  };
  const ofName = (name: string) => (pieces.length && isPrivate(name) ? 'listed in merlon.privatePackages' : undefined);
  const ofIndex = (index: string | undefined) => (index === undefined || isPublicIndex(index) ? undefined : 'bound to an index of its own');
  return {
    ofIndex,
    withheld(declaration) {
      return ofIndex(declaration.boundIndex) ?? ofName(declaration.package.name) ?? ofName(declaration.writtenName);
    },
    ofName,
  };
}

function folded(name: string): string {
  return name.toLowerCase().replace(/[-_.]+/g, '-');
}
