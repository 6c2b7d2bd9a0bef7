import assert from 'node:assert/strict';
import fc from 'fast-check';
import npa from 'npm-package-arg';
import { faultOfName } from '../../../server/src/ecosystems/npm/names';
import { type NpmSpec, parseSpec } from '../../../server/src/ecosystems/npm/spec';
import { corpusJson, describeCorpus } from '../../support/corpus';

/** A spec in one line: kind, then what matters of it; the part that a version replaces stands in brackets. */
function sketch(raw: string): string {
  const spec: NpmSpec = parseSpec(raw);
  switch (spec.type) {
    case 'version':
    case 'range':
    case 'tag':
      return `${spec.type} ${raw.slice(0, spec.start)}[${raw.slice(spec.start, spec.end)}]${raw.slice(spec.end)}`;
    case 'alias':
      return `${spec.scheme} ${spec.target ?? '(own name)'} ${raw.slice(0, spec.spec.start)}${spec.separator}[${raw.slice(spec.spec.start, spec.spec.end)}]`;
    case 'git':
      return ['git', spec.url, spec.revision && `#${spec.revision}`, spec.range && `semver ${spec.range}`, spec.path && `path ${spec.path}`]
        .filter(Boolean)
        .join(' ');
    case 'remote':
      return `remote ${spec.url}`;
    case 'path':
      return `${spec.scheme} ${spec.path}`;
    case 'workspace':
      return `workspace ${spec.target ?? ''}${spec.range}`;
    case 'catalog':
      return `catalog ${spec.catalog}`;
    case 'other':
      return `other ${spec.scheme} ${spec.rest.text}`;
    case 'invalid':
      return `invalid: ${spec.reason}`;
  }
}

