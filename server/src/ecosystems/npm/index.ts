import type { Ecosystem } from '../../core/ecosystem';
import { packageJson } from './packageJson';
import { npmRegistry } from './registry';
import { npmVersions } from './versions';

export const npm: Ecosystem = {
  id: 'npm',
  purlType: 'npm',
  manifests: [packageJson],
  lockfiles: [],
  versions: npmVersions,
  // Names differ by case (old ones hold capitals), and are what they are written.
  normalizeName: (written) => written,
  registry: npmRegistry,
  packageUrl: (name) => `https://deps.dev/npm/${encodeURIComponent(name)}`,
};
