import assert from 'node:assert/strict';
import type { SourceState } from '../../server/src/core/report';
import { LineIndex, type Range } from '../../server/src/core/span';
import { listJson, reportJson } from '../../server/src/render/json';
import { reportOn } from '../support/scanTexts';

// The contract that CI reads, field by field: merlon.report/1 and merlon.declarations/1.

/** As it is written and read again, so that what JSON leaves out is seen to be left out. */
function through<T>(value: object): T {
  return JSON.parse(JSON.stringify(value)) as T;
}

interface Json {
  readonly [key: string]: unknown;
}

function textIn(text: string, range: Range): string {
  const index = new LineIndex(text);
  return text.slice(index.offset(range.start), index.offset(range.end));
}

const range = (line: number, from: number, to: number) => ({ start: { line, character: from }, end: { line, character: to } });

describe('merlon.report/1', () => {
  it('says of a compromised release everything that the contract names', async () => {
    const report = await reportOn({ 'sub/requirements.txt': '# one\nstory-llm==1.82.7\nplain-util==1.1.0\n' });
    const json = through<Json>(reportJson(report));
    assert.deepEqual(json, {
      schema: 'merlon.report/1',
      complete: true,
      sources: [],
      withheld: 0,
      suppressed: [],
      manifests: [{ file: 'sub/requirements.txt', declarations: 2, problems: [] }],
      findings: [
        {
          rule: 'compromised-release',
          severity: 'error',
          message: report.files[0]!.findings[0]!.message,
          file: 'sub/requirements.txt',
          range: range(1, 9, 17),
          ecosystem: 'PyPI',
          package: 'story-llm',
          version: '1.82.7',
          resolvedBy: 'exact-range',
          via: [],
          advisories: [
            {
              id: 'MAL-2026-9001',
              aliases: ['PYSEC-2026-9001'],
              kind: 'malware',
              severity: null,
              fixed: [],
              url: 'https://osv.dev/vulnerability/MAL-2026-9001',
            },
            {
              id: 'GHSA-aaaa-bbbb-0001',
              aliases: [],
              kind: 'vulnerability',
              severity: 'critical',
              fixed: ['1.83.7'],
              url: 'https://osv.dev/vulnerability/GHSA-aaaa-bbbb-0001',
            },
            {
              id: 'GHSA-aaaa-bbbb-0002',
              aliases: [],
              kind: 'vulnerability',
              severity: 'medium',
              fixed: ['1.84.0'],
              url: 'https://osv.dev/vulnerability/GHSA-aaaa-bbbb-0002',
            },
          ],
          fixes: [
            {
              title: report.files[0]!.findings[0]!.fixes[0]!.title,
              kind: 'upgrade',
              preferred: true,
              edits: [{ file: 'sub/requirements.txt', range: range(1, 9, 17), newText: '==1.84.0' }],
            },
          ],
        },
      ],
    });
  });

  it('has null where nothing is resolved, and the file’s own edits in UTF-16 positions', async () => {
    const text = '{\r\n  "description": "💡", "dependencies": { "steady-llm": "^1.0.0" }\r\n}\r\n';
    const { findings } = through<{ findings: Json[] }>(reportJson(await reportOn({ 'package.json': text })));
    assert.equal(findings.length, 1);
    const [finding] = findings as [Json & { range: Range; fixes: { edits: { range: Range; newText: string }[] }[] }];
    assert.deepEqual([finding.rule, finding.severity, finding.version, finding.resolvedBy], ['unpinned', 'warning', null, null]);
    assert.equal(finding.range.start.line, 1);
    assert.match(textIn(text, finding.range), /^"?\^1\.0\.0"?$/);
    for (const fix of finding.fixes) for (const edit of fix.edits) assert.match(textIn(text, edit.range), /\^1\.0\.0/);
  });

  it('is about no package where a file’s option is at fault', async () => {
    const { findings } = through<{ findings: Json[] }>(reportJson(await reportOn({ 'requirements.txt': '--trusted-host x.example\n' })));
    assert.deepEqual(
      findings.map(({ rule, ecosystem, package: name, version, advisories, fixes }) => ({
        rule,
        ecosystem,
        name,
        version,
        advisories,
        fixes,
      })),
      [{ rule: 'insecure-source', ecosystem: 'PyPI', name: '', version: null, advisories: [], fixes: [] }],
    );
  });

  it('names every source with its state; who is being asked still has not answered', async () => {
    const asOf = new Date('2026-06-01T10:00:00Z');
    const states: SourceState[] = [
      { id: 'bundled', state: 'ok', asOf },
      { id: 'osv', state: 'unavailable', asOf, reason: 'down' },
      { id: 'index', state: 'stale', asOf },
      { id: 'npm-registry', state: 'pending', reason: 'it was not asked yet' },
      { id: 'pypi', state: 'disabled', reason: 'offline' },
    ];
    const { sources, complete } = through<Json>(reportJson(await reportOn({}, { sources: states, complete: false })));
    assert.deepEqual(sources, [
      { id: 'bundled', state: 'ok', asOf: '2026-06-01T10:00:00.000Z' },
      { id: 'osv', state: 'unavailable', asOf: '2026-06-01T10:00:00.000Z', reason: 'down' },
      { id: 'index', state: 'stale', asOf: '2026-06-01T10:00:00.000Z' },
      { id: 'npm-registry', state: 'unavailable', reason: 'it was not asked yet' },
      { id: 'pypi', state: 'disabled', reason: 'offline' },
    ]);
    assert.equal(complete, false);
  });

  it('lists problems of files, and files that could not be read', async () => {
    const report = await reportOn(
      { 'requirements.txt': 'x==1\n-r gone.txt\n' },
      { unread: [{ path: 'big.txt', message: 'it is too large' }], withheld: 2 },
    );
    const json = through<Json>(reportJson(report));
    assert.deepEqual(json.manifests, [
      {
        file: 'requirements.txt',
        declarations: 1,
        problems: [{ range: range(1, 3, 11), message: 'gone.txt is not checked: there is no such file' }],
      },
      { file: 'big.txt', declarations: 0, problems: [{ range: range(0, 0, 0), message: 'it is too large' }] },
    ]);
    assert.equal(json.withheld, 2);
  });
});

