import assert from 'node:assert/strict';
import type { Lock, LockedPackage } from '../../../../server/src/core/lockfile';

/** `key = name@version source flags → keys` of every entry, in the lock's order. */
export function rows({ packages }: Lock): string[] {
  return packages.map((one) =>
    [
      one.key === '' ? '.' : one.key,
      '=',
      `${one.package.name}@${one.version}`,
      one.source,
      ...flagsOf(one),
      ...(one.dependencies.length ? ['→', one.dependencies.map((index) => packages[index]!.key).join(', ')] : []),
    ].join(' '),
  );
}

function flagsOf(one: LockedPackage): string[] {
  const flags = ['own', 'dev', 'optional', 'peer', 'bundled', 'installScript'] as const;
  return flags.filter((flag) => one[flag] === true);
}

/** What holds of every lock that was read, of whatever text. */
export function checkLock({ packages, roots: asked, problems, importers }: Lock, text: string): void {
  const isPosition = (index: number): boolean => Number.isInteger(index) && index >= 0 && index < packages.length;
  assert.equal(new Set(packages.map(({ key }) => key)).size, packages.length, 'keys are unique');
  for (const { key, package: pkg, version, hashes, dependencies, registry, deprecated } of packages) {
    assert.ok(typeof key === 'string' && typeof pkg.name === 'string' && typeof version === 'string', key);
    assert.ok(registry === undefined || (registry !== '' && !registry.includes('@')), registry);
    assert.ok(deprecated === undefined || typeof deprecated === 'string');
    assert.ok(hashes.every((hash) => /^(?:sha\d+|md5)-/.test(hash)));
    assert.ok(dependencies.every(isPosition), key);
  }
  for (const root of asked) {
    assert.ok(root.packages.every(isPosition) && importers.includes(root.importer), root.name);
    assert.ok(typeof root.name === 'string' && (root.specifier === undefined || typeof root.specifier === 'string'));
  }
  assert.equal(importers[0], '');
  assert.ok(problems.length <= 1);
  for (const { span, message } of problems) {
    assert.ok(message !== '' && span.start >= 0 && span.start <= span.end && span.end <= text.length, `${message} ${JSON.stringify(span)}`);
  }
}

export const sha512 = (letter: string): string => `sha512-${letter.repeat(86)}==`;
