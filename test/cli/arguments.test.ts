import assert from 'node:assert/strict';
import fc from 'fast-check';
import { readArguments, type Invocation, type Parsed } from '../../server/src/cli/arguments';
import { help } from '../../server/src/cli/help';

const rules = ['compromised-release', 'unpinned'];
const read = (...argv: string[]): Parsed => readArguments(argv, rules);

function run(...argv: string[]): Invocation {
  const parsed = read(...argv);
  assert.ok('run' in parsed, JSON.stringify(parsed));
  return parsed.run;
}

function usage(...argv: string[]): string {
  const parsed = read(...argv);
  assert.ok('usage' in parsed, JSON.stringify([argv, parsed]));
  return parsed.usage;
}

describe('arguments', () => {
  it('have defaults', () => {
    assert.deepEqual(run('check'), {
      command: 'check',
      paths: ['.'],
      format: 'text',
      failOn: 'error',
      rules: [],
      dryRun: false,
      locked: false,
      switches: { offline: false, noRegistries: false, noCache: false },
    });
  });

  it('take every option of the contract that is built', () => {
    const all = run(
      ...['check', 'a', '--format=json', 'b/requirements.txt', '--fail-on', 'warning', '--offline', '--no-registries', '--no-cache'],
      ...['--osv-url', 'http://127.0.0.1:1/', '--npm-registry', 'https://registry.npm.example//', '--pypi-url', 'HTTPS://pypi.example'],
      ...['--now', '2026-03-24T12:00:00Z', '--', '--odd.txt'],
    );
    assert.deepEqual(all, {
      command: 'check',
      paths: ['a', 'b/requirements.txt', '--odd.txt'],
      format: 'json',
      failOn: 'warning',
      rules: [],
      dryRun: false,
      locked: false,
      switches: {
        offline: true,
        noRegistries: true,
        noCache: true,
        osvUrl: 'http://127.0.0.1:1',
        npmRegistry: 'https://registry.npm.example',
        pypiUrl: 'HTTPS://pypi.example',
        now: new Date('2026-03-24T12:00:00Z'),
      },
    });
    const fix = run('fix', '--pin', 'ai', '--rule', 'unpinned,compromised-release', '--rule', 'unpinned', '--dry-run');
    assert.deepEqual([fix.pin, fix.rules, fix.dryRun], ['ai', ['unpinned', 'compromised-release', 'unpinned'], true]);
    for (const level of ['error', 'warning', 'information', 'never']) assert.equal(run('check', '--fail-on', level).failOn, level);
    assert.equal(run('lsp', '--stdio').command, 'lsp');
    assert.equal(run('list', '--format', 'json').format, 'json');
    for (const format of ['text', 'json', 'sarif', 'github']) assert.equal(run('check', '--format', format).format, format);
    assert.deepEqual([run('verify', '--format', 'sarif', '-o', 'a.sarif').output, run('check', '--output=b').output], ['a.sarif', 'b']);
  });

  it('show help and version, whatever else stands there', () => {
    for (const argv of [[], ['--help'], ['-h'], ['help'], ['check', '--help'], ['list', 'x', '-h'], ['fix', '--help']])
      assert.deepEqual(read(...argv), { show: 'help' }, argv.join(' '));
    for (const argv of [['--version'], ['-V'], ['check', '--version']]) assert.deepEqual(read(...argv), { show: 'version' });
  });

  it('stand in the help as they are taken', () => {
    assert.match(help, /^ {2}merlon fix .* --rule ID…  --dry-run$/m);
    assert.match(help, /^--rule may be repeated, and takes several IDs with commas\./m);
    assert.deepEqual(run('fix', '--rule', 'unpinned', '--rule=unpinned,compromised-release').rules, [
      'unpinned',
      'unpinned',
      'compromised-release',
    ]);
    assert.match(help, /^ {2}--db FILE\|FOLDER {7}the offline index, .*; db sync takes a folder$/m);
    assert.match(help, /^ {2}-h, --help {13}\S.*\n {2}-V, --version {10}\S/m);
  });

  it('that are wrong are said to be', () => {
    for (const [argv, words] of [
      [['chekc'], /unknown command "chekc"/],
      [['constructor'], /unknown command/],
      [['__proto__'], /unknown command/],
      [['--offline', 'check'], /unknown command "--offline"/],
      [['check', '--frobnicate'], /--frobnicate/],
      [['check', '-x'], /-x/],
      [['check', '--offline=yes'], /--offline/],
      [['check', '--format'], /--format/],
      [['check', '--format', 'yaml'], /text, json, sarif, github or html/],
      [['check', '--format', ''], /text, json, sarif, github or html/],
      [['verify', '--format', 'github'], /text, json or sarif, not/],
      [['check', '-o', ''], /--output takes/],
      [['list', '-o', 'x'], /-o/],
      [['list', '--format', 'sarif'], /text or json/],
      [['check', '--fail-on', 'hint'], /--fail-on takes/],
      [['check', '--fail-on', 'toString'], /--fail-on takes/],
      [['list', '--fail-on', 'error'], /--fail-on/],
      [['check', '--pin', 'all'], /--pin/],
      [['fix'], /--pin ai, --pin all, or --rule/],
      [['fix', '--rule', ''], /--pin ai, --pin all, or --rule/],
      [['fix', '--pin', 'some'], /--pin takes/],
      [['fix', '--rule', 'nope'], /no rule "nope"/],
      [['check', '--osv-url', 'osv.dev'], /--osv-url takes/],
      [['check', '--pypi-url', 'file:///etc'], /--pypi-url takes/],
      [['check', '--npm-registry', 'http://'], /--npm-registry takes/],
      [['check', '--osv-url', ''], /--osv-url takes/],
      [['check', ''], /PATH is empty/],
      [['db'], /db takes build, sync or status/],
      [['db', 'burn'], /db takes build, sync or status/],
      [['db', 'build'], /db build takes OSV dumps/],
      [['db', 'build', 'a.zip', '--out', ''], /--out takes/],
      [['db', 'build', 'a.zip', '--verify'], /no --verify/],
      [['db', 'status', 'a.zip'], /--db names the index/],
      [['check', '--db', ''], /--db takes/],
    ] as const) {
      assert.match(usage(...argv), words, argv.join(' '));
    }
  });

  it('ask for provenance where findings are asked for', () => {
    assert.equal(run('check', '--provenance').provenance, true);
    assert.match(usage('list', '--provenance'), /Unknown option '--provenance'/);
  });

  it('take an ISO time for now and nothing else', () => {
    for (const [text, iso] of [
      ['2026-03-24', '2026-03-24T00:00:00.000Z'],
      ['2026-03-24T12:00Z', '2026-03-24T12:00:00.000Z'],
      ['2026-03-24T12:00:30.25Z', '2026-03-24T12:00:30.250Z'],
      ['2026-03-24T12:00:00+02:00', '2026-03-24T10:00:00.000Z'],
    ] as const) {
      assert.equal(run('check', '--now', text).switches.now!.toISOString(), iso);
    }
    for (const text of [
      '',
      'now',
      'yesterday',
      '24.3.2026',
      '2026-13-01',
      '2026-03-24T',
      '2026-03-24T12',
      '2026-03-24T25:00Z',
      '2026-03-24 12:00',
      '2026-03-24T12:00:00Z x',
      '1774353600',
    ])
      assert.match(usage('check', '--now', text), /ISO time/, text);
  });

  it('are read without throwing, whatever they are', () => {
    const word = fc.oneof(
      fc.string({ maxLength: 8 }),
      fc.constantFrom('check', 'list', 'fix', '--format', 'json', '--', '-', '--now', '--rule', '-h', '--pin', '__proto__'),
    );
    fc.assert(
      fc.property(fc.array(word, { maxLength: 6 }), (argv) => {
        const parsed = read(...argv);
        assert.equal(Object.keys(parsed).length, 1);
      }),
      { numRuns: 500 },
    );
  });
});
