import fs from 'node:fs';
import path from 'node:path';
import { scratch } from './cli';

/** What a program tried to reach. */
export interface Seal {
  /** For the program's environment. */
  readonly env: Readonly<Record<string, string>>;
  /** `tcp 127.0.0.1:80`, `name pypi.org`, `udp …`: every attempt so far, of all threads. */
  attempts(): readonly string[];
}

/**
 * Watches a program from within, in all of its threads: whatever opens a connection in Node goes through one of these functions.
 * Attempts are written down before they are made, and are made.
 */
export function seal(): Seal {
  const folder = scratch();
  const log = path.join(folder, 'attempts.txt');
  const watcher = path.join(folder, 'watch.cjs');
  fs.writeFileSync(
    watcher,
    `const fs = require('node:fs');
const note = (text) => fs.appendFileSync(${JSON.stringify(log)}, text + '\\n');
const wrap = (of, name, text) => {
  const own = of[name];
  if (typeof own === 'function') of[name] = function (...args) { note(text(args)); return own.apply(this, args); };
};
const net = require('node:net'), dns = require('node:dns'), dgram = require('node:dgram');
wrap(net.Socket.prototype, 'connect', ([first]) => {
  const options = Array.isArray(first) ? first[0] : first;
  return 'tcp ' + (options && typeof options === 'object' ? (options.path ?? (options.host ?? 'localhost') + ':' + options.port) : String(first));
});
for (const name of Object.keys(dns)) if (/^(lookup|resolve|reverse)/.test(name)) wrap(dns, name, ([host]) => 'name ' + host);
for (const name of Object.keys(dns.promises)) if (/^(lookup|resolve|reverse)/.test(name)) wrap(dns.promises, name, ([host]) => 'name ' + host);
for (const name of ['send', 'connect', 'bind']) wrap(dgram.Socket.prototype, name, () => 'udp ' + name);
`,
  );
  return {
    env: { NODE_OPTIONS: `--require ${JSON.stringify(watcher)}` },
    attempts: () => (fs.existsSync(log) ? fs.readFileSync(log, 'utf8').trim().split('\n').filter(Boolean) : []),
  };
}
