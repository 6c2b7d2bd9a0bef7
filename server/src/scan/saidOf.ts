import type { Advisory } from '../core/advisory';
import type { Brought, DeclarationSubject, Subjects } from '../core/check';
import type { PackageId } from '../core/declaration';

type Subject = Subjects[keyof Subjects];

/** A package that advisories of a subject speak of, in the releases that it is there with. */
export interface Said {
  readonly pkg: PackageId;
  readonly file: string;
  readonly versions: (advisory: Advisory) => readonly string[];
}

/** Of what packages advisories are known to a subject: its own, and those that it brings. */
export function saidOf(subject: Subject): Said[] {
  switch (subject.kind) {
    case 'declaration':
      return [
        ...(subject.known.length ? [own(subject)] : []),
        ...[...subject.brings, ...(subject.bringsUndecided ?? [])].map((brought) =>
          saidOfRelease(brought.package, brought.version, subject.file),
        ),
      ];
    case 'locked':
      return [saidOfRelease(subject.entry.package, subject.entry.version, subject.file)];
    case 'installed':
      return subject.known.length ? [saidOfRelease(subject.release.package, subject.release.version, subject.file)] : [];
    default:
      return [];
  }
}

/** The subject as it is where only these advisories are known. */
export function withAdvisories(subject: Subject, keep: (said: Said, advisory: Advisory) => boolean): Subject {
  switch (subject.kind) {
    case 'declaration': {
      const self = own(subject);
      const known = kept(subject.known, (advisory) => keep(self, advisory));
      const brings = keptOf(subject.brings, subject.file, keep);
      const open = subject.bringsUndecided && keptOf(subject.bringsUndecided, subject.file, keep);
      const same = known === subject.known && brings === subject.brings && open === subject.bringsUndecided;
      return same ? subject : { ...subject, known, brings, ...(open && { bringsUndecided: open }) };
    }
    case 'locked': {
      const said = saidOfRelease(subject.entry.package, subject.entry.version, subject.file);
      const advisories = kept(subject.advisories, (advisory) => keep(said, advisory));
      const undecided = subject.undecided && kept(subject.undecided, (advisory) => keep(said, advisory));
      const same = advisories === subject.advisories && undecided === subject.undecided;
      return same ? subject : { ...subject, advisories, ...(undecided && { undecided }) };
    }
    case 'installed': {
      const said = saidOfRelease(subject.release.package, subject.release.version, subject.file);
      const known = kept(subject.known, (advisory) => keep(said, advisory));
      return known === subject.known ? subject : { ...subject, known };
    }
    default:
      return subject;
  }
}

/** What is brought, less the advisories that are not kept; the same list where all of them are. */
function keptOf(brings: readonly Brought[], file: string, keep: (said: Said, advisory: Advisory) => boolean): readonly Brought[] {
  const rest = brings.flatMap((brought) => {
    const said = saidOfRelease(brought.package, brought.version, file);
    const advisories = kept(brought.advisories, (advisory) => keep(said, advisory));
    if (advisories === brought.advisories) return [brought];
    return advisories.length ? [{ ...brought, advisories }] : [];
  });
  return rest.length === brings.length && rest.every((one, i) => one === brings[i]) ? brings : rest;
}

function saidOfRelease(pkg: PackageId, version: string, file: string): Said {
  return { pkg, file, versions: () => [version] };
}

function own({ declaration, resolution, versions: order, file }: DeclarationSubject): Said {
  const { source, package: pkg } = declaration;
  const admits = (version: string) =>
    source.kind === 'registry' && (source.tag !== undefined || source.range === '' || order.satisfies(version, source.range));
  const versions = ({ listedVersions }: Advisory) =>
    resolution.version === undefined ? listedVersions.filter(admits) : [resolution.version];
  return { pkg, file, versions };
}

/** The same list where all of it stays, so that what was worked out for it still holds. */
function kept(advisories: readonly Advisory[], keep: (advisory: Advisory) => boolean): readonly Advisory[] {
  const rest = advisories.filter(keep);
  return rest.length === advisories.length ? advisories : rest;
}
