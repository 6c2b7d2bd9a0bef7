import type { Advisory } from '../core/advisory';
import type { DeclarationSubject, Subjects } from '../core/check';
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
        ...subject.brings.map((brought) => saidOfRelease(brought.package, brought.version, subject.file)),
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
      const brings = subject.brings.flatMap((brought) => {
        const said = saidOfRelease(brought.package, brought.version, subject.file);
        const advisories = kept(brought.advisories, (advisory) => keep(said, advisory));
        if (advisories === brought.advisories) return [brought];
        return advisories.length ? [{ ...brought, advisories }] : [];
      });
      const same =
        known === subject.known && brings.length === subject.brings.length && brings.every((one, i) => one === subject.brings[i]);
      return same ? subject : { ...subject, known, brings };
    }
    case 'locked': {
      const said = saidOfRelease(subject.entry.package, subject.entry.version, subject.file);
      const advisories = kept(subject.advisories, (advisory) => keep(said, advisory));
      return advisories === subject.advisories ? subject : { ...subject, advisories };
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
