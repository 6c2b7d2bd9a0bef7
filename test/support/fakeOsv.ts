import http from 'node:http';
import type { AddressInfo, Socket } from 'node:net';

/** How the fake answers. `ok` is OSV as documented; the others are what happens to it, or what stands between. */
export type FakeOsvMode =
  | 'ok'
  /** 500 to everything. */
  | 'error'
  /** 429 with `Retry-After: retryAfter`. */
  | 'busy'
  /** 200 with text that is not JSON. */
  | 'garbage'
  /** Announces more bytes than it sends, then closes. */
  | 'truncated'
  /** Half a JSON document, complete as an HTTP answer. */
  | 'half'
  /** The right answer, `delayMs` late. */
  | 'slow'
  /** Takes the question and never answers. */
  | 'never'
  /** Headers and a first byte, then nothing. */
  | 'stalled'
  /** 100 MB. */
  | 'huge'
  /** JSON of another shape. */
  | 'wrongShape'
  /** Closes the connection at once. */
  | 'reset'
  /** Every page leads to another. */
  | 'endless'
  /** `/v1/query` leaves the last record out. */
  | 'partial';

export interface FakeOsvRequest {
  readonly path: string;
  readonly body: unknown;
  readonly headers: http.IncomingHttpHeaders;
}

export interface FakeOsv {
  readonly url: string;
  /** What was asked, in order. */
  readonly requests: FakeOsvRequest[];
  mode: FakeOsvMode;
  /** Where it answers, it overrides `mode`: by path, and by the names in the question. */
  modeOf?: (path: string, names: readonly string[]) => FakeOsvMode | undefined;
  /** Records, as OSV has them. */
  records: readonly object[];
  /** Records on a page; with `tokenOnlyPages` every other page holds none. */
  pageSize: number;
  tokenOnlyPages: boolean;
  /** Names that OSV refuses, with 400. */
  refused: ReadonlySet<string>;
  retryAfter: string;
  delayMs: number;
  close(): Promise<void>;
}

interface FakeRecord {
  readonly id: string;
  readonly modified?: string;
  readonly withdrawn?: string;
  readonly affected?: readonly { readonly package?: { readonly ecosystem?: string; readonly name?: string } }[];
}

interface FakeQuery {
  readonly package?: { readonly ecosystem?: string; readonly name?: string };
  readonly version?: string;
  readonly page_token?: string;
}

/** A loopback OSV that answers from records (`/v1/querybatch`, `/v1/query`, `/v1/vulns/ID`), pages, and misbehaves on demand. */
export async function startFakeOsv(records: readonly object[] = []): Promise<FakeOsv> {
  const sockets = new Set<Socket>();
  const server = http.createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('error', () => undefined);
    response.on('error', () => undefined);
    request.on('end', () => {
      const path = request.url ?? '/';
      const body = parsed(Buffer.concat(chunks).toString('utf8'));
      fake.requests.push({ path, body, headers: request.headers });
      respond(fake, path, body, response, () => index);
    });
  });
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
    socket.on('close', () => sockets.delete(socket));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));

  let index = indexOf(records);
  const fake: FakeOsv = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests: [],
    mode: 'ok',
    get records() {
      return records;
    },
    set records(next) {
      records = next;
      index = indexOf(next);
    },
    pageSize: 1000,
    tokenOnlyPages: false,
    refused: new Set(),
    retryAfter: '1',
    delayMs: 200,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      }),
  };
  return fake;
}

type Index = ReadonlyMap<string, readonly FakeRecord[]>;

function indexOf(records: readonly object[]): Index {
  const index = new Map<string, FakeRecord[]>();
  for (const record of records as readonly FakeRecord[]) {
    if (record.withdrawn) continue;
    const keys = new Set((record.affected ?? []).flatMap((entry) => (entry.package ? [keyOf(entry.package)] : [])));
    for (const key of keys) index.set(key, [...(index.get(key) ?? []), record]);
  }
  return index;
}

/** OSV finds PyPI names however they are written, and others to the letter. */
function keyOf({ ecosystem = '', name = '' }: { readonly ecosystem?: string; readonly name?: string }): string {
  return `${ecosystem} ${ecosystem === 'PyPI' ? name.toLowerCase().replace(/[-_.]+/g, '-') : name}`;
}

