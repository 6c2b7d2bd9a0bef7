import assert from 'node:assert/strict';
import fs from 'node:fs';
import type { Companion } from '../../../server/src/core/manifest';
import { npm } from '../../../server/src/ecosystems/npm';
import { packageJson } from '../../../server/src/ecosystems/npm/packageJson';
import { corpusJson, corpusPath, corpusText, describeCorpus } from '../../support/corpus';

interface Oracle {
  readonly files: Record<string, { readonly kind: string; readonly groups: Record<string, Record<string, string>> }>;
}

/** As the scan finds them: from the manifest's folder up to its project's. */
function companionsOf(file: string): Companion[] {
  const folders = file.split('/').slice(0, -1);
  const found: Companion[] = [];
  for (const name of npm.manifests[0]!.companions) {
    for (let depth = folders.length; depth > 0; depth--) {
      const path = [...folders.slice(0, depth), name].join('/');
      if (fs.existsSync(corpusPath(`manifests/${path}`))) found.push({ path, text: corpusText(`manifests/${path}`) });
    }
  }
  return found;
}

describeCorpus('package.json of real projects', () => {
  it('reads every name and spec, nothing more, nothing less', () => {
    let read = 0;
    let entries = 0;
    for (const [file, { kind, groups }] of Object.entries(corpusJson<Oracle>('manifests/oracle.json').files)) {
      if (kind !== 'package.json') continue;
      read++;
      const text = corpusText(`manifests/${file}`);
      const { declarations, problems } = packageJson.read(text, { path: file, companions: companionsOf(file) });
      assert.deepEqual(problems, [], file);
      const actual = new Map<string, Map<string, string>>();
      for (const {
        section,
        writtenName,
        spans,
        specifier,
        source,
        package: { name },
      } of declarations) {
        const whole = text.slice(spans.entry.start, spans.entry.end);
        const { [writtenName]: spec } = JSON.parse(`{${whole}}`) as Record<string, string>;
        assert.ok(spec !== undefined, `${file}: ${whole}`);
        // The specifier is the spec, or what stands behind the target's name of an alias.
        if (source.kind === 'registry') assert.equal(spec, spec.startsWith('npm:') ? `npm:${name}@${specifier}` : specifier, file);
        else assert.equal(specifier, '');
        assert.equal(spans.range && text.slice(spans.range.start, spans.range.end), specifier || undefined);
        assert.equal(spans.name && text.slice(spans.name.start, spans.name.end), writtenName);
        if (spec.startsWith('workspace:')) assert.equal(source.kind, 'workspace');
        const group = actual.get(section) ?? new Map<string, string>();
        group.set(writtenName, spec);
        actual.set(section, group);
        entries++;
      }
      const expected = Object.entries(groups).filter(([, specs]) => Object.keys(specs).length > 0);
      assert.deepEqual(
        Object.fromEntries([...actual].map(([section, specs]) => [section, Object.fromEntries(specs)])),
        Object.fromEntries(expected),
        file,
      );
    }
    assert.equal(read, 299);
    assert.ok(entries > 2000, `${entries} entries`);
  });
});
