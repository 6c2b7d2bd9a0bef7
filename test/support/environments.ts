import crypto from 'node:crypto';
import type { EnvironmentReading } from '../../server/src/core/environment';
import type { Incident } from '../../server/src/core/incident';
import { readNodeEnvironment } from '../../server/src/ecosystems/npm/environment';
import { readPythonEnvironment } from '../../server/src/ecosystems/pypi/environment';
import { createInstalledFiles } from '../../server/src/platform/installedFiles';
import type { Tree } from './temporaryFolder';

// Installed environments made up for tests, as files of a temporary folder.

export interface MadeDistribution {
  readonly name: string;
  readonly version: string;
  /** Relative to site-packages. */
  readonly files?: Readonly<Record<string, string>>;
  /** Rows of RECORD beside those of the files. */
  readonly record?: readonly string[];
  readonly installer?: string;
  readonly directUrl?: object;
}

export const site = 'lib/python3.12/site-packages';

/** A virtual environment with these distributions, installed as pip does it. */
export function virtualEnvironment(distributions: readonly MadeDistribution[], more: Tree = {}): Tree {
  return {
    'pyvenv.cfg': 'home = /usr/bin\nversion = 3.12.1\n',
    ...Object.fromEntries(distributions.flatMap((distribution) => Object.entries(installed(distribution)))),
    ...Object.fromEntries(
      Object.entries(more).map(([name, content]) => [name.startsWith('/') ? name.slice(1) : `${site}/${name}`, content]),
    ),
  };
}

/** The same below a folder of a project. */
export function below(folder: string, tree: Tree): Tree {
  return Object.fromEntries(Object.entries(tree).map(([name, content]) => [`${folder}/${name}`, content]));
}

function installed({ name, version, files = {}, record = [], installer = 'pip', directUrl }: MadeDistribution): Tree {
  const info = `${name.replaceAll('-', '_')}-${version}.dist-info`;
  const own: Record<string, string> = {
    ...files,
    [`${info}/METADATA`]: `Metadata-Version: 2.4\nName: ${name}\nVersion: ${version}\nSummary: made up\n\nVersion: 0\n`,
    [`${info}/WHEEL`]: 'Wheel-Version: 1.0\n',
    [`${info}/INSTALLER`]: `${installer}\n`,
    ...(directUrl && { [`${info}/direct_url.json`]: JSON.stringify(directUrl) }),
  };
  const rows = [...Object.entries(own).map(([path, text]) => recordRow(path, text)), ...record, `${info}/RECORD,,`];
  return Object.fromEntries(
    [...Object.entries(own), [`${info}/RECORD`, `${rows.join('\n')}\n`]].map(([path, text]) => [`${site}/${path}`, text!]),
  );
}

export function recordRow(path: string, text: string): string {
  const digest = crypto.createHash('sha256').update(text).digest('base64url');
  return `${/[",\n]/.test(path) ? `"${path.replaceAll('"', '""')}"` : path},sha256=${digest},${Buffer.byteLength(text)}`;
}

export function sha256(text: string): string {
  return crypto.createHash('sha256').update(text).digest('hex');
}

/** An incident that is made up, with the start-up hook of its malware. */
export function madeIncident(parts: Partial<Incident> = {}): Incident {
  return {
    id: 'MAL-2026-900001',
    title: 'the compromise of madeup',
    url: 'https://incidents.example/1',
    files: [],
    sha256: {},
    hosts: [],
    ...parts,
  };
}

export function readVenv(
  root: string,
  options: { readonly folder?: string; readonly incidents?: readonly Incident[]; readonly share?: number; readonly shares?: number } = {},
): EnvironmentReading {
  const { folder = '', incidents = [], share = 0, shares = 1 } = options;
  return readPythonEnvironment(createInstalledFiles(root), { folder, incidents, share, shares }, () => undefined);
}

export function readModules(root: string, incidents: readonly Incident[] = [], folder = 'node_modules'): EnvironmentReading {
  return readNodeEnvironment(createInstalledFiles(root), { folder, incidents, share: 0, shares: 1 }, () => undefined);
}
