import type { LockfileReader } from '../../../core/lockfile';
import { lockfileReader } from '../../lockfileReader';
import defer * as bun from './bun';
import defer * as packageLock from './packageLock';
import defer * as pnpm from './pnpm';
import defer * as yarn from './yarn';

const manifests = ['package.json'];

/** The lockfiles of npm, pnpm, Yarn and Bun. A new kind is a file here and an entry in this list. */
export const npmLockfiles: readonly LockfileReader[] = [
  lockfileReader(
    {
      id: 'package-lock',
      // npm takes the second before the first where both lie in one folder.
      patterns: ['**/package-lock.json', '**/npm-shrinkwrap.json'],
      manifests,
      relock: 'npm install --package-lock-only',
    },
    () => packageLock.packageLock,
  ),
  lockfileReader({ id: 'pnpm', patterns: ['**/pnpm-lock.yaml'], manifests, relock: 'pnpm install --lockfile-only' }, () => pnpm.pnpm),
  lockfileReader({ id: 'yarn', patterns: ['**/yarn.lock'], manifests, relock: 'yarn install' }, () => yarn.yarn),
  lockfileReader({ id: 'bun', patterns: ['**/bun.lock'], manifests, relock: 'bun install --lockfile-only' }, () => bun.bun),
  lockfileReader(
    {
      id: 'bun-binary',
      patterns: ['**/bun.lockb'],
      manifests,
      relock: 'bun install --save-text-lockfile',
      binary: true,
      succeededBy: 'bun.lock',
    },
    () => bun.bunBinary,
  ),
];
