import assert from 'node:assert/strict';
import type { Http } from '../../server/src/core/io';
import { shown } from '../../server/src/core/lookup';
import { createOsvFeed } from '../../server/src/feeds/osv';
import { osvAt } from '../../server/src/feeds/osv/ask';
import { askIds } from '../../server/src/feeds/osv/ids';
import { mergeAdvisories } from '../../server/src/advisories/merge';
import { systemClock } from '../../server/src/platform/clock';
import { noCache } from '../../server/src/platform/diskCache';
import { createHttp } from '../../server/src/platform/http';
import { createLedger } from '../../server/src/platform/ledger';
import { corpusJson, corpusRecords, describeCorpus } from '../support/corpus';
import { startFakeOsv } from '../support/fakeOsv';
import { versionsOf } from '../support/osvRecords';

type Row = readonly [ecosystem: string, name: string, version: string, ids: readonly string[]];

interface Exchange {
  readonly request: {
    readonly body: { readonly queries: readonly { readonly package?: { readonly ecosystem: string; readonly name: string } }[] };
  };
  readonly response: {
    readonly status: number | null;
    readonly body: { readonly results: readonly { readonly vulns?: readonly { readonly id: string }[] }[] } | null;
  };
}

describeCorpus('osv feed', () => {
  it('finds every expected id, and no other, through a paging OSV', async () => {
    const osv = await startFakeOsv(corpusRecords<object>('adv/dev.jsonl.gz'));
    osv.pageSize = 20;
    osv.tokenOnlyPages = true;
    try {
      const http = createHttp({ ledger: createLedger(), settings: { noProxy: ['*'], strictSsl: true } });
      const feed = createOsvFeed({ baseUrl: osv.url, http, cache: noCache, clock: systemClock, versionsOf });
      const rows = ['adv/eval-vectors-dev.json', 'manifests/match-oracle.json'].flatMap((file) => corpusJson<{ rows: Row[] }>(file).rows);
      const packages = [...new Map(rows.map(([ecosystem, name]) => [`${ecosystem} ${name}`, { ecosystem, name }])).values()];
      const answers = await feed.advisoriesFor(packages);
      const known = new Map(packages.map(({ ecosystem, name }, i) => [`${ecosystem} ${name}`, mergeAdvisories(shown(answers[i]!) ?? [])]));
      assert.ok(answers.every(({ state }) => state === 'known'));
      const wrong = rows.filter(([ecosystem, name, version, expected]) => {
        const told = known
          .get(`${ecosystem} ${name}`)!
          .filter((one) => one.affects(version))
          .map(({ id, aliases }) => [id, ...aliases]);
        return (
          !expected.every((id) => told.some((ids) => ids.includes(id))) || !told.every((ids) => ids.some((id) => expected.includes(id)))
        );
      });
      assert.deepEqual(wrong, []);
      assert.ok(rows.length > 11_000);
      assert.ok(osv.requests.every(({ body }) => !JSON.stringify(body).includes('"version"')));
    } finally {
      await osv.close();
    }
  });

  it('understands what OSV has answered to others', async () => {
    const exchanges = corpusJson<Exchange[]>('api/querybatch-pairs.json').filter(
      ({ response }) => response.status === 200 && response.body,
    );
    assert.ok(exchanges.length >= 70);
    for (const { request, response } of exchanges) {
      const http: Http = { request: () => Promise.resolve({ ok: true, status: 200, headers: {}, body: JSON.stringify(response.body) }) };
      const packages = request.body.queries.map((query) => query.package ?? { ecosystem: '', name: '' });
      const answers = await askIds(osvAt('https://osv.example', http), packages, new AbortController().signal);
      const ids = answers.map((answer) => ('ids' in answer ? [...answer.ids.keys()] : answer.fault));
      assert.deepEqual(
        ids,
        response.body!.results.map(({ vulns = [] }) => vulns.map(({ id }) => id)),
      );
    }
  });
});
