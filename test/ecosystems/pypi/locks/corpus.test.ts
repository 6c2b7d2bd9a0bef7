import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { LockfileReading } from '../../../../server/src/core/lockfile';
import { compiled, isCompiled } from '../../../../server/src/ecosystems/pypi/locks/compiled';
import { pdm } from '../../../../server/src/ecosystems/pypi/locks/pdm';
import { pipfile } from '../../../../server/src/ecosystems/pypi/locks/pipfile';
import { poetry } from '../../../../server/src/ecosystems/pypi/locks/poetry';
import { pylock } from '../../../../server/src/ecosystems/pypi/locks/pylock';
import { uv } from '../../../../server/src/ecosystems/pypi/locks/uv';
import { normalizeName } from '../../../../server/src/ecosystems/pypi/name';
import { textAt } from '../../../../server/src/core/span';
import { corpusJson, corpusText, describeCorpus } from '../../../support/corpus';
import { checkLock } from './wellFormed';

interface OracleFile {
  readonly kind: string;
  readonly packages?: readonly (readonly [string, string | null])[];
  readonly error?: string;
}

const readers: Readonly<Record<string, LockfileReading>> = { 'uv-lock': uv, 'poetry-lock': poetry, 'pdm-lock': pdm };

describeCorpus("Python's lockfiles", function () {
  const { files } = corpusJson<{ files: Record<string, OracleFile> }>('manifests/oracle.json');
  const locks = Object.entries(files).filter(([, { kind }]) => kind in readers);
  const texts = locks.map(([path]) => corpusText(`manifests/${path}`));

  it('are all there', () => assert.equal(locks.length, 43));

  it('hold what the oracle found in them', () => {
    for (const [i, [path, { kind, packages, error }]] of locks.entries()) {
      const lock = readers[kind]!.read(texts[i]!);
      const found = lock.packages.map(({ package: { name }, version }) => `${name} ${version}`);
      const expected = (packages ?? []).map(([name, version]) => `${normalizeName(name)} ${version ?? ''}`);
      assert.deepEqual([...new Set(found)].sort(), [...new Set(expected)].sort(), path);
      assert.equal(lock.problems.length > 0, error !== undefined || path.includes('incompatible_lock'), path);
    }
  });

  it('have a place for every entry', () => {
    for (const [i, [path, { kind }]] of locks.entries()) {
      const reader = readers[kind]!;
      const { packages } = reader.read(texts[i]!);
      const starts = new Set<number>();
      // A name is looked for from the top each time, so of the large ones every third will do.
      const some = packages.filter((_, index) => packages.length < 100 || index % 3 === 0);
      for (const entry of some) {
        const span = reader.locate(texts[i]!, entry)!;
        assert.equal(normalizeName(textAt(texts[i]!, span)), entry.package.name, `${path} ${entry.key}`);
        starts.add(span.start);
      }
      assert.equal(starts.size, some.length, path);
    }
  });

  it('are well-formed when read, and uv says how every package came in', () => {
    for (const [i, [path, { kind }]] of locks.entries()) {
      const lock = readers[kind]!.read(texts[i]!);
      checkLock(lock, texts[i]!);
      if (kind !== 'uv-lock') continue;
      const reached = new Set<number>();
      const queue = lock.roots.flatMap(({ packages }) => packages);
      for (let index = queue.pop(); index !== undefined; index = queue.pop()) {
        if (reached.has(index)) continue;
        reached.add(index);
        queue.push(...lock.packages[index]!.dependencies);
      }
      const lone = lock.packages.filter(({ own }, index) => !own && !reached.has(index)).map(({ key }) => key);
      assert.deepEqual(lone, [], path);
    }
  });

  it('hold compiled requirements, every pin of them', () => {
    const paths = Object.entries(files).flatMap(([path, { kind }]) => (kind === 'requirements' ? [path] : []));
    const compiledTexts = paths.map((path) => corpusText(`manifests/${path}`)).filter(isCompiled);
    assert.ok(compiledTexts.length >= 10, String(compiledTexts.length));
    for (const text of compiledTexts) {
      const lock = compiled.read(text);
      assert.deepEqual(lock.problems, []);
      assert.equal(lock.packages.filter(({ source }) => source === 'registry').length, text.match(/^[A-Za-z0-9][^\s#]*==/gm)!.length);
      checkLock(lock, text);
    }
  });

  it('never throw when cut and mutated, and nothing is taken for empty', function () {
    this.timeout(120_000);
    const all = [...Object.values(readers), pipfile, pylock, compiled];
    const cutting = fc
      .record({
        text: fc.nat(texts.length - 1),
        from: fc.double({ min: 0, max: 1, noNaN: true }),
        length: fc.oneof({ weight: 8, arbitrary: fc.nat(1500) }, { weight: 1, arbitrary: fc.nat(20_000) }),
        changes: fc.array(fc.tuple(fc.double({ min: 0, max: 1, noNaN: true }), fc.nat(3), snippet), { maxLength: 4 }),
        reader: fc.constantFrom(...all),
        own: fc.boolean(),
      })
      .map(({ text: index, from, length, changes, reader, own }) => {
        const whole = texts[index]!;
        const start = Math.floor(from * whole.length * (own ? 0.001 : 1));
        let text = whole.slice(start, start + length);
        for (const [at, removed, added] of changes) {
          const place = Math.floor(at * text.length);
          text = text.slice(0, place) + added + text.slice(place + removed);
        }
        return { text, reader: own ? readers[locks[index]![1].kind]! : reader };
      });
    fc.assert(
      fc.property(cutting, ({ text, reader }) => {
        const lock = reader.read(text);
        checkLock(lock, text);
        const first = lock.packages.at(-1);
        const span = first && reader.locate(text, first);
        if (span) assert.ok(span.start >= 0 && span.start <= span.end && span.end <= text.length);
        if (!lock.packages.length && reader !== compiled)
          assert.ok(lock.problems.length === 1 || /lock_version|lock-version|pipfile-spec/.test(text));
      }),
      { numRuns: 3000 },
    );
  });
});

const snippet = fc.constantFrom(
  '',
  '\n',
  '"',
  "'",
  '[[package]]\n',
  '[[packages]]\nname = "a"\nversion = "1"\n',
  '__proto__ = 1\n',
  '[__proto__]\n',
  'name = "constructor"\n',
  '{',
  ']',
  '\\',
  '\r',
  '\u0000',
  '<<<<<<< HEAD\n',
  '\n=======\n',
  '\n>>>>>>> b\n',
  'version = 1\n',
  '[metadata]\nlock-version = "2.1"\nlock_version = "4.5.0"\n',
  '"""',
  '{"_meta": {"pipfile-spec": 6}, "default": {"a": {"version": "==1"}',
  '# via\n#   a\n',
  'a==1 \\\n',
  '\ud800',
);
