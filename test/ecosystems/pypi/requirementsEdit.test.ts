import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { Declaration } from '../../../server/src/core/declaration';
import type { Edit, EditedDocument, Manifest } from '../../../server/src/core/manifest';
import { excludedText, pinnedText } from '../../../server/src/ecosystems/pypi/rangeEdit';
import { requirements } from '../../../server/src/ecosystems/pypi/requirements';
import { pypiVersions } from '../../../server/src/ecosystems/pypi/versions';
import { requirementLike } from './arbitraries';

const refused = 'refused';

describe('edits of requirements files', () => {
  it('pin: the range becomes the release, all else stays', () => {
    for (const [before, after] of [
      ['foo>=1,<2', 'foo==1.5'],
      ['foo', 'foo==1.5'],
      ['foo  # why', 'foo==1.5  # why'],
      ['foo[a, b] >= 1 ; os_name=="nt" # why', 'foo[a, b] ==1.5 ; os_name=="nt" # why'],
      ['foo (>=1, <2)', 'foo ==1.5'],
      ['foo() ; os_name=="nt"', 'foo==1.5 ; os_name=="nt"'],
      ['foo[a] \\\n  ; os_name=="nt"', 'foo[a]==1.5 \\\n  ; os_name=="nt"'],
      ['foo>=1, \\\n  <2 --config-settings=a=b', 'foo==1.5 --config-settings=a=b'],
      ['foo==1.4', 'foo==1.5'],
      ['foo==1.5', refused],
      // Only the line that goes on loses the backslashes before its name.
      ['\\foo>=1,\\\n<2', refused],
      ['foo==1.4 \\\n  --hash=sha256:aa', refused],
      ['foo==${V}', refused],
      ['foo @ https://h.example/foo.zip', refused],
      ['git+https://h.example/r@v1#egg=foo', refused],
      ['-e .', refused],
      ['./foo', refused],
    ] as const) {
      assert.equal(
        edited(before, (document, declaration) => requirements.edit.pin(document, declaration, '1.5')),
        after,
        before,
      );
    }
  });

  it('exclude: the range goes on', () => {
    for (const [before, after] of [
      ['foo>=1,<2', 'foo>=1,<2,!=1.5,!=1.6'],
      ['foo', 'foo!=1.5,!=1.6'],
      ['foo[a] ; os_name=="nt"', 'foo[a]!=1.5,!=1.6 ; os_name=="nt"'],
      ['foo (>=1)', 'foo >=1,!=1.5,!=1.6'],
      ['foo>=1,', 'foo>=1,!=1.5,!=1.6'],
      ['foo>=1.5.1', 'foo>=1.5.1,!=1.6'],
      ['foo>=1,!=1.5', 'foo>=1,!=1.5,!=1.6'],
      ['foo>=2', refused],
      ['foo==1.5', refused],
      ['foo>=1 --hash=sha256:aa', refused],
      ['foo>=${V}', refused],
      ['foo @ git+https://h.example/r', refused],
    ] as const) {
      assert.equal(
        edited(before, (document, declaration) => requirements.edit.exclude(document, declaration, ['1.5', '1.6'])),
        after,
        before,
      );
    }
  });

  it('remove: the whole line goes, with what was noted below it', () => {
    for (const [before, after] of [
      ['a\nfoo>=1 # why\nb', 'a\nb'],
      ['a\r\nfoo \\\r\n  --hash=sha256:aa\r\nb', 'a\r\nb'],
      ['a\nfoo', 'a\n'],
      ['\uFEFFfoo\nb', '\uFEFFb'],
      ['foo==1\n    # via\n    #   a\n    #   b\nb==1\n    # via foo\n', 'b==1\n    # via foo\n'],
      ['foo==1\n    # via b\n    # kept\nb==1', '    # kept\nb==1'],
      ['foo==1\n# kept\nb', '# kept\nb'],
      ['a\nfoo @ https://h.example/foo.zip\nb', 'a\nb'],
      ['foo==${V}\nb', refused],
    ] as const) {
      assert.equal(
        edited(before, (document, declaration) => requirements.edit.remove(document, declaration)),
        after,
        before,
      );
    }
  });

  it('name the file of the document', () => {
    const document = open('foo', 'sub/requirements.txt');
    assert.equal(requirements.edit.pin(document, document.manifest.declarations[0]!, '1')![0]!.file, 'sub/requirements.txt');
  });

  it('write no version that the file could not hold', () => {
    assert.equal(pinnedText('1.0+cu121'), '==1.0+cu121');
    assert.equal(pinnedText('2004d-beta'), '===2004d-beta');
    for (const version of ['', '1.0 # x', '1;', '1\n2', 'a"b', '>=1']) assert.equal(pinnedText(version), undefined, version);
    assert.equal(excludedText('>=1', ['nonsense', '1.5; x']), undefined);
    assert.equal(excludedText('nonsense', ['1.5']), undefined);
    assert.equal(excludedText('>=1||<3', ['1.5']), undefined);
  });

  it('change nothing else in the file', () => {
    const file = fc.array(requirementLike, { minLength: 1, maxLength: 6 }).map((lines) => lines.join('\n'));
    let pinned = 0;
    fc.assert(
      fc.property(file, fc.nat(10), (text, choice) => {
        const document = open(text);
        const index = choice % Math.max(1, document.manifest.declarations.length);
        const declaration = document.manifest.declarations[index];
        if (!declaration) return;
        const pin = requirements.edit.pin(document, declaration, '1.5');
        if (pin) {
          const after = read(apply(text, pin));
          pinned++;
          assert.equal(pypiVersions.exact(rangeOf(after.declarations[index])), '1.5');
          sameButOne(document.manifest, after, index);
        }
        const exclude = requirements.edit.exclude(document, declaration, ['1.5']);
        if (exclude) {
          const after = read(apply(text, exclude));
          assert.ok(
            pypiVersions.satisfies('1.5', rangeOf(declaration)) && !pypiVersions.satisfies('1.5', rangeOf(after.declarations[index])),
          );
          sameButOne(document.manifest, after, index);
        }
        const remove = requirements.edit.remove(document, declaration);
        if (remove) {
          const rest = document.manifest.declarations.filter((other) => other !== declaration);
          assert.deepEqual(read(apply(text, remove)).declarations.map(meaning), rest.map(meaning));
        }
      }),
      { numRuns: 1000 },
    );
    assert.ok(pinned > 50, `only ${pinned} pins`);
  });
});

