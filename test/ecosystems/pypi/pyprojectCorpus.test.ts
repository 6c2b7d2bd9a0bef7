import assert from 'node:assert/strict';
import type { Declaration } from '../../../server/src/core/declaration';
import { textAt } from '../../../server/src/core/span';
import { formatMarker, isSyntaxFault, parseMarker } from '../../../server/src/ecosystems/pypi/marker';
import { normalizeName } from '../../../server/src/ecosystems/pypi/name';
import { pyproject } from '../../../server/src/ecosystems/pypi/pyproject';
import { formatSpecifiers, parseSpecifiers } from '../../../server/src/ecosystems/pypi/specifier';
import { pypiVersions } from '../../../server/src/ecosystems/pypi/versions';
import { corpusJson, corpusText, describeCorpus } from '../../support/corpus';

interface OracleRow {
  readonly name: string;
  readonly extras: readonly string[];
  readonly specifier: string;
  readonly url: string | null;
  readonly marker: string | null;
}

type PoetryValue = string | { readonly version?: string; readonly extras?: readonly string[] };
type OracleGroup = readonly OracleRow[] | Readonly<Record<string, PoetryValue | readonly PoetryValue[]>>;
type Oracle = Readonly<Record<string, { readonly kind: string; readonly groups?: Readonly<Record<string, OracleGroup>> }>>;

describeCorpus('pyproject.toml agrees with packaging and tomllib', () => {
  // Read inside the tests: the body of a skipped suite runs too.
  const files = () =>
    Object.entries(corpusJson<{ files: Oracle }>('manifests/oracle.json').files).filter(([, { kind }]) => kind === 'pyproject.toml');
  const read = (file: string) => {
    const text = corpusText(`manifests/${file}`);
    return { text, manifest: pyproject.read(text, { path: file, companions: [] }) };
  };

  it('on every name, specifier, extra and marker, nothing more and nothing less', () => {
    assert.ok(files().length >= 150);
    let count = 0;
    for (const [file, { groups = {} }] of files()) {
      // The oracle has no rows for these.
      const declarations = read(file).manifest.declarations.filter(({ section }) => !section.startsWith('tool.hatch.'));
      const expected = Object.entries(groups).flatMap(([section, group]) => {
        if (section === 'tool.uv.sources') return [];
        return Array.isArray(group) ? group.map((row: OracleRow) => line(section, row)) : poetryLines(section, group as never);
      });
      assert.deepEqual(declarations.map(actual).sort(), expected.sort(), file);
      count += expected.length;
    }
    assert.ok(count > 1500, `${count}`);
  });

  it('without a problem', () => {
    const faulty = files()
      .filter(([file]) => read(file).manifest.problems.length > 0)
      .map(([file]) => file);
    assert.deepEqual(faulty, []);
  });

  it('with the text of every span as it is claimed, and ranges that are ranges', () => {
    for (const [file] of files()) {
      const { text, manifest } = read(file);
      for (const { writtenName, specifier, spans, source } of manifest.declarations) {
        assert.equal(textAt(text, spans.name!), writtenName);
        assert.equal(spans.range ? textAt(text, spans.range) : '', specifier);
        if (source.kind === 'registry') assert.ok(pypiVersions.isValidRange(source.range), `${file}: ${source.range}`);
      }
    }
  });

  function line(section: string, row: OracleRow): string {
    return [section, row.name, [...row.extras].sort().join(), row.url ? '' : row.specifier, row.url ?? '', row.marker ?? ''].join(' | ');
  }

  function poetryLines(section: string, group: Readonly<Record<string, PoetryValue | readonly PoetryValue[]>>): string[] {
    return Object.entries(group)
      .filter(([name]) => name !== 'python')
      .flatMap(([name, value]) => (Array.isArray(value) ? value : [value]).map((one: PoetryValue) => [name, one] as const))
      .map(([name, value]) => {
        const { version = '', extras = [] } = typeof value === 'string' ? { version: value } : value;
        return [section, normalizeName(name), [...extras].sort().join(), version].join(' | ');
      });
  }

  function actual({ section, package: { name }, extras, specifier, source, marker, notes }: Declaration): string {
    const start = [section, name, [...extras].sort().join()];
    if (section.startsWith('tool.poetry.')) return [...start, specifier].join(' | ');
    const parsed = marker === undefined ? undefined : parseMarker(marker);
    assert.ok(!parsed || !isSyntaxFault(parsed));
    // What a row of tool.uv.sources says is not in the requirement that the oracle shows.
    const url = notes.length === 0 && (source.kind === 'git' || source.kind === 'url') ? source.url : '';
    return [...start, formatSpecifiers(parseSpecifiers(specifier)!), url, parsed ? formatMarker(parsed) : ''].join(' | ');
  }
});
