import type {
  EnvironmentQuestion,
  FileFault,
  InstalledEntry,
  InstalledFiles,
  InstalledRelease,
  NotLooked,
  StartupHook,
  Trace,
} from '../../../core/environment';
import { isListed } from '../../../core/environment';
import { incidentNames } from '../../../core/incident';
import { fileTrace } from '../../../core/traceFiles';
import { distributionsIn, within, type Distribution } from './distributions';
import { ownership, recordOf, type Ownership } from './ownership';
import { packagerOf } from './packager';
import { share } from './share';
import { isVirtualEnvironment } from './sites';
import { startupHooks, startupNames } from './startup';
import { unownedFiles } from './unowned';
import { verifyRecord } from './verifyRecord';

/** What is gathered over the site-packages folders of an environment. */
export interface Gathered {
  readonly releases: InstalledRelease[];
  readonly unowned: FileFault[];
  readonly hooks: StartupHook[];
  readonly traces: Trace[];
  readonly notLooked: NotLooked[];
  readonly looked: Set<string>;
  verified: number;
}

/** Reads one site-packages folder. */
export function readSite(
  files: InstalledFiles,
  site: string,
  question: EnvironmentQuestion,
  gathered: Gathered,
  onFile: (of: string) => void,
): void {
  const { notLooked, looked } = gathered;
  const entries = files.entries(site);
  if (!isListed(entries)) {
    if (question.share === 0) notLooked.push({ path: site, reason: entries ?? 'it is gone', fault: true });
    return;
  }
  const all = distributionsIn(files, site, entries);
  let owned: Ownership | undefined;
  const owners = () => (owned ??= ownership(files, site, all));
  const packager = packagerOf(files, site, question.folder, isVirtualEnvironment(files, question.folder));

  const read = (distribution: Distribution): void => {
    const { name, version, info, installer, kind, direct } = distribution;
    const label = `${name} ${version}`.trim();
    const faults: FileFault[] = [];
    if (distribution.fault !== undefined)
      notLooked.push({
        path: within(site, distribution.metadata),
        reason: `the name and version are taken from its folder, since ${distribution.fault}`,
        fault: true,
      });
    const foreign = packager?.installed(distribution);
    const record = recordOf(files, site, distribution);
    if (foreign) notLooked.push({ what: `${label}: its files`, reason: packager!.reason });
    else if (record.state === 'read') {
      const digestsBeside = (path: string) => owners().digestsBeside(path, distribution);
      const result = verifyRecord(distribution, record.text, { files, site, digestsBeside, onFile: () => onFile(name) });
      faults.push(...result.faults);
      notLooked.push(...result.notLooked);
    } else if (record.state === 'unreadable') notLooked.push({ what: `${label}: its files`, reason: record.reason, fault: true });
    else if (writesRecord.has(installer) && kind === 'dist-info')
      faults.push({
        kind: 'missing',
        path: within(site, `${info}/RECORD`),
        detail: `${installer} writes one, and without it no file can be verified`,
      });
    else notLooked.push({ what: `${label}: its files`, reason: record.reason });
    if (direct?.editable)
      notLooked.push({ what: `${label}: its code`, reason: `an editable install: it lies in ${direct.origin}, outside the environment` });
    gathered.releases.push(releaseOf(distribution, site, faults));
  };
  for (const distribution of share(files, site, all, question)) read(distribution);
  if (question.share > 0) return;

  looked.add('METADATA');
  if (all.some((distribution) => owners().hasRecord(distribution) && !packager?.installed(distribution))) looked.add('RECORD');
  looked.add('start-up hooks').add('names that incidents give');
  const startup = startupHooks(files, site, entries, owners());
  gathered.hooks.push(...startup.hooks);
  notLooked.push(...startup.notLooked);
  readUnowned(files, site, entries, all, owners(), packager?.reason, question, gathered);
  for (const { name, kind } of entries) {
    if (name.endsWith('.egg') && kind === 'file') notLooked.push({ path: within(site, name), reason: 'a zipped egg is not opened' });
    if (name.endsWith('.egg-link'))
      notLooked.push({ path: within(site, name), reason: 'a link of setuptools to code outside the environment' });
  }
  notLooked.push({ path: site, what: 'byte code in __pycache__', reason: 'Python writes it, and no RECORD holds its hash' });
}

/** Walks the folder: for files that nobody lists, and for those that an incident names. */
function readUnowned(
  files: InstalledFiles,
  site: string,
  entries: readonly InstalledEntry[],
  distributions: readonly Distribution[],
  owned: Ownership,
  packager: string | undefined,
  { incidents }: EnvironmentQuestion,
  { unowned, traces, notLooked, looked }: Gathered,
): void {
  const isNamed = incidentNames(incidents);
  const onFile = (folder: string, name: string) => {
    if (!isNamed(folder, name)) return;
    const path = within(folder, name);
    traces.push(fileTrace(files, 'named-file', path, owned.ownerOf(path)));
  };
  const result = unownedFiles({ files, site, distributions, owned, startup: startupNames(entries), onFile });
  notLooked.push(...result.notLooked);
  const names = owned.silent.map(({ name }) => name);
  const reason =
    packager ??
    (names.length
      ? `some may belong to what does not list its files (${names.slice(0, 5).join(', ')}${names.length > 5 ? ', …' : ''})`
      : undefined);
  if (reason !== undefined) notLooked.push({ path: site, what: 'files that no RECORD lists', reason });
  else {
    looked.add('unowned files');
    unowned.push(...result.faults);
  }
}

/** Installers that always write RECORD. A distribution's own packager may have taken it away. */
const writesRecord: ReadonlySet<string> = new Set(['pip', 'uv', 'poetry', 'pdm']);

function releaseOf(distribution: Distribution, site: string, faults: readonly FileFault[]): InstalledRelease {
  const { direct } = distribution;
  return {
    package: { ecosystem: 'PyPI', name: distribution.name },
    version: distribution.version,
    file: within(site, distribution.metadata),
    head: distribution.head,
    span: distribution.span,
    source: direct?.source ?? 'registry',
    ...(direct && { origin: direct.origin }),
    ...(direct?.integrity !== undefined && { integrity: direct.integrity }),
    faults,
  };
}