function respond(fake: FakeOsv, path: string, body: unknown, response: http.ServerResponse, index: () => Index): void {
  const queries = path === '/v1/querybatch' ? ((body as { queries?: FakeQuery[] })?.queries ?? []) : [body as FakeQuery];
  const names = queries.map((query) => query?.package?.name ?? '');
  const mode = fake.modeOf?.(path, names) ?? fake.mode;
  const right = () => answer(fake, path, queries, mode, index());
  switch (mode) {
    case 'error':
      return send(response, 500, { code: 13, message: 'internal', details: [] });
    case 'busy':
      response.setHeader('retry-after', fake.retryAfter);
      return send(response, 429, { code: 8, message: 'too many requests', details: [] });
    case 'garbage':
      response.writeHead(200, { 'content-type': 'application/json' });
      return void response.end('<html>It works!</html>');
    case 'wrongShape':
      return send(response, 200, { results: { vulns: 'none' }, vulns: 'none' });
    case 'half': {
      const text = JSON.stringify(right().json);
      response.writeHead(200, { 'content-type': 'application/json' });
      return void response.end(text.slice(0, text.length >> 1));
    }
    case 'truncated': {
      const text = JSON.stringify(right().json);
      response.writeHead(200, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) + 1000 });
      response.write(text, () => response.socket?.destroy());
      return;
    }
    case 'slow': {
      const timer = setTimeout(() => send(response, right().status, right().json), fake.delayMs);
      response.on('close', () => clearTimeout(timer));
      return;
    }
    case 'never':
      return;
    case 'stalled':
      response.writeHead(200, { 'content-type': 'application/json' });
      return void response.write('{');
    case 'reset':
      return void response.socket?.resetAndDestroy();
    case 'huge':
      return flood(response, 100 * 1024 * 1024);
    default: {
      const { status, json } = right();
      return send(response, status, json);
    }
  }
}

function answer(
  fake: FakeOsv,
  path: string,
  queries: readonly FakeQuery[],
  mode: FakeOsvMode,
  index: Index,
): { status: number; json: unknown } {
  const bad = (message: string) => ({ status: 400, json: { code: 3, message, details: [] } });
  const wanted = /^\/v1\/vulns\/([^/]+)$/.exec(path)?.[1];
  const record =
    wanted === undefined ? undefined : fake.records.find((candidate) => (candidate as FakeRecord).id === decodeURIComponent(wanted));
  if (record) return { status: 200, json: record };
  if (path !== '/v1/querybatch' && path !== '/v1/query') return { status: 404, json: { code: 5, message: 'Not found', details: [] } };
  if (queries.length > 1000) return bad('too many queries');
  if (queries.some((query) => !query?.package?.name || !query.package.ecosystem || fake.refused.has(query.package.name)))
    return bad('Invalid query');
  const pages = queries.map((query) => page(fake, query, mode, index));
  if (path === '/v1/query') {
    const vulns = mode === 'partial' ? pages[0]!.vulns.slice(0, -1) : pages[0]!.vulns;
    return { status: 200, json: shaped(vulns, pages[0]!.token) };
  }
  return {
    status: 200,
    json: {
      results: pages.map(({ vulns, token }) =>
        shaped(
          vulns.map(({ id, modified }) => ({ id, modified })),
          token,
        ),
      ),
    },
  };
}

/** Empty parts are left out, as OSV does. */
function shaped(vulns: readonly object[], token: string | undefined): object {
  return { ...(vulns.length > 0 && { vulns }), ...(token !== undefined && { next_page_token: token }) };
}

/** Tokens are `NAME:STEP`; with token-only pages the even steps hold records and the odd ones none. */
function page(fake: FakeOsv, query: FakeQuery, mode: FakeOsvMode, index: Index): { vulns: readonly FakeRecord[]; token?: string } {
  const { name } = query.package!;
  const all = index.get(keyOf(query.package!)) ?? [];
  const step = Number(/:(\d+)$/.exec(query.page_token ?? '')?.[1] ?? 0);
  const token = `${name}:${step + 1}`;
  if (mode === 'endless') return { vulns: [], token };
  const stride = fake.tokenOnlyPages ? 2 : 1;
  if (step % stride === 1) return { vulns: [], token };
  const start = (step / stride) * fake.pageSize;
  const vulns = all.slice(start, start + fake.pageSize);
  return start + fake.pageSize < all.length ? { vulns, token } : { vulns };
}

function send(response: http.ServerResponse, status: number, json: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(JSON.stringify(json));
}

function flood(response: http.ServerResponse, bytes: number): void {
  const block = Buffer.alloc(1024 * 1024, 32);
  let left = bytes;
  response.writeHead(200, { 'content-type': 'application/json' });
  const more = () => {
    while (left > 0 && !response.destroyed) {
      left -= block.length;
      if (!response.write(block)) return void response.once('drain', more);
    }
    response.end();
  };
  more();
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
