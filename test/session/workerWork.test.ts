import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import type { WorkerClient } from '../../server/src/platform/worker';
import { createIndexAccess } from '../../server/src/session/indexAccess';
import { jobs } from '../../server/src/session/jobs';
import type { ApplyOrder } from '../../server/src/session/sync/work';
import { workerWork } from '../../server/src/session/sync/workerWork';
import { indexedAt } from '../support/offlineIndex';
import { osvRecord, versionsOf } from '../support/osvRecords';
import { temporaryFolder } from '../support/temporaryFolder';

/** Does the jobs of a worker in this thread, with what a message makes of them, and notes how long each message is. */
function sameThread(lengths: number[]): WorkerClient {
  return {
    async run<T>(job: string, input: unknown, onProgress?: (progress: unknown) => void): Promise<T> {
      const message = JSON.stringify(input);
      lengths.push(message.length);
      const work = jobs[job] as (input: unknown, tell: (progress: unknown) => void) => unknown;
      return (await work(JSON.parse(message), onProgress ?? (() => undefined))) as T;
    },
    dispose: () => undefined,
  };
}

describe('the work of a sync in a thread of its own', () => {
  it('is handed over in messages that are copied at once, and nothing of it is lost', async () => {
    const made = temporaryFolder();
    try {
      const folder = path.join(made.path, 'index');
      const lengths: number[] = [];
      const work = workerWork(() => sameThread(lengths));
      const file = path.join(made.path, 'a.jsonl');
      fs.writeFileSync(file, JSON.stringify(osvRecord({ id: 'PYSEC-2026-1000', name: 'some-0', versions: ['1'] })));
      const built = await work.buildFiles({ sources: [file], into: { folder }, now: indexedAt.getTime() }, () => undefined, undefined);
      assert.equal(built.state, 'built');
      lengths.splice(0);
      const details = 'x'.repeat(100_000);
      const records = Array.from({ length: 90 }, (_, i) => {
        const id = `PYSEC-2026-${i}`;
        return { id, text: JSON.stringify(osvRecord({ id, name: `some-${i}`, versions: ['1'], more: { details } })) };
      });
      const note = { dump: 'https://osv.example', marks: {}, comparedAt: indexedAt.toISOString(), missing: {} };
      const order: ApplyOrder = { folder, records, removed: [], now: indexedAt.getTime(), asOf: indexedAt.getTime(), note };
      for (const [some, state] of [
        [records, 'published'],
        [[], 'nothing'],
        [records.slice(0, 3), 'nothing'],
      ] as const) {
        const outcome = await work.apply({ ...order, records: some, removed: ['none'] }, undefined);
        assert.equal(outcome.state, state, `${some.length} records`);
      }
      assert.ok(lengths.length > 5 && Math.max(...lengths) < 2.5e6, lengths.join());
      const access = createIndexAccess({ place: folder, versionsOf, named: false });
      const current = access.current();
      assert.ok(current.state === 'open');
      assert.equal(current.index.meta.records, 91);
      access.close();
    } finally {
      made.remove();
    }
  });
});
