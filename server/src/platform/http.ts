import type { RequestInit, Response } from 'node-fetch';
import { repository, version } from '../../../package.json';
import type { Clock, Http, HttpRequest, HttpResponse } from '../core/io';
import { isBelow } from './access';
import { discard, readBody, TooLarge } from './body';
import { createHostGate, UselessHost, type Turn } from './hostGate';
import type { Ledger } from './ledger';
import type { Agents, ProxySettings } from './proxy';
import { backOffMs, explain, retryAfterMs, triesFor } from './retry';

export interface NetworkSettings extends ProxySettings {
  /** How long one try may take. All tries together take 2.5 times that, and under 30 seconds in any case. */
  readonly timeoutMs?: number;
}

export interface HttpOptions {
  readonly ledger: Ledger;
  readonly settings: NetworkSettings;
  /** Dates the ledger's entries. */
  readonly clock?: Clock;
  readonly random?: () => number;
}

/**
 * Where a long answer goes, piece by piece. What it throws ends the request and is thrown to who asked: the fault is not the network's.
 */
export interface Sink {
  /** Of the next try: what has come already need not come again. */
  headers(): Readonly<Record<string, string>>;
  /** Whether the body is wanted; `false` ends the request with this answer. */
  begin(status: number, headers: Readonly<Record<string, string>>): boolean | Promise<boolean>;
  /** The next piece comes when this is done; `false`: enough. */
  take(piece: Uint8Array): boolean | Promise<boolean>;
}

export interface ConfigurableHttp extends Http {
  /**
   * As `request`, for what is too long to be held: the body goes to the sink, and the answer has none. A try may take as long as
   * pieces come, and goes on where the one before broke off, as far as the sink asks for that.
   */
  download(request: HttpRequest, sink: Sink, signal?: AbortSignal): Promise<HttpResponse>;
  /** What is under way is tried again, the new way. */
  configure(settings: NetworkSettings): void;
}

const longestMs = 28_000;
const defaultTryMs = 10_000;
const longestConnectMs = 5000;
const requestsPerHost = 6;
const defaultMaxBytes = 64 * 1024 * 1024;
const maximumRedirects = 5;
/** A server that asks for a longer pause is believed this far. */
const longestPauseMs = 5 * 60_000;
/** A try of a download that brought so much has got on. */
const gettingOn = 4096;
/** No download is worth more; a server that sends a byte now and then must not keep us for ever. */
const longestDownloadMs = 4 * 60 * 60_000;
/** So long pieces are taken one after the other. */
const longestTurnMs = 8;
const userAgent = `merlon/${version} (+${repository.url.replace(/\.git$/, '')})`;

/**
 * The one way to the network: proxy, time limits, a bounded number of requests at each host, retries, size limits, and
 * the ledger. Rejects only when the caller aborts.
 */
