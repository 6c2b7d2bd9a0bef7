import fs from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import type { HttpRequest } from '../core/io';
import { accessed, type Access } from './access';
import type { ConfigurableHttp, Sink } from './http';

export interface DownloadFileOptions {
  readonly http: Pick<ConfigurableHttp, 'download'>;
  readonly request: HttpRequest;
  readonly access: Access;
  /** What has come of it stays there when the download breaks off, and the next one goes on from it. */
  readonly place: string;
  readonly maxBytes: number;
  /** `total` is absent where the server does not say. */
  readonly onProgress?: (received: number, total: number | undefined) => void;
  readonly signal?: AbortSignal;
  /** Writes to the open file; for tests, which have no full disk. */
  readonly write?: (file: number, piece: Uint8Array) => void | Promise<void>;
}

export type Downloaded =
  | { readonly ok: true; readonly file: string; readonly lastModified?: Date }
  | { readonly ok: false; readonly message: string; readonly status?: number };

/** What is known of a file that is there, or a part of it. */
interface Known {
  readonly url: string;
  /** What names the file's state to the server: a strong tag, or when it was last changed. */
  readonly validator?: string;
  readonly lastModified?: string;
  readonly total?: number;
  readonly complete?: true;
}

class Refused extends Error {}

/**
 * Downloads a file as it lies on a server. It goes on where an earlier download of the same state of the file broke off (RFC 9110,
 * sections 13.1.5 and 14), in this process or another, and a whole one is not fetched again where it has not changed. Throws
 * faults of the disk, and what the signal is aborted with.
 */
export async function downloadFile(options: DownloadFileOptions): Promise<Downloaded> {
  const { http, request, access, place, maxBytes, onProgress, signal, write = writeAll } = options;
  fs.mkdirSync(path.dirname(place), { recursive: true, mode: 0o700 });
  let known = readKnown(place, request.url);
  let length = known ? sizeOf(place) : 0;
  let status = 0;
  let file: number | undefined;
  const startOver = () => {
    close();
    fs.rmSync(place, { force: true });
    fs.rmSync(noteOf(place), { force: true });
    known = undefined;
    length = 0;
  };
  const close = () => {
    if (file !== undefined) fs.closeSync(file);
    file = undefined;
  };
  // A length that does not fit is of another file.
  if (known && (known.complete ? length !== known.total : known.total !== undefined && length > known.total)) startOver();

  const sink: Sink = {
    headers() {
      const plain = { accept: '*/*', 'accept-encoding': 'identity' };
      if (!known?.validator) return plain;
      if (!known.complete) return length ? { ...plain, range: `bytes=${length}-`, 'if-range': known.validator } : plain;
      const isTag = known.validator.startsWith('"');
      return { ...plain, [isTag ? 'if-none-match' : 'if-modified-since']: known.validator };
    },
    begin(answered, headers) {
      status = answered;
      if (answered === 304 && known?.complete) return false;
      if (answered === 206 && known && contentRange(headers)?.start === length) return open('a');
      if (answered === 416 || answered === 206) {
        startOver();
        throw new Refused('the server has another state of the file now');
      }
      if (answered !== 200) return false;
      startOver();
      if ((headers['content-encoding'] ?? 'identity') !== 'identity') throw new Refused('the server sends it packed once more');
      const total = /^\d{1,15}$/.test(headers['content-length'] ?? '') ? Number(headers['content-length']) : undefined;
      if (total !== undefined && total > maxBytes) throw new Refused(`it is larger than ${Math.round(maxBytes / 1e6)} MB`);
      const lastModified = headers['last-modified'];
      const tag = headers.etag?.startsWith('"') ? headers.etag : undefined;
      const validator = tag ?? lastModified;
      known = {
        url: request.url,
        ...(validator && { validator }),
        ...(lastModified && { lastModified }),
        ...(total !== undefined && { total }),
      };
      writeKnown(place, known);
      return open('w');
    },
    async take(piece) {
      length += piece.length;
      if (length > Math.min(known?.total ?? maxBytes, maxBytes)) {
        startOver();
        throw new Refused(`it is longer than ${known?.total === undefined ? `${Math.round(maxBytes / 1e6)} MB` : 'the server said'}`);
      }
      await write(file!, piece);
      onProgress?.(length, known?.total);
      return true;
    },
  };
  const open = (flags: 'a' | 'w'): boolean => {
    close();
    file = fs.openSync(place, flags, 0o600);
    return true;
  };

  try {
    const answer = await http.download(accessed(request, access), sink, signal);
    if (!answer.ok) return answer;
    if (status !== 200 && status !== 206 && status !== 304) return { ok: false, message: `the server answered ${status}`, status };
    if (status !== 304) {
      const total = known?.total ?? length;
      if (length !== total) return { ok: false, message: `it is ${length} bytes long instead of ${total}` };
      known = { ...known!, total, complete: true };
      await synced(file!);
      writeKnown(place, known);
    }
    const date = Date.parse(known?.lastModified ?? '');
    return { ok: true, file: place, ...(!Number.isNaN(date) && { lastModified: new Date(date) }) };
  } catch (error) {
    if (error instanceof Refused) return { ok: false, message: error.message };
    // What is left of it must not be what fills the disk.
    if (isFull(error)) startOver();
    throw error;
  } finally {
    close();
  }
}

/** Removes a download, whole or in part. */
export function forgetDownload(place: string): void {
  fs.rmSync(place, { force: true });
  fs.rmSync(noteOf(place), { force: true });
}

export const noRoom = 'there is no room on the disk';

export function isFull(error: unknown): boolean {
  return ['ENOSPC', 'EDQUOT', 'EFBIG'].includes((error as NodeJS.ErrnoException | undefined)?.code ?? '');
}

// A slow disk must not hold up the thread that answers the editor.
const written = promisify(fs.write);
const synced = promisify(fs.fsync);

async function writeAll(file: number, piece: Uint8Array): Promise<void> {
  for (let at = 0; at < piece.length;) at += (await written(file, piece, at, piece.length - at, undefined)).bytesWritten;
}

function noteOf(place: string): string {
  return `${place}.json`;
}

function sizeOf(place: string): number {
  return fs.statSync(place, { throwIfNoEntry: false })?.size ?? 0;
}

function readKnown(place: string, url: string): Known | undefined {
  try {
    const known = JSON.parse(fs.readFileSync(noteOf(place), 'utf8')) as Partial<Known> | null;
    const isWhole = known?.url === url && ['string', 'undefined'].includes(typeof known.validator) && fs.lstatSync(place).isFile();
    return isWhole ? (known as Known) : undefined;
  } catch {
    return undefined;
  }
}

function writeKnown(place: string, known: Known): void {
  fs.writeFileSync(noteOf(place), `${JSON.stringify(known)}\n`, { mode: 0o600 });
}

function contentRange(headers: Readonly<Record<string, string>>): { readonly start: number } | undefined {
  const match = /^bytes (\d{1,15})-/.exec(headers['content-range'] ?? '');
  return match ? { start: Number(match[1]) } : undefined;
}
