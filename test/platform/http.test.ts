import assert from 'node:assert/strict';
import http from 'node:http';
import net, { type AddressInfo } from 'node:net';
import zlib from 'node:zlib';
import { createHttp, type ConfigurableHttp, type NetworkSettings } from '../../server/src/platform/http';
import { createLedger, type Ledger } from '../../server/src/platform/ledger';

type Handler = (request: http.IncomingMessage, response: http.ServerResponse) => void;

interface Server {
  readonly url: string;
  readonly host: string;
  readonly seen: { readonly url: string; readonly method: string; readonly headers: http.IncomingHttpHeaders }[];
  handle: Handler;
  close(): Promise<void>;
}

async function serve(handle: Handler = (_, response) => response.end('{}')): Promise<Server> {
  const raw = http.createServer((request, response) => {
    request.resume();
    one.seen.push({ url: request.url!, method: request.method!, headers: request.headers });
    one.handle(request, response);
  });
  await new Promise<void>((resolve) => raw.listen(0, '127.0.0.1', resolve));
  const { port } = raw.address() as AddressInfo;
  const one: Server = {
    url: `http://127.0.0.1:${port}`,
    host: `127.0.0.1:${port}`,
    seen: [],
    handle,
    close: () =>
      new Promise((resolve) => {
        raw.close(() => resolve());
        raw.closeAllConnections();
      }),
  };
  return one;
}

