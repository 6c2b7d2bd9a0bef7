import type { Response } from 'node-fetch';

export class TooLarge extends Error {}

/** The body as text, decompressed. Throws {@link TooLarge} as soon as it is over the bound, whatever its headers claim. */
export async function readBody(response: Response, maxBytes: number, onBytes: (bytes: number) => void): Promise<string> {
  const tooLarge = () => new TooLarge(`the answer is larger than ${Math.round(maxBytes / 1024 / 1024)} MB`);
  if (Number(response.headers.get('content-length')) > maxBytes) {
    destroy(response);
    throw tooLarge();
  }
  if (!response.body) return '';
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of response.body as AsyncIterable<Buffer>) {
    size += chunk.length;
    onBytes(chunk.length);
    // Leaving the loop destroys the stream.
    if (size > maxBytes) throw tooLarge();
    chunks.push(chunk);
  }
  return new TextDecoder().decode(Buffer.concat(chunks));
}

function destroy(response: Response): void {
  const stream = response.body as (NodeJS.ReadableStream & { destroy?: () => void }) | null;
  stream?.on('error', () => undefined);
  stream?.destroy?.();
}