function open(text: string, path = 'requirements.txt'): EditedDocument {
  return { path, text, companions: [], manifest: read(text) };
}

function read(text: string): Manifest {
  return requirements.read(text, { path: 'requirements.txt', companions: [] });
}

/** The text once the entry that names, or is, foo has been edited. */
function edited(text: string, edit: (document: EditedDocument, declaration: Declaration) => Edit[] | undefined): string {
  const document = open(text);
  const { declarations } = document.manifest;
  const declaration = declarations.find(({ package: { name } }) => name === 'foo') ?? declarations[0]!;
  const edits = edit(document, declaration);
  return edits ? apply(text, edits) : refused;
}

function apply(text: string, edits: readonly Edit[]): string {
  const sorted = [...edits].sort((a, b) => b.span.start - a.span.start);
  return sorted.reduce((result, { span, newText }) => result.slice(0, span.start) + newText + result.slice(span.end), text);
}

function rangeOf(declaration: Declaration | undefined): string {
  return declaration?.source.kind === 'registry' ? declaration.source.range : 'none';
}

function sameButOne(before: Manifest, after: Manifest, index: number): void {
  const others = (manifest: Manifest) => manifest.declarations.filter((_, i) => i !== index).map(meaning);
  assert.deepEqual(others(after), others(before));
  const changed = (manifest: Manifest) => ({ ...(meaning(manifest.declarations[index]!) as object), source: '', specifier: '' });
  assert.deepEqual(changed(after), changed(before));
  assert.deepEqual(
    after.problems.map(({ message }) => message),
    before.problems.map(({ message }) => message),
  );
}

function meaning(declaration: Declaration): unknown {
  const { spans: _, detail: __, ...rest } = declaration;
  return rest;
}
