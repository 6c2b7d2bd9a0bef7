import assert from 'node:assert/strict';
import { formatMarker, isSyntaxFault, parseMarker } from '../../server/src/ecosystems/pypi/marker';
import { builtPrograms } from '../support/built';
import { merlon, textAtRange, type DeclarationJson, type ListJson } from '../support/cli';
import { corpusJson, corpusPath, corpusText, describeCorpus } from '../support/corpus';

// What `merlon list` says of every manifest of real projects, against what pip, packaging and tomllib read in them.

interface RequirementRow {
  readonly name?: string | null;
  readonly spec?: string | null;
  readonly specifier?: string;
  readonly marker?: string | null;
  readonly extras?: readonly string[];
  readonly url?: string | null;
  readonly editable?: boolean;
  readonly line?: number;
  readonly via?: string;
  readonly reject?: string;
  readonly not_pep508?: boolean;
}

type PoetryValue = string | { readonly version?: string; readonly extras?: readonly string[] };

interface OracleFile {
  readonly kind: string;
  readonly requirements?: readonly RequirementRow[];
  readonly groups?: Readonly<Record<string, unknown>>;
}

describeCorpus('merlon list on real projects', function () {
  this.timeout(60_000);
  const files = Object.entries(corpusJson<{ files: Record<string, OracleFile> }>('manifests/oracle.json').files).filter(([, { kind }]) =>
    ['requirements', 'pyproject.toml', 'package.json'].includes(kind),
  );
  const cwd = corpusPath('manifests');
  let walked: ListJson;
  let named: ListJson;
  const byFile = new Map<string, readonly DeclarationJson[]>();

  before(async () => {
    await builtPrograms();
    const list = async (...paths: string[]) => {
      const { code, stdout, stderr } = await merlon(['list', '--format', 'json', ...paths], { cwd });
      assert.equal(stderr, '');
      assert.ok(code === 0 || code === 3, String(code));
      return JSON.parse(stdout) as ListJson;
    };
    walked = await list('.');
    const seen = new Set(walked.declarations.map(({ file }) => file));
    named = await list(...files.map(([file]) => file).filter((file) => !seen.has(file)));
    for (const declaration of [...walked.declarations, ...named.declarations]) {
      byFile.set(declaration.file, [...(byFile.get(declaration.file) ?? []), declaration]);
    }
  });

  it('names every requirement that pip reads, and no other', () => {
    let count = 0;
    for (const [file, { kind, requirements = [] }] of files) {
      if (kind !== 'requirements') continue;
      const rows = requirements.filter((row) => row.via === undefined && row.reject === undefined && !row.not_pep508);
      // pip takes the name of a bare URL from its file; it names nothing in the text.
      const bare = new Set(
        declarationsOf(file)
          .filter(({ name }) => name === '')
          .map(({ range }) => range.start.line + 1),
      );
      const wanted = rows.map((row) => (bare.has(row.line!) ? `${row.line}` : `${row.line} ${requirementLine(row)}`));
      const actual = declarationsOf(file).map((one) =>
        one.name === '' ? `${one.range.start.line + 1}` : `${one.range.start.line + 1} ${declarationLine(one)}`,
      );
      assert.deepEqual(actual.sort(), wanted.sort(), file);
      count += wanted.length;
    }
    assert.ok(count > 1400, `${count}`);
  });

  it('names every dependency of pyproject.toml, group by group', () => {
    let count = 0;
    for (const [file, { kind, groups = {} }] of files) {
      if (kind !== 'pyproject.toml') continue;
      const wanted = Object.entries(groups).flatMap(([section, group]) => {
        // Where a package comes from is no declaration.
        if (section === 'tool.uv.sources') return [];
        if (Array.isArray(group)) return (group as RequirementRow[]).map((row) => `${section} ${requirementLine(row)}`);
        return poetryLines(section, group as Record<string, PoetryValue>);
      });
      const actual = declarationsOf(file)
        // The oracle has no rows of these.
        .filter(({ section }) => !/^tool\.(?:hatch\.|uv\.build-constraint)/.test(section))
        .map((one) => (one.section.startsWith('tool.poetry') ? poetryLine(one) : `${one.section} ${declarationLine(one)}`));
      assert.deepEqual(actual.sort(), wanted.sort(), file);
      count += wanted.length;
    }
    assert.ok(count > 1500, `${count}`);
  });

  it('names every dependency of package.json, group by group', () => {
    let count = 0;
    for (const [file, { kind, groups = {} }] of files) {
      if (kind !== 'package.json') continue;
      const wanted = Object.entries(groups).flatMap(([section, group]) =>
        Object.entries(group as Record<string, string>).map(([name, spec]) => `${section} ${name} ${spec}`),
      );
      const text = corpusText(`manifests/${file}`);
      const actual = declarationsOf(file).map((one) => {
        const entry = JSON.parse(`{${textAtRange(text, one.range)}}`) as Record<string, string>;
        const spec = entry[one.name]!;
        const target = spec.startsWith('npm:') ? `npm:${one.package}@${one.specifier}` : one.specifier;
        assert.equal(one.source === 'registry' ? spec : '', target, `${file}: ${one.name}`);
        return `${one.section} ${one.name} ${spec}`;
      });
      assert.deepEqual(actual.sort(), wanted.sort(), file);
      count += wanted.length;
    }
    assert.ok(count > 2000, `${count}`);
  });

  it('shows the very characters of every name and specifier', () => {
    let count = 0;
    for (const [file, declarations] of byFile) {
      const text = corpusText(`manifests/${file}`);
      for (const { name, nameRange, specifier, specifierRange } of declarations) {
        assert.equal(nameRange ? textAtRange(text, nameRange) : '', name, file);
        assert.equal(specifierRange ? textAtRange(text, specifierRange) : '', specifier, file);
        count++;
      }
    }
    assert.ok(count > 5000, `${count}`);
  });

  it('finds fault with those lines alone that pip rejects', () => {
    const rejected = files.flatMap(([file, { requirements = [] }]) =>
      requirements
        .filter((row) => row.via === undefined && (row.reject !== undefined || row.not_pep508))
        .map(({ line }) => `${file}:${line}`),
    );
    const read = new Set(files.map(([file]) => file));
    const problems = [...walked.problems, ...named.problems].filter(({ file }) => read.has(file));
    const found = problems.map(({ file, range }) => `${file}:${range.start.line + 1}`);
    assert.deepEqual([...new Set(found)].sort(), [...new Set(rejected)].sort());
  });

  function declarationsOf(file: string): readonly DeclarationJson[] {
    return byFile.get(file) ?? [];
  }
});