describe('parseSpec', () => {
  const rows: readonly (readonly [raw: string, sketch: string])[] = [
    ['1.2.3', 'version [1.2.3]'],
    [' =v1.2.3 ', 'version  [=v1.2.3] '],
    ['^1.2.3', 'range [^1.2.3]'],
    ['>=1 <2 || 3', 'range [>=1 <2 || 3]'],
    ['1 - 2', 'range [1 - 2]'],
    ['*', 'range [*]'],
    ['', 'range []'],
    ['  ', 'range []  '],
    ['latest', 'tag [latest]'],
    ['npm:y@^1', 'npm y npm:y@[^1]'],
    ['npm:@s/y@1.0.0', 'npm @s/y npm:@s/y@[1.0.0]'],
    ['npm:y', 'npm y npm:y@[]'],
    ['npm:y@', 'npm y npm:y@[]'],
    ['npm:y@latest', 'npm y npm:y@[latest]'],
    ['npm:^1.2', 'npm (own name) npm:[^1.2]'],
    ['npm:1.2.3', 'npm (own name) npm:[1.2.3]'],
    ['npm:', 'invalid: an alias needs the name of a package'],
    ['npm:y@npm:z@1', 'invalid: an alias works for packages of a registry only'],
    ['npm:u/r', 'invalid: an alias works for packages of a registry only, and a package name holds only letters, digits and - . _ ~'],
    ['jsr:@s/y@^1', 'jsr @s/y jsr:@s/y@[^1]'],
    ['jsr:^1', 'jsr (own name) jsr:[^1]'],
    ['patch:y@npm%3A1.2.3#./y.patch', 'patch y patch:y@npm%3A[1.2.3]'],
    ['patch:y@1.2.3#./y.patch', 'patch y patch:y@[1.2.3]'],
    ['patch:./y', 'patch ./y'],
    ['u/r', 'git u/r'],
    ['u/r#v1', 'git u/r #v1'],
    ['u/r#feature/x y', 'git u/r #feature/x y'],
    ['github:u/r#semver:^1', 'git github:u/r semver ^1'],
    ['gitlab:g/s/r', 'git gitlab:g/s/r'],
    ['gist:0123', 'git gist:0123'],
    ['bitbucket:u/r#c0ffee::path:/p', 'git bitbucket:u/r #c0ffee path /p'],
    ['u/r#main&path:/p', 'git u/r #main path /p'],
    ['u/r#commit=c0ffee', 'git u/r #c0ffee'],
    ['git@example.com:u/r.git', 'git git@example.com:u/r.git'],
    ['git+ssh://git@example.com:u/r.git#1.2.3', 'git git+ssh://git@example.com:u/r.git #1.2.3'],
    ['git+https://example.com/r', 'git git+https://example.com/r'],
    ['https://github.com/u/r', 'git https://github.com/u/r'],
    ['https://github.com/u/r/tree/next', 'git https://github.com/u/r/tree/next #next'],
    ['https://github.com/u/r/archive/v1.tar.gz', 'remote https://github.com/u/r/archive/v1.tar.gz'],
    ['https://codeload.github.com/u/r/tar.gz/main', 'remote https://codeload.github.com/u/r/tar.gz/main'],
    ['http://example.com/x.tgz', 'remote http://example.com/x.tgz'],
    ['https://', 'invalid: it is no valid address'],
    ['gopher://example.com', 'invalid: no package manager fetches from gopher: addresses'],
    ['u/r#a::b', 'invalid: a git address takes one revision or one semver range'],
    ['file:../x', 'file ../x'],
    ['FILE:x', 'file x'],
    ['link:../x', 'link ../x'],
    ['portal:../x', 'portal ../x'],
    ['./x.tgz', 'file ./x.tgz'],
    ['~/x', 'file ~/x'],
    ['..\\x', 'file ..\\x'],
    ['C:\\x', 'file C:\\x'],
    ['x.tar.gz', 'file x.tar.gz'],
    ['a/b/c', 'file a/b/c'],
    ['workspace:*', 'workspace *'],
    ['workspace:^1', 'workspace ^1'],
    ['workspace:../x', 'workspace ../x'],
    ['workspace:y@*', 'workspace y*'],
    ['catalog:', 'catalog '],
    ['catalog:react 19', 'catalog react 19'],
    ['work:^1', 'other work ^1'],
    ['>=^4', 'invalid: it is no version, range or tag'],
    ['1.2.3,1.2.4', 'invalid: it is no version, range or tag'],
  ];
  for (const [raw, expected] of rows) it(`reads ${JSON.stringify(raw)}`, () => assert.equal(sketch(raw), expected));

  it('never throws and keeps its offsets inside the text', () => {
    const piece = fc.oneof(
      fc.constantFrom('npm:', 'git+ssh://', 'u', '/', '@', '#', '::', 'path:', '1.2.3', '^', ' ', 'patch:', 'https://', '%3A', '%'),
      fc.string({ maxLength: 4 }),
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 8 }), (pieces) => {
        const raw = pieces.join('');
        const spec = parseSpec(raw);
        const part =
          spec.type === 'alias' ? spec.spec : spec.type === 'version' || spec.type === 'range' || spec.type === 'tag' ? spec : undefined;
        if (part) assert.equal(raw.slice(part.start, part.end), part.text);
      }),
      { numRuns: 1000 },
    );
    for (const text of ['a@'.repeat(50_000), 'u/'.repeat(50_000), `npm:${'@'.repeat(50_000)}`, ':'.repeat(50_000)]) parseSpec(text);
  });

  it('agrees with npm-package-arg on what it and npm both read', () => {
    const word = fc.constantFrom('u', 'r-1', 'r.git', '_x', '~u', 'x%20y', 'v1', '1', 'tree', 'archive', 'get');
    const host = fc.constantFrom(
      'github.com',
      'www.github.com',
      'gitlab.com',
      'bitbucket.org',
      'gist.github.com',
      'git.sr.ht',
      'example.com',
      'example.com:8080',
    );
    const path = fc.array(word, { minLength: 1, maxLength: 4 }).map((words) => words.join('/'));
    const hash = fc.constantFrom('', '', '#v1', '#semver:^1', '#a/b', '#path:x', '#a::path:x', '#a::b', '#semver:1::b', '#');
    const scheme = fc.constantFrom('git', 'git+ssh', 'git+https', 'git+http', 'git+file', 'https', 'http', 'ssh', 'gopher', 'ftp');
    const user = fc.constantFrom('', '', 'git@', 'a:b@');
    const shortcut = fc.constantFrom('github:', 'gitlab:', 'bitbucket:', 'gist:', 'sourcehut:', '');
    const raw = fc.oneof(
      fc.tuple(scheme, fc.constant('://'), user, host, fc.constant('/'), path, hash),
      fc.tuple(user, host, fc.constantFrom('/', ':'), path, hash),
      fc.tuple(shortcut, path, hash),
      fc.tuple(fc.constantFrom('file:', './', '../', '/', '~/', 'C:/', ''), path, fc.constantFrom('', '.tgz', '.tar.gz')),
      fc.tuple(
        fc.constantFrom('', 'npm:', 'npm:x@', 'npm:@s/x@'),
        fc.constantFrom('', '*', '^1', '1.2.3', 'v1.2.3', '1 - 2', '>=1 <2', 'latest', 'a b', '>=^4', 'u/r', 'x'),
      ),
    );
    fc.assert(
      fc.property(
        raw.map((parts) => parts.join('')),
        (text) => {
          const expected = refereed(text);
          const actual = parseSpec(text);
          if (!deliberate(text, actual, expected)) assert.equal(coarse(actual), expected, text);
        },
      ),
      { numRuns: 1000 },
    );
  });

  it('agrees with npm-package-arg on names', () => {
    const piece = fc.constantFrom('a', 'B', '@', '/', '.', '-', '_', '~', '!', ' ', '1', 'é', 'node_modules', '%', "'", '(');
    fc.assert(
      fc.property(fc.array(piece, { minLength: 1, maxLength: 5 }), (pieces) => {
        const name = pieces.join('');
        let accepted = true;
        try {
          npa.resolve(name, '1.0.0');
        } catch {
          accepted = false;
        }
        assert.equal(faultOfName(name) === undefined, accepted, name);
      }),
      { numRuns: 1000 },
    );
  });
});

