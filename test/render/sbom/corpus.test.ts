import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import type { ScannedLock } from '../../../server/src/core/report';
import { kindOf, lockKindOf } from '../../../server/src/ecosystems';
import { assertCycloneDx, assertSpdx, type CycloneDxJson } from '../../support/sbomSchemas';
import { billText } from '../../support/sbom';
import { corpusPath, describeCorpus } from '../../support/corpus';
import { scanPolicies } from '../../support/scanPolicies';

describeCorpus('bills of materials', () => {
  const root = corpusPath('manifests');
  for (const repository of fs.readdirSync(root, { withFileTypes: true })) {
    if (!repository.isDirectory()) continue;
    it(`of ${repository.name} hold every release and every edge once, in both forms`, async () => {
      const folder = path.join(root, repository.name);
      const files = fs.readdirSync(folder, { recursive: true, encoding: 'utf8' }).map((name) => name.split(path.sep).join('/'));
      const texts = Object.fromEntries(
        files
          .filter((name) => kindOf(name) ?? lockKindOf(name))
          .map((name) => [name, fs.readFileSync(path.join(folder, name), 'utf8')] as const),
      );
      const report = await scanPolicies(texts);
      const bom = assertCycloneDx(await billText(report, 'cyclonedx'));
      for (const lock of report.locks) assertHolds(bom, lock);
      for (const { subjects, path: file } of report.files)
        for (const { declaration, lock } of subjects)
          if (declaration.package.name !== '' && lock?.exempt !== 'own')
            assert.ok(
              bom.components.some(({ evidence }) => evidence.occurrences.some(({ location }) => location === file)),
              `${file}: ${declaration.writtenName}`,
            );
      const { '@graph': graph } = assertSpdx(await billText(report, 'spdx'));
      assert.equal(graph.filter(({ type }) => type === 'software_Package').length, bom.components.length + 1);
      const edges = graph.filter(({ relationshipType }) => relationshipType === 'dependsOn');
      assert.equal(
        edges.flatMap(({ to = [] }) => to.filter((id) => id.startsWith('urn:'))).length,
        bom.dependencies.flatMap(({ dependsOn = [] }) => dependsOn).length,
      );
    }).timeout(60_000);
  }
});

/** Worked out from the lockfile alone. */
function assertHolds(bom: CycloneDxJson, { path: file, lock, ecosystem }: ScannedLock): void {
  const nameOf = (group: string | undefined, name: string) => (group === undefined ? name : `${group}/${name}`);
  const type = ecosystem === 'npm' ? 'pkg:npm/' : 'pkg:pypi/';
  const byRelease = new Map<string, string[]>();
  for (const component of bom.components) {
    const { purl, group, name, version = '', type: kind } = component;
    if (kind === 'application' || (purl !== undefined && !purl.startsWith(type))) continue;
    const key = `${nameOf(group, name)} ${version}`;
    byRelease.set(key, [...(byRelease.get(key) ?? []), component['bom-ref']]);
  }
  const edges = new Map(bom.dependencies.map(({ ref, dependsOn = [] }) => [ref, new Set(dependsOn)]));
  const own = lock.packages.filter((entry) => entry.own).length;
  assert.equal(
    bom.components.filter((one) => one['bom-ref'].startsWith(`merlon:own/`) && one['bom-ref'].includes(`/${file}#`)).length,
    own,
  );
  const known = new Set(bom.components.map((one) => one['bom-ref']));
  const refs = lock.packages.map(({ package: pkg, version, own: isOwn, key }) => {
    const ref = `merlon:own/${ecosystem === 'npm' ? 'npm' : 'pypi'}/${file}#${key}`;
    return isOwn ? [ref].filter((one) => known.has(one)) : (byRelease.get(`${pkg.name} ${version}`) ?? []);
  });
  for (const [index, entry] of lock.packages.entries()) {
    const from = refs[index]!;
    assert.ok(from.length > 0, `${file}: ${entry.key} is missing`);
    if (entry.source === 'registry' && !entry.own)
      assert.equal(from.filter((ref) => !ref.includes('?')).length, 1, `${file}: ${entry.key} stands ${from.length} times`);
    for (const target of entry.dependencies) {
      const found = from.some((ref) => refs[target]!.some((to) => ref === to || edges.get(ref)!.has(to)));
      assert.ok(found, `${file}: ${entry.key} → ${lock.packages[target]!.key}`);
    }
  }
}
