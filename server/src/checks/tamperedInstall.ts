import type { Check, InstalledFileSubject } from '../core/check';

export const tamperedInstall: Check = {
  id: 'tampered-install',
  title: 'An installed file is not what its installer wrote down',
  severity: 'error',
  docs: {
    why: `When a Python package is installed, a list of its files goes along with it: RECORD, with the SHA-256 and the size of each. A file that has changed since, that is gone, or that lies in site-packages and is on no list, was put there by something else than an installer: a patch by hand, a tool that writes into its own package, or somebody who wants code to run whenever the package is imported.

RECORD shows changes after the install. It does not show that the release itself was good: a malicious wheel lists its own files correctly.

Byte code in \`__pycache__\`, what installers write beside RECORD, and what systems leave in folders is no finding. node_modules has no such list: npm keeps the hash of an archive, and of no file in it.`,
    example: `.venv/lib/python3.12/site-packages/requests/sessions.py`,
    fix: `Find out who changed the file. If you did, keep the change elsewhere: the next install undoes it, and nobody who reviews the project sees it. If you do not know, compare the file with the one in the published wheel, and treat the machine as taken until you know better. Reinstall the package, or build the environment anew from the lockfile.`,
  },
  assess: {
    'installed-file': (subject) => [{ message: message(subject), span: { start: 0, end: 0 } }],
  },
};

function message({ fault, package: pkg, version, file }: InstalledFileSubject): string {
  const owner = `${pkg.name} ${version ?? ''}`.trim();
  const name = file.slice(file.lastIndexOf('/') + 1);
  const detail = fault.detail === undefined ? '' : `: ${fault.detail}`;
  switch (fault.kind) {
    case 'changed':
      return fault.more
        ? `${fault.more} more files of ${owner} have changed since they were installed`
        : `${name} of ${owner} has changed since it was installed${detail}`;
    case 'missing':
      return fault.more ? `${fault.more} more files of ${owner} are missing` : `${name} of ${owner} is missing${detail}`;
    case 'unowned':
      if (fault.path.endsWith('/')) return `${fault.more} more files that no installed package lists lie here`;
      return `No installed package lists ${name}${fault.more ? `, nor the ${fault.more} other files of its folder` : ''}${detail}`;
  }
}
