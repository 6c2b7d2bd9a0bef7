import assert from 'node:assert/strict';
import type { Brought } from '../../server/src/core/check';
import type { Edit } from '../../server/src/core/manifest';
import type { Release } from '../../server/src/core/release';
import { override, raise } from '../../server/src/fixes/brought';
import { advisory, lockedPackage, now, policy, subject, wholePackage } from '../support/subjects';

// `carrier` asks for `inner`, whose 1.82.7 is malware; 1.84.0 is free of all that is known.
const malware = advisory('MAL-2026-1', ['1.82.7', '1.82.8'], { fixedIn: ['1.84.0'] });
const unended = advisory('MAL-2026-2', ['1.82.7', '1.82.8']);

const brings = (known = [malware], path = ['carrier 1.0.0', 'inner 1.82.7']): Brought => ({
  package: { ecosystem: 'PyPI', name: 'inner' },
  version: '1.82.7',
  path,
  entry: lockedPackage('inner', '1.82.7'),
  advisories: known,
  known,
});
const old = new Date(now.getTime() - 100 * 86_400_000);
const release = (version: string, range?: string): Release => ({
  version,
  publishedAt: old,
  dependencies: range === undefined ? {} : { inner: range },
});
const carrier = (...releases: Release[]) => subject('carrier==1.0.0', { releases, locked: '1.0.0' });

describe('raising the parent', () => {
  it('takes the lowest release whose range admits a clean one', () => {
    const fix = raise(
      carrier(release('1.0.0', '==1.82.7'), release('1.1.0', '<1.83'), release('1.2.0', '>=1.84,<2'), release('1.3.0', '>=1.84')),
      policy,
      brings(),
    );
    assert.match(fix!.title, /^Upgrade carrier to 1\.2\.0, which need not bring inner 1\.82\.7; then run uv lock$/);
    assert.equal(fix!.kind, 'upgrade');
    assert.deepEqual(
      fix!.edits.map(({ newText }) => newText),
      ['carrier==1.2.0'],
    );
  });

  it('takes one that has dropped the package', () => {
    const fix = raise(carrier(release('1.0.0', '==1.82.7'), release('1.1.0')), policy, brings());
    assert.match(fix!.title, /^Upgrade carrier to 1\.1\.0/);
  });

  it('takes one that admits none of the malware, where no release is named as free of it', () => {
    const releases = [
      release('1.0.0', '==1.82.7'),
      release('1.1.0', '>=1.80'),
      release('1.2.0', ''),
      release('1.3.0', '<<'),
      release('1.4.0', '>=1.82.9'),
    ];
    assert.match(
      raise(carrier(...releases), policy, brings([unended]))!.title,
      /^Upgrade carrier to 1\.4\.0, which need not bring inner 1\.82\.7/,
    );
    assert.equal(raise(carrier(...releases), policy, brings([wholePackage('MAL-2026-3')])), undefined);
  });

  it('is no cure where the lockfile alone holds the bad one, where others stand between, or where the registry does not tell', () => {
    const better = release('1.2.0', '>=1.84');
    assert.equal(raise(carrier(release('1.0.0', '>=1.60'), better), policy, brings()), undefined);
    const far = brings(undefined, ['carrier 1.0.0', 'between 2', 'inner 1.82.7']);
    assert.equal(raise(carrier(release('1.0.0', '==1.82.7'), better), policy, far), undefined);
    assert.equal(raise(carrier({ version: '1.0.0' }, { version: '1.2.0' }), policy, brings()), undefined);
    assert.equal(raise(carrier(release('1.0.0', '==1.82.7'), release('1.1.0', '==1.82.8')), policy, brings()), undefined);
  });
});

describe('an override', () => {
  const wishes: unknown[] = [];
  const edit = (wish: unknown): Edit[] => {
    wishes.push(wish);
    return [{ file: 'pyproject.toml', span: { start: 0, end: 0 }, newText: 'x' }];
  };
  const plain = carrier();
  const lever = { ...plain, edit: { ...plain.edit, override: (_: unknown, wish: unknown) => edit(wish) } };

  it('asks for a release that is known to be clean', () => {
    assert.match(override(lever, brings())!.title, /^Override inner with 1\.84\.0 or later, then run uv lock$/);
    assert.deepEqual(wishes.pop(), { from: '1.84.0' });
  });

  it('keeps the malware out where no release is named as free of it', () => {
    assert.match(override(lever, brings([unended]))!.title, /^Keep inner 1\.82\.7 and 1\.82\.8 out, then run uv lock$/);
    assert.deepEqual(wishes.pop(), { without: ['1.82.7', '1.82.8'] });
  });

  it('is not offered for a package that is malware as a whole', () => {
    const whole = wholePackage('MAL-2026-3');
    assert.equal(override(lever, brings([whole])), undefined);
  });
});