describe('merlon.declarations/1', () => {
  it('says of a declaration everything that the contract names', async () => {
    const text = 'Story_LLM[proxy, extra] >=1,<2 ; python_version < "3.13"  # why\n';
    assert.deepEqual(through(listJson(await reportOn({ 'requirements.txt': text }))), {
      schema: 'merlon.declarations/1',
      declarations: [
        {
          file: 'requirements.txt',
          range: range(0, 0, 56),
          nameRange: range(0, 0, 9),
          specifierRange: range(0, 24, 30),
          ecosystem: 'PyPI',
          name: 'Story_LLM',
          package: 'story-llm',
          specifier: '>=1,<2',
          source: 'registry',
          group: 'runtime',
          section: '',
          extras: ['proxy', 'extra'],
          marker: 'python_version < "3.13"',
          hashes: 0,
          exact: null,
          resolved: null,
          roles: ['llm-gateway'],
        },
      ],
      locked: [],
      problems: [],
    });
  });

  it('tells the exact version, hashes, an alias, and addresses of what is in no registry', async () => {
    const hash = `--hash=sha256:${'a'.repeat(64)}`;
    const { declarations } = through<{ declarations: Json[] }>(
      listJson(
        await reportOn({
          'package.json': '{"devDependencies":{"x":"npm:y@^1","w":"workspace:*","g":"user/repo#v1","l":"link:../l"}}',
          'requirements.txt': `plain-util==1.0.0 ${hash} ${hash}\ntool @ git+https://git.example/t.git@main\n-e .\nhttps://files.example/w-1.0-py3-none-any.whl\n`,
        }),
      ),
    );
    const short = declarations.map(({ name, package: pkg, specifier, source, url, group, section, hashes, exact, resolved }) =>
      JSON.stringify([name, pkg, specifier, source, url ?? null, group, section, hashes, exact, resolved]),
    );
    // What is not there is null and not left out.
    for (const one of declarations)
      for (const key of ['nameRange', 'specifierRange', 'marker', 'exact', 'resolved']) assert.ok(key in one, key);
    assert.deepEqual(short, [
      '["x","y","^1","registry",null,"dev","devDependencies",0,null,null]',
      '["w","w","","workspace","*","dev","devDependencies",0,null,null]',
      '["g","g","","git","user/repo","dev","devDependencies",0,null,null]',
      '["l","l","","path","../l","dev","devDependencies",0,null,null]',
      '["plain-util","plain-util","==1.0.0","registry",null,"runtime","",2,"1.0.0",{"version":"1.0.0","by":"exact-range"}]',
      '["tool","tool","","git","git+https://git.example/t.git","runtime","",0,null,null]',
      '["","","","path",".","runtime","",0,null,null]',
      '["","","","url","https://files.example/w-1.0-py3-none-any.whl","runtime","",0,null,null]',
    ]);
  });

  it('gives ranges whose text is the name and the specifier to the letter, and null where there is none', async () => {
    const texts = {
      'package.json':
        '{\r\n"//": "💡", "dependencies": {"a": "^1", "b": "", "c": "npm:@s/d@~2", "e": "git+ssh://git@git.example/e.git", "g": "1 || 2"},\r"optionalDependencies": {"f": "latest"}\n}',
      'pyproject.toml':
        '[project]\r\nname = "p"\r\ndependencies = ["A.b >= 1 , < 2", \'c[x]~=1.0;os_name=="nt"\', "d (>=1)"]\r\n[build-system]\nrequires=["e"]\n[tool.poetry.dependencies]\nf = "^1"\n',
      'requirements.txt': 'G_h == 1.0 # c\n  i\n-e .\nj@https://files.example/j.whl\nk \\\n >=1\n',
    };
    const { declarations } = through<{ declarations: (Json & Record<'range' | 'nameRange' | 'specifierRange', Range | null>)[] }>(
      listJson(await reportOn(texts)),
    );
    assert.equal(declarations.map(({ name }) => name).join(), 'a,b,c,e,g,f,A.b,c,d,e,f,G_h,i,,j,k');
    for (const one of declarations) {
      const text = texts[one.file as keyof typeof texts];
      assert.equal(one.nameRange ? textIn(text, one.nameRange) : '', one.name, JSON.stringify(one));
      assert.equal(one.specifierRange ? textIn(text, one.specifierRange) : '', one.specifier, JSON.stringify(one));
      assert.equal(one.specifierRange === null, one.specifier === '', JSON.stringify(one));
      assert.equal(one.nameRange === null, one.name === '', JSON.stringify(one));
      assert.ok(one.range);
    }
  });

  it('lists what could not be read', async () => {
    const json = through<Json>(
      listJson(await reportOn({ 'requirements.txt': '-r gone.txt\n' }, { unread: [{ path: 'b', message: 'm' }] })),
    );
    assert.deepEqual(json.problems, [
      { file: 'requirements.txt', range: range(0, 3, 11), message: 'gone.txt is not checked: there is no such file' },
      { file: 'b', range: range(0, 0, 0), message: 'm' },
    ]);
  });
});
