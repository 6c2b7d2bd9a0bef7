import assert from 'node:assert/strict';
import Ajv from 'ajv';
import catalogue from '../../server/data/catalogue.json';
import schema from '../../server/data/catalogue.schema.json';

type ByRole = Record<string, string[]>;
const parts = (of: 'packages' | 'families'): [string, string, string[]][] =>
  Object.entries(catalogue[of] as unknown as Record<string, ByRole>).flatMap(([ecosystem, byRole]) =>
    Object.entries(byRole).map(([role, names]): [string, string, string[]] => [ecosystem, role, names]),
  );

describe('catalogue.json', () => {
  it('fits its schema', () => {
    const validate = new Ajv({ strictTypes: false, strictRequired: false, allErrors: true }).compile(schema);
    assert.ok(validate(catalogue), JSON.stringify(validate.errors, undefined, 2));
  });

  it('names packages as feeds do, each under one role, in order', () => {
    const seen = new Set<string>();
    for (const [ecosystem, role, names] of parts('packages')) {
      assert.deepEqual(names, [...names].sort(), `${ecosystem} ${role}`);
      for (const name of names) {
        assert.ok(!seen.has(`${ecosystem} ${name}`), name);
        seen.add(`${ecosystem} ${name}`);
        if (ecosystem === 'PyPI') assert.equal(name, name.toLowerCase().replace(/[-_.]+/g, '-'));
      }
    }
  });

  it('has families that cannot catch everything', () => {
    for (const [ecosystem, role, patterns] of parts('families')) {
      assert.deepEqual(patterns, [...patterns].sort(), `${ecosystem} ${role}`);
      for (const pattern of patterns) {
        const fixed = pattern.replace('*', '');
        assert.ok(fixed.length >= 3, pattern);
        // A prefix ends, and a suffix begins, at the end of a word, or `mcp-*` would be `mcp3008`'s family as well.
        if (pattern.includes('*')) assert.match(pattern, /^(@[\w-]+\/([\w-]+)?\*|[\w-]+-\*|\*-[\w-]+)$/, pattern);
      }
    }
  });

  it('describes every role that it uses', () => {
    const used = new Set([...parts('packages'), ...parts('families')].map(([, role]) => role));
    assert.deepEqual(Object.keys(catalogue.roles).sort(), [...used].sort());
  });
});
