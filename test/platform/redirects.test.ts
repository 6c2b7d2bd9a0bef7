import assert from 'node:assert/strict';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { createHttp } from '../../server/src/platform/http';
import { createLedger } from '../../server/src/platform/ledger';

describe('redirects of a question', () => {
  const ask = async (status: number): Promise<[string, string[]]> => {
    const methods: string[] = [];
    const server = http.createServer((request, response) => {
      methods.push(`${request.method} ${request.url}`);
      request.resume();
      if (request.url === '/b') response.end('b');
      else response.writeHead(status, { location: '/b' }).end();
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    try {
      const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/a`;
      const client = createHttp({ ledger: createLedger(), settings: { noProxy: ['*'], strictSsl: true, timeoutMs: 400 } });
      const response = await client.request({ url, method: 'POST', json: {}, purpose: 'test', names: [] });
      return [response.ok ? response.body : 'no', methods];
    } finally {
      server.close();
      server.closeAllConnections();
    }
  };

  it('are followed where the question stays a question', async () => {
    for (const status of [307, 308]) assert.deepEqual(await ask(status), ['b', ['POST /a', 'POST /b']]);
  });

  it('are not where it would become another', async () => {
    for (const status of [301, 302, 303]) assert.deepEqual(await ask(status), ['no', ['POST /a']]);
  });
});