export function createHttp({
  ledger,
  settings: first,
  clock = { now: () => new Date() },
  random = Math.random,
}: HttpOptions): ConfigurableHttp {
  let settings = first;
  let timing = timingOf(first);
  let agents: Agents | undefined;
  const enter = createHostGate(requestsPerHost);
  /** Until when a host has asked not to be asked. */
  const pauses = new Map<string, number>();

  async function ask(asked: HttpRequest, signal: AbortSignal | undefined, sink?: Sink): Promise<HttpResponse> {
    signal?.throwIfAborted();
    const url = httpUrl(asked.url);
    if (!url) return { ok: false, message: 'the address is not an http or https address' };
    let turn: Turn;
    try {
      turn = await enter(url.host, signal);
    } catch (error) {
      if (error instanceof UselessHost) return { ok: false, message: error.message };
      throw error;
    }
    const path = (asked.access && httpUrl(asked.access.shownUrl)?.pathname) ?? url.pathname;
    const note = ledger.begin({ time: clock.now(), host: url.host, path, purpose: asked.purpose, names: asked.names });
    const deadline = Date.now() + (sink ? longestDownloadMs : timing.totalMs);
    const task: Task = {
      asked,
      url,
      turn,
      deadline,
      signal,
      sink,
      note,
      tries: 0,
      hosts: [],
      sent: 0,
      received: 0,
      fault: undefined,
      own: undefined,
    };
    let outcome = 'failed';
    try {
      const response = await tries(task);
      outcome = response.ok ? String(response.status) : response.message;
      return response;
    } finally {
      note({ sent: task.sent, received: task.received, outcome: signal?.aborted ? 'given up' : outcome });
      // An answer that nobody waits for any more says nothing about the host.
      turn.end(signal?.aborted ? undefined : task.fault);
    }
  }

  async function tries(task: Task): Promise<HttpResponse> {
    const { url, signal } = task;
    for (let count = 1, before = 0; ; count++) {
      // A download that has got on, and need not begin again, is tried as often again.
      if (task.received - before >= gettingOn && task.sink?.headers().range !== undefined) count = 1;
      before = task.received;
      const pause = (pauses.get(url.host) ?? 0) - Date.now();
      if (pause > task.deadline - Date.now()) return { ok: false, message: `${url.host} asks to wait for ${Math.ceil(pause / 1000)} s` };
      if (pause > 0) await sleep(pause, signal);
      const result = await oneTry(task);
      signal?.throwIfAborted();
      if (result.done) return result.done;
      if (result.pauseMs !== undefined) pauses.set(url.host, Date.now() + Math.min(result.pauseMs, longestPauseMs));
      const wait = backOffMs(count, random());
      if (count >= result.tries || Date.now() + Math.max(wait, result.pauseMs ?? 0) >= task.deadline) {
        return { ok: false, message: `${url.host}: ${result.message}` };
      }
      await sleep(wait, signal);
    }
  }

  async function oneTry(task: Task): Promise<Tried> {
    const limit = new AbortController();
    const milliseconds = Math.max(1, Math.min(timing.tryMs, task.deadline - Date.now()));
    const timer = setTimeout(() => limit.abort(), milliseconds);
    const { sink } = task;
    const signal = task.signal ? AbortSignal.any([task.signal, limit.signal]) : limit.signal;
    try {
      const response = await followed(task, signal);
      if (response.status === 429 || response.status >= 500) {
        discard(response);
        task.fault = `${task.url.host}: answered ${response.status}`;
        return {
          message: `answered ${response.status}`,
          tries: triesFor('busy'),
          pauseMs: retryAfterMs(response.headers.get('retry-after')),
        };
      }
      if (response.status === 407) {
        discard(response);
        return { done: { ok: false, message: 'the proxy asks for credentials' } };
      }
      const body = sink
        ? await pour(response, sink, task, () => timer.refresh())
        : await readBody(response, task.asked.maxBytes ?? defaultMaxBytes, (bytes) => void (task.received += bytes));
      task.turn.answered();
      task.fault = undefined;
      return { done: { ok: true, status: response.status, headers: Object.fromEntries(response.headers), body } };
    } catch (error) {
      if (task.own) throw task.own.fault;
      if (error instanceof TooLarge || error instanceof BadRedirect) {
        task.fault = `${task.url.host}: ${error.message}`;
        return { done: { ok: false, message: task.fault } };
      }
      const timedOut = limit.signal.aborted;
      const { message, fault } = explain(error, timedOut, timing.tryMs);
      task.fault = `${task.url.host}: ${message}`;
      return { message, tries: triesFor(fault) };
    } finally {
      clearTimeout(timer);
      // What is left of the connection is of no use: a body that was cut off must not go on arriving.
      limit.abort();
    }
  }

  /** Sends, and follows redirects within a host; to another one only from https to https, and never with a body: names go where the settings say. */
  async function followed(task: Task, signal: AbortSignal): Promise<Response> {
    // What opens connections is loaded with the first request: without a network there is no use for it.
    const [{ default: fetch }, { createAgents }] = await Promise.all([import('node-fetch'), import('./proxy')]);
    const agentFor = (target: URL) => (agents ??= createAgents(settings, timing.connectMs)).agentFor(target);
    let url = new URL(task.url);
    // node-fetch refuses addresses with credentials; they travel in the header that they stand for.
    url.username = '';
    url.password = '';
    for (let count = 0; ; count++) {
      task.note({ sent: task.sent, ...(count === 0 && { tries: ++task.tries }) });
      const response = await fetch(url.href, { ...initOf(task, url), agent: agentFor, signal });
      const location = [301, 302, 303, 307, 308].includes(response.status) ? response.headers.get('location') : null;
      if (location === null) return response;
      discard(response);
      const next = httpUrl(new URL(location, url).href);
      if (!next || count >= maximumRedirects) throw new BadRedirect('redirects without end');
      const elsewhere = next.host !== url.host;
      if (next.protocol !== 'https:' && (elsewhere || url.protocol === 'https:'))
        throw new BadRedirect(`redirects to an address that is not safe`);
      if (task.asked.sameHost && elsewhere) throw new BadRedirect(`redirects to ${next.host}, which is not asked`);
      if (task.asked.method === 'POST' && (elsewhere || response.status < 307))
        throw new BadRedirect(`redirects a question to ${next.host}`);
      if (elsewhere) task.note({ redirectedTo: (task.hosts = [...task.hosts, next.host]) });
      url = next;
    }
  }

  function initOf(task: Task, url: URL): RequestInit {
    const { asked } = task;
    const body = asked.json === undefined ? undefined : JSON.stringify(asked.json);
    task.sent += body === undefined ? 0 : Buffer.byteLength(body);
    // Headers were made for the server that was asked, and what it may know for a part of it.
    const own = url.origin === task.url.origin ? { ...asked.headers, ...credentialsOf(task.url) } : acceptOf(asked);
    const { authorization, below = '' } = asked.access ?? {};
    return {
      method: asked.method ?? 'GET',
      headers: {
        accept: 'application/json',
        ...own,
        ...(url.origin === task.url.origin && task.sink?.headers()),
        ...(authorization !== undefined && isBelow(url, below) && { authorization }),
        'user-agent': userAgent,
        ...(body !== undefined && { 'content-type': 'application/json' }),
      },
      ...(body !== undefined && { body }),
      redirect: 'manual',
      // What is kept in pieces is kept as it lies on the server.
      ...(task.sink && { compress: false }),
    };
  }

  return {
    request: (asked, signal) => ask(asked, signal),
    download: (asked, sink, signal) => ask(asked, signal, sink),
    configure(next) {
      agents?.dispose();
      agents = undefined;
      settings = next;
      timing = timingOf(next);
    },
  };
}