function requirementLine(row: RequirementRow): string {
  const clauses = clausesOf(row.url ? '' : (row.specifier ?? row.spec ?? ''));
  return [normalized(row.name ?? ''), [...(row.extras ?? [])].sort().join(), clauses, row.marker ?? ''].join(' | ');
}

function declarationLine({ package: name, extras, specifier, marker }: DeclarationJson): string {
  return [name, [...extras].sort().join(), clausesOf(specifier), canonical(marker)].join(' | ');
}

function poetryLines(section: string, group: Readonly<Record<string, PoetryValue | readonly PoetryValue[]>>): string[] {
  return Object.entries(group)
    .filter(([name]) => name !== 'python')
    .flatMap(([name, value]) => (Array.isArray(value) ? value : [value]).map((one: PoetryValue) => [name, one] as const))
    .map(([name, value]) => {
      const { version = '', extras = [] } = typeof value === 'string' ? { version: value } : value;
      return [section, normalized(name), [...extras].sort().join(), version].join(' | ');
    });
}

function poetryLine({ section, package: name, extras, specifier }: DeclarationJson): string {
  return [section, name, [...extras].sort().join(), specifier].join(' | ');
}

function normalized(name: string): string {
  return name.toLowerCase().replace(/[-_.]+/g, '-');
}

/** A specifier as the set of its clauses. */
function clausesOf(specifier: string): string {
  const clauses = specifier.split(',').map((clause) => clause.replace(/\s+/g, ''));
  return [...new Set(clauses.filter((clause) => clause !== ''))].sort().join();
}

/** As packaging prints it. */
function canonical(marker: string | null): string {
  const parsed = marker === null ? undefined : parseMarker(marker);
  return parsed && !isSyntaxFault(parsed) ? formatMarker(parsed) : '';
}
