import { createHash } from 'node:crypto';
import http from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { zipOf } from './zip';

/** How a file of the dump is served. `ok` is as an object store does it. */
export type FakeDumpMode =
  | 'ok'
  /** 500. */
  | 'error'
  /** 404. */
  | 'absent'
  | 'forbidden'
  /** Announces all of it, sends a part, and closes. */
  | 'truncated'
  /** Whole by its length, with bytes in it that are others. */
  | 'corrupt'
  /** A page that is not the file, with 200. */
  | 'portal'
  /** Takes the question and never answers. */
  | 'never'
  /** Sends a part, and then nothing more. */
  | 'stalls'
  /** The whole, whatever part was asked for, and nothing to tell its state by. */
  | 'noRange'
  /** Goes on from wherever was asked, with a file that has another tag. */
  | 'changed';

export interface FakeDumpRequest {
  readonly path: string;
  readonly headers: http.IncomingHttpHeaders;
  status: number;
  /** Bytes of the body that were sent. */
  bytes: number;
}

export interface FakeDump {
  readonly url: string;
  readonly log: FakeDumpRequest[];
  /** OSV records; the zips and lists are made of them. */
  records: readonly object[];
  /** Ids that stand in the lists and have no file. */
  unserved: ReadonlySet<string>;
  modeOf?: (path: string) => FakeDumpMode | undefined;
  /** In the place of what would be served. */
  bodyOf?: (path: string) => string | Buffer | undefined;
  lastModified?: Date;
  /** So many bytes of a body are sent by `truncated` and `stalls`. */
  part: number;
  close(): Promise<void>;
}

interface FakeRecord {
  readonly id: string;
  readonly modified: string;
  readonly affected: readonly { readonly package: { readonly ecosystem: string } }[];
}

/** A loopback server that serves OSV's dump as its bucket does: `ECOSYSTEM/all.zip`, `ECOSYSTEM/modified_id.csv`, `ECOSYSTEM/ID.json`. */
export async function startFakeDump(records: readonly object[] = []): Promise<FakeDump> {
  const sockets = new Set<Socket>();
  const server = http.createServer((request, response) => {
    request.resume();
    response.on('error', () => undefined);
    const asked: FakeDumpRequest = { path: request.url ?? '/', headers: request.headers, status: 0, bytes: 0 };
    dump.log.push(asked);
    serve(dump, asked, response);
  });
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
    socket.on('close', () => sockets.delete(socket));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const dump: FakeDump = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    log: [],
    records,
    unserved: new Set(),
    part: 100,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      }),
  };
  return dump;
}

function serve(dump: FakeDump, asked: FakeDumpRequest, response: http.ServerResponse): void {
  const mode = dump.modeOf?.(asked.path) ?? 'ok';
  const send = (status: number, body: string | Buffer, headers: http.OutgoingHttpHeaders = {}) => {
    asked.status = status;
    asked.bytes = Buffer.byteLength(body);
    response.writeHead(status, { 'content-length': Buffer.byteLength(body), ...headers });
    response.end(body);
  };
  if (mode === 'never') return;
  if (mode === 'error') return send(500, 'internal');
  if (mode === 'forbidden') return send(403, 'forbidden');
  if (mode === 'portal') return send(200, '<!DOCTYPE html><html><body>Sign in to use this network</body></html>');
  const found = mode === 'absent' ? undefined : (dump.bodyOf?.(asked.path) ?? bodyOf(dump, asked.path));
  if (found === undefined) return send(404, '<Error><Code>NoSuchKey</Code></Error>');
  const body = Buffer.from(found);
  if (mode === 'corrupt') body.fill(0xff, Math.floor(body.length / 3), Math.floor(body.length / 2));
  const etag = `"${createHash('md5')
    .update(body)
    .update(mode === 'changed' ? 'x' : '')
    .digest('hex')}"`;
  const headers =
    mode === 'noRange'
      ? {}
      : { etag, 'accept-ranges': 'bytes', ...(dump.lastModified && { 'last-modified': dump.lastModified.toUTCString() }) };
  if (mode !== 'noRange' && asked.headers['if-none-match'] === etag) return send(304, '', headers);
  const range = /^bytes=(\d+)-$/.exec(asked.headers.range ?? '');
  const start = range && mode !== 'noRange' && asked.headers['if-range'] === etag ? Number(range[1]) : 0;
  if (start > body.length) return send(416, '', headers);
  const rest = body.subarray(start);
  const partial = start > 0 ? { 'content-range': `bytes ${start}-${body.length - 1}/${body.length}` } : {};
  if (mode !== 'truncated' && mode !== 'stalls') return send(start > 0 ? 206 : 200, rest, { ...headers, ...partial });
  asked.status = start > 0 ? 206 : 200;
  const sent = rest.subarray(0, dump.part);
  asked.bytes = sent.length;
  response.writeHead(asked.status, { ...headers, ...partial, 'content-length': rest.length });
  response.write(sent, () => {
    if (mode === 'truncated') response.socket?.destroy();
  });
}

function bodyOf({ records, unserved }: FakeDump, path: string): string | Buffer | undefined {
  const [ecosystem = '', name = ''] = path.slice(1).split('/').map(decodeURIComponent);
  const own = (records as readonly FakeRecord[]).filter(({ affected }) => affected.some(({ package: pkg }) => pkg.ecosystem === ecosystem));
  if (own.length === 0) return undefined;
  if (name === 'all.zip') return zipOf(Object.fromEntries(own.map((record) => [`${record.id}.json`, JSON.stringify(record)])));
  if (name === 'modified_id.csv')
    return [...own]
      .sort((a, b) => Date.parse(b.modified) - Date.parse(a.modified))
      .map(({ id, modified }) => `${modified},${id}\n`)
      .join('');
  const record = own.find(({ id }) => `${id}.json` === name);
  return record && !unserved.has(record.id) ? JSON.stringify(record) : undefined;
}
