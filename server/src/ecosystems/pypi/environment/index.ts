import { isListed } from '../../../core/environment';
import type {
  EnvironmentQuestion,
  EnvironmentReading,
  FileFault,
  InstalledFiles,
  InstalledRelease,
  NotLooked,
  OnVerified,
  Trace,
} from '../../../core/environment';
import { incidentNames } from '../../../core/incident';
import { fileTrace } from '../../../core/traceFiles';
import { distributionsIn, within, type Distribution } from './distributions';
import { ownership, recordOf, type Ownership } from './ownership';
import { sitesIn, systemNotes } from './sites';
import { startupHooks, startupNames } from './startup';
import { unownedFiles } from './unowned';
import { verifyRecord } from './verifyRecord';

/**
 * Reads a Python environment: what is installed, whether its files are what RECORD says, what lies there besides, and what
 * runs at every start. Of several shares each takes its part of the distributions, and the first one the rest.
 */
export function readPythonEnvironment(files: InstalledFiles, question: EnvironmentQuestion, onVerified: OnVerified): EnvironmentReading {
  const { folder, share, shares, incidents } = question;
  const releases: InstalledRelease[] = [];
  const unowned: FileFault[] = [];
  const hooks: EnvironmentReading['hooks'][number][] = [];
  const traces: Trace[] = [];
  const notLooked: NotLooked[] = [];
  let verified = 0;
  const first = share === 0;
  const isNamed = incidentNames(incidents);

  const sites = sitesIn(files, folder);
  for (const site of sites) {
    const entries = files.entries(site);
    if (!isListed(entries)) {
      if (first) notLooked.push({ path: site, reason: typeof entries === 'string' ? entries : 'it is gone', fault: true });
      continue;
    }
    const all = distributionsIn(files, site, entries);
    let owned: Ownership | undefined;
    const owners = () => (owned ??= ownership(files, site, all));

    for (const distribution of mine(files, site, all, share, shares)) {
      const label = `${distribution.name} ${distribution.version}`.trim();
      const record = recordOf(files, site, distribution);
      const faults: FileFault[] = [];
      if (distribution.fault !== undefined)
        notLooked.push({
          path: within(site, distribution.metadata),
          reason: `the name and version are taken from its folder, since ${distribution.fault}`,
          fault: true,
        });
      if (record.state === 'read') {
        const result = verifyRecord(distribution, record.text, {
          files,
          site,
          digestsBeside: (path) => owners().digestsBeside(path, distribution),
          onFile: () => onVerified(++verified, distribution.name),
        });
        faults.push(...result.faults);
        notLooked.push(...result.notLooked);
      } else if (record.state === 'unreadable') notLooked.push({ what: `${label}: its files`, reason: record.reason, fault: true });
      else if (writesRecord.has(distribution.installer) && distribution.kind === 'dist-info')
        faults.push({
          kind: 'missing',
          path: within(site, `${distribution.info}/RECORD`),
          detail: `${distribution.installer} writes one, and without it no file can be verified`,
        });
      else notLooked.push({ what: `${label}: its files`, reason: record.reason });
      if (distribution.direct?.editable)
        notLooked.push({
          what: `${label}: its code`,
          reason: `an editable install: it lies in ${distribution.direct.origin}, outside the environment`,
        });
      releases.push(releaseOf(distribution, site, faults));
    }
    if (!first) continue;

    const startup = startupHooks(files, site, entries, owners());
    hooks.push(...startup.hooks);
    notLooked.push(...startup.notLooked);
    const isConda = files.entries(within(folder, 'conda-meta')) !== undefined;
    const { silent } = owners();
    const result = unownedFiles({
      files,
      site,
      distributions: all,
      owned: owners(),
      startup: startupNames(entries),
      onFile(at, name) {
        if (!isNamed(at, name)) return;
        const path = within(at, name);
        traces.push(fileTrace(files, 'named-file', path, owners().ownerOf(path)));
      },
    });
    notLooked.push(...result.notLooked);
    if (isConda)
      notLooked.push({ path: site, what: 'files that no RECORD lists', reason: 'conda installs files that only its own records list' });
    else if (silent.length) {
      const names = silent
        .slice(0, 5)
        .map(({ name }) => name)
        .join(', ');
      notLooked.push({
        path: site,
        what: 'files that no RECORD lists',
        reason: `some may belong to what does not list its files (${names}${silent.length > 5 ? ', …' : ''})`,
      });
    } else unowned.push(...result.faults);
    for (const { name, kind } of entries) {
      if (name.endsWith('.egg') && kind === 'file') notLooked.push({ path: within(site, name), reason: 'a zipped egg is not opened' });
      if (name.endsWith('.egg-link'))
        notLooked.push({ path: within(site, name), reason: 'a link of setuptools to code outside the environment' });
    }
    notLooked.push({ path: site, what: 'byte code in __pycache__', reason: 'Python writes it, and no RECORD holds its hash' });
  }
  if (first) notLooked.push(...systemNotes(files, folder));
  return {
    ecosystem: 'PyPI',
    releases,
    unowned,
    hooks,
    traces,
    coverage: {
      looked: sites.length ? ['METADATA', 'RECORD', 'unowned files', 'start-up hooks', 'names that incidents give'] : [],
      notLooked,
      packages: releases.length,
      files: verified,
    },
  };
}

/** Installers that always write RECORD. A distribution's own packager may have taken it away. */
const writesRecord: ReadonlySet<string> = new Set(['pip', 'uv', 'poetry', 'pdm']);

/** A share of the distributions, dealt out by the size of their RECORDs, so that one worker does not end up with torch and scipy. */
function mine(files: InstalledFiles, site: string, all: readonly Distribution[], share: number, shares: number): readonly Distribution[] {
  if (shares === 1) return all;
  const weighed = all.map((distribution) => ({ distribution, weight: files.size(within(site, `${distribution.info}/RECORD`)) }));
  weighed.sort((a, b) => b.weight - a.weight);
  const loads = Array.from({ length: shares }, () => 0);
  // The first share also looks for what nobody owns, which costs about a third of what the hashing does.
  loads[0] = weighed.reduce((sum, { weight }) => sum + weight + 200, 0) / 3;
  const taken = new Set<Distribution>();
  for (const { distribution, weight } of weighed) {
    const least = loads.indexOf(Math.min(...loads));
    loads[least]! += weight + 200;
    if (least === share) taken.add(distribution);
  }
  return all.filter((distribution) => taken.has(distribution));
}

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
