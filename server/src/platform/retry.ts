/**
 * Why a try failed. `unreachable`: nobody there; `silent`: no answer in time, or the connection broke; `refused`: asking
 * again changes nothing (certificates, proxy settings); `answer`: the host spoke and broke off; `busy`: 429 or 5xx.
 */
export type Fault = 'unreachable' | 'silent' | 'refused' | 'answer' | 'busy';

const firstPauseMs = 250;
const longestBackOffMs = 4000;

/** How often to try in all. Where nobody is there, that is said at once: having no network must not mean waiting. */
export function triesFor(fault: Fault): number {
  switch (fault) {
    case 'refused':
      return 1;
    case 'unreachable':
      return 2;
    default:
      return 4;
  }
}

/** Exponential back-off with full jitter. `random` is in [0, 1). */
export function backOffMs(count: number, random: number): number {
  return Math.round(random * Math.min(longestBackOffMs, firstPauseMs * 2 ** (count - 1)));
}

/** `Retry-After`: seconds, or an HTTP date. `undefined` where there is none that can be read. */
export function retryAfterMs(header: string | null, now = Date.now()): number | undefined {
  if (header === null) return undefined;
  if (/^\s*\d{1,9}\s*$/.test(header)) return Number(header) * 1000;
  const date = Date.parse(header);
  return Number.isNaN(date) ? undefined : Math.max(0, date - now);
}

const unreachable: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'connection refused',
  ENOTFOUND: 'the host is not known (no network?)',
  EAI_AGAIN: 'the host is not known (no network?)',
  ENETUNREACH: 'the network cannot be reached',
  EHOSTUNREACH: 'the host cannot be reached',
  EADDRNOTAVAIL: 'the host cannot be reached',
};

/** What went wrong, for people; never the address, which may hold credentials. */
export function explain(error: unknown, timedOut: boolean, limitMs: number): { message: string; fault: Fault } {
  if (timedOut) return { message: `no answer within ${Math.round(limitMs / 100) / 10} s`, fault: 'silent' };
  const code = codeOf(error);
  if (code !== undefined && unreachable[code]) return { message: unreachable[code], fault: 'unreachable' };
  if (code === 'ETIMEDOUT' || code === 'ABORT_ERR') return { message: 'no connection in time', fault: 'silent' };
  if (code === 'ECONNRESET' || code === 'EPIPE') return { message: 'the connection was reset', fault: 'silent' };
  if (code === 'ERR_STREAM_PREMATURE_CLOSE') return { message: 'the answer was cut off', fault: 'answer' };
  if (code !== undefined && /CERT|SELF_SIGNED|UNABLE_TO_|^ERR_TLS/.test(code)) {
    return { message: `its certificate is not trusted (${code}; NODE_EXTRA_CA_CERTS names further authorities)`, fault: 'refused' };
  }
  if (code !== undefined && /^(Z_|ERR_ZLIB|HPE_)/.test(code)) return { message: `the answer is damaged (${code})`, fault: 'answer' };
  const message =
    error instanceof Error && error.message.startsWith('the proxy ') ? error.message : `the request failed${code ? ` (${code})` : ''}`;
  return { message, fault: code ? 'silent' : 'refused' };
}

function codeOf(error: unknown): string | undefined {
  for (let inner = error; inner instanceof Error; inner = inner.cause) {
    const { code } = inner as { code?: unknown };
    if (typeof code === 'string') return code;
  }
  return undefined;
}