function refereed(raw: string): string {
  try {
    const { type } = npa.resolve('x', raw, '/w');
    return type === 'directory' || type === 'file' ? 'path' : type;
  } catch {
    return 'invalid';
  }
}

function coarse(spec: NpmSpec): string {
  return spec.type === 'other' ? 'invalid' : spec.type;
}

/** Where Merlon reads a spec otherwise than npm, and why. */
function deliberate(text: string, actual: NpmSpec, expected: string): boolean {
  // Yarn's and pnpm's `npm:^1`, which npm rejects or takes for the name of a package.
  if (actual.type === 'alias' && actual.target === undefined) return true;
  // git, Yarn and pnpm take `user@host:path` for a repository; npm takes it for a folder unless it knows the host.
  if ((actual.type === 'git' || actual.type === 'invalid') && expected !== 'git' && /^[^/]+@[^/]+:/.test(text)) return true;
  // They also take any ssh address, npm only those of the hosts it knows.
  if (actual.type === 'git' && text.startsWith('ssh:')) return true;
  // npm looks for the slash of `user/repo` behind the `#` too.
  if (actual.type === 'path' && /^[^/]*#.*\//.test(text)) return true;
  return false;
}

describeCorpus('parseSpec against npm-package-arg', () => {
  interface Case {
    readonly fn: string;
    readonly args: readonly unknown[];
    readonly result?: {
      readonly type: string;
      readonly rawSpec?: string;
      readonly gitCommittish?: string | null;
      readonly gitRange?: string;
    };
    readonly file: string;
  }
  it('reads its test cases as it does', () => {
    const { cases } = corpusJson<{ cases: Case[] }>('conformance/vectors/npm-package-arg.json');
    let agreed = 0;
    const different: string[] = [];
    for (const { args, result } of cases) {
      const [first] = args;
      const written = typeof first === 'string' && !result ? first : undefined;
      // The name in front of the spec is not part of what a manifest's value holds.
      const raw = result?.rawSpec ?? (written && /^[a-z.]+ ?@/.test(written) ? written.slice(written.indexOf('@') + 1) : written);
      if (raw === undefined) {
        different.push(JSON.stringify(args));
        continue;
      }
      if (!result && written?.endsWith(`@${raw}`) && faultOfName(written.slice(0, -raw.length - 1)) !== undefined) {
        agreed++;
        continue;
      }
      const spec = parseSpec(raw);
      const type = result ? (result.type === 'directory' || result.type === 'file' ? 'path' : result.type) : 'invalid';
      if (coarse(spec) !== type) different.push(raw);
      else if (spec.type === 'git' && (spec.revision ?? null) !== (result?.gitCommittish ?? null)) different.push(raw);
      else if (spec.type === 'git' && spec.range !== result?.gitRange) different.push(raw);
      else agreed++;
    }
    assert.deepEqual(different, []);
    assert.equal(agreed, cases.length);
  });
});
