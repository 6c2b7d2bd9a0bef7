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
 * of their own. What is bound to the public index is public: whoever writes so must not make its advisories go away. `*` in a
 * pattern stands for any run of characters, and `@scope` alone for all of the scope. Case and the choice among `-`, `_` and `.` do not
 * matter (PEP 503 takes them for the same), so that no spelling slips through. No regular expression is made of a pattern, since it may
 * come from anybody. `listedBy`: the policy files of patterns that come from one.
 */
export function createPrivacy(
  patterns: readonly string[],
  isPublicIndex: (index: string) => boolean = () => false,
  listedBy: ReadonlyMap<string, string> = new Map<string, string>(),
): Privacy {
  const listed = patterns
    .map((written) => ({ pattern: folded(written.trim()), file: listedBy.get(written) }))
    .filter(({ pattern }) => pattern !== '')
    .map(({ pattern, file }) => ({ parts: (/^@[^/*]+$/.test(pattern) ? `${pattern}/*` : pattern).split('*'), file }));
  const memo = new Map<string, string | null>();
  const reasonOf = (name: string): string | null => {
    const plain = folded(name);
    const match = listed.find(({ parts }) => globMatches(plain, parts));
    if (!match) return null;
    return match.file === undefined ? 'listed in merlon.privatePackages' : `listed in private-packages of ${match.file}`;
  };
  const ofName = (name: string): string | undefined => {
    if (listed.length === 0) return undefined;
    let answer = memo.get(name);
    if (answer === undefined) memo.set(name, (answer = reasonOf(name)));
    return answer ?? undefined;
  };
  const ofIndex = (index: string | undefined) => (index === undefined || isPublicIndex(index) ? undefined : 'bound to an index of its own');
  return {
    ofIndex,
    withheld(declaration) {
      return (
        ofIndex(declaration.boundAddress ?? declaration.boundIndex) ?? ofName(declaration.package.name) ?? ofName(declaration.writtenName)
      );
    },
    ofName,
  };
}

function folded(name: string): string {
  return name.toLowerCase().replace(/[-_.]+/g, '-');
}
