import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { Declaration } from '../../../server/src/core/declaration';
import type { Manifest, ReadContext } from '../../../server/src/core/manifest';
import type { Span } from '../../../server/src/core/span';
import { acceptingReader, kindOf } from '../../../server/src/ecosystems';
import { requirements } from '../../../server/src/ecosystems/pypi/requirements';
import { requirementLike } from './arbitraries';

describe('requirements files', () => {
  it('are told by their names', () => {
    for (const path of [
      'requirements.txt',
      'a/dev-requirements.in',
      'requirements_dev.txt',
      'constraints.txt',
      'my-constraints-3.12.in',
      'requirements/base.txt',
    ]) {
      assert.equal(kindOf(path)?.reader.id, 'requirements', path);
    }
    for (const path of ['requirements.md', 'notes.txt', 'requirements/deep/base.txt', 'requirements.txt/x.md', 'requirementstxt']) {
      assert.equal(kindOf(path), undefined, path);
    }
    for (const path of ['notes.txt', 'base.in']) assert.equal(acceptingReader(path)?.reader.id, 'requirements', path);
    assert.equal(acceptingReader('setup.py'), undefined);
  });

  it('give names, ranges, extras, markers and hashes', () => {
    const text = [
      '# a comment',
      'litellm[proxy]>=1.81, <2 ; python_version >= "3.10"  # why',
      'torch == 2.4.0+cu121 \\',
      '    --hash=sha256:aa \\',
      '    --hash sha384:bb   # trailing',
      '',
      'Zope.Interface (>=5)',
      'bare',
    ].join('\n');
    const manifest = read(text);
    assert.deepEqual(manifest.problems, []);
    assert.deepEqual(manifest.declarations.map(brief), [
      'litellm[proxy] ">=1.81, <2" {python_version >= "3.10"}',
      'torch "== 2.4.0+cu121" sha256:aa sha384:bb',
      'zope-interface ">=5"',
      'bare ""',
    ]);
    assert.equal(at(text, manifest.declarations[0]!.spans.entry), 'litellm[proxy]>=1.81, <2 ; python_version >= "3.10"');
    assert.equal(manifest.declarations[2]!.writtenName, 'Zope.Interface');
    assert.equal(manifest.declarations[3]!.spans.range, undefined);
  });

  it('give repositories, URLs and paths', () => {
    const text = [
      'git+https://github.com/o/r@v1.0#egg=Rrr[x]&subdirectory=py',
      'named @ git+ssh://git@github.com/o/r.git@0123abc ; os_name == "nt"',
      'git+ssh://git@github.com/o/r.git',
      'https://h.example/foo-1.0-py3-none-any.whl#sha256=ab12',
      'foo @ https://h.example/foo.zip',
      './wheels/x-1.0-py3-none-any.whl[gpu]',
      '../lib ; python_version < "3.9"',
      'C:\\wheels\\y-1.0.tar.gz',
      'folder/with space',
      'file:///a/b',
      '-e .',
      '-e ./editable[d,dev]',
      '--editable=git+https://github.com/o/e@main#egg=eee',
      '-e "quoted @ git+https://github.com/o/q"',
      'hg+https://h.example/r@tip#egg=merc',
    ].join('\n');
    const manifest = read(text);
    assert.deepEqual(manifest.problems, []);
    assert.deepEqual(
      manifest.declarations.map((declaration) => `${declaration.writtenName}${JSON.stringify(declaration.source).replaceAll('"', '')}`),
      [
        'Rrr{kind:git,url:git+https://github.com/o/r,revision:v1.0}',
        'named{kind:git,url:git+ssh://git@github.com/o/r.git,revision:0123abc}',
        '{kind:git,url:git+ssh://git@github.com/o/r.git}',
        '{kind:url,url:https://h.example/foo-1.0-py3-none-any.whl#sha256=ab12}',
        'foo{kind:url,url:https://h.example/foo.zip}',
        '{kind:path,path:./wheels/x-1.0-py3-none-any.whl}',
        '{kind:path,path:../lib}',
        '{kind:path,path:C:\\\\wheels\\\\y-1.0.tar.gz}',
        '{kind:path,path:folder/with space}',
        '{kind:path,path:file:///a/b}',
        '{kind:path,path:.}',
        '{kind:path,path:./editable}',
        'eee{kind:git,url:git+https://github.com/o/e,revision:main}',
        'quoted{kind:git,url:git+https://github.com/o/q}',
        'merc{kind:git,url:hg+https://h.example/r,revision:tip}',
      ],
    );
    assert.deepEqual(manifest.declarations[3]!.hashes, ['sha256:ab12']);
    assert.deepEqual(manifest.declarations[0]!.extras, ['x']);
    assert.deepEqual(manifest.declarations[5]!.extras, ['gpu']);
    assert.deepEqual(manifest.declarations[11]!.extras, ['d', 'dev']);
    assert.equal(manifest.declarations[6]!.marker, 'python_version < "3.9"');
    assert.ok(manifest.declarations.every(({ specifier }) => specifier === ''));
    spansHold(text, manifest);
  });

  it('give includes and index options, with the place of each value', () => {
    const text = [
      '-r base.txt',
      '-rb',
      '--requirement="other file.txt"',
      '-cconstraints.txt # c',
      '-i https://user:pw@h.example/simple --trusted-host h.example',
      '--extra-index-url=https://${TOKEN}@h.example/simple',
      "--index 'https://b.example/'",
      '-f ./wheels',
      '--no-index --pre --no-binary :all:',
    ].join('\n');
    const manifest = read(text);
    assert.deepEqual(manifest.problems, []);
    assert.deepEqual(
      manifest.includes.map(({ kind, target, span }) => [kind, target, at(text, span)]),
      [
        ['requirements', 'base.txt', 'base.txt'],
        ['requirements', 'b', 'b'],
        ['requirements', 'other file.txt', 'other file.txt'],
        ['constraints', 'constraints.txt', 'constraints.txt'],
      ],
    );
    assert.deepEqual(
      manifest.indexes.map(({ kind, value }) => [kind, value]),
      [
        ['index', 'https://user:pw@h.example/simple'],
        ['trusted-host', 'h.example'],
        ['extra-index', 'https://${TOKEN}@h.example/simple'],
        ['index', 'https://b.example/'],
        ['find-links', './wheels'],
        ['no-index', ''],
      ],
    );
    for (const { kind, value, span } of manifest.indexes) assert.equal(at(text, span), kind === 'no-index' ? '--no-index' : value);
  });

  it('go on behind a broken line, and say what pip would reject', () => {
    for (const [line, fault, message] of [
      ['foo=1.0', '=1.0', /"=" is no operator/],
      ['foo^1', '^1', /Poetry/],
      ['foo bar', 'bar', /operator/],
      ['a==1#no comment', '#no comment', /","/],
      ['foo>=1\t--hash=sha256:aa', '--hash=sha256:aa', /","/],
      ['--bogus x', '--bogus', /no option --bogus/],
      ['--pre=1', '--pre=1', /takes no value/],
      ['-r', '-r', /needs a value/],
      ['--re x', '--re', /no option/],
      ['foo --hash=md5:aa', 'md5:aa', /sha256/],
      ['foo --hash="sha256:aa', '--hash="sha256:aa', /closing "/],
      ['./dist/foo-1.0.whl', './dist/foo-1.0.whl', /wheel/],
      ['-e https://h.example/foo.zip', 'https://h.example/foo.zip', /editable/],
      ['foo ; python == "3"', 'python == "3"', /variable/],
      ['foo @', 'foo @', /URL/],
      ['git+https://h.example/r#egg=-', '-', /package name/],
    ] as const) {
      const text = `before==1\n${line}\nbehind==2\n`;
      const manifest = read(text);
      assert.deepEqual(manifest.declarations.map(brief), ['before "==1"', 'behind "==2"'], line);
      assert.equal(manifest.problems.length, 1, line);
      const [problem] = manifest.problems;
      assert.equal(problem!.kind, 'invalid', line);
      assert.equal(at(text, problem!.span), fault, line);
      assert.match(problem!.message, message);
    }
  });

  it('know that a variable may be anything', () => {
    const text =
      'a==${A_VERSION}\nb${REST}==1\n${ALL}\nc ; python_version > "${PY}"\nd @ https://${T}@h.example/d.zip\ne==$VERSION\nf[${X}]>=1';
    const manifest = read(text);
    assert.deepEqual(manifest.declarations.map(brief), ['a "==${A_VERSION}"', 'c "" {python_version > "${PY}"}', 'd ""', 'f ">=1"']);
    assert.deepEqual(
      manifest.declarations.map(({ frozen }) => frozen !== undefined),
      [true, false, false, true],
    );
    assert.deepEqual(
      manifest.problems.map(({ kind }) => kind),
      ['unreadable', 'unreadable', 'invalid'],
    );
    spansHold(text, manifest);
  });

  it('have the group that the file gives', () => {
    const groupOf = (path: string, as?: 'constraints') => read('foo', { path, as }).declarations[0]!.group;
    assert.equal(groupOf('requirements-dev.txt'), 'runtime');
    assert.equal(groupOf('constraints.txt'), 'constraint');
    assert.equal(groupOf('requirements-constraints.txt'), 'runtime');
    assert.equal(groupOf('base.txt', 'constraints'), 'constraint');
    const { problems } = read('foo[x]\n-e git+https://h.example/r#egg=e\n./x', { path: 'c.txt', as: 'constraints' });
    assert.equal(problems.length, 3);
  });

  it('join lines as pip does, and keep the place of everything', () => {
    const text = 'fo\\\no>=\\\n1.0,\\\n  <2\nbar \\\n  # a comment ends it\nbaz # swallows \\\nthis==1\nqux==1 \\';
    const manifest = read(text);
    assert.deepEqual(
      manifest.declarations.map(({ package: { name }, source }) => [name, source.kind === 'registry' && source.range]),
      [
        ['foo', '>=1.0,  <2'],
        ['bar', ''],
        ['baz', ''],
        ['qux', '==1'],
      ],
    );
    assert.equal(manifest.declarations[0]!.writtenName, 'fo\\\no');
    assert.equal(manifest.declarations[0]!.specifier, '>=\\\n1.0,\\\n  <2');
    spansHold(text, manifest);
  });

  it('leave out of a span what joins it to the next part', () => {
    const { declarations, problems } = read('foo\\\n==1\\\n;os_name=="nt"\nbar\\\n# a comment');
    assert.deepEqual(problems, []);
    assert.deepEqual(
      declarations.map(({ writtenName, specifier }) => [writtenName, specifier]),
      [
        ['foo', '==1'],
        ['bar', ''],
      ],
    );
  });

  it('may begin with a byte order mark and end lines in any way Python knows', () => {
    const text = '\uFEFFfoo==1\rbar==2\fbaz==3\u2028qux==4\r\n\x1Clast==5';
    const manifest = read(text);
    assert.deepEqual(manifest.declarations.map(brief), ['foo "==1"', 'bar "==2"', 'baz "==3"', 'qux "==4"', 'last "==5"']);
    assert.equal(manifest.declarations[0]!.spans.entry.start, 1);
    spansHold(text, manifest);
  });

  it('read the same with LF and CRLF', () => {
    const text = 'a==1 \\\n  --hash=sha256:aa\n# c\nb[x]>=1 ; os_name=="nt"\n-r c.txt\nbad=1\n-e .\n';
    assert.deepEqual(strippedOfSpans(read(text.replaceAll('\n', '\r\n'))), strippedOfSpans(read(text)));
  });

  it('are read in linear time', () => {
    for (const text of [
      '\\\n'.repeat(50_000),
      'a \\\n'.repeat(50_000),
      ' '.repeat(200_000),
      `a;${'('.repeat(100_000)}`,
      `-e ${'['.repeat(100_000)}`,
      `a${' #'.repeat(100_000)}`,
      `x${'${A}'.repeat(50_000)}`,
      `-${'-'.repeat(100_000)}`,
      `a ${'"'.repeat(99_999)}`,
    ]) {
      read(text);
    }
  });

  it('never make the reader throw; spans hold what they claim; CRLF changes nothing', () => {
    const file = fc.array(requirementLike, { maxLength: 6 }).map((lines) => lines.join('\n'));
    fc.assert(
      fc.property(file, (text) => {
        const manifest = read(text);
        spansHold(text, manifest);
        if (text.includes('\r')) return;
        assert.deepEqual(strippedOfSpans(read(text.replaceAll('\n', '\r\n'))), strippedOfSpans(manifest));
      }),
      { numRuns: 1000 },
    );
  });
});

function read(text: string, context: Partial<ReadContext> = {}): Manifest {
  return requirements.read(text, { path: 'requirements.txt', companions: [], ...context });
}

function at(text: string, span: Span): string {
  return text.slice(span.start, span.end);
}

function brief(declaration: Declaration): string {
  const extras = declaration.extras.length ? `[${declaration.extras.join(',')}]` : '';
  const marker = declaration.marker === undefined ? '' : ` {${declaration.marker}}`;
  return [
    `${declaration.package.name}${extras} ${JSON.stringify(declaration.specifier)}${marker}`.replaceAll('\\"', '"'),
    ...declaration.hashes,
  ].join(' ');
}

function spansHold(text: string, manifest: Manifest): void {
  for (const { writtenName, specifier, spans } of manifest.declarations) {
    assert.equal(spans.name ? at(text, spans.name) : '', writtenName);
    assert.equal(spans.range ? at(text, spans.range) : '', specifier);
    for (const span of [spans.name, spans.range]) {
      if (span) assert.ok(spans.entry.start <= span.start && span.end <= spans.entry.end);
    }
  }
  for (const { span } of [...manifest.problems, ...manifest.includes, ...manifest.indexes]) {
    assert.ok(0 <= span.start && span.start <= span.end && span.end <= text.length);
  }
}

/** What is read, without places and without the line ends that a broken name or range holds. */
function strippedOfSpans(manifest: Manifest): unknown {
  return JSON.parse(
    JSON.stringify(manifest, (key, value: unknown) => {
      if (key === 'spans' || key === 'span' || key === 'detail') return undefined;
      return typeof value === 'string' ? value.replaceAll('\r\n', '\n') : value;
    }),
  );
}
