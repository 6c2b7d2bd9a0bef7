export class TooLarge extends Error {}

/** An answer as node-fetch gives it. */
interface Answer {
  readonly headers: { get(name: string): string | null };
  readonly body: NodeJS.ReadableStream | null;
}

/** The body as text, decompressed. Throws {@link TooLarge} as soon as it is over the bound, whatever its headers claim. */
export async function readBody(response: Answer, maxBytes: number, onBytes: (bytes: number) => void): Promise<string> {
  const tooLarge = () => new TooLarge(`the answer is larger than ${Math.round(maxBytes / 1024 / 1024)} MB`);
  if (Number(response.headers.get('content-length')) > maxBytes) {
    discard(response);
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

/** Lets the rest of an answer go unread. */
export function discard({ body }: Answer): void {
  body?.on('error', () => undefined);
  (body as { destroy?: () => void } | null)?.destroy?.();
}
