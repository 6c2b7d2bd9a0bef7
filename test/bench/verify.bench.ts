import { spawnSync } from 'node:child_process';
import crypto from 'node:crypto';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { EnvironmentReading } from '../../server/src/core/environment';
import { createWorkerClient } from '../../server/src/platform/worker';
import type { EnvironmentJob } from '../../server/src/session/jobs';
import { builtPrograms } from '../support/built';
import { row } from './figures';

// RECORD verification of an environment of 20,000 files, side by side with sha256sum over the same files: five rounds, one after
// the other in each, so that both see the same machine and the same caches. The first round warms the caches and is left out.

const files = 20_000;
const perDistribution = 100;
const rounds = 5;
const site = 'lib/python3.12/site-packages';

async function main(): Promise<void> {
  const { worker } = await builtPrograms();
  const root = fs.mkdtempSync(path.join(os.tmpdir(), 'merlon-bench-'));
  try {
    const { list, bytes } = makeEnvironment(root);
    console.log(
      `RECORD: ${files} files, ${Math.round(bytes / 1024 / 1024)} MiB, each row the whole of reading, hashing, owners and start-up hooks`,
    );
    const times: Record<string, number[]> = {};
    const memory: Record<string, number[]> = {};
    const take = (name: string, milliseconds: number) => (times[name] ??= []).push(milliseconds);
    for (let round = 0; round <= rounds; round++) {
      const sum = performance.now();
      const ran = spawnSync('xargs', ['-0', 'sha256sum'], { input: list.join('\0'), cwd: root, stdio: ['pipe', 'ignore', 'inherit'] });
      if (ran.status === 0 && round) take('sha256sum', performance.now() - sum);
      for (const workers of [1, 2]) {
        const name = `merlon, ${workers} worker${workers > 1 ? 's' : ''}`;
        const { milliseconds, mebibytes, verified } = await verify(worker, root, workers);
        if (verified !== files + 3 * (files / perDistribution)) throw new Error(`${verified} files were verified`);
        if (!round) continue;
        take(name, milliseconds);
        (memory[name] ??= []).push(mebibytes);
      }
    }
    const best = times.sha256sum && median(times.sha256sum);
    for (const [name, all] of Object.entries(times)) {
      const held = memory[name] ? `  grows by ${Math.round(Math.max(...memory[name]))} MiB at the most` : '';
      const ratio = best && name !== 'sha256sum' ? `  ${(best / median(all)).toFixed(2)} times as fast` : '';
      row(name, `median ${Math.round(median(all))} ms  best ${Math.round(Math.min(...all))} ms${ratio}${held}`);
    }
    if (!best) console.log('  there is no sha256sum on this machine');
  } finally {
    fs.rmSync(root, { recursive: true, force: true });
  }
}

/** From starting the workers to the last answer; what the process holds more meanwhile than before. */
async function verify(program: string, root: string, shares: number) {
  globalThis.gc?.();
  const before = process.memoryUsage.rss();
  let most = before;
  const sample = setInterval(() => (most = Math.max(most, process.memoryUsage.rss())), 5);
  const started = performance.now();
  const readings = await Promise.all(
    Array.from({ length: shares }, async (_, share) => {
      const worker = createWorkerClient(program);
      const job: EnvironmentJob = { root, ecosystem: 'PyPI', question: { folder: '', share, shares, incidents: [] } };
      const reading = await worker.run<EnvironmentReading>('readEnvironment', job);
      worker.dispose();
      return reading;
    }),
  );
  const milliseconds = performance.now() - started;
  clearInterval(sample);
  return {
    milliseconds,
    mebibytes: (most - before) / 1024 / 1024,
    verified: readings.reduce((sum, { coverage }) => sum + coverage.files!, 0),
  };
}

/** Sizes as they were found in site-packages: a median of 4 KB, nine in ten below 30 KB, one in a hundred above 150 KB. */
function makeEnvironment(root: string): { readonly list: string[]; readonly bytes: number } {
  let seed = 7;
  const random = () => (seed = (seed * 1103515245 + 12345) & 0x7fffffff) / 0x7fffffff;
  const list: string[] = [];
  let bytes = 0;
  const put = (name: string, content: Buffer): string => {
    const place = path.join(root, site, name);
    fs.mkdirSync(path.dirname(place), { recursive: true });
    fs.writeFileSync(place, content);
    list.push(`${site}/${name}`);
    bytes += content.length;
    return `${name},sha256=${crypto.createHash('sha256').update(content).digest('base64url')},${content.length}`;
  };
  fs.writeFileSync(path.join(root, 'pyvenv.cfg'), 'home = /usr/bin\n');
  for (let n = 0; n < files / perDistribution; n++) {
    const info = `package_${n}-1.0.dist-info`;
    const rows = [
      put(`${info}/METADATA`, Buffer.from(`Metadata-Version: 2.4\nName: package-${n}\nVersion: 1.0\n`)),
      put(`${info}/WHEEL`, Buffer.from('Wheel-Version: 1.0\n')),
      put(`${info}/INSTALLER`, Buffer.from('pip\n')),
    ];
    for (let file = 0; file < perDistribution; file++) {
      const normal = Math.sqrt(-2 * Math.log(random() || 0.5)) * Math.cos(2 * Math.PI * random());
      const size = Math.floor(4000 * Math.exp(1.55 * Math.max(-4, Math.min(4, normal))));
      rows.push(put(`package_${n}/part_${file % 8}/module_${file}.py`, crypto.randomBytes(size)));
    }
    fs.writeFileSync(path.join(root, site, info, 'RECORD'), [...rows, `${info}/RECORD,,`, ''].join('\n'));
  }
  return { list, bytes };
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)]!;
}

void main();
