import assert from 'node:assert/strict';
import { cycloneDxOf, spdxOf } from '../../support/sbom';
import { scanPolicies } from '../../support/scanPolicies';

const project = {
  'package.json': '{"name":"agent","version":"0.1.0","dependencies":{"alpha":"^1.0.0"}}',
  'package-lock.json': JSON.stringify({
    name: 'agent',
    lockfileVersion: 3,
    packages: {
      '': { name: 'agent', version: '0.1.0', dependencies: { alpha: '^1.0.0' } },
      'node_modules/alpha': { version: '1.2.0', integrity: `sha512-${'A'.repeat(86)}==`, dependencies: { '@team/beta': '2' } },
      'node_modules/@team/beta': { version: '2.0.0', dev: true },
    },
  }),
  'requirements.txt': 'gamma==1.0\ndelta>=2\n',
};

describe('a bill of materials', () => {
  it('is CycloneDX 1.6 by the official schema', async () => {
    const bom = await cycloneDxOf(await scanPolicies(project));
    assert.deepEqual(
      bom.components.map(({ purl }) => purl),
      [undefined, 'pkg:npm/%40team/beta@2.0.0', 'pkg:npm/alpha@1.2.0', 'pkg:pypi/delta', 'pkg:pypi/gamma@1.0'],
    );
  });

  it('is SPDX 3.0.1 by the official schema', async () => {
    const { '@graph': graph } = await spdxOf(await scanPolicies(project));
    assert.deepEqual(
      graph.filter(({ type }) => type === 'software_Package').map((node) => node.software_packageUrl),
      [undefined, undefined, 'pkg:npm/%40team/beta@2.0.0', 'pkg:npm/alpha@1.2.0', 'pkg:pypi/delta', 'pkg:pypi/gamma@1.0'],
    );
  });
});
