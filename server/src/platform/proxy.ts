import http from 'node:http';
import https from 'node:https';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { HttpProxyAgent } from 'http-proxy-agent';
import { HttpsProxyAgent } from 'https-proxy-agent';
import { getProxyForUrl } from 'proxy-from-env';

/** How the network is reached. */
export interface ProxySettings {
  /** An address; it wins over the environment's HTTPS_PROXY and HTTP_PROXY. */
  readonly proxy?: string;
  /** Hosts that are reached without the proxy; without any, NO_PROXY says so. */
  readonly noProxy: readonly string[];
  /** Whether certificates are verified. */
  readonly strictSsl: boolean;
}

/** Makes the agents through which requests travel, and keeps them, so that connections are used again. */
export interface Agents {
  /** Throws an error with a message for people where the proxy's address is of no use. */
  agentFor(url: URL): http.Agent;
  /** Closes idle connections. */
  dispose(): void;
}

export function createAgents(settings: ProxySettings, connectTimeoutMs: number): Agents {
  const agents = new Map<string, http.Agent>();
  return {
    agentFor(url) {
      const proxy = proxyFor(url, settings);
      const key = `${url.protocol} ${proxy}`;
      let agent = agents.get(key);
      if (!agent) agents.set(key, (agent = makeAgent(url.protocol === 'https:', proxy, settings.strictSsl, connectTimeoutMs)));
      return agent;
    },
    dispose() {
      for (const agent of agents.values()) agent.destroy();
      agents.clear();
    },
  };
}

/** The proxy for an address; `''` where it is reached directly. */
export function proxyFor(
  url: URL,
  { proxy, noProxy }: Pick<ProxySettings, 'proxy' | 'noProxy'>,
  env: NodeJS.ProcessEnv = process.env,
): string {
  const exceptions = noProxy.length ? noProxy : (env.NO_PROXY ?? env.no_proxy ?? '').split(/[\s,]+/);
  if (exceptions.some((exception) => covers(exception.trim().toLowerCase(), url))) return '';
  if (!proxy) return getProxyForUrl(url.href);
  return proxy.includes('://') ? proxy : `http://${proxy}`;
}

/** `*`, `host`, `.domain`, `*.domain`, each with an optional port. A domain without the dot covers its subdomains, as curl has it. */
function covers(exception: string, url: URL): boolean {
  if (exception === '') return false;
  if (exception === '*') return true;
  const host = url.hostname.replace(/^\[|\]$/g, '').toLowerCase();
  const parts = /^(\[[^\]]*\]|[^:]*)(?::(\d+))?$/.exec(exception);
  const name = (parts?.[1] ?? exception).replace(/^\[|\]$/g, '').replace(/^\*?\./, '');
  const port = url.port || (url.protocol === 'https:' ? '443' : '80');
  if (parts?.[2] !== undefined && parts[2] !== port) return false;
  return name !== '' && (host === name || host.endsWith(`.${name}`));
}

function makeAgent(secure: boolean, proxy: string, strictSsl: boolean, connectTimeoutMs: number): http.Agent {
  const options = { keepAlive: true, rejectUnauthorized: strictSsl };
  if (proxy === '') return withConnectTimeout(secure ? new https.Agent(options) : new http.Agent(options), connectTimeoutMs);
  if (!URL.canParse(proxy) || !/^https?:$/.test(new URL(proxy).protocol))
    throw new Error('the proxy setting is not an http or https address');
  return secure ? new TunnelAgent(proxy, options, connectTimeoutMs) : new HttpProxyAgent(proxy, options);
}

/**
 * The library keeps its options for the way to the proxy: behind it the same certificates are verified, or not. And it
 * would wait forever for a proxy that takes the connection and says nothing.
 */
class TunnelAgent extends HttpsProxyAgent<string> {
  readonly #rejectUnauthorized: boolean;
  readonly #connectTimeoutMs: number;

  constructor(proxy: string, options: { readonly keepAlive: boolean; readonly rejectUnauthorized: boolean }, connectTimeoutMs: number) {
    super(proxy, options);
    this.#rejectUnauthorized = options.rejectUnauthorized;
    this.#connectTimeoutMs = connectTimeoutMs;
  }

  override async connect(request: http.ClientRequest, options: AgentConnectOpts): Promise<Socket> {
    const limit = new AbortController();
    const timer = setTimeout(() => limit.abort(), this.#connectTimeoutMs);
    // The socket to the proxy is made from these options before the call returns, so that each has its own signal.
    Object.assign(this.connectOpts, { signal: limit.signal });
    try {
      return await super.connect(request, { ...options, rejectUnauthorized: this.#rejectUnauthorized } as AgentConnectOpts);
    } finally {
      clearTimeout(timer);
    }
  }
}

type AgentConnectOpts = Parameters<HttpsProxyAgent<string>['connect']>[1];

type Connect = (options: unknown, callback?: unknown) => Duplex | null | undefined;

/** A host that swallows packets is given up long before the whole request is. */
function withConnectTimeout<A extends http.Agent>(agent: A, milliseconds: number): A {
  const own = agent as unknown as { createConnection: Connect };
  const connect = own.createConnection.bind(agent);
  own.createConnection = (options, callback) => {
    const socket = connect(options, callback) as Socket | null | undefined;
    if (socket) {
      const timer = setTimeout(() => socket.destroy(Object.assign(new Error('no connection'), { code: 'ETIMEDOUT' })), milliseconds);
      const clear = () => clearTimeout(timer);
      socket.once('connect', clear);
      socket.once('close', clear);
    }
    return socket;
  };
  return agent;
}
