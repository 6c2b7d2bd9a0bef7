import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { buildIndex } from '../../server/src/session/indexBuild';
import { builtPrograms } from '../support/built';
import { percentiles, row } from './figures';
import { dumpRecords, fullScale, type DumpRecord } from './osvDump';

// Whole processes, by turns: what Node takes for nothing, and what the command line takes beside that on a project of 1,000 pins, of
// which 300 have records; then what loading the client costs VS Code. The index holds the records of those pins alone: what is in it
// besides costs a look-up nothing (the bench offlineIndex measures that at full size).

const rounds = 12;

async function main(): Promise<void> {
  const { cli } = await builtPrograms();
  const scratch = fs.mkdtempSync(path.join(os.tmpdir(), 'merlon-bench-'));
  try {
    const records = pins();
    const jsonl = path.join(scratch, 'records.jsonl');
    fs.writeFileSync(jsonl, `${records.map(({ json }) => json).join('\n')}\n`);
    const index = path.join(scratch, 'osv.merlondb');
    fs.writeFileSync(index, Buffer.concat((await buildIndex([jsonl], { now: new Date() })).index.pieces));
    const folder = path.join(scratch, 'project');
    const files = JSON.stringify(writeProject(folder, records));
    const check = [cli, 'check', '--offline', '--fail-on', 'never', '--format', 'json'];
    compare('whole processes, a project of 1,000 pins', folder, {
      'node -e 0': ['-e', '0'],
      'node, which reads the files': ['-e', `for (const name of ${files}) require('fs').readFileSync(name, 'utf8')`],
      'merlon --version': [cli, '--version'],
      'merlon check --offline': check,
      'the same with an index': [...check, '--db', index],
    });
    loadClient(path.join(path.dirname(cli), 'client.js'), folder);
  } finally {
    fs.rmSync(scratch, { recursive: true, force: true });
  }
}

/** 150 records of either ecosystem, each of another package. */
function pins(): DumpRecord[] {
  const found = { npm: new Map<string, DumpRecord>(), PyPI: new Map<string, DumpRecord>() };
  let n = 0;
  for (const record of dumpRecords(fullScale)) {
    const own = found[record.ecosystem];
    // Spread over the dump, which is ordered.
    if (n++ % (record.ecosystem === 'npm' ? 700 : 60) === 0 && own.size < 150) own.set(record.name, record);
  }
  return [...found.npm.values(), ...found.PyPI.values()];
}

function writeProject(folder: string, records: readonly DumpRecord[]): string[] {
  fs.mkdirSync(folder);
  const known = records.map(({ ecosystem, name, affected }) => ({ ecosystem, name, version: affected }));
  const clean = Array.from({ length: 1000 - known.length }, (_, i) => ({
    ecosystem: i % 2 ? 'npm' : 'PyPI',
    name: `clean-${i}`,
    version: `1.${i}.0`,
  }));
  const of = (wanted: string) => [...known, ...clean].filter(({ ecosystem }) => ecosystem === wanted);
  const dependencies = Object.fromEntries(of('npm').map(({ name, version }) => [name, version]));
  fs.writeFileSync(path.join(folder, 'package.json'), `${JSON.stringify({ dependencies }, undefined, 2)}\n`);
  fs.writeFileSync(
    path.join(folder, 'requirements.txt'),
    of('PyPI')
      .map(({ name, version }) => `${name}==${version}\n`)
      .join(''),
  );
  return ['package.json', 'requirements.txt'];
}

/** Each against the first, round by round: the machine's speed changes, and the ratio does not. */
function compare(title: string, cwd: string, ways: Readonly<Record<string, readonly string[]>>): void {
  const times = new Map(Object.keys(ways).map((way) => [way, [] as number[]]));
  const env = { ...process.env, MERLON_CACHE_DIR: path.join(cwd, '..', 'cache') };
  for (let round = -1; round < rounds; round++) {
    for (const [way, args] of Object.entries(ways)) {
      const started = performance.now();
      const run = spawnSync(process.execPath, args, { cwd, env, stdio: ['ignore', 'pipe', 'pipe'], maxBuffer: 1 << 28 });
      if (run.status !== 0) throw new Error(String(run.stderr));
      if (round >= 0) times.get(way)!.push(performance.now() - started);
    }
  }
  console.log(`${title} (${rounds} rounds)`);
  const [base] = times.values();
  for (const [way, all] of times) {
    const ratios = all.map((ms, i) => ms / base![i]!).sort((a, b) => a - b);
    const above = Math.min(...all) - Math.min(...base!);
    row(
      way,
      `${percentiles(all)}; ${ratios[ratios.length >> 1]!.toFixed(1)} times as long as the first, at best ${above.toFixed(0)} ms more`,
    );
  }
}

/** In processes of their own, with a stand-in for VS Code that has whatever it is asked for, and takes no time for it. */
function loadClient(client: string, scratch: string): void {
  const program = `
    const Module = require('node:module');
    const load = Module._load;
    const values = { then: undefined, [Symbol.iterator]: function* () {}, [Symbol.toPrimitive]: () => '' };
    const anything = new Proxy(class {}, {
      get: (target, name) => (name === 'prototype' ? target.prototype : name in values ? values[name] : anything),
      set: () => true,
      apply: () => anything,
      construct: () => anything,
    });
    const names = new Set(require('node:fs').readFileSync(${JSON.stringify(client)}, 'utf8').match(/(?<=[.])[a-zA-Z]+/g));
    const vscode = { ...Object.fromEntries([...names].map((name) => [name, anything])), version: '1.100.0' };
    Module._load = function (name, ...rest) { return name === 'vscode' ? vscode : load.call(this, name, ...rest); };
    const packageJSON = require(${JSON.stringify(path.join(process.env.MERLON_ROOT ?? process.cwd(), 'package.json'))});
    const started = performance.now();
    const { activate } = require(${JSON.stringify(client)});
    const loaded = performance.now();
    activate({ subscriptions: [], extension: { packageJSON }, extensionUri: anything });
    console.log(JSON.stringify([loaded - started, performance.now() - loaded]));
    process.exit();`;
  const file = path.join(scratch, 'load.cjs');
  fs.writeFileSync(file, program);
  const times = Array.from({ length: 20 }, () => {
    const run = spawnSync(process.execPath, [file], { encoding: 'utf8' });
    if (run.status !== 0) throw new Error(run.stderr.slice(-2000));
    return JSON.parse(run.stdout) as [loaded: number, activated: number];
  });
  console.log('the client in the extension host (bar: 50 ms for both)');
  row('client.js loaded', percentiles(times.map(([loaded]) => loaded)));
  row('activate()', percentiles(times.map(([, activated]) => activated)));
}

void main();
