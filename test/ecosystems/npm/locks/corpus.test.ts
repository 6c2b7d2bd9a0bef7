import assert from 'node:assert/strict';
import fs from 'node:fs';
import fc from 'fast-check';
import { parse } from 'yaml';
import { textAt } from '../../../../server/src/core/span';
import type { Lock } from '../../../../server/src/core/lockfile';
import { npm } from '../../../../server/src/ecosystems/npm';
import { corpusJson, corpusPath, corpusText, describeCorpus } from '../../../support/corpus';
import { checkLock } from './facts';

interface Oracle {
  readonly files: Record<string, { readonly kind: string; readonly packages: readonly (readonly [name: string, version: string])[] }>;
}

const [packageLock, pnpm, yarn, bun] = npm.lockfiles;

/** Real lockfiles that their own tools would complain about, and why. */
const contradictory: readonly RegExp[] = [/no entry for @aws-sdk\/middleware-host-header /];

describeCorpus("npm's, Yarn's, pnpm's and Bun's lockfiles of real projects", function () {
  this.timeout(120_000);
  const files = fs
    .readdirSync(corpusPath('manifests'), { recursive: true, encoding: 'utf8' })
    .map((file) => file.replaceAll('\\', '/'))
    .flatMap((file) =>
      npm.lockfiles.filter(({ matches }) => matches(file)).map((reader) => ({ file, reader, text: corpusText(`manifests/${file}`) })),
    );
  const of = (reader: (typeof npm.lockfiles)[number] | undefined) => files.filter((one) => one.reader === reader);
  const installed = ({ packages }: Lock) => packages.filter(({ own }) => !own);
  const same = (actual: Iterable<string>, expected: Iterable<string>, file: string) =>
    assert.deepEqual([...actual].sort(), [...expected].sort(), file);

  it('are all read whole, to well-formed graphs whose every root is resolved', () => {
    assert.ok(files.length >= 50, `${files.length} files`);
    for (const { file, reader, text } of files) {
      const lock = reader.read(text);
      checkLock(lock, text);
      const problems = lock.problems.filter(({ message }) => !contradictory.some((pattern) => pattern.test(message)));
      assert.deepEqual(problems, [], file);
      const open = lock.roots.filter(({ packages, section }) => packages.length === 0 && section !== 'peerDependencies');
      assert.deepEqual(open, [], file);
      // Whatever was installed was asked for by something.
      const wanted = new Set(lock.roots.flatMap(({ packages }) => packages));
      for (const { dependencies } of lock.packages) for (const index of dependencies) wanted.add(index);
      const lonely = lock.packages.filter(({ own, peer, bundled }, index) => !own && !peer && !bundled && !wanted.has(index));
      assert.ok(lonely.length <= lock.packages.length * 0.02, `${file}: ${lonely.length} of ${lock.packages.length}: ${lonely[0]?.key}`);
    }
  });

  it('hold the packages of package-lock.json that the oracle names', () => {
    let count = 0;
    for (const [file, { kind, packages }] of Object.entries(corpusJson<Oracle>('manifests/oracle.json').files)) {
      if (kind !== 'npm-lock') continue;
      count++;
      const lock = packageLock!.read(corpusText(`manifests/${file}`));
      same(
        new Set(installed(lock).map(({ package: { name }, version }) => `${name} ${version}`)),
        new Set(packages.map(([name, version]) => `${name} ${version}`)),
        file,
      );
    }
    assert.equal(count, 20);
  });

  it('lose no entry of pnpm-lock.yaml', () => {
    for (const { file, text } of of(pnpm)) {
      const lock = pnpm!.read(text);
      const tops = text.split(/^(?=\S)/m);
      const keysOf = (section: string) => {
        const block = tops.find((part) => part.startsWith(`${section}:`)) ?? '';
        return [...block.matchAll(/^ {2}(?:'((?:[^']|'')+)'|"([^"]+)"|([^\s'"].*?)):(?: \{\})?$/gm)].map(
          (match) => (match[1] ?? match[2] ?? match[3])!,
        );
      };
      const keys = keysOf(text.includes('\nsnapshots:') ? 'snapshots' : 'packages');
      same(
        installed(lock).map(({ key }) => key),
        keys,
        file,
      );
      assert.equal(lock.importers.length, Math.max(1, new Set([...keysOf('importers'), '.']).size), file);
      // Each release stands once under `packages`, with its digest.
      const releases = new Set(installed(lock).map(({ key }) => key.replace(/\(.*$/, '')));
      if (text.includes('\nsnapshots:')) same(releases, keysOf('packages'), file);
      const hashes = new Set(installed(lock).flatMap((one) => one.hashes));
      same(hashes, new Set([...text.matchAll(/integrity: ["']?(sha\d+-[\w+/=]+)/g)].map((match) => match[1]!)), file);
    }
  });

  it('read pnpm-lock.yaml as the YAML library does', () => {
    for (const { file, text } of of(pnpm)) {
      if (text.length > 130_000) continue;
      // A folded scalar leaves the layout, so that the library reads it all.
      assert.deepEqual(pnpm!.read(`${text}\nnote: >-\n  some text\n`), pnpm!.read(text), file);
    }
  });

  it('lose no entry of yarn.lock', () => {
    for (const { file, text } of of(yarn)) {
      const lock = yarn!.read(text);
      const versions = [...text.matchAll(/^ {2}version:? "?([^"\s]+)"?$/gm)].map((match) => match[1]!);
      const berry = text.includes('\n__metadata:');
      same(
        lock.packages.map(({ version }) => version || '0.0.0-use.local'),
        berry ? versions.slice(1) : versions,
        file,
      );
      if (berry) continue;
      const descriptors = [...text.matchAll(/^(?! |#).+:$/gm)].flatMap(([line]) =>
        line
          .slice(0, -1)
          .split(', ')
          .map((one) => one.replaceAll('"', '')),
      );
      assert.equal(lock.roots.length, descriptors.length, file);
      assert.deepEqual(
        lock.packages.map(({ dependencies }) => dependencies.length > 0).filter(Boolean).length,
        [...text.matchAll(/^ {2}(?:dependencies|optionalDependencies):\n/gm)].length -
          [...text.matchAll(/^ {2}dependencies:\n(?: {4}.*\n)+ {2}optionalDependencies:/gm)].length,
        file,
      );
    }
  });

  it('lose no entry of bun.lock', () => {
    for (const { file, text } of of(bun)) {
      const lock = bun!.read(text);
      const lines = [...text.matchAll(/^ {4}"([^"]+)": \["([^"]+)"/gm)].map((match) => [match[1]!, match[2]!] as const);
      same(
        lock.packages.map(({ key }) => key),
        lines.map(([key]) => key),
        file,
      );
      const firsts = new Map(lines);
      for (const { key, package: pkg, version, own } of lock.packages)
        if (!own) assert.equal(firsts.get(key), `${pkg.name}@${version}`, key);
      if (text.length > 200_000) continue;
      // YAML is a superset of JSON that takes trailing commas.
      const { packages, workspaces } = parse(text, { uniqueKeys: false }) as { packages: object; workspaces: object };
      assert.equal(lock.packages.length, Object.keys(packages).length, file);
      assert.equal(lock.importers.length, Object.keys(workspaces).length, file);
    }
  });

  it('say of entries where they stand', () => {
    for (const { file, reader, text } of files) {
      const { packages } = reader.read(text);
      const step = Math.max(1, Math.floor(packages.length / 7));
      for (let index = 0; index < packages.length; index += step) {
        const one = packages[index]!;
        const span = reader.locate(text, one);
        if (one.key.startsWith('link:') && !span) continue;
        assert.ok(span, `${file}: ${one.key}`);
        const written = textAt(text, span).replaceAll("''", "'");
        assert.equal(
          written,
          reader.id === 'pnpm' && written !== one.key
            ? one.key
                .replace(/\(.*$/, '')
                .replace(/^link:$/, '.')
                .replace(/^link:/, '')
            : one.key,
          file,
        );
      }
    }
  });

  it('are never too broken to be read, and never taken for empty', () => {
    const cuttings = files.map(({ reader, text }) => ({ reader, text: text.slice(0, 20_000) }));
    const pieces = [
      '',
      '\n',
      '  ',
      '"',
      "'",
      '{',
      '}',
      '[',
      ']',
      ',',
      ':',
      '- ',
      '<<<<<<< a\n',
      '\\',
      '__proto__',
      '\u0000',
      'lockfileVersion: 99\n',
    ];
    const { length } = cuttings;
    fc.assert(
      fc.property(fc.nat(length - 1), fc.nat(), fc.nat(), fc.nat(2000), fc.constantFrom(...pieces), (which, from, at, gone, piece) => {
        const { reader, text } = cuttings[which]!;
        const start = from % 3 === 0 ? from % text.length : 0;
        const place = start + (at % 4000);
        const mutated = text.slice(start, place) + piece + text.slice(place + (gone % 3 === 0 ? gone : 0), start + 4000 + (at % 1000));
        const lock = reader.read(mutated);
        checkLock(lock, mutated);
        if (lock.packages.length === 0) assert.equal(lock.problems.length, 1, mutated.slice(0, 200));
      }),
      { numRuns: 3000, seed: 2026 },
    );
  });
});
