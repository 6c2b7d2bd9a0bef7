import { npmVersions } from '../../server/src/ecosystems/npm/versions';
import { pypiVersions } from '../../server/src/ecosystems/pypi/versions';
import type { Versions } from '../../server/src/core/versions';

/** Short hand for OSV records of one invented package. */
export const somePackage = { ecosystem: 'PyPI', name: 'some-package' } as const;

export interface RecordParts {
  readonly id?: string;
  readonly aliases?: readonly string[];
  readonly modified?: string;
  readonly versions?: readonly string[];
  /** The events of each range. */
  readonly ranges?: readonly (readonly object[])[];
  readonly name?: string;
  readonly ecosystem?: string;
  readonly more?: object;
}

export function osvRecord({
  id = 'PYSEC-2026-1',
  aliases = [],
  modified = '2026-01-01T00:00:00Z',
  versions = [],
  ranges = [],
  name = somePackage.name,
  ecosystem = somePackage.ecosystem,
  more = {},
}: RecordParts = {}): object {
  const type = ecosystem === 'npm' ? 'SEMVER' : 'ECOSYSTEM';
  return {
    id,
    aliases,
    modified,
    summary: `About ${id}`,
    affected: [{ package: { ecosystem, name }, versions, ranges: ranges.map((events) => ({ type, events })) }],
    ...more,
  };
}

export function versionsOf(ecosystem: string): Versions | undefined {
  return ecosystem === 'npm' ? npmVersions : ecosystem === 'PyPI' ? pypiVersions : undefined;
}
