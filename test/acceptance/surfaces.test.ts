import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import type { Diagnostic } from 'vscode-languageserver-protocol';
import type { SarifRegion, SarifResult } from '../../server/src/render/sarif/types';
import { builtPrograms } from '../support/built';
import { hermetic, merlon, report, scratch, type FindingJson, type RangeJson, type ReportJson } from '../support/cli';
import { corpusPath, corpusRecords, describeCorpus } from '../support/corpus';
import { startFakeOsv, type FakeOsv } from '../support/fakeOsv';
import { startLspClient } from '../support/lspClient';
import { assertSarif } from '../support/sarif';

// One policy, three surfaces: what the command line prints, what code scanning is given and what an editor is shown are the same
// findings, at the same places, of the same severity.

const now = '2026-10-15T12:00:00Z';

interface Surface {
  /** `file range severity rule`, sorted. */
  readonly findings: readonly string[];
  /** The same of what a policy suppresses; an editor shows that elsewhere. */
  readonly suppressed: readonly string[];
  /** What was not read, by file. */
  readonly unread: readonly string[];
}

/** Hundreds of files are read, judged and asked about. */
const patienceMs = 90_000;

const severities = {
  lsp: { 1: 'error', 2: 'warning', 3: 'information', 4: 'hint' },
  sarif: { error: 'error', warning: 'warning', note: 'information', none: 'hint' },
} as const;

const line = (file: string, { start, end }: RangeJson, severity: string, rule: string) =>
  `${file} ${start.line}:${start.character}-${end.line}:${end.character} ${severity} ${rule}`;

async function printed(cwd: string, args: readonly string[], env: Record<string, string>): Promise<Omit<Surface, 'unread'>> {
  const result = await merlon(['check', '--format', 'json', '--now', now, ...args], { cwd, env });
  assert.ok(result.code === 0 || result.code === 1 || result.code === 3, result.stderr);
  const { findings, suppressed } = report(result) as ReportJson & { readonly suppressed: readonly FindingJson[] };
  const lines = (some: readonly FindingJson[]) => some.map(({ file, range, severity, rule }) => line(file, range, severity, rule)).sort();
  return { findings: lines(findings), suppressed: lines(suppressed) };
}

async function scanned(cwd: string, args: readonly string[], env: Record<string, string>): Promise<Surface> {
  const result = await merlon(['check', '--format', 'sarif', '--now', now, ...args], { cwd, env });
  const [run] = assertSarif(result.stdout).runs;
  const lineOf = ({ ruleId, level, locations }: SarifResult) => {
    const { artifactLocation, region } = locations[0]!.physicalLocation;
    return line(decodeURIComponent(artifactLocation.uri), rangeOf(region), severities.sarif[level], ruleId);
  };
  const findings = run!.results.filter(({ suppressions }) => !suppressions).map(lineOf);
  const suppressed = run!.results.filter(({ suppressions }) => suppressions).map(lineOf);
  const unread = run!.invocations[0]!.toolExecutionNotifications.flatMap(({ descriptor, locations = [] }) =>
    descriptor.id === 'not-read' ? locations.map(({ physicalLocation }) => decodeURIComponent(physicalLocation.artifactLocation.uri)) : [],
  );
  return { findings: findings.sort(), suppressed: suppressed.sort(), unread: unread.sort() };
}

function rangeOf(region: SarifRegion | undefined): RangeJson {
  assert.ok(region);
  const { startLine, startColumn, endLine, endColumn } = region;
  return { start: { line: startLine - 1, character: startColumn - 1 }, end: { line: endLine - 1, character: endColumn - 1 } };
}

