import assert from 'node:assert/strict';
import fc from 'fast-check';
import { locateJsonKey, objectAt, readPlainJson } from '../../server/src/syntax/jsonPlain';

describe('readPlainJson', () => {
  it('reads what JSON.parse reads, to the letter', () => {
    fc.assert(
      fc.property(fc.json(), (text) => {
        assert.deepEqual(readPlainJson(text), { value: JSON.parse(text) as unknown });
        assert.deepEqual(readPlainJson(text, { trailingCommas: true }), { value: JSON.parse(text) as unknown });
      }),
    );
  });

  it('reads trailing commas and comments where they are allowed', () => {
    const text = '{"a": [1, "],}", {"b\\\\": true,},\r\n], "c": null, }';
    assert.deepEqual(readPlainJson(text, { trailingCommas: true }), { value: { a: [1, '],}', { 'b\\': true }], c: null } });
    assert.deepEqual(readPlainJson('{"a": 1, // b\n}', { trailingCommas: true }).fault, undefined);
    assert.match(readPlainJson(text).fault?.message ?? '', /trailing commas/);
  });

  it('reads the same with trailing commas as without', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const laid = JSON.stringify(value, null, 1);
        const trailing = laid.replaceAll(/([^[{,\s])(\n\s*[\]}])/g, '$1,$2');
        assert.deepEqual(readPlainJson(trailing, { trailingCommas: true }).value, JSON.parse(laid));
      }),
    );
  });

  it('reads what is left of a broken text, with names from JavaScript', () => {
    const { value, fault } = readPlainJson('{"__proto__": {"a": 1}, "constructor": {"b": 2}, "c');
    assert.ok(fault);
    assert.equal(objectAt(value, '__proto__')?.['a'], 1);
    assert.equal(objectAt(value, 'constructor')?.['b'], 2);
    assert.equal(objectAt(JSON.parse('{}'), 'constructor'), undefined);
    assert.equal(({} as Record<string, unknown>)['a'], undefined);
  });

  it('never throws, on any string', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.boolean(), (text, loose) => {
        readPlainJson(text, loose ? { trailingCommas: true } : undefined);
        locateJsonKey(text, ['a']);
      }),
    );
    for (const text of ['['.repeat(100_000), '{"a":'.repeat(100_000), '"\\'.repeat(50_000), ',"'.repeat(50_000)]) {
      assert.ok(readPlainJson(text, { trailingCommas: true }).fault);
      locateJsonKey(text, ['a', 'b']);
    }
  });
});

describe('locateJsonKey', () => {
  it('finds keys by their path', () => {
    const text = '{"x": {"a": {"b": 1}}, "y": ["a", {"a": {"b": 2}}], "a": {"c": "b", "b": 3, "\\u0062d": 4}, "z": "\\"a\\""}';
    const span = locateJsonKey(text, ['a', 'b'])!;
    assert.equal(text.slice(span.start, span.end + 4), 'b": 3');
    const escaped = locateJsonKey(text, ['a', 'bd'])!;
    assert.equal(text.slice(escaped.start, escaped.end), '\\u0062d');
    assert.equal(locateJsonKey(text, ['a', 'd']), undefined);
    assert.equal(locateJsonKey(text, ['b']), undefined);
    assert.equal(locateJsonKey('{"a": {"b": 1}, "c": {"b": 2}}', ['a', 'b'])!.start, 8);
    assert.equal(text.slice(locateJsonKey(text, ['z'])!.start, locateJsonKey(text, ['z'])!.end), 'z');
  });

  it('takes the last of keys that stand twice, as JSON.parse does', () => {
    const text = '{"a": {"b": 1}, "a": {"b": 2}, "a": 3}';
    assert.equal(locateJsonKey(text, ['a'])!.start, text.lastIndexOf('a'));
    assert.equal(locateJsonKey(text, ['a', 'b'])!.start, text.lastIndexOf('b'));
  });

  it('finds every key of any object', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.dictionary(fc.string(), fc.jsonValue())), (object) => {
        const text = JSON.stringify(object, null, 2);
        for (const outer of Object.keys(object)) {
          for (const inner of Object.keys(object[outer]!)) {
            const span = locateJsonKey(text, [outer, inner]);
            assert.ok(span, JSON.stringify([outer, inner]));
            assert.equal(JSON.parse(text.slice(span.start - 1, span.end + 1)), inner);
            assert.match(text.slice(span.end + 1), /^: /);
          }
        }
      }),
    );
  });
});
