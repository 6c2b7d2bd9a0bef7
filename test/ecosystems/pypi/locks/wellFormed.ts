import assert from 'node:assert/strict';
import type { Lock } from '../../../../server/src/core/lockfile';

/** What holds of every lock that was read, of whatever text. */
export function checkLock({ packages, roots, problems, importers }: Lock, text: string): void {
  const size = packages.length;
  const isPosition = (index: number): boolean => Number.isInteger(index) && index >= 0 && index < size;
  assert.equal(new Set(packages.map(({ key }) => key)).size, size, 'keys are unique');
  for (const { key, package: pkg, version, hashes, dependencies, uploadedAt } of packages) {
    assert.ok(typeof pkg.name === 'string' && typeof version === 'string' && key !== '', key);
    assert.ok(hashes.every((hash) => typeof hash === 'string'));
    assert.ok(dependencies.every(isPosition) && new Set(dependencies).size === dependencies.length, key);
    assert.ok(uploadedAt === undefined || !Number.isNaN(uploadedAt.getTime()), key);
  }
  for (const root of roots) assert.ok(root.packages.every(isPosition) && importers.includes(root.importer), root.name);
  assert.equal(importers[0], '');
  assert.ok(problems.length <= 1);
  for (const { kind, span, message } of problems) {
    assert.ok(kind === 'unreadable' && message !== '');
    assert.ok(span.start >= 0 && span.start <= span.end && span.end <= text.length, `${message} ${JSON.stringify(span)}`);
  }
}
