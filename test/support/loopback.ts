import http from 'node:http';
import type { AddressInfo, Socket } from 'node:net';

/** How a loopback server answers. `ok` is as documented; the others are what happens to it, or what stands between. */
export type LoopbackMode =
  | 'ok'
  /** 500 to everything. */
  | 'error'
  /** 429 with `Retry-After: 1`. */
  | 'busy'
  /** 200 with text that is not JSON, under the right answer's media type. */
  | 'garbage'
  /** 200 with a page that is not the server's: a hotel's, or a proxy's. */
  | 'portal'
  /** Announces more bytes than it sends, then closes. */
  | 'truncated'
  /** The right answer, `delayMs` late. */
  | 'slow'
  /** Takes the question and never answers. */
  | 'never'
  /** Headers and a first byte, then nothing. */
  | 'stalled'
  /** 100 MB. */
  | 'huge'
  /** Closes the connection at once. */
  | 'reset';

export interface LoopbackRequest {
  readonly method: string;
  /** With its query. */
  readonly path: string;
  readonly headers: http.IncomingHttpHeaders;
  /** What was answered; 0 while nothing was. */
  status: number;
  /** Bytes of the answer's body. */
  bytes: number;
}

/** What is answered to one request. A body without an `etag` among its headers gets one, and is not sent to who has it. */
export interface LoopbackAnswer {
  readonly status: number;
  readonly type?: string;
  readonly body?: string | Buffer;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface Loopback {
  readonly url: string;
  /** Everything that was asked, in order, with what was answered. */
  readonly log: LoopbackRequest[];
  mode: LoopbackMode;
  /** Where it answers, it overrides `mode`. */
  modeOf?: (path: string) => LoopbackMode | undefined;
  delayMs: number;
  close(): Promise<void>;
}

/** A server on 127.0.0.1, at a port of its own, that answers what it is told to and misbehaves on demand. */
export async function startLoopback(answer: (request: LoopbackRequest) => LoopbackAnswer): Promise<Loopback> {
  const sockets = new Set<Socket>();
  const server = http.createServer((request, response) => {
    request.resume();
    response.on('error', () => undefined);
    const asked: LoopbackRequest = {
      method: request.method ?? 'GET',
      path: request.url ?? '/',
      headers: request.headers,
      status: 0,
      bytes: 0,
    };
    loopback.log.push(asked);
    respond(loopback, asked, answer(asked), response);
  });
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
    socket.on('close', () => sockets.delete(socket));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const loopback: Loopback = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    log: [],
    mode: 'ok',
    delayMs: 200,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      }),
  };
  return loopback;
}

function respond(loopback: Loopback, asked: LoopbackRequest, right: LoopbackAnswer, response: http.ServerResponse): void {
  const type = right.type ?? 'application/json';
  const send = ({ status, body = '', headers = {} }: LoopbackAnswer) => {
    asked.status = status;
    asked.bytes = Buffer.byteLength(body);
    response.writeHead(status, { 'content-type': type, ...headers });
    response.end(body);
  };
  switch (loopback.modeOf?.(asked.path) ?? loopback.mode) {
    case 'ok':
      return send(conditional(right, asked));
    case 'error':
      return send({ status: 500, body: 'internal' });
    case 'busy':
      return send({ status: 429, body: 'slow down', headers: { 'retry-after': '1' } });
    case 'garbage':
      return send({ status: 200, body: '<html>It works!</html>' });
    case 'portal': {
      const body = '<!DOCTYPE html><html><body><a href="/login">Sign in to use this network</a></body></html>';
      return send({ status: 200, body, headers: { 'content-type': 'text/html; charset=utf-8' } });
    }
    case 'truncated': {
      const body = right.body ?? '';
      response.writeHead(200, { 'content-type': type, 'content-length': Buffer.byteLength(body) + 1000 });
      response.write(body, () => response.socket?.destroy());
      return;
    }
    case 'slow': {
      const timer = setTimeout(() => send(conditional(right, asked)), loopback.delayMs);
      response.on('close', () => clearTimeout(timer));
      return;
    }
    case 'never':
      return;
    case 'stalled':
      response.writeHead(200, { 'content-type': type });
      return void response.write('{');
    case 'reset':
      return void response.socket?.resetAndDestroy();
    case 'huge':
      return flood(response);
  }
}

/** RFC 9110, section 13.1.2: 304 for who names the answer's own tag. */
function conditional(right: LoopbackAnswer, { headers }: LoopbackRequest): LoopbackAnswer {
  if (right.status !== 200 || right.headers?.etag === '') return right;
  const etag = right.headers?.etag ?? `"${tagOf(right.body ?? '')}"`;
  const tagged = { ...right, headers: { ...right.headers, etag } };
  return headers['if-none-match'] === etag ? { status: 304, headers: tagged.headers } : tagged;
}

/** FNV-1a: enough to tell a text from its change. */
function tagOf(body: string | Buffer): string {
  let hash = 0x811c9dc5;
  for (const byte of Buffer.from(body)) hash = Math.imul(hash ^ byte, 0x01000193) >>> 0;
  return `${Buffer.byteLength(body)}-${hash.toString(16)}`;
}

/** 100 MB. */
function flood(response: http.ServerResponse): void {
  const block = Buffer.alloc(1024 * 1024, 32);
  let left = 100;
  response.writeHead(200, { 'content-type': 'application/json' });
  const more = () => {
    while (left-- > 0 && !response.destroyed) if (!response.write(block)) return void response.once('drain', more);
    response.end();
  };
  more();
}