interface Task {
  readonly asked: HttpRequest;
  readonly url: URL;
  readonly turn: Turn;
  readonly deadline: number;
  readonly signal: AbortSignal | undefined;
  /** Where the body goes; absent where it is to be answered. */
  readonly sink: Sink | undefined;
  readonly note: ReturnType<Ledger['begin']>;
  tries: number;
  /** Those that it was redirected to. */
  hosts: readonly string[];
  sent: number;
  received: number;
  /** What the sink threw. */
  own: { readonly fault: unknown } | undefined;
  /** Why the last try got nothing of use from the host. */
  fault: string | undefined;
}

type Tried =
  | { readonly done: HttpResponse }
  /** Worth this many tries in all. */
  | { readonly done?: undefined; readonly message: string; readonly tries: number; readonly pauseMs?: number };

class BadRedirect extends Error {}

/** Lets an answer flow into its sink. A server that is near sends without a pause, and others want their turn as well. */
async function pour(response: Response, sink: Sink, task: Task, onPiece: () => void): Promise<string> {
  const guarded = async (work: () => boolean | Promise<boolean>): Promise<boolean> => {
    try {
      return await work();
    } catch (fault) {
      task.own = { fault };
      throw fault;
    }
  };
  const wanted = await guarded(() => sink.begin(response.status, Object.fromEntries(response.headers)));
  if (!wanted || !response.body) {
    discard(response);
    return '';
  }
  let since = performance.now();
  for await (const piece of response.body as AsyncIterable<Buffer>) {
    if (performance.now() - since > longestTurnMs) {
      await new Promise((resolve) => setImmediate(resolve));
      since = performance.now();
    }
    task.received += piece.length;
    task.note({ received: task.received });
    // Leaving the loop destroys the stream.
    if (!(await guarded(() => sink.take(piece)))) break;
    onPiece();
  }
  return '';
}

function timingOf({ timeoutMs }: NetworkSettings): { totalMs: number; tryMs: number; connectMs: number } {
  const tryMs = Math.max(1, Math.min(timeoutMs ?? defaultTryMs, longestMs));
  const totalMs = Math.min(longestMs, tryMs * 2.5);
  return { totalMs, tryMs, connectMs: Math.min(longestConnectMs, tryMs) };
}

function httpUrl(written: string): URL | undefined {
  if (!URL.canParse(written)) return undefined;
  const url = new URL(written);
  return url.protocol === 'http:' || url.protocol === 'https:' ? url : undefined;
}

function credentialsOf(url: URL): Record<string, string> {
  const { username, password } = url;
  if (username === '' && password === '') return {};
  const plain = `${safeDecode(username)}:${safeDecode(password)}`;
  return { authorization: `Basic ${Buffer.from(plain).toString('base64')}` };
}

/** What form is wanted is no secret, and without it another one would come. */
function acceptOf({ headers = {} }: HttpRequest): Record<string, string> {
  return headers.accept === undefined ? {} : { accept: headers.accept };
}

function safeDecode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function sleep(milliseconds: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    const abort = () => {
      clearTimeout(timer);
      reject(signal!.reason as Error);
    };
    const timer = setTimeout(() => {
      signal?.removeEventListener('abort', abort);
      resolve();
    }, milliseconds);
    signal?.addEventListener('abort', abort, { once: true });
  });
}
