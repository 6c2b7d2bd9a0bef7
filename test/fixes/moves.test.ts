import assert from 'node:assert/strict';
import type { Release } from '../../server/src/core/release';
import { movesOff, pins } from '../../server/src/fixes/moves';
import { advisory, now, policy, subject, type SubjectParts } from '../support/subjects';

const old = new Date(now.getTime() - 100 * 86_400_000);
const release = (version: string, more: Partial<Release> = {}): Release => ({ version, publishedAt: old, ...more });
const titles = (line: string, parts: SubjectParts) => pins(subject(line, parts), policy).map(({ title }) => title);

describe('a proposed release', () => {
  it('keeps its provenance where there is a choice', () => {
    const releases = [release('1.0', { attested: true }), release('1.1', { attested: true }), release('1.2', { attested: false })];
    assert.deepEqual(titles('a>=1', { releases }), ['Pin a to 1.1']);
  });

  it('is said to have lost it where there is none', () => {
    const flaw = advisory('CVE-2026-1', '<1.2');
    const releases = [release('1.0', { attested: true }), release('1.1'), release('1.2', { attested: false })];
    const [fix] = movesOff(subject('a==1.1', { releases, advisories: [flaw] }), policy, '1.1', 'too');
    assert.equal(fix!.title, 'Upgrade a to 1.2 (without the provenance that earlier releases have: there is no better one)');
  });

  it('is said to be deprecated where every one is', () => {
    assert.deepEqual(titles('a', { releases: [release('1.0', { deprecated: 'use b' })] }), [
      'Pin a to 1.0 (deprecated: there is no better one)',
    ]);
    assert.deepEqual(titles('a', { releases: [release('1.0'), release('2.0', { deprecated: 'use b' })] }), ['Pin a to 1.0']);
  });

  it('is said to lie outside the range where none inside it will do', () => {
    const flaw = advisory('CVE-2026-1', '<2');
    const releases = [release('1.0'), release('1.1'), release('2.0')];
    const [fix] = movesOff(subject('a>=1,<2', { releases, advisories: [flaw], locked: '1.0' }), policy, '1.0', 'too');
    assert.equal(fix!.title, 'Upgrade a to 2.0 (outside >=1,<2)');
    const [exact] = movesOff(subject('a==1.0', { releases, advisories: [flaw] }), policy, '1.0', 'too');
    assert.equal(exact!.title, 'Upgrade a to 2.0');
  });

  it('is said to be of no known age where the index tells none', () => {
    assert.deepEqual(titles('a>=1', { releases: [{ version: '1.0' }] }), ['Pin a to 1.0 (its age is not known)']);
  });

  it('never was attested and is none the worse for it', () => {
    assert.deepEqual(titles('a', { releases: [release('1.0', { attested: false }), release('1.1', { attested: false })] }), [
      'Pin a to 1.1',
    ]);
  });
});

describe('a line with hashes', () => {
  const hashed = { declaration: { hashes: ['sha256:01'] } };
  const withLever = (line: string, parts: SubjectParts) => {
    const plain = subject(line, parts);
    const pinWithHashes = (version: string, hashes: readonly string[]) => [
      { file: 'requirements.txt', span: { start: 0, end: 0 }, newText: [version, ...hashes].join(' ') },
    ];
    return { ...plain, edit: { ...plain.edit, pinWithHashes } };
  };
  const flaw = advisory('CVE-2026-1', '<1.2');

  it('gets those of the new release', () => {
    const releases = [release('1.1'), release('1.2', { hashes: ['sha256:aa', 'sha256:bb'] })];
    const [fix] = movesOff(withLever('a==1.1', { ...hashed, releases, advisories: [flaw] }), policy, '1.1', 'too');
    assert.deepEqual(
      fix!.edits.map(({ newText }) => newText),
      ['1.2 sha256:aa sha256:bb'],
    );
  });

  it('is left alone where the index gives none', () => {
    const releases = [release('1.1'), release('1.2')];
    assert.deepEqual(movesOff(withLever('a==1.1', { ...hashed, releases, advisories: [flaw] }), policy, '1.1', 'too'), []);
  });

  it('may be made of one without', () => {
    const releases = [release('1.2', { hashes: ['sha256:aa'] })];
    assert.deepEqual(
      pins(withLever('a', { releases }), policy).map(({ title }) => title),
      ['Pin a to 1.2', 'Pin a to 1.2 with the hashes of its files'],
    );
  });
});
