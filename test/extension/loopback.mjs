import http from 'node:http';

/** Releases of a few real packages, oldest first: enough for a pin, and small enough to be read here. */
const releases = {
  litellm: ['1.82.3', '1.82.6', '1.83.0', '1.84.0', '1.84.2'],
  openai: ['1.99.0', '2.6.1', '2.8.0'],
  langchain: ['0.3.27', '1.0.5', '1.1.0'],
  'sentence-transformers': ['5.0.0', '5.1.2'],
};

/**
 * Stands for OSV and PyPI on this machine. OSV knows of nothing here: what the tests find is what Merlon brings along.
 * → its address, the paths that were asked for, and how to end it
 */
export async function startLoopback() {
  const asked = [];
  const server = http.createServer(async (request, response) => {
    asked.push(request.url);
    const body = await text(request);
    const answer = answerTo(request.url, body);
    response.writeHead(answer ? 200 : 404, { 'content-type': 'application/vnd.pypi.simple.v1+json' });
    response.end(JSON.stringify(answer ?? {}));
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${server.address().port}`,
    asked,
    stop: () => {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(resolve));
    },
  };
}

function answerTo(url, body) {
  if (url === '/v1/querybatch') return { results: JSON.parse(body).queries.map(() => ({})) };
  if (url === '/v1/query') return {};
  const name = /^\/simple\/([^/]+)\/$/.exec(url)?.[1];
  return Object.hasOwn(releases, name ?? '') ? simpleIndex(name) : undefined;
}

/** PEP 691. Everything was uploaded long before any clock that runs today. */
function simpleIndex(name) {
  const versions = releases[name];
  const files = versions.map((version, n) => ({
    filename: `${name.replaceAll('-', '_')}-${version}-py3-none-any.whl`,
    url: `https://files.example/${name}-${version}.whl`,
    hashes: {},
    'upload-time': `2025-0${n + 1}-01T00:00:00Z`,
    yanked: false,
  }));
  return { meta: { 'api-version': '1.1' }, name, versions, files };
}

async function text(request) {
  const parts = [];
  for await (const part of request) parts.push(part);
  return Buffer.concat(parts).toString('utf8');
}
