import assert from 'node:assert/strict';
import fc from 'fast-check';
import { parseInPortions, type Portions } from '../../server/src/ecosystems/jsonPortions';

const long = ' '.repeat(140_000);
const portions: Portions = { keep: new Set(['versions', 'time', '__proto__']), split: 'versions', each: (value) => value };
const plain = (value: unknown): unknown => (value === undefined ? undefined : (JSON.parse(JSON.stringify(value)) as unknown));

describe('a long JSON document', () => {
  it('is read as JSON.parse reads it, but for what nobody wants', async () => {
    const key = fc.constantFrom('versions', 'time', 'readme', '__proto__', 'a"b\\', '');
    const value = fc.oneof(
      fc.jsonValue(),
      fc.dictionary(key, fc.jsonValue()),
      fc.array(fc.jsonValue()),
      fc.constantFrom('\\', '"', '\\"}', '{"'),
    );
    await fc.assert(
      fc.asyncProperty(fc.dictionary(key, value), fc.constantFrom(undefined, 1, '\t'), async (document, indent) => {
        const text = JSON.stringify(document, undefined, indent);
        const read = (await parseInPortions(long + text, portions)) as Record<string, unknown>;
        const wanted = Object.entries(document).filter(([name]) => portions.keep.has(name));
        assert.deepEqual(Object.keys(read).sort(), wanted.map(([name]) => name).sort()); // prettier-ignore
        for (const [name, own] of wanted) assert.deepEqual(plain(read[name]), plain(own));
      }),
      { numRuns: 300 },
    );
  });

  it('is nothing where it is damaged, and never throws', async () => {
    const text = JSON.stringify({ versions: { '1.0.0': { a: [1, { b: '}"' }] } }, time: { x: 'y' } });
    for (let end = 0; end < text.length; end++)
      assert.equal(await parseInPortions(long + text.slice(0, end), portions), undefined, text.slice(0, end));
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.constantFrom('{', '}', '[', ']', '"', '\\', ':', ',', 'versions', '"versions"', '1', ' ')),
        async (parts) => {
          await parseInPortions(long + parts.join(''), portions);
        },
      ),
      { numRuns: 500 },
    );
    for (const other of ['[1]', '3', '"x"', 'null', ''])
      for (const space of ['', long]) assert.equal(await parseInPortions(space + other, portions), undefined);
  });

  it('lets others work in between, and ends when it is told to', async () => {
    const rows = Array.from({ length: 20_000 }, (_, i) => [`1.0.${i}`, { text: 'x'.repeat(100) }] as const);
    const text = JSON.stringify({ versions: Object.fromEntries(rows) });
    let turns = 0;
    const timer = setInterval(() => turns++, 0);
    const read = (await parseInPortions(text, { ...portions, each: () => 1 })) as { versions: object };
    clearInterval(timer);
    assert.equal(Object.keys(read.versions).length, 20_000);
    assert.ok(turns >= 5, String(turns));
    const controller = new AbortController();
    const given = parseInPortions(text, portions, controller.signal);
    controller.abort(new Error('enough'));
    await assert.rejects(given, /enough/);
  });

  it('is one of many members, strings and backslashes without growing slow', async () => {
    for (const part of ['\\', '"', '{', '[', '"\\', '{"versions":'])
      assert.equal(await parseInPortions(part.repeat(200_000), portions), undefined);
    const slashes = JSON.stringify({ versions: { a: '\\'.repeat(400_000) } });
    assert.equal(((await parseInPortions(slashes, portions)) as { versions: { a: string } }).versions.a.length, 400_000);
  });
});
