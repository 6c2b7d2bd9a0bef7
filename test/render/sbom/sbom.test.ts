import assert from 'node:assert/strict';
import fc from 'fast-check';
import { billText, cycloneDxOf, spdxOf } from '../../support/sbom';
import { assertCycloneDx, assertSpdx, type CycloneDxJson } from '../../support/sbomSchemas';
import { scanPolicies } from '../../support/scanPolicies';

const sha = `sha512-${'A'.repeat(86)}==`;
const project = {
  'package.json': '{"name":"agent","dependencies":{"alpha":"^1.0.0"}}',
  'package-lock.json': JSON.stringify(
    {
      name: 'agent',
      version: '0.1.0',
      lockfileVersion: 3,
      packages: {
        '': { name: 'agent', version: '0.1.0', dependencies: { alpha: '^1.0.0' } },
        'node_modules/alpha': { version: '1.2.0', integrity: sha, license: 'mit', dependencies: { '@team/beta': '2' } },
        'node_modules/@team/beta': { version: '2.0.0', dev: true, license: 'ours', dependencies: { delta: '1' } },
        'node_modules/@team/beta/node_modules/alpha': { version: '1.2.0', integrity: sha, license: 'mit' },
        'node_modules/delta': { version: '1.0.0', resolved: 'git+ssh://git@github.com/o/delta.git#f00f00f' },
      },
    },
    undefined,
    1,
  ),
  'requirements.txt':
    `gamma==1.0 --hash=sha256:${'0'.repeat(64)} --hash=sha256:${'1'.repeat(64)}\ndelta>=2\n` +
    'epsilon @ git+https://user:S3CRET@host.example/epsilon.git@v1\n',
};

const componentOf = (bom: CycloneDxJson, ref: string) => bom.components.find((component) => component['bom-ref'] === ref)!;
const valuesOf = (bom: CycloneDxJson, ref: string, property: string) =>
  componentOf(bom, ref)
    .properties!.filter(({ name }) => name === `merlon:${property}`)
    .map(({ value }) => value);
const delta = 'pkg:npm/delta@1.0.0?vcs_url=git%2Bssh:%2F%2Fgit%40github.com%2Fo%2Fdelta.git%40f00f00f';
const epsilon = 'pkg:pypi/epsilon?vcs_url=git%2Bhttps:%2F%2Fhost.example%2Fepsilon.git%40v1';