describe('http', () => {
  let server: Server;
  let other: Server;
  let ledger: Ledger;
  const client = (settings: Partial<NetworkSettings> = {}): ConfigurableHttp =>
    createHttp({ ledger, settings: { noProxy: [], strictSsl: true, timeoutMs: 400, ...settings }, random: () => 0.1 });
  const get = (url: string, more: object = {}) => client().request({ url, purpose: 'test', names: [], ...more });
  const environment = { ...process.env };

  beforeEach(async () => {
    for (const name of ['http_proxy', 'https_proxy', 'all_proxy', 'no_proxy']) {
      delete process.env[name];
      delete process.env[name.toUpperCase()];
    }
    server = await serve();
    other = await serve();
    ledger = createLedger();
  });
  afterEach(async () => {
    await Promise.all([server.close(), other.close()]);
    process.env = { ...environment };
  });

  it('sends JSON, says who it is, and answers status, headers and body', async () => {
    server.handle = (request, response) => {
      response.writeHead(201, { 'x-one': 'two', 'content-type': 'application/json' });
      response.end(`{"é":"${request.headers['content-type']}"}`);
    };
    const response = await get(`${server.url}/path?secret=1`, { method: 'POST', json: { a: 1 }, headers: { 'x-own': 'yes' } });
    assert.ok(response.ok);
    assert.equal(response.status, 201);
    assert.equal(response.headers['x-one'], 'two');
    assert.equal(response.body, '{"é":"application/json"}');
    assert.match(server.seen[0]!.headers['user-agent']!, /^merlon\/\d+\.\d+\.\d+ \(\+https:\/\/\S+\)$/);
    assert.equal(server.seen[0]!.headers['x-own'], 'yes');
  });

  it('takes a 4xx for an answer', async () => {
    server.handle = (_, response) => response.writeHead(404).end('gone');
    const response = await get(server.url);
    assert.ok(response.ok && response.status === 404 && response.body === 'gone');
    assert.equal(server.seen.length, 1);
  });

  it('tries again after 5xx and 429, and says so after the last try', async () => {
    const statuses = [500, 503, 429, 200];
    server.handle = (_, response) => response.writeHead(statuses[server.seen.length - 1] ?? 200).end('{}');
    assert.ok((await get(server.url)).ok);
    assert.equal(server.seen.length, 4);
    server.handle = (_, response) => response.writeHead(502).end();
    const response = await get(server.url);
    assert.deepEqual(response, { ok: false, message: `${server.host}: answered 502` });
    assert.equal(server.seen.length, 8);
  });

  it('waits as long as Retry-After says, and gives up at once where that is too long', async () => {
    server.handle = (_, response) =>
      server.seen.length === 1 ? response.writeHead(429, { 'retry-after': '1' }).end() : response.end('{}');
    const start = Date.now();
    assert.ok((await client({ timeoutMs: 1000 }).request({ url: server.url, purpose: 'test', names: [] })).ok);
    assert.ok(Date.now() - start >= 990);
    server.handle = (_, response) => response.writeHead(429, { 'retry-after': '3600' }).end();
    const patient = client();
    const before = server.seen.length;
    const first = await patient.request({ url: server.url, purpose: 'test', names: [] });
    assert.ok(!first.ok);
    const second = await patient.request({ url: server.url, purpose: 'test', names: [] });
    assert.ok(!second.ok);
    assert.match(second.message, /asks to wait for 300 s/);
    assert.equal(server.seen.length, before + 1);
  });

  it('tries a refused connection twice, and an unknown host too', async () => {
    const { url } = server;
    await server.close();
    const response = await get(`${url}/x`);
    assert.deepEqual(response, { ok: false, message: `${server.host}: connection refused` });
    const unknown = await get('http://no-such-host.invalid/');
    assert.ok(!unknown.ok);
    assert.match(unknown.message, /^no-such-host\.invalid: /);
  });

  it('ends in time when nothing comes, when only headers come, and when bytes trickle', async () => {
    const drip: Handler = (_, response) => {
      const timer = setInterval(() => response.write(' '), 20);
      response.on('close', () => clearInterval(timer));
    };
    for (const handle of [() => undefined, (_: unknown, response: http.ServerResponse) => void response.writeHead(200).write('{'), drip]) {
      server.handle = handle;
      const response = await client({ timeoutMs: 80 }).request({ url: server.url, purpose: 'test', names: [] });
      assert.deepEqual(response, { ok: false, message: `${server.host}: no answer within 0.1 s` });
    }
  });

  it('lets nobody wait in line for a host that gives nobody an answer', async () => {
    const useless: readonly Handler[] = [
      () => undefined,
      (_, response) => void response.writeHead(200).write('{'),
      (_, response) => void response.writeHead(500).end('down'),
      (_, response) => void response.writeHead(429, { 'retry-after': '0' }).end('later'),
      (_, response) => void response.writeHead(200, { 'content-length': 9 }).write('{', () => response.socket?.destroy()),
    ];
    for (const handle of useless) {
      server.handle = handle;
      const before = server.seen.length;
      const one = client({ timeoutMs: 80 });
      const responses = await Promise.all(Array.from({ length: 60 }, () => one.request({ url: server.url, purpose: 'test', names: [] })));
      assert.ok(responses.every(({ ok }) => !ok));
      assert.ok(server.seen.length - before <= 24, 'the tries of the first six, and not of every six after them');
    }
  });

  it('goes on asking a host that fails some and answers others', async () => {
    let count = 0;
    server.handle = (_, response) => void response.writeHead(count++ % 4 === 0 ? 200 : 500).end('{}');
    const one = client({ timeoutMs: 2000 });
    const responses = await Promise.all(Array.from({ length: 20 }, () => one.request({ url: server.url, purpose: 'test', names: [] })));
    assert.ok(responses.filter(({ ok }) => ok).length > 10);
  });

  it('asks a host at most six things at a time', async () => {
    let now = 0;
    let most = 0;
    server.handle = (_, response) => {
      most = Math.max(most, ++now);
      setTimeout(() => {
        now--;
        response.end('{}');
      }, 10);
    };
    const one = client();
    const responses = await Promise.all(Array.from({ length: 30 }, () => one.request({ url: server.url, purpose: 'test', names: [] })));
    assert.ok(responses.every(({ ok }) => ok));
    assert.equal(most, 6);
  });

  it('refuses bodies over the bound, announced or not, compressed or not', async () => {
    const big = Buffer.alloc(300_000, 'x');
    const ways: Handler[] = [
      (_, response) => response.end(big),
      (_, response) => {
        response.writeHead(200);
        response.write(big);
        response.end();
      },
      (_, response) => {
        response.writeHead(200, { 'content-encoding': 'gzip' });
        response.end(zlib.gzipSync(big));
      },
    ];
    for (const handle of ways) {
      server.handle = handle;
      const before = server.seen.length;
      const response = await get(server.url, { maxBytes: 100_000 });
      assert.ok(!response.ok);
      assert.match(response.message, /larger than/);
      assert.equal(server.seen.length, before + 1, 'not tried again');
      assert.ok((await get(server.url, { maxBytes: 300_000 })).ok);
    }
  });

  it('does not take a cut-off answer for an answer', async () => {
    server.handle = (_, response) => {
      response.writeHead(200, { 'content-length': 100 });
      response.write('{}', () => response.socket?.destroy());
    };
    assert.ok(!(await get(server.url)).ok);
    server.handle = (_, response) => {
      response.writeHead(200);
      response.write('{}', () => response.socket?.destroy());
    };
    assert.ok(!(await get(server.url)).ok);
    server.handle = (_, response) => void response.socket?.resetAndDestroy();
    assert.deepEqual(await get(server.url), { ok: false, message: `${server.host}: the connection was reset` });
    const nonsense = net.createServer((socket) => void socket.end('SMTP ready\r\n\r\n')).listen(0, '127.0.0.1');
    try {
      await new Promise((resolve) => nonsense.once('listening', resolve));
      assert.ok(!(await get(`http://127.0.0.1:${(nonsense.address() as AddressInfo).port}`)).ok);
    } finally {
      nonsense.close();
    }
  });

  it('follows redirects within a host, and takes no header, no question and no plain text elsewhere', async () => {
    server.handle = (request, response) => (request.url === '/b' ? response.end('b') : response.writeHead(302, { location: '/b' }).end());
    const response = await get(`${server.url}/a`);
    assert.ok(response.ok && response.body === 'b');
    server.handle = (_, away) => away.writeHead(307, { location: other.url }).end();
    assert.ok(!(await get(server.url, { method: 'POST', json: {} })).ok);
    assert.ok(!(await get(server.url)).ok);
    assert.equal(other.seen.length, 0);
    server.handle = (_, again) => again.writeHead(302, { location: '/more' }).end();
    assert.ok(!(await get(server.url)).ok);
    server.handle = (_, file) => file.writeHead(302, { location: 'file:///etc/passwd' }).end();
    assert.ok(!(await get(server.url)).ok);
  });

  it('asks http and https addresses alone', async () => {
    for (const url of ['file:///etc/passwd', 'ftp://127.0.0.1/', 'data:text/plain,x', 'nonsense', '']) assert.ok(!(await get(url)).ok);
  });

  it('rejects when the caller gives up, under way or in line', async () => {
    server.handle = () => undefined;
    const one = client({ timeoutMs: 5000 });
    const controller = new AbortController();
    const waiting = Array.from({ length: 10 }, () => one.request({ url: server.url, purpose: 'test', names: [] }, controller.signal));
    while (server.seen.length < 6) await new Promise((resolve) => setTimeout(resolve, 5));
    controller.abort(new Error('enough'));
    for (const one of waiting) await assert.rejects(one, /enough/);
    server.handle = (_, response) => response.end('{}');
    assert.ok((await one.request({ url: server.url, purpose: 'test', names: [] })).ok, 'the places are free again');
    await assert.rejects(one.request({ url: server.url, purpose: 'test', names: [] }, AbortSignal.abort()));
  });

  it('writes down every request, without secrets', async () => {
    await get(`${server.url.replace('//', '//user:password@')}/v1/query?token=secret`, {
      method: 'POST',
      json: { a: 1 },
      names: ['one', 'two'],
    });
    server.handle = (_, response) => response.writeHead(500).end();
    await get(server.url);
    const entries = ledger.entries();
    assert.deepEqual(
      entries.map((entry) => Object.fromEntries(Object.entries(entry).filter(([key]) => key !== 'time'))),
      [
        {
          host: server.host,
          path: '/v1/query',
          purpose: 'test',
          names: ['one', 'two'],
          nameCount: 2,
          sent: 7,
          received: 2,
          tries: 1,
          redirectedTo: [],
          outcome: '200',
        },
        {
          host: server.host,
          path: '/',
          purpose: 'test',
          names: [],
          nameCount: 0,
          sent: 0,
          received: 0,
          tries: 4,
          redirectedTo: [],
          outcome: `${server.host}: answered 500`,
        },
      ],
    );
    assert.ok(!JSON.stringify(entries).includes('secret') && !JSON.stringify(entries).includes('password'));
    assert.equal(server.seen[0]!.headers.authorization, `Basic ${Buffer.from('user:password').toString('base64')}`);
  });

  it('keeps the secrets of an address out of its messages', async () => {
    await server.close();
    for (const url of [`${server.url.replace('//', '//user:password@')}/`, 'ftp://user:password@host/']) {
      const response = await get(url);
      assert.ok(!response.ok && !response.message.includes('password') && !response.message.includes('user'));
    }
  });

  it('goes through the proxy of the settings, of the environment, or none, and follows a change', async () => {
    other.handle = (request, response) => response.end(`proxied ${request.url}`);
    const via = async (http: ConfigurableHttp) => {
      const response = await http.request({ url: `${server.url}/x`, purpose: 'test', names: [] });
      return response.ok ? response.body : response.message;
    };
    const proxied = `proxied ${server.url}/x`;
    const one = client({ proxy: other.url });
    assert.equal(await via(one), proxied);
    one.configure({ noProxy: [], strictSsl: true });
    assert.equal(await via(one), '{}');
    one.configure({ proxy: other.url, noProxy: ['127.0.0.1'], strictSsl: true });
    assert.equal(await via(one), '{}');
    process.env.HTTP_PROXY = other.url;
    assert.equal(await via(client()), proxied);
    process.env.NO_PROXY = '127.0.0.1';
    assert.equal(await via(client()), '{}');
    assert.match(await via(client({ proxy: 'socks5://127.0.0.1:1', noProxy: ['x'] })), /the proxy setting is not an http or https address/);
  });

  it('tunnels https through the proxy, with its credentials, and says when the proxy wants some', async () => {
    const tunnels: (string | undefined)[] = [];
    const proxy = http.createServer();
    proxy.on('connect', (request, socket) => {
      tunnels.push(`${request.url} ${request.headers['proxy-authorization'] ?? ''}`);
      socket.end('HTTP/1.1 407 Proxy Authentication Required\r\ncontent-length: 0\r\n\r\n');
    });
    await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
    try {
      const address = `http://me:pass@127.0.0.1:${(proxy.address() as AddressInfo).port}`;
      const response = await client({ proxy: address }).request({ url: 'https://osv.example/v1/query', purpose: 'test', names: [] });
      assert.ok(!response.ok);
      assert.match(response.message, /proxy/);
      assert.ok(!response.message.includes('pass'));
      assert.equal(tunnels[0], `osv.example:443 Basic ${Buffer.from('me:pass').toString('base64')}`);
    } finally {
      proxy.close();
      proxy.closeAllConnections();
    }
  });

  it('does not wait forever for a proxy that takes the connection and says nothing', async () => {
    const open = new Set<net.Socket>();
    const proxy = net.createServer((socket) => {
      open.add(socket.on('error', () => undefined).on('close', () => open.delete(socket)));
      socket.resume();
    });
    await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
    try {
      const address = `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`;
      const response = await client({ proxy: address, timeoutMs: 60 }).request({ url: 'https://osv.example/', purpose: 'test', names: [] });
      assert.ok(!response.ok);
      while (open.size > 0) await new Promise((resolve) => setTimeout(resolve, 5));
    } finally {
      proxy.close();
      for (const socket of open) socket.destroy();
    }
  });
});
