import type { FakeRegistry } from '../support/fakeRegistry';

// What the loopback OSV and registries know in tests of the command line. Names that the catalogue holds, since only
// those are pinned by default; releases, dates and most records are invented.

export const cliNow = '2026-10-15T12:00:00Z';

const old = '2026-05-01T00:00:00Z';
const young = '2026-10-14T12:00:00Z';

export const cliPackages: Pick<FakeRegistry, 'pypi' | 'npm'> = {
  pypi: {
    litellm: [
      ['1.80.0', old],
      ['1.81.13', old],
      ['1.82.6', old],
      ['1.83.0', old],
      ['1.83.14', old],
      ['1.84.0', old],
      ['1.85.0', old],
      ['1.85.1', young],
    ],
    openai: [
      ['1.40.0', old],
      ['1.109.1', old],
      ['2.0.0', old],
      ['2.1.0', young],
    ],
    dspy: [
      ['3.0.3', old],
      ['3.0.4', old, 'broken metadata'],
    ],
    transformers: [['4.57.0', old]],
    torch: [['2.11.0', old]],
    requests: [
      ['2.31.0', old],
      ['2.32.4', old],
    ],
  },
  npm: {
    openai: [
      ['4.104.0', old],
      ['5.23.2', old],
      ['6.1.0', old],
    ],
    ai: [
      ['5.0.50', old],
      ['5.0.51', old],
    ],
    '@ai-sdk/openai': [
      ['2.0.40', old],
      ['2.0.41', young],
    ],
    axios: [
      ['1.13.2', old],
      ['1.14.0', old],
      ['1.15.0', old],
    ],
  },
};

export const cliRecords: readonly object[] = [
  {
    id: 'MAL-2026-2144',
    modified: '2026-03-25T00:00:00Z',
    summary: 'Two releases of litellm stole credentials',
    affected: [{ package: { ecosystem: 'PyPI', name: 'litellm' }, versions: ['1.82.7', '1.82.8'] }],
  },
  {
    id: 'GHSA-0000-0000-req1',
    modified: '2026-01-01T00:00:00Z',
    summary: 'An invented flaw of requests',
    affected: [
      {
        package: { ecosystem: 'PyPI', name: 'requests' },
        ranges: [{ type: 'ECOSYSTEM', events: [{ introduced: '0' }, { fixed: '2.32.0' }] }],
      },
    ],
    severity: [{ type: 'CVSS_V3', score: 'CVSS:3.1/AV:N/AC:H/PR:N/UI:R/S:U/C:H/I:N/A:N' }],
  },
];
