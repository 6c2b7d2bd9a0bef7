import assert from 'node:assert/strict';
import Ajv from 'ajv';
import popular from '../../server/data/popular.json';
import schema from '../../server/data/popular.schema.json';
import { popularNames } from '../../server/src/policy/popular';

describe('popular.json', () => {
  it('fits its schema', () => {
    const validate = new Ajv({ strictTypes: false, strictRequired: false, allErrors: true }).compile(schema);
    assert.ok(validate(popular), JSON.stringify(validate.errors, undefined, 2));
  });

  for (const ecosystem of ['PyPI', 'npm'] as const) {
    const names = [...popularNames(ecosystem)];

    it(`holds ${ecosystem}'s names in order, each once`, () => {
      assert.ok(names.length >= 5000, `${names.length} names`);
      assert.deepEqual(names, [...names].sort());
      assert.equal(popular.names[ecosystem].flatMap((line) => line.split(' ')).length, names.length, 'each once');
    });
  }

  it('has names as feeds have them', () => {
    for (const name of popularNames('PyPI')) assert.match(name, /^[a-z0-9]+(-[a-z0-9]+)*$/);
    for (const name of popularNames('npm')) assert.match(name, /^(@[a-z0-9_.-]+\/)?[A-Za-z0-9_.-]+$/);
  });
});
