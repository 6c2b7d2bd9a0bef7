import http from 'node:http';
import { dumpFile, recordsOf } from './dump.mjs';

/** Releases of a few real packages, oldest first: enough for a pin, and small enough to be read here. */
const releases = {
  'demo-agent-kit': ['0.4.0', '0.4.1', '0.5.0'],
  anthropic: ['0.60.0', '0.72.0', '0.74.1'],
  dspy: ['3.0.1', '3.0.3'],
  httpx: ['0.28.1'],
  litellm: ['1.82.3', '1.82.6', '1.83.0', '1.84.0', '1.84.2'],
  openai: ['1.99.0', '2.6.1', '2.8.0'],
  langchain: ['0.3.27', '1.0.5', '1.1.0'],
  'sentence-transformers': ['5.0.0', '5.1.2'],
};

/** The same for npm; a last part in minutes is the age of a release that has just come. */
const npmReleases = {
  '@anthropic-ai/sdk': { license: 'MIT', versions: ['0.70.0', '0.70.1', '0.70.2', ['0.70.3', 20]] },
  openai: { license: 'Apache-2.0', versions: ['6.1.0', '6.8.0', '6.9.1'] },
};

/**
 * Stands for OSV, PyPI and the npm registry on this machine. OSV knows of an invented dump alone (dump.mjs):
 * what else the tests find is what Merlon brings along.
 * → its address, the paths that were asked for, and how to end it
 */
export async function startLoopback() {
  const asked = [];
  const server = http.createServer(async (request, response) => {
    asked.push(request.url);
    const body = await text(request);
    const file = request.url.startsWith('/osv/') ? dumpFile(request.url.slice('/osv/'.length)) : undefined;
    const headers = { 'content-length': file?.length, 'last-modified': new Date().toUTCString() };
    if (file) return void response.writeHead(200, headers).end(file);
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
  if (url === '/v1/querybatch') {
    const known = ({ package: { name } }) => recordsOf(name).map(({ id, modified }) => ({ id, modified }));
    return { results: JSON.parse(body).queries.map((query) => ({ vulns: known(query) })) };
  }
  if (url === '/v1/query') return { vulns: recordsOf(JSON.parse(body).package.name) };
  const npm = decodeURIComponent(url.slice(1));
  if (Object.hasOwn(npmReleases, npm)) return packument(npm);
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

/** The young release was published with a token, those before it by the project's own workflow. */
function packument(name) {
  const { license, versions } = npmReleases[name];
  const all = versions.map((version, n) => (Array.isArray(version) ? version : [version, (versions.length - n) * 17 * 1440]));
  const time = Object.fromEntries(all.map(([version, minutes]) => [version, new Date(Date.now() - minutes * 60_000).toISOString()]));
  const document = ([version, minutes]) => {
    const trusted = minutes > 1440;
    const user = trusted ? { name: 'GitHub Actions', trustedPublisher: { id: 'github', oidcConfigId: 'oidc:1' } } : { name: 'sdk-bot' };
    const attestations = { url: 'https://attestations.example', provenance: { predicateType: 'https://slsa.dev/provenance/v1' } };
    return [version, { name, version, license, _npmUser: user, dist: { integrity: 'sha512-AA==', ...(trusted && { attestations }) } }];
  };
  return { name, license, time, 'dist-tags': { latest: all.at(-1)[0] }, versions: Object.fromEntries(all.map(document)) };
}

async function text(request) {
  const parts = [];
  for await (const part of request) parts.push(part);
  return Buffer.concat(parts).toString('utf8');
}
