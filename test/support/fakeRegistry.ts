import http from 'node:http';
import type { AddressInfo, Socket } from 'node:net';

/** How the fake answers, as {@link FakeOsvMode} says. */
export type FakeRegistryMode = 'ok' | 'error' | 'busy' | 'garbage' | 'truncated' | 'slow' | 'never' | 'stalled' | 'huge' | 'reset';

/** A version with the time of its upload, and what its author said of it later: yanked on PyPI, deprecated on npm. */
export type FakeRelease = readonly [version: string, published: string, withdrawn?: string];

export interface FakeRegistry {
  /** Stands for https://pypi.org and for the npm registry alike. */
  readonly url: string;
  /** Paths that were asked for, in order. */
  readonly requests: string[];
  mode: FakeRegistryMode;
  /** Where it answers, it overrides `mode`. */
  modeOf?: (path: string) => FakeRegistryMode | undefined;
  /** By normalized name. What is not there is answered by 404. */
  pypi: Readonly<Record<string, readonly FakeRelease[]>>;
  npm: Readonly<Record<string, readonly FakeRelease[]>>;
  delayMs: number;
  close(): Promise<void>;
}

/** A loopback registry that answers as PyPI's simple API (PEP 691) under /simple/, and as npm's package documents elsewhere. */
export async function startFakeRegistry(packages: Partial<Pick<FakeRegistry, 'pypi' | 'npm'>> = {}): Promise<FakeRegistry> {
  const sockets = new Set<Socket>();
  const server = http.createServer((request, response) => {
    request.resume();
    response.on('error', () => undefined);
    const path = request.url ?? '/';
    fake.requests.push(path);
    respond(fake, path, response);
  });
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
    socket.on('close', () => sockets.delete(socket));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const fake: FakeRegistry = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests: [],
    mode: 'ok',
    pypi: packages.pypi ?? {},
    npm: packages.npm ?? {},
    delayMs: 200,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      }),
  };
  return fake;
}

function respond(fake: FakeRegistry, path: string, response: http.ServerResponse): void {
  const { status, type, json } = answer(fake, path);
  const text = JSON.stringify(json);
  const send = (code: number, body: string, headers: http.OutgoingHttpHeaders = {}) => {
    response.writeHead(code, { 'content-type': type, ...headers });
    response.end(body);
  };
  switch (fake.modeOf?.(path) ?? fake.mode) {
    case 'ok':
      return send(status, text);
    case 'error':
      return send(500, 'internal');
    case 'busy':
      return send(429, 'slow down', { 'retry-after': '1' });
    case 'garbage':
      return send(200, '<html>It works!</html>');
    case 'truncated':
      response.writeHead(200, { 'content-type': type, 'content-length': Buffer.byteLength(text) + 1000 });
      response.write(text, () => response.socket?.destroy());
      return;
    case 'slow': {
      const timer = setTimeout(() => send(status, text), fake.delayMs);
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

function answer(fake: FakeRegistry, path: string): { status: number; type: string; json: unknown } {
  const project = /^\/simple\/([^/]+)\/$/.exec(path)?.[1];
  if (project !== undefined) {
    const releases = Object.hasOwn(fake.pypi, project) ? fake.pypi[project] : undefined;
    const type = 'application/vnd.pypi.simple.v1+json';
    return releases ? { status: 200, type, json: simplePage(project, releases) } : { status: 404, type, json: { message: 'Not Found' } };
  }
  const name = decodeURIComponent(path.slice(1));
  const releases = Object.hasOwn(fake.npm, name) ? fake.npm[name] : undefined;
  const type = 'application/json';
  return releases ? { status: 200, type, json: packageDocument(name, releases) } : { status: 404, type, json: { error: 'Not found' } };
}

function simplePage(name: string, releases: readonly FakeRelease[]): unknown {
  return {
    meta: { 'api-version': '1.3' },
    name,
    versions: releases.map(([version]) => version),
    files: releases.map(([version, published, yanked]) => ({
      filename: `${name.replaceAll('-', '_')}-${version}-py3-none-any.whl`,
      url: `https://files.example/${name}-${version}.whl`,
      hashes: {},
      'upload-time': published,
      yanked: yanked ?? false,
    })),
  };
}

function packageDocument(name: string, releases: readonly FakeRelease[]): unknown {
  return {
    name,
    'dist-tags': { latest: releases.at(-1)?.[0] },
    versions: Object.fromEntries(
      releases.map(([version, , deprecated]) => [version, { name, version, ...(deprecated !== undefined && { deprecated }) }]),
    ),
    time: Object.fromEntries(releases.map(([version, published]) => [version, published])),
  };
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