describe('a bill of materials', () => {
  it('holds each release once, with the graph of the lockfile', async () => {
    const bom = await cycloneDxOf(await scanPolicies(project));
    assert.deepEqual(
      bom.dependencies.map(({ ref, dependsOn = [] }) => `${ref} → ${dependsOn.join(', ')}`),
      [
        `merlon:project → merlon:own/npm/package-lock.json#, pkg:npm/alpha@1.2.0, pkg:pypi/delta, ${epsilon}, pkg:pypi/gamma@1.0`,
        'merlon:own/npm/package-lock.json# → pkg:npm/alpha@1.2.0',
        `pkg:npm/%40team/beta@2.0.0 → ${delta}`,
        'pkg:npm/alpha@1.2.0 → pkg:npm/%40team/beta@2.0.0',
        `${delta} → `,
        'pkg:pypi/delta → ',
        `${epsilon} → `,
        'pkg:pypi/gamma@1.0 → ',
      ],
    );
    assert.equal(bom.metadata.component.name, 'agent');
    assert.equal(bom.metadata.component.version, '0.1.0');
    assert.deepEqual(
      bom.compositions.map(({ aggregate, dependencies, assemblies }) => `${aggregate} ${(dependencies ?? assemblies ?? []).length}`),
      ['incomplete 1', 'complete 5', 'unknown 3'],
    );
  });

  it('takes no lockfile for whole because another one is', async () => {
    const text = project['package-lock.json'];
    const cut = { 'package-lock.json': text.slice(0, text.indexOf('"node_modules/delta"')), 'package.json': project['package.json'] };
    const whole = { 'b/package-lock.json': text, 'z/package-lock.json': text };
    for (const files of [cut, { ...cut, ...whole }]) {
      const { compositions } = await cycloneDxOf(await scanPolicies(files));
      const incomplete = compositions.find(({ aggregate, dependencies }) => aggregate === 'incomplete' && dependencies)!;
      assert.ok(incomplete.dependencies!.includes('pkg:npm/alpha@1.2.0'), JSON.stringify(compositions));
    }
  });

  it('says where each stands, in manifest and lockfile, by line', async () => {
    const bom = await cycloneDxOf(await scanPolicies(project));
    const { occurrences } = componentOf(bom, 'pkg:npm/alpha@1.2.0').evidence;
    const line = (text: string) => project['package-lock.json'].split('\n').findIndex((one) => one.includes(text)) + 1;
    assert.deepEqual(occurrences, [
      { location: 'package-lock.json', line: line('"node_modules/alpha"') },
      { location: 'package-lock.json', line: line('beta/node_modules/alpha') },
      { location: 'package.json', line: 1 },
    ]);
    assert.deepEqual(componentOf(bom, 'pkg:pypi/delta').evidence.occurrences, [{ location: 'requirements.txt', line: 2 }]);
  });

  it('has hashes, licenses, scopes and pins as they were read', async () => {
    const bom = await cycloneDxOf(await scanPolicies(project));
    assert.deepEqual(componentOf(bom, 'pkg:npm/alpha@1.2.0').hashes, [{ alg: 'SHA-512', content: '0'.repeat(128) }]);
    assert.deepEqual(
      componentOf(bom, 'pkg:pypi/gamma@1.0').hashes!.map(({ content }) => content[0]),
      ['0', '1'],
    );
    assert.deepEqual(componentOf(bom, 'pkg:npm/alpha@1.2.0').licenses, [{ license: { id: 'MIT', acknowledgement: 'declared' } }]);
    assert.deepEqual(componentOf(bom, 'pkg:npm/%40team/beta@2.0.0').licenses, [{ license: { name: 'ours', acknowledgement: 'declared' } }]);
    assert.equal(componentOf(bom, 'pkg:npm/%40team/beta@2.0.0').scope, 'excluded');
    assert.equal(componentOf(bom, 'pkg:npm/%40team/beta@2.0.0').group, '@team');
    assert.deepEqual(valuesOf(bom, 'pkg:pypi/gamma@1.0', 'pinned'), ['exact']);
    assert.deepEqual(valuesOf(bom, 'pkg:npm/alpha@1.2.0', 'pinned'), ['lockfile']);
    assert.deepEqual(valuesOf(bom, 'pkg:pypi/delta', 'pinned'), ['no']);
    assert.deepEqual(valuesOf(bom, 'pkg:pypi/delta', 'range'), ['>=2']);
  });

  it('is SPDX as well, with the same packages, edges and properties', async () => {
    const { '@graph': graph } = await spdxOf(await scanPolicies(project));
    const packages = graph.filter(({ type }) => type === 'software_Package');
    assert.deepEqual(
      packages.map((node) => node.software_packageUrl),
      [undefined, undefined, 'pkg:npm/%40team/beta@2.0.0', 'pkg:npm/alpha@1.2.0', delta, 'pkg:pypi/delta', epsilon, 'pkg:pypi/gamma@1.0'],
    );
    const edges = graph.filter(({ relationshipType }) => relationshipType === 'dependsOn');
    const nothing = edges.filter(({ to }) => to![0]!.endsWith('/NoneElement'));
    assert.deepEqual([edges.length, nothing.length], [5, 1]);
    assert.ok(String(packages[3]!.software_sourceInfo).endsWith('package.json:1'));
    assert.deepEqual(
      graph.filter(({ type }) => type.startsWith('simplelicensing')).map(({ type }) => type),
      ['simplelicensing_LicenseExpression', 'simplelicensing_SimpleLicensingText'],
    );
  });

  it('is the same to the last byte, whatever the day and the order of files, but for the day', async () => {
    const other = Object.fromEntries(Object.entries(project).reverse());
    for (const format of ['cyclonedx', 'spdx'] as const) {
      const first = await billText(await scanPolicies(project), format);
      assert.equal(await billText(await scanPolicies(other), format), first);
      const later = await billText(await scanPolicies(project), format, { now: new Date('2027-01-02T03:04:05Z') });
      assert.notEqual(later, first);
      assert.equal(
        later.replace(/2027-01-02T03:04:05(\.000)?Z/, (_, fraction: string = '') => `2026-06-01T12:00:00${fraction}Z`),
        first,
      );
      const changed = await billText(await scanPolicies({ ...project, 'requirements.txt': 'gamma==1.1\n' }), format);
      const serial = (text: string) => /urn:uuid:([\w-]+)/.exec(text)![1];
      assert.notEqual(serial(changed), serial(first));
    }
  });

  it('holds no credentials', async () => {
    const report = await scanPolicies(project);
    for (const format of ['cyclonedx', 'spdx'] as const) assert.ok(!(await billText(report, format)).includes('S3CRET'));
  });

  it('stays valid, whatever names, versions, licenses and addresses are made of', async () => {
    const word = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 12 }),
      fc.constantFrom('__proto__', '', '@', '@a/', '#', 'a b', '../x', '"\\'),
    );
    const pkg = fc.record({
      version: word,
      license: word,
      resolved: word,
      integrity: word,
      dependencies: fc.dictionary(word, word, { maxKeys: 2 }),
    });
    await fc.assert(
      fc.asyncProperty(
        fc.dictionary(word, pkg, { maxKeys: 4 }),
        fc.dictionary(word, word, { maxKeys: 3 }),
        word,
        async (packages, dependencies, line) => {
          const located = Object.fromEntries(Object.entries(packages).map(([name, one]) => [`node_modules/${name}`, one]));
          const report = await scanPolicies({
            'package.json': JSON.stringify({ dependencies }),
            'package-lock.json': JSON.stringify({ lockfileVersion: 3, packages: { '': { dependencies }, ...located } }),
            'requirements.txt': `${line}\n`,
          });
          assertCycloneDx(await billText(report, 'cyclonedx'));
          assertSpdx(await billText(report, 'spdx'));
        },
      ),
      { numRuns: 60 },
    );
  }).timeout(60_000);
});
