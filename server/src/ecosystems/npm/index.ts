import type { Ecosystem } from '../../core/ecosystem';
import type { ManifestReader } from '../../core/manifest';
import { manifestReader } from '../manifestReader';
import { botNames } from '../updateBots';
import defer * as environment from './environment';
import { installedNodePackages } from './environment/installed';
import { npmIndexesSetUp, planNpmIndexes } from './indexes';
import { npmLockfiles } from './locks';
import defer * as packageJson from './packageJson';
import defer * as registry from './registry';
import { npmVersions } from './versions';

const manifests: readonly ManifestReader[] = [
  manifestReader(
    {
      id: 'package.json',
      patterns: ['**/package.json'],
      matches: (path) => path === 'package.json' || path.endsWith('/package.json'),
      companions: ['pnpm-workspace.yaml', '.yarnrc.yml', '.npmrc', 'bunfig.toml', 'package.json'],
      rootCompanions: botNames,
    },
    () => packageJson.packageJson,
  ),
];

export const npm: Ecosystem = {
  id: 'npm',
  purlType: 'npm',
  manifests,
  lockfiles: npmLockfiles,
  versions: npmVersions,
  // Names differ by case (old ones hold capitals), and are what they are written.
  normalizeName: (written) => written,
  registryId: 'npm-registry',
  registry: (...at) => registry.npmRegistry(...at),
  planIndexes: planNpmIndexes,
  indexesSetUp: npmIndexesSetUp,
  readEnvironment: (...asked) => environment.readNodeEnvironment(...asked),
  installedIn: installedNodePackages,
  packageUrl: (name) => `https://deps.dev/npm/${encodeURIComponent(name)}`,
};
