import assert from 'node:assert/strict';
import type { Declaration } from '../../../server/src/core/declaration';
import type { Manifest } from '../../../server/src/core/manifest';
import { LineIndex } from '../../../server/src/core/span';
import { formatMarker, isSyntaxFault, parseMarker } from '../../../server/src/ecosystems/pypi/marker';
import { normalizeName } from '../../../server/src/ecosystems/pypi/name';
import { requirements } from '../../../server/src/ecosystems/pypi/requirements';
import { formatSpecifiers, parseSpecifiers } from '../../../server/src/ecosystems/pypi/specifier';
import { corpusJson, corpusText, describeCorpus } from '../../support/corpus';

/** One line of what pip read. */
interface Row {
  readonly requirement: string;
  readonly editable: boolean;
  readonly line: number;
  readonly hashes: number | Readonly<Record<string, readonly string[]>>;
  readonly name?: string | null;
  readonly spec?: string | null;
  readonly specifier?: string;
  readonly marker?: string | null;
  readonly extras?: readonly string[];
  readonly via?: string;
  readonly reject?: string;
  readonly not_pep508?: boolean;
}

describeCorpus('requirements files', () => {
  it('are read as pip reads its own cases', () => {
    const { cases } = corpusJson<{ cases: { test: string; content: string; requirements: Row[]; error: string | null }[] }>(
      'conformance/vectors/pip-requirements-cases.json',
    );
    for (const { content, requirements: rows, error } of cases) {
      const manifest = read(content);
      // What an included file holds is not this file's.
      const own = rows
        .filter((row) => content.includes(row.requirement.trim()) || row.reject === undefined)
        .filter((row) => row.name !== 'included');
      compare(content, manifest, own);
      const rejected = own.some(({ reject }) => reject !== undefined) || (error !== null && error.startsWith('RequirementsFileParseError'));
      assert.equal(
        manifest.problems.some(({ kind }) => kind === 'invalid') ||
          (rejected && manifest.problems.some(({ kind }) => kind === 'unreadable')),
        rejected,
        content,
      );
    }
  });

  it("are read as pip reads uv's cases", () => {
    const { files } = corpusJson<{ files: { file: string; requirements: Row[] }[] }>('conformance/uv-requirements-txt/pip-oracle.json');
    for (const { file, requirements: rows } of files) {
      const text = corpusText(`conformance/uv-requirements-txt/test-data/requirements-txt/${file}`);
      for (const content of [text, text.replaceAll('\n', '\r\n'), text.replaceAll('\n', '\r')]) {
        assert.deepEqual(read(content).problems, []);
        compare(
          content,
          read(content),
          rows.filter(({ via }) => via === undefined),
        );
      }
    }
  });

  it('are read as pip reads them, all of the real ones', () => {
    const { files } = corpusJson<{ files: Record<string, { kind: string; requirements: Row[] }> }>('manifests/oracle.json');
    let seen = 0;
    for (const [file, { kind, requirements: rows }] of Object.entries(files)) {
      if (kind !== 'requirements') continue;
      const text = corpusText(`manifests/${file}`);
      const manifest = read(text, file);
      compare(
        text,
        manifest,
        rows.filter(({ via }) => via === undefined),
      );
      assert.equal(manifest.problems.length, rows.filter((row) => row.not_pep508).length, file);
      seen += rows.length;
    }
    assert.equal(seen, 1457);
  });
});

function read(text: string, path = 'requirements.txt'): Manifest {
  return requirements.read(text, { path, companions: [] });
}

/** pip's rows that a declaration must stand for, against the declarations. */
function compare(text: string, manifest: Manifest, rows: readonly Row[]): void {
  const lines = new LineIndex(text);
  const expected = rows.filter(({ reject, not_pep508 }) => reject === undefined && !not_pep508);
  const seen = manifest.declarations.map((declaration) => lines.position(declaration.spans.entry.start).line + 1);
  assert.deepEqual(
    seen,
    expected
      .filter((row) => manifest.problems.every(({ span }) => lines.position(span.start).line + 1 !== row.line))
      .map(({ line }) => line),
    text,
  );
  for (const row of expected) {
    const declaration = manifest.declarations[seen.indexOf(row.line)];
    if (declaration) compareRow(declaration, row, text);
  }
  for (const { writtenName, specifier, spans } of manifest.declarations) {
    assert.equal(spans.name ? text.slice(spans.name.start, spans.name.end) : '', writtenName);
    assert.equal(spans.range ? text.slice(spans.range.start, spans.range.end) : '', specifier);
  }
}

function compareRow(declaration: Declaration, row: Row, text: string): void {
  const counted =
    typeof row.hashes === 'number'
      ? row.hashes
      : Object.entries(row.hashes).flatMap(([name, values]) => values.map((value) => `${name}:${value}`));
  if (typeof counted === 'number') assert.equal(declaration.hashes.length, counted, text);
  else assert.deepEqual([...declaration.hashes].sort(), counted.sort());
  if (row.name === undefined) return;
  // pip takes a wheel's name from its file; to this reader a bare URL names nothing.
  const bare = declaration.writtenName === '' && declaration.source.kind === 'url';
  if (!bare) assert.equal(declaration.package.name, normalizeName(row.name ?? ''));
  const range = declaration.source.kind === 'registry' ? formatSpecifiers(parseSpecifiers(declaration.source.range)!) : '';
  if (!bare) assert.equal(range, row.specifier ?? row.spec ?? '');
  assert.deepEqual([...declaration.extras].sort(), [...(row.extras ?? [])].sort());
  assert.equal(canonical(declaration.marker), row.marker ?? undefined);
}

function canonical(marker: string | undefined): string | undefined {
  const parsed = marker === undefined ? undefined : parseMarker(marker);
  return parsed && !isSyntaxFault(parsed) ? formatMarker(parsed) : undefined;
}
