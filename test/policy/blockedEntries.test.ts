import assert from 'node:assert/strict';
import fc from 'fast-check';
import { readPolicy } from '../../server/src/policy/merlonToml';
import { teamPolicyOf } from '../../server/src/scan/teamPolicy';
import { known } from '../support/scanPolicies';

const read = (...entries: readonly string[]) =>
  readPolicy(`blocked = [${entries.map((one) => JSON.stringify(one)).join(', ')}]`, 'merlon.toml', known);
const faults = (entry: string) => read(entry).faults.map(({ message }) => message);
const blocks = (entry: string, ecosystem: string, name: string, version: string): boolean =>
  (teamPolicyOf([read(entry)], [], (id) => known.ecosystems.get(id))?.blocks({ ecosystem, name }) ?? []).some(({ affects }) =>
    affects(version),
  );

describe('an entry of the deny-list', () => {
  it('is told where no package can have the name', () => {
    const names = [
      'pypi:::',
      '@@',
      '@',
      '@/',
      'pypi:@acme/x',
      'pypi:a/b',
      'a/b',
      '../../etc',
      '_',
      '.',
      'npm:.x',
      'npm:-x',
      'pypi:x-',
      'a@',
      'a @',
      '@a/',
      '@a/@b',
      'é',
    ];
    for (const name of names) {
      assert.equal(read(name).blocked.length, 0, name);
      assert.match(faults(name).join(), /^It blocks nothing: /, name);
    }
    for (const name of ['*', '@acme', '@acme*', '@acme/*', '*/x', 'npm:Left_pad', 'pypi:a_.B', 'npm:@a/_b', '*-', 'npm:x-', 'pypi:*x'])
      assert.deepEqual([read(name).blocked.length, faults(name)], [1, []], name);
  });

  it('is told also where so many are wrong that not each is', () => {
    const { faults: told } = read(...Array.from({ length: 500 }, () => '@@'));
    assert.equal(told.length, 201);
    assert.match(told.at(-1)!.message, /^From here on more has no effect/);
  });

  it('is told where its ecosystem is not that of its name', () => {
    const text = (pkg: string) => `blocked = [{ package = "${pkg}", ecosystem = "PyPI" }]`;
    for (const name of ['npm:x', '@acme/x']) {
      const policy = readPolicy(text(name), 'merlon.toml', known);
      assert.deepEqual([policy.blocked.length, policy.faults.length], [0, 1], name);
    }
    assert.deepEqual(readPolicy(text('pypi:x'), 'merlon.toml', known).faults, []);
  });

  it('is told where the range is one to nobody, or to npm by what it passes over', () => {
    const ranges = ['==x', '>1 <', '^x', '<*', 'x', '1.0.0 or 1.0.1', '>1 b', '||', '1 ||', '==1.0 and more'];
    for (const range of ranges)
      for (const name of ['litellm', 'npm:litellm', 'pypi:litellm']) {
        assert.equal(read(`${name} ${range}`).blocked.length, 0, `${name} ${range}`);
        assert.match(faults(`${name} ${range}`).join(), /^It blocks nothing: .* is neither a version nor a range$/, `${name} ${range}`);
      }
    assert.match(faults('npm:x >=1, <2').join(), /neither a version nor a range/);
    assert.match(faults('@acme/x !=1.5').join(), /neither a version nor a range/);
    for (const range of [
      '==1.82.7',
      '1.82.7',
      '>=1, <2',
      '>= 1 , < 2',
      '~=1.4',
      '^1.2 || 3.x',
      '1.0 - 2.0',
      '== 1.*',
      '!=1',
      '>1 <=2',
      '*',
      'v1.2.3',
      '=1.0.0',
    ])
      assert.deepEqual([read(`litellm ${range}`).blocked.length, faults(`litellm ${range}`)], [1, []], range);
  });

  it('is told where no version lies in the range', () => {
    for (const entry of ['x >2 <1', 'pypi:x >2,<1', 'x ==1,==2', 'npm:x 1.0.0 2.0.0', 'pypi:x <0'])
      assert.match(faults(entry).join(), /^It blocks nothing: no version lies in /, entry);
    for (const entry of [
      'npm:x >1.2.3 <1.2.5',
      'npm:x >1 <3',
      'npm:x >1.0.0-rc.1 <1.0.0',
      'pypi:x >1.0,<1.0.1',
      'pypi:x >=1!2,<1!3',
      'npm:x <0.0.1',
      'pypi:x ==1.0.*,!=1.0',
      'pypi:x ==1.0+local',
    ])
      assert.deepEqual(faults(entry), [], entry);
  });

  it('blocks in the ecosystems that can read its range, and in no other', () => {
    assert.ok(blocks('a >=1, <2', 'PyPI', 'a', '1.5'));
    assert.ok(!blocks('a >=1, <2', 'npm', 'a', '0.5.0'));
    assert.ok(blocks('a *', 'PyPI', 'a', '1.5') && blocks('a *', 'npm', 'a', '1.5.0'));
  });

  it('tells what of a record cannot be read, which must not become a block of everything', () => {
    const record = (affected: string) => readPolicy(`blocked = [{ id = "X-1", affected = [${affected}] }]`, 'merlon.toml', known);
    const pkg = 'package = { ecosystem = "PyPI", name = "a" }';
    for (const [affected, kept, told] of [
      [`{ ${pkg} }`, 1, 0],
      [`{ ${pkg}, versions = ["1.0"] }`, 1, 0],
      [`{ ${pkg}, ranges = [{ type = "ECOSYSTEM", events = [{ introduced = "0" }, { fixed = "2" }] }] }`, 1, 0],
      [`{ ${pkg}, versions = ["1.0", "banana"] }`, 1, 1],
      [`{ ${pkg}, versions = ["banana"] }`, 0, 1],
      [`{ ${pkg}, versions = "1.0" }`, 0, 1],
      [`{ ${pkg}, ranges = [{ type = "GIT", events = [{ introduced = "0" }] }] }`, 0, 1],
      [`{ ${pkg}, ranges = [{ type = "ECOSYSTEM", events = [] }] }`, 0, 1],
      ['{ package = { ecosystem = "PyPI", name = ":::" } }', 0, 1],
    ] as const)
      assert.deepEqual([record(affected).blocked.length, record(affected).faults.length], [kept, told], affected);
  });

  it('is in force for some package or told, whatever stands there', () => {
    const piece = fc.constantFrom(
      'pypi:',
      'npm:',
      ':',
      '@',
      '/',
      '*',
      'a',
      'litellm',
      '.',
      '-',
      '_',
      ' ',
      '==',
      '>',
      '<',
      '=',
      '^',
      '~',
      '!',
      ',',
      '||',
      '1',
      '2.0',
      '1.82.7',
      'x',
      'rc1',
      '+',
      'or',
    );
    const written = fc.oneof(
      fc.array(piece, { maxLength: 8 }).map((all) => all.join('')),
      fc.string({ unit: 'binary', maxLength: 20 }),
    );
    // What a package can be called, by the words alone of which the entry is made.
    const versions = [
      '0',
      '0.0.0',
      '0.0.1',
      '1',
      '1.0.0',
      '1.0.1',
      '1.1',
      '1.5.0',
      '1.82.7',
      '1.82.8',
      '2.0',
      '2.0.0',
      '2.0.1',
      '2.5.0',
      '3',
      '3.0.0',
      '9999.0.0',
    ];
    fc.assert(
      fc.property(written, (entry) => {
        const { blocked, faults: told } = read(entry);
        assert.equal(blocked.length + told.length > 0, true, entry);
        if (told.length > 0) return;
        const [{ package: pattern, versions: items } = {}] = blocked;
        const inForce = ['npm', 'PyPI'].some((id) => {
          if (pattern?.ecosystem !== undefined && pattern.ecosystem !== id) return false;
          const ofScope = pattern!.parts[0]!.startsWith('@');
          const names = ['', 'a', 'a/a', '@a', '@a/', '@a/a', '/a'].flatMap((fill) => [
            pattern!.parts.join(fill),
            pattern!.parts.slice(0, 1) + fill + pattern!.parts.slice(1).join('a'),
          ]);
          const tried = [...new Set([...names, ...(ofScope ? [] : names.map((name) => name.replace(/^a+(?=@)/, '')))])];
          const own = [...versions, ...(items ?? []).flatMap((item) => item.match(/\d[\w.+!-]*/g) ?? [])];
          const all = own.flatMap((one) => [one, `${one}.0`, `${one}.0.0`, `${one}.1`, `${one}.0.1`, `${one}-1`]);
          return tried.some(
            (name) =>
              allowed[id]!.test(name) &&
              all.some((version) => known.ecosystems.get(id)!.isValid(version) && blocks(entry, id, name, version)),
          );
        });
        assert.ok(inForce, entry);
      }),
      { numRuns: 400 },
    );
  });
});

const allowed: Readonly<Record<string, RegExp>> = {
  npm: /^(?:@[\w.-]+\/(?!\.)[\w.-]+|[a-z\d][\w.-]*)$/i,
  PyPI: /^[a-z\d](?:[\w.-]*[a-z\d])?$/i,
};