async function published(cwd: string, args: readonly string[], env: Record<string, string>): Promise<Omit<Surface, 'suppressed'>> {
  const client = await startLspClient({
    server: (await builtPrograms()).server,
    args: ['--now', now, ...args],
    env: hermetic(env),
    folders: [pathToFileURL(cwd).href],
    patienceMs,
  });
  try {
    await client.status(({ state }) => state !== 'checking');
    const all = client.publishedUris().flatMap((uri) => {
      const file = path.relative(cwd, fileURLToPath(uri)).split(path.sep).join('/');
      return client.published(uri)!.diagnostics.map((diagnostic): [string, Diagnostic] => [file, diagnostic]);
    });
    const findings = all.flatMap(([file, { range, severity, code }]) =>
      typeof code === 'string' ? [line(file, range, severities.lsp[severity!], code)] : [],
    );
    const unread = all.flatMap(([file, { code, message }]) =>
      code === undefined && typeof message === 'string' && message.startsWith('Not checked') ? [file] : [],
    );
    return { findings: findings.sort(), unread: unread.sort() };
  } finally {
    await client.stop();
  }
}

describeCorpus('editor, command line and SARIF agree', function () {
  this.timeout(180_000);
  const projects = corpusPath('manifests');
  let osv: FakeOsv;

  before(async () => {
    await builtPrograms();
    osv = await startFakeOsv([...corpusRecords<object>('adv/dev.jsonl.gz'), ...corpusRecords<object>('adv/sample-ai.jsonl.gz')]);
  });
  after(() => osv?.close());

  async function agreeIn(cwd: string, ...args: string[]): Promise<Surface> {
    const env = { MERLON_CACHE_DIR: path.join(scratch(), 'cache') };
    const text = await printed(cwd, args, env);
    const [sarif, editor] = await Promise.all([scanned(cwd, args, env), published(cwd, args, env)]);
    assert.deepEqual(sarif.findings, text.findings);
    assert.deepEqual(sarif.suppressed, text.suppressed);
    assert.deepEqual(editor.findings, text.findings);
    assert.deepEqual(editor.unread, sarif.unread);
    return sarif;
  }

  it('on every finding of real projects', async () => {
    const { findings, unread, suppressed } = await agreeIn(projects, '--no-registries', '--osv-url', osv.url);
    const rules = new Set(findings.map((text) => text.split(' ').at(-1)));
    assert.ok(rules.has('vulnerable-release') && rules.size > 4, [...rules].join());
    assert.ok(findings.length > 600 && unread.length > 0 && suppressed.length === 0, `${findings.length}`);
  });

  it('under one policy, on what it changes, suppresses and blocks, and on its own faults', async () => {
    const cwd = scratch();
    fs.cpSync(projects, cwd, { recursive: true, filter: (file) => !isLong(file) });
    fs.writeFileSync(path.join(cwd, 'merlon.toml'), policy);
    const { findings, suppressed } = await agreeIn(cwd, '--offline');
    const rules = (lines: readonly string[]) => new Set(lines.map((text) => text.split(' ').slice(-2).join(' ')));
    for (const one of ['information unpinned', 'error mutable-source', 'error blocked-release', 'warning policy-problem'])
      assert.ok(rules(findings).has(one), [...rules(findings)].join());
    assert.ok(!findings.some((text) => text.endsWith(' lock-conflict')));
    assert.deepEqual(rules(suppressed), new Set(['information unpinned', 'warning admits-compromised', 'hint admits-compromised']));
    assert.ok(suppressed.length > 20, `${suppressed.length}`);
  });
});

/** Long lockfiles were judged before, and a policy says of them what it says of others. */
function isLong(file: string): boolean {
  const stat = fs.statSync(file);
  return stat.isFile() && stat.size > 100_000;
}

const policy = `blocked = ["torch", "openai ==1.0.0"]

[rules]
unpinned = "information"
mutable-source = "error"
lock-conflict = "off"

[[suppress]]
rule = "unpinned"
package = "openai"
reason = "Pinned by the {image} of the [platform](https://wiki.example)"

[[suppress]]
rule = "admits-compromised"
package = "*"
reason = "Reviewed 💡"
expires = 2026-12-01

[[suppress]]
rule = "unpinned"
package = "transformers"
reason = "Until the spring"
expires = 2026-05-01

[[suppress]]
rule = "unpinned"
package = "nobody-has-this"
reason = "Matches nothing"
`;
