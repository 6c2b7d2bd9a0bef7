/** A line that says what takes long; only where a person watches, and never on standard output. */
export interface Progress {
  show(text: string): void;
  clear(): void;
}

/** Nothing is shown within this time, so that quick work leaves no flicker. */
const quietMs = 300;

export function createProgress(stream: NodeJS.WriteStream): Progress {
  const started = Date.now();
  let shown = false;
  let timer: NodeJS.Timeout | undefined;
  const write = (text: string) => {
    stream.write(`\r\u001b[K${text}…`);
    shown = true;
  };
  return {
    show(text) {
      if (!stream.isTTY) return;
      clearTimeout(timer);
      const wait = quietMs - (Date.now() - started);
      if (wait <= 0) write(text);
      else timer = setTimeout(() => write(text), wait);
    },
    clear() {
      clearTimeout(timer);
      if (shown) stream.write('\r\u001b[K');
      shown = false;
    },
  };
}
