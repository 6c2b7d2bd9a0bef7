import { evaluate } from '../advisories/evaluate';
import { readOsvRecord } from '../advisories/osvRecord';
import type { PackageId } from '../core/declaration';
import type { Publisher } from '../core/release';
import type { Blocked, PolicyMatch, TeamPolicy } from '../core/teamPolicy';
import type { Versions } from '../core/versions';
import { globMatches } from '../policy/glob';
import { indexAdmits } from '../policy/indexAddress';
import { matchesPackage, type PackagePattern } from '../policy/packagePattern';
import type { BlockedEntry, Placed, PolicyFile } from '../policy/policyFile';
import { holdsVersionOrItsPreview } from '../policy/versionRange';
import { packageKey } from './packages';

/** What these policy files say together, nearest first; `trusting` are those whose trust counts. `undefined` where none says anything. */
export function teamPolicyOf(
  files: readonly PolicyFile[],
  trusting: readonly PolicyFile[],
  versionsOf: (ecosystem: string) => Versions | undefined,
): TeamPolicy | undefined {
  const says = files.some(
    (file) => file.blocked.length || file.blockedPublishers.length || file.allowedIndexes || file.requireProvenance.length,
  );
  if (!says && !trusting.some((file) => file.trustedPackages.length || file.trustedPublishers.length)) return undefined;
  const blockers = files.flatMap((file) => file.blocked.flatMap((entry) => blockersOf(entry, file.path)));
  const publishers = files.some((file) => file.blockedPublishers.length) || trusting.some((file) => file.trustedPublishers.length);
  const blockedBy = new Map<string, readonly Blocked[]>();

  const team: TeamPolicy = {
    blocks(pkg) {
      const key = packageKey(pkg);
      let known = blockedBy.get(key);
      if (!known) {
        const versions = versionsOf(pkg.ecosystem);
        known = versions && pkg.name !== '' ? blockers.flatMap((blocker) => blocker(pkg, versions) ?? []) : [];
        if (blockedBy.size >= mostRemembered) blockedBy.clear();
        blockedBy.set(key, known);
      }
      return known;
    },
    blocksPublisher: (publisher) =>
      firstOf(files, ({ path, blockedPublishers }) =>
        placed(
          path,
          blockedPublishers.find(({ value }) => isPublisher(publisher, value)),
        ),
      ),
    refusesIndex: (address) =>
      firstOf(files, ({ path, allowedIndexes }) =>
        allowedIndexes && !indexAdmits(allowedIndexes.patterns, address) ? { file: path, span: allowedIndexes.span } : undefined,
      ),
    demandsProvenance: (pkg) => firstOf(files, ({ path, requireProvenance }) => namedIn(path, requireProvenance, pkg)),
    trusts: (pkg, publisher) =>
      firstOf(trusting, ({ path, trustedPackages, trustedPublishers }) => {
        const named = namedIn(path, trustedPackages, pkg);
        return (
          named ??
          (publisher &&
            placed(
              path,
              trustedPublishers.find(({ value }) => isPublisher(publisher, value)),
            ))
        );
      }),
    wantsRecord: (pkg) => publishers || team.demandsProvenance(pkg) !== undefined,
  };
  return team;
}

/** A workspace names some thousands of packages. */
const mostRemembered = 20_000;

type Blocker = (pkg: PackageId, versions: Versions) => Blocked | undefined;

function blockersOf(entry: BlockedEntry, file: string): Blocker[] {
  const common = { reason: entry.reason, place: { file, span: entry.span }, ...(entry.id !== undefined && { id: entry.id }) };
  const { package: pattern, versions: items } = entry;
  if (pattern) {
    return [
      (pkg, versions) => {
        if (!matchesPackage(pattern, pkg)) return undefined;
        if (!items) return { ...common, wholePackage: true, listedVersions: [], affects: () => true };
        const listedVersions = items.flatMap((item) => (versions.isValid(item) ? [item] : (versions.exact(item) ?? [])));
        return { ...common, wholePackage: false, listedVersions, affects: (version) => holdsVersionOrItsPreview(items, version, versions) };
      },
    ];
  }
  const record = readOsvRecord(entry.osv);
  return (record?.affected ?? []).map(({ package: named, versions: listed, ranges }): Blocker => {
    const folded = (pkg: PackageId) => (pkg.ecosystem === 'PyPI' ? pkg.name.toLowerCase().replace(/[-_.]+/g, '-') : pkg.name);
    return (pkg, versions) => {
      if (pkg.ecosystem !== named.ecosystem || folded(pkg) !== folded(named)) return undefined;
      // An entry without versions and ranges is about the package as a whole, as our own form has it.
      if (!listed.length && !ranges.length) return { ...common, wholePackage: true, listedVersions: [], affects: () => true };
      // Records of malware that were merged too broadly are read as everywhere: by the versions that they list.
      const malware = listed.length === 0 || /^MAL-/i.test(record!.id);
      const { affects, listedVersions, wholePackage } = evaluate({ versions: listed, ranges }, malware, versions);
      return { ...common, wholePackage, listedVersions, affects };
    };
  });
}

function firstOf<T>(files: readonly PolicyFile[], find: (file: PolicyFile) => T | undefined): T | undefined {
  for (const file of files) {
    const found = find(file);
    if (found !== undefined) return found;
  }
  return undefined;
}

function namedIn(file: string, patterns: readonly PackagePattern[], pkg: PackageId): PolicyMatch | undefined {
  const found = patterns.find((pattern) => matchesPackage(pattern, pkg));
  return found && { pattern: found.written, place: { file, span: found.span } };
}

function placed(file: string, found: Placed<string> | undefined): PolicyMatch | undefined {
  return found && { pattern: found.value, place: { file, span: found.span } };
}

/** An account, or a repository: as `owner/name`, or as the end of its address. */
function isPublisher({ account, repository }: Publisher, pattern: string): boolean {
  const parts = pattern.toLowerCase().split('*');
  const names = [account, repository, repository?.replace(/^[a-z+]+:\/\/[^/]+\//i, '').replace(/(?:\.git)?\/?$/, '')];
  return names.some((name) => name !== undefined && globMatches(name.toLowerCase(), parts));
}
