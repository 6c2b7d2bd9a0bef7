import assert from 'node:assert/strict';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import type { Diagnostic } from 'vscode-languageserver-protocol';
import type { SarifRegion } from '../../server/src/render/sarif/types';
import { builtPrograms } from '../support/built';
import { hermetic, merlon, report, scratch, type RangeJson } from '../support/cli';
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
  /** What was not read, by file. */
  readonly unread: readonly string[];
}

const severities = {
  lsp: { 1: 'error', 2: 'warning', 3: 'information', 4: 'hint' },
  sarif: { error: 'error', warning: 'warning', note: 'information', none: 'hint' },
} as const;

const line = (file: string, { start, end }: RangeJson, severity: string, rule: string) =>
  `${file} ${start.line}:${start.character}-${end.line}:${end.character} ${severity} ${rule}`;

async function printed(cwd: string, args: readonly string[], env: Record<string, string>): Promise<readonly string[]> {
  const result = await merlon(['check', '--format', 'json', '--now', now, ...args], { cwd, env });
  assert.ok(result.code === 0 || result.code === 1 || result.code === 3, result.stderr);
  return report(result)
    .findings.map(({ file, range, severity, rule }) => line(file, range, severity, rule))
    .sort();
}

async function scanned(cwd: string, args: readonly string[], env: Record<string, string>): Promise<Surface> {
  const result = await merlon(['check', '--format', 'sarif', '--now', now, ...args], { cwd, env });
  const [run] = assertSarif(result.stdout).runs;
  const findings = run!.results
    .filter(({ suppressions }) => !suppressions)
    .map(({ ruleId, level, locations }) => {
      const { artifactLocation, region } = locations[0]!.physicalLocation;
      return line(decodeURIComponent(artifactLocation.uri), rangeOf(region), severities.sarif[level], ruleId);
    });
  const unread = run!.invocations[0]!.toolExecutionNotifications.flatMap(({ descriptor, locations = [] }) =>
    descriptor.id === 'not-read' ? locations.map(({ physicalLocation }) => decodeURIComponent(physicalLocation.artifactLocation.uri)) : [],
  );
  return { findings: findings.sort(), unread: unread.sort() };
}

function rangeOf(region: SarifRegion | undefined): RangeJson {
  assert.ok(region);
  const { startLine, startColumn, endLine, endColumn } = region;
  return { start: { line: startLine - 1, character: startColumn - 1 }, end: { line: endLine - 1, character: endColumn - 1 } };
}

async function published(cwd: string, args: readonly string[], env: Record<string, string>): Promise<Surface> {
  const client = await startLspClient({
    server: (await builtPrograms()).server,
    args: ['--now', now, ...args],
    env: hermetic(env),
    folders: [pathToFileURL(cwd).href],
  });
  try {
    await client.request('merlon/checkWorkspace');
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
  const cwd = corpusPath('manifests');
  let osv: FakeOsv;

  before(async () => {
    await builtPrograms();
    osv = await startFakeOsv([...corpusRecords<object>('adv/dev.jsonl.gz'), ...corpusRecords<object>('adv/sample-ai.jsonl.gz')]);
  });
  after(() => osv.close());

  async function agree(...args: string[]): Promise<readonly string[]> {
    const env = { MERLON_CACHE_DIR: path.join(scratch(), 'cache') };
    const text = await printed(cwd, args, env);
    const [sarif, editor] = await Promise.all([scanned(cwd, args, env), published(cwd, args, env)]);
    assert.deepEqual(sarif.findings, text);
    assert.deepEqual(editor.findings, text);
    assert.deepEqual(editor.unread, sarif.unread);
    assert.ok(sarif.unread.length > 0);
    return text;
  }

  it('on every finding of real projects, by what is known without a network', async () => {
    const findings = await agree('--offline');
    assert.ok(findings.length > 500, `${findings.length}`);
  });

  it('on every finding of real projects, by a feed', async () => {
    const findings = await agree('--no-registries', '--osv-url', osv.url);
    const rules = new Set(findings.map((text) => text.split(' ').at(-1)));
    assert.ok(rules.has('vulnerable-release') && rules.size > 4, [...rules].join());
    assert.ok(findings.length > 600, `${findings.length}`);
  });
});
