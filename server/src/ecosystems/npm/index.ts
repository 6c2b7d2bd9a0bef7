import type { Ecosystem } from '../../core/ecosystem';
import { readNodeEnvironment } from './environment';
import { installedNodePackages } from './environment/installed';
import { bun, bunBinary } from './locks/bun';
import { packageLock } from './locks/packageLock';
import { pnpm } from './locks/pnpm';
import { yarn } from './locks/yarn';
import { packageJson } from './packageJson';
import { npmIndexesSetUp, planNpmIndexes } from './indexes';
import { npmRegistry } from './registry';
import { npmVersions } from './versions';

export const npm: Ecosystem = {
  id: 'npm',
  purlType: 'npm',
  manifests: [packageJson],
  lockfiles: [packageLock, pnpm, yarn, bun, bunBinary],
  versions: npmVersions,
  // Names differ by case (old ones hold capitals), and are what they are written.
  normalizeName: (written) => written,
  registry: npmRegistry,
  planIndexes: planNpmIndexes,
  indexesSetUp: npmIndexesSetUp,
  readEnvironment: readNodeEnvironment,
  installedIn: installedNodePackages,
  packageUrl: (name) => `https://deps.dev/npm/${encodeURIComponent(name)}`,
};
