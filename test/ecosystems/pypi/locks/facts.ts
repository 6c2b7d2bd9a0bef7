import type { Lock } from '../../../../server/src/core/lockfile';

/** `key → key, key` of every entry, in the lock's order. */
export function edges(lock: Lock): string[] {
  return lock.packages.map(({ key, dependencies }) =>
    `${key} → ${dependencies.map((index) => lock.packages[index]!.key).join(', ')}`.trim(),
  );
}

export function keys(lock: Lock): string[] {
  return lock.packages.map(({ key }) => key);
}
