import type { Check, DeclarationSubject, ManifestSubject } from '../core/check';
import type { Observation } from '../core/finding';
import { nameOf } from '../fixes/culprit';
import { compromiseOf } from '../fixes/exposure';
import { isUnknown, registryName, speaks } from '../fixes/registryState';
import { counted, dayText, listed } from '../fixes/wording';

export const unknownPackage: Check = {
  id: 'unknown-package',
  title: 'No index has a package of this name',
  severity: 'error',
  docs: {
    severity: 'error; information, once a file, where an index could not be asked',
    why: `A language model that writes a manifest invents names that sound right. Nobody has them yet, and whoever takes one decides what is installed by everybody whose model invented the same. The install fails today; it need not fail tomorrow. A name that was removed from its registry is free to be taken, too.

The finding is an error only where every index that the project uses was asked and answered that it has no such package. Where one could not be asked, that is said once for the whole file, as information, and not of packages that many people use, that Merlon's catalogue lists or that a lockfile holds. Nothing is said of names that are private, of packages that come from git, a URL or a path, and of the workspace's own.`,
    example: `langchain-smart-utils==1.0.0`,
    fix: `Find out which package was meant, and write its name; Merlon does not guess. If the package is your own and comes from an index that Merlon was not told of, name that index in the project's settings (\`.npmrc\`, \`[[tool.uv.index]]\`, …), or list the name in \`merlon.privatePackages\`: then it is asked nowhere.`,
  },
  assess: {
    declaration(subject, policy) {
      if (!isUnknown(subject) || subject.registry.state !== 'known') return [];
      if (speaks(policy, 'compromised-release') && compromiseOf(subject)) return [];
      return [{ message: message(subject, subject.registry.asOf), span: nameOf(subject.declaration) }];
    },
    manifest: unasked,
  },
};

function message(subject: DeclarationSubject, asOf: Date): string {
  const { name } = subject.declaration.package;
  const { resolution, lock } = subject;
  const held =
    lock && resolution.version !== undefined && resolution.from === 'lockfile' ? `, though ${lock.file} holds ${resolution.version}` : '';
  return `No package is named ${name}: ${registryName(subject)} was asked on ${dayText(asOf)} and has none${held}. ${consequence(subject)}`;
}

function consequence({ place, index }: DeclarationSubject): string {
  // Of an index that is the package's own nobody else can take the name.
  if (place?.private) return 'It is looked for nowhere else, so installs fail';
  return `Whoever takes the name${index === undefined ? '' : ' there'} decides what this line installs`;
}

/** An outage is one finding a file, at the first name that it concerns. */
function unasked({ subjects }: ManifestSubject): Observation[] {
  const failed = new Map<string, { readonly subject: DeclarationSubject; readonly reason: string }>();
  for (const subject of subjects) {
    const { registry, declaration } = subject;
    if (registry.state !== 'unavailable' || surelyExists(subject) || failed.has(declaration.package.name)) continue;
    failed.set(declaration.package.name, { subject, reason: registry.reason });
  }
  const [first] = failed.values();
  if (!first) return [];
  const names = listed([...failed.keys()]);
  const exist = failed.size === 1 ? `${names} exists` : `${counted(failed.size, 'package', 'packages')} exist (${names})`;
  return [
    {
      message: `Whether ${exist} could not be asked: ${first.reason}`,
      span: nameOf(first.subject.declaration),
      severity: 'information',
    },
  ];
}

/** By what was answered before, by what everybody knows, by what was locked, or since it is the workspace's own. */
function surelyExists({ registry, familiar, member, lock, declaration }: DeclarationSubject): boolean {
  if (registry.state !== 'known' && registry.last?.value.exists) return true;
  return familiar === true || member === true || (lock?.releases.length ?? 0) > 0 || declaration.package.name === '';
}
