import { isListed } from '../../../core/environment';
import type {
  EnvironmentQuestion,
  EnvironmentReading,
  InstalledFiles,
  InstalledRelease,
  NotLooked,
  OnVerified,
  Trace,
} from '../../../core/environment';
import { incidentNames } from '../../../core/incident';
import type { LockedPackage } from '../../../core/lockfile';
import { installedPackageLock } from '../locks/packageLock';
import { fileTrace, hasNativeSource } from '../../../core/traceFiles';
import { installedFolders, type InstalledFolder } from './packages';

const mostManifest = 4 * 1024 * 1024;
const mostList = 64 * 1024 * 1024;

/**
 * Reads a node_modules folder: which packages are installed, what npm wrote down about them, and what lies at their top that
 * an incident names. npm keeps no hashes of single files, so none are verified. One share does it all.
 */
export function readNodeEnvironment(files: InstalledFiles, question: EnvironmentQuestion, onVerified: OnVerified): EnvironmentReading {
  const { folder, share, incidents } = question;
  const releases: InstalledRelease[] = [];
  const traces: Trace[] = [];
  const notLooked: NotLooked[] = [];
  if (share > 0) return { ecosystem: 'npm', releases, unowned: [], hooks: [], traces, coverage: { looked: [], notLooked } };

  const isNamed = incidentNames(incidents);
  const list = installerList(files, folder, notLooked);
  const lockedAt = new Map(list?.locked.map((locked) => [locked.key, locked]));
  const found = installedFolders(files, folder);
  notLooked.push(...found.notLooked);
  for (const one of found.folders) {
    const read = files.text(`${one.path}/package.json`, mostManifest);
    onVerified(releases.length + 1, one.name);
    const entries = files.entries(one.path);
    if (typeof entries === 'string') notLooked.push({ path: one.path, reason: entries, fault: true });
    const names = isListed(entries) ? entries.filter(({ kind }) => kind !== 'folder').map(({ name }) => name) : [];
    if (read.state === 'absent') {
      // Nothing but folders, as an interrupted removal leaves them, is no package.
      if (names.length) notLooked.push({ path: one.path, reason: 'it has no package.json' });
    } else if (read.state !== 'text')
      notLooked.push({
        path: `${one.path}/package.json`,
        reason: read.state === 'outside' ? 'it is a link that leads out of the environment' : read.message,
        fault: true,
      });
    else {
      const release = releaseOf(one, read.text, lockedAt.get(keyIn(folder, one.path)));
      if (typeof release === 'string') notLooked.push({ path: `${one.path}/package.json`, reason: release, fault: true });
      else releases.push(release);
    }
    const owner = releases.at(-1)?.file === `${one.path}/package.json` ? releases.at(-1)!.package.name : one.name;
    for (const name of names) {
      const path = `${one.path}/${name}`;
      if (name !== 'binding.gyp' && isNamed(one.path, name)) traces.push(fileTrace(files, 'named-file', path, owner));
    }
    if (names.includes('binding.gyp') && !hasNativeSource(files, one.path))
      traces.push(fileTrace(files, 'bare-gyp', `${one.path}/binding.gyp`, owner));
  }
  notLooked.push(
    {
      path: folder,
      what: 'the files of each package',
      reason: 'npm keeps no hash of a single file: they cannot be compared with what was published',
    },
    { path: folder, what: 'names that incidents give, below the top of each package', reason: 'only the top of a package is listed' },
  );
  return {
    ecosystem: 'npm',
    releases,
    unowned: [],
    hooks: [],
    traces,
    ...(list && { installerList: list }),
    coverage: {
      looked: ['package.json', ...(list ? ['.package-lock.json'] : []), 'binding.gyp', 'names that incidents give'],
      notLooked,
      packages: releases.length,
      files: found.folders.length,
    },
  };
}

/** npm's keys are relative to the folder that holds node_modules. */
function keyIn(top: string, path: string): string {
  return path.slice(top.length - 'node_modules'.length);
}

function installerList(files: InstalledFiles, folder: string, notLooked: NotLooked[]): EnvironmentReading['installerList'] {
  const file = `${folder}/.package-lock.json`;
  const read = files.text(file, mostList);
  if (read.state === 'absent') return undefined;
  if (read.state !== 'text' || !read.whole) {
    notLooked.push({
      path: file,
      reason: read.state === 'unreadable' ? read.message : 'it is too large, or a link that leads out',
      fault: true,
    });
    return undefined;
  }
  const lock = installedPackageLock.read(read.text);
  const problem = lock.problems.find(({ kind }) => kind === 'unreadable');
  if (problem) {
    notLooked.push({ path: file, reason: problem.message, fault: true });
    return undefined;
  }
  return { file, locked: lock.packages.map((locked): LockedPackage => ({ ...locked, dependencies: [] })) };
}

/** A clause says why package.json cannot be read. */
function releaseOf(
  { path, name: folderName }: InstalledFolder,
  text: string,
  locked: LockedPackage | undefined,
): InstalledRelease | string {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return 'it is not valid JSON';
  }
  if (typeof value !== 'object' || value === null) return 'it is no JSON object';
  const { name, version, private: isPrivate } = value as Record<string, unknown>;
  const ownName = typeof name === 'string' && name !== '' ? name : folderName;
  const ownVersion = typeof version === 'string' ? version.trim() : '';
  const span = valueSpan(text, 'version', version) ?? valueSpan(text, 'name', name) ?? { start: 0, end: 0 };
  return {
    package: { ecosystem: 'npm', name: ownName },
    version: ownVersion,
    file: `${path}/package.json`,
    head: text.slice(0, span.end),
    span,
    source: locked && locked.source !== 'workspace' ? locked.source : storeSource(path),
    ...(isPrivate === true && { private: true as const }),
    ...(locked?.registry !== undefined && { registry: locked.registry }),
    ...(locked?.hashes[0] !== undefined && { integrity: locked.hashes[0] }),
    faults: [],
  };
}

/** pnpm and bun name a folder of their store by what it was installed from: `a@file+packages+a`, `a@https+++host+a.tgz`. */
function storeSource(path: string): InstalledRelease['source'] {
  const scheme = /\/\.(?:pnpm|bun)\/@?[^/@]+@(file|link|git|ssh|https?)[+:]/.exec(`/${path}`)?.[1];
  if (scheme === undefined) return 'registry';
  return scheme === 'file' || scheme === 'link' ? 'path' : scheme.startsWith('http') ? 'url' : 'git';
}

/** Where `"key": "value"` stands. A value with escapes is not found, which costs the exact place alone. */
function valueSpan(text: string, key: string, value: unknown) {
  if (typeof value !== 'string') return undefined;
  const literal = `"${value}"`;
  for (let at = text.indexOf(`"${key}"`); at >= 0; at = text.indexOf(`"${key}"`, at + 1)) {
    const colon = /^\s{0,100}:\s{0,100}/.exec(text.slice(at + key.length + 2, at + key.length + 210));
    const start = at + key.length + 2 + (colon?.[0].length ?? 0);
    if (colon && text.startsWith(literal, start)) return { start: start + 1, end: start + literal.length - 1 };
  }
  return undefined;
}
