import { mergeAdvisories } from '../advisories/merge';
import type { Advisory } from '../core/advisory';
import type { DeclarationSubject } from '../core/check';
import type { PackageId } from '../core/declaration';
import type { Feed } from '../core/feed';
import { shown, type Lookup } from '../core/lookup';

type Answers = DeclarationSubject['advisories'];

/** What the feeds hold of one package. */
export interface KnownPackage {
  /** One answer a feed. */
  readonly advisories: Answers;
  /** One advisory for each flaw, over all feeds; the same array as long as no feed says anything new. */
  readonly known: readonly Advisory[];
}

/** What is held of packages, by {@link packageKey}. Asks nothing; merged advisories are kept by package. */
export type Knowledge = (
  packages: ReadonlyMap<string, PackageId>,
  secret: ReadonlyMap<string, string>,
) => ReadonlyMap<string, KnownPackage>;

const nothing: readonly Advisory[] = [];

export function createKnowledge(feeds: readonly Feed[]): Knowledge {
  const merged = new Map<string, { readonly parts: readonly (readonly Advisory[])[]; readonly known: readonly Advisory[] }>();

  const originals = new Map(feeds.flatMap(({ id, copyOf }) => (copyOf === undefined ? [] : [[id, copyOf] as const])));
  const locals = new WeakMap<readonly Advisory[], readonly Advisory[]>();
  /** What is said by an answer of a feed, less what the feed that it copies knows better. */
  const heard = ({ source, answer }: Answers[number], answers: Answers): readonly Advisory[] => {
    const said = shown(answer) ?? nothing;
    const original = said.length > 0 ? originals.get(source) : undefined;
    if (original === undefined || !isYounger(answers.find((other) => other.source === original)?.answer, answer)) return said;
    let local = locals.get(said);
    if (!local) locals.set(said, (local = said.filter(({ id }) => id.startsWith('x_'))));
    return local;
  };

  const knownOf = (key: string, answers: Answers): readonly Advisory[] => {
    const parts = answers.map((one) => heard(one, answers)).filter((part) => part.length > 0);
    if (parts.length === 0) return nothing;
    const before = merged.get(key);
    if (before && before.parts.length === parts.length && before.parts.every((part, i) => part === parts[i])) return before.known;
    const known = mergeAdvisories(parts.flat());
    merged.set(key, { parts, known });
    return known;
  };

  return (packages, secret) => {
    const held = feeds.map((feed) => ({ source: feed.id, answers: answersOf(feed, packages, secret) }));
    const result = new Map<string, KnownPackage>();
    let at = 0;
    for (const key of packages.keys()) {
      const advisories: Answers = held.map(({ source, answers }) => ({ source, answer: answers[at]! }));
      result.set(key, { advisories, known: knownOf(key, advisories) });
      at++;
    }
    return result;
  };
}

/** Whether the original of a copy has an answer at least as young. */
function isYounger(original: Lookup<unknown> | undefined, copy: Lookup<unknown>): boolean {
  if (original === undefined || original.state === 'known') return original !== undefined;
  const asOf = copy.state === 'known' ? copy.asOf : copy.last?.asOf;
  return original.last !== undefined && asOf !== undefined && original.last.asOf >= asOf;
}

/** What a feed holds of each package, in their order. What is private is not even shown to a feed that asks the network. */
function answersOf(
  feed: Feed,
  packages: ReadonlyMap<string, PackageId>,
  secret: ReadonlyMap<string, string>,
): Lookup<readonly Advisory[]>[] {
  if (!feed.network || secret.size === 0) return feed.held([...packages.values()]);
  const open = [...packages].filter(([key]) => !secret.has(key)).map(([, pkg]) => pkg);
  const answers = feed.held(open).values();
  return [...packages.keys()].map((key) => {
    const reason = secret.get(key);
    return reason === undefined ? (answers.next().value as Lookup<readonly Advisory[]>) : { state: 'withheld', reason };
  });
}
