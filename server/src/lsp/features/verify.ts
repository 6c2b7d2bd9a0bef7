import fs from 'node:fs';
import path from 'node:path';
import { LSPErrorCodes, ResponseError, type CancellationToken, type Connection } from 'vscode-languageserver';
import type { Report } from '../../core/report';
import { nameFrom, type FoundPlace } from '../../platform/environments';
import type { WorkerClient } from '../../platform/worker';
import { printable } from '../../render/printable';
import type { Style } from '../../render/text';
import { verifyText } from '../../render/verifyText';
import type { Rules } from '../../scan/engine';
import type { Session } from '../../session/session';
import { verifyInstalled } from '../../session/verify';
import type { VerifyParams, VerifyResult } from '../messages';
import { placeOf } from '../places';

export interface VerifyParts {
  readonly connection: Pick<Connection, 'window'>;
  readonly session: Session;
  /** The URIs of the workspace folders. */
  readonly folders: readonly string[];
  readonly rulesOf: (folder: string) => Rules;
  /** Without trust nothing outside the workspace is read, whatever its settings name. */
  readonly trusted: boolean;
  readonly startWorker: () => WorkerClient;
}

/** A client draws so often at most. */
const progressMs = 100;

/** Verifies the environments of each workspace folder, as `merlon verify` does, by the rules of that folder. */
export async function verify(params: VerifyParams, token: CancellationToken, parts: VerifyParts): Promise<VerifyResult> {
  const { workDoneToken } = params;
  const { signal, dispose } = signalOf(token);
  const bar = workDoneToken === undefined ? undefined : parts.connection.window.attachWorkDoneProgress(workDoneToken);
  let told = 0;
  const tell = (message: string, always = false) => {
    const now = performance.now();
    if (!always && now - told < progressMs) return;
    told = now;
    bar?.report(message);
  };
  bar?.begin('Merlon', undefined, 'looking for environments', true);
  const reports: Report[] = [];
  const nothing: string[] = [];
  try {
    for (const uri of parts.folders) {
      const base = placeOf(uri);
      if (base === undefined) {
        nothing.push(`${uri}: it is no folder of this machine\n`);
        continue;
      }
      const places = await placesOf(uri, base, params, parts, signal);
      if (!places.length) nothing.push(`${base}: there is no installed environment and no project\n`);
      else
        reports.push(
          await verifyInstalled(parts.session, places, {
            base,
            rules: parts.rulesOf(uri),
            startWorker: parts.startWorker,
            signal,
            onProgress: (environment, files) => tell(`${printable(environment)}${files ? `: ${files.toLocaleString('en-US')} files` : ''}`),
            onAsking: () => tell('asking advisory feeds', true),
          }),
        );
    }
  } catch (error) {
    if (signal.aborted) throw new ResponseError(LSPErrorCodes.RequestCancelled, 'the request was cancelled');
    throw error;
  } finally {
    dispose();
    bar?.done();
  }
  if (!parts.folders.length) nothing.push('No folder is open.\n');
  const severities = reports.flatMap(({ files }) => files.flatMap(({ findings }) => findings.map(({ severity }) => severity)));
  const errors = severities.filter((severity) => severity === 'error').length;
  const warnings = severities.filter((severity) => severity === 'warning').length;
  return {
    text: [...reports.map((report) => verifyText(report, plain)), ...nothing.map(linesOf)].join('\n'),
    errors,
    warnings,
    others: severities.length - errors - warnings,
    complete: nothing.length === 0 && reports.every(({ complete }) => complete),
  };
}

const same = (text: string) => text;
const plain: Style = { red: same, yellow: same, blue: same, dim: same, bold: same };

/** What lies in the folder, and the environments of the interpreters that settings name for it. */
async function placesOf(
  uri: string,
  base: string,
  { interpreters }: VerifyParams,
  { startWorker, trusted }: VerifyParts,
  signal: AbortSignal,
): Promise<FoundPlace[]> {
  const named = Array.isArray(interpreters) ? (interpreters as NonNullable<VerifyParams['interpreters']>) : [];
  const prefixes = named.flatMap(({ folder, path: interpreter }) =>
    folder === uri && typeof interpreter === 'string' && path.isAbsolute(interpreter) ? prefixOf(interpreter) : [],
  );
  const wanted = [base, ...prefixes.filter((prefix) => trusted || !nameFrom(base, prefix).startsWith('..'))];
  const worker = startWorker();
  const abort = () => worker.dispose();
  signal.addEventListener('abort', abort, { once: true });
  try {
    const found: FoundPlace[] = [];
    for (const place of wanted) {
      const one = await worker.run<FoundPlace | undefined>('findEnvironments', place);
      if (one) found.push(one);
    }
    return found;
  } finally {
    signal.removeEventListener('abort', abort);
    worker.dispose();
  }
}

/** The virtual environment (PEP 405), or conda's, that an interpreter belongs to; the machine's own Python is nobody's project. */
function prefixOf(interpreter: string): string[] {
  const folder = path.dirname(interpreter);
  const isPrefix = (place: string) => ['pyvenv.cfg', 'conda-meta'].some((mark) => fs.existsSync(path.join(place, mark)));
  return [path.dirname(folder), folder].filter(isPrefix).slice(0, 1);
}

function signalOf(token: CancellationToken): { readonly signal: AbortSignal; readonly dispose: () => void } {
  const controller = new AbortController();
  if (token.isCancellationRequested) controller.abort();
  const listening = token.onCancellationRequested(() => controller.abort());
  return { signal: controller.signal, dispose: () => listening.dispose() };
}

function linesOf(text: string): string {
  return `${printable(text.trimEnd())}\n`;
}
