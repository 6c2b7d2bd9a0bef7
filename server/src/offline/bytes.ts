// The alphabet of the index: unsigned numbers of any size, seven bits a byte, the low ones first; and strings, whose first
// number is four times a length, or a place, and the way they are written:
//   0  ASCII: so many bytes
//   1  UTF-8: so many bytes
//   2  the shared string at this place
//   3  prose: so many pieces, each of them a number: twice the place of a shared string and 1, or four times so many bytes
//      of ASCII that follow, or that and 2 for UTF-8
// What is read is a string of one character a byte, since the pieces of such a string cost nothing to cut out.

const ascii = 0;
const utf8 = 1;
const shared = 2;
const prose = 3;
/** So that what grows large does not hold twice as much as it needs. */
const longestStep = 1 << 24;
/** Below this prose is no shorter by the word. */
const shortestProse = 24;

/** Strings that occur often, and words of prose, by their place in a list that the file holds once. */
export interface Shared {
  readonly list: readonly string[];
  readonly places: Pick<ReadonlyMap<string, number>, 'get'>;
}

export const nothingShared: Shared = { list: [], places: new Map() };

/** Bytes that grow. */
export class ByteWriter {
  #bytes: Uint8Array;
  #length = 0;
  readonly #shared: Shared;

  constructor(sharedStrings: Shared = nothingShared, capacity = 1024) {
    this.#shared = sharedStrings;
    this.#bytes = new Uint8Array(capacity);
  }

  get length(): number {
    return this.#length;
  }

  /** What was written; valid until something else is. */
  bytes(): Uint8Array {
    return this.#bytes.subarray(0, this.#length);
  }

  clear(): void {
    this.#length = 0;
  }

  byte(value: number): void {
    this.#reserve(1);
    this.#bytes[this.#length++] = value;
  }

  number(value: number): void {
    this.#reserve(8);
    let rest = value;
    while (rest >= 128) {
      this.#bytes[this.#length++] = (rest % 128) + 128;
      rest = Math.floor(rest / 128);
    }
    this.#bytes[this.#length++] = rest;
  }

  raw(bytes: Uint8Array): void {
    this.#reserve(bytes.length);
    this.#bytes.set(bytes, this.#length);
    this.#length += bytes.length;
  }

  string(text: string): void {
    const place = this.#shared.places.get(text);
    if (place !== undefined) return this.number(place * 4 + shared);
    if (text.length >= shortestProse) this.#prose(text);
    else this.#letters(text, utf8);
  }

  #prose(text: string): void {
    const pieces: (string | number)[] = [];
    for (const word of wordsOf(text)) {
      const place = this.#shared.places.get(word);
      const last = pieces.at(-1);
      if (place !== undefined) pieces.push(place);
      else if (typeof last === 'string') pieces[pieces.length - 1] = last + word;
      else pieces.push(word);
    }
    this.number(pieces.length * 4 + prose);
    for (const piece of pieces) {
      if (typeof piece === 'number') this.number(piece * 2 + 1);
      else this.#letters(piece, 2);
    }
  }

  /** Four times the length, `marked` where it is UTF-8, and the bytes. */
  #letters(text: string, marked: number): void {
    if (isAscii(text)) {
      this.number(text.length * 4 + ascii);
      this.#reserve(text.length);
      for (let i = 0; i < text.length; i++) this.#bytes[this.#length++] = text.charCodeAt(i);
    } else {
      const encoded = encoder.encode(text);
      this.number(encoded.length * 4 + marked);
      this.raw(encoded);
    }
  }

  #reserve(more: number): void {
    if (this.#length + more <= this.#bytes.length) return;
    const grown = new Uint8Array(Math.max(this.#bytes.length + Math.min(this.#bytes.length, longestStep), this.#length + more));
    grown.set(this.#bytes);
    this.#bytes = grown;
  }
}

/**
 * Reads what a {@link ByteWriter} wrote. Throws a RangeError where the bytes end too early: they were checked before, so that this is a
 * fault of their writer.
 */
export class ByteReader {
  readonly #text: string;
  readonly #shared: readonly string[];
  #at: number;

  /** `text`: one character a byte. */
  constructor(text: string, sharedStrings: readonly string[] = [], at = 0) {
    this.#text = text;
    this.#shared = sharedStrings;
    this.#at = at;
  }

  get at(): number {
    return this.#at;
  }

  get atEnd(): boolean {
    return this.#at >= this.#text.length;
  }

  skip(bytes: number): void {
    this.#at += bytes;
  }

  byte(): number {
    const code = this.#text.charCodeAt(this.#at++);
    if (code !== code) throw new RangeError('the bytes end too early');
    return code;
  }

  number(): number {
    let code = this.byte();
    if (code < 128) return code;
    let value = code - 128;
    for (let factor = 128; ; factor *= 128) {
      code = this.byte();
      if (code < 128) return value + code * factor;
      value += (code - 128) * factor;
    }
  }

  skipString(): void {
    const head = this.number();
    const length = Math.floor(head / 4);
    if (head % 4 < shared) this.#at += length;
    else if (head % 4 === prose) {
      for (let left = length; left > 0; left--) {
        const piece = this.number();
        if (piece % 2 === 0) this.#at += Math.floor(piece / 4);
      }
    }
  }

  string(): string {
    const head = this.number();
    const length = Math.floor(head / 4);
    const way = head % 4;
    switch (way) {
      case ascii:
        return this.#take(length);
      case utf8:
        return fromUtf8(this.#take(length));
      case shared:
        return this.#sharedAt(length);
      default: {
        let text = '';
        for (let i = 0; i < length; i++) {
          const piece = this.number();
          if (piece % 2) text += this.#sharedAt((piece - 1) / 2);
          else text += piece % 4 ? fromUtf8(this.#take((piece - 2) / 4)) : this.#take(piece / 4);
        }
        return text;
      }
    }
  }

  #take(length: number): string {
    const start = this.#at;
    this.#at += length;
    if (this.#at > this.#text.length) throw new RangeError('the bytes end too early');
    return this.#text.slice(start, this.#at);
  }

  #sharedAt(place: number): string {
    const text = this.#shared[place];
    if (text === undefined) throw new RangeError('there is no such shared string');
    return text;
  }
}

/** Words with the space before them, and whatever stands between. */
function wordsOf(text: string): string[] {
  return text.match(/ ?[A-Za-z]+| ?[^A-Za-z ]+| /g) ?? [];
}

const encoder = new TextEncoder();
const decoder = new TextDecoder();

function isAscii(text: string): boolean {
  for (let i = 0; i < text.length; i++) if (text.charCodeAt(i) > 127) return false;
  return true;
}

function fromUtf8(text: string): string {
  const bytes = new Uint8Array(text.length);
  for (let i = 0; i < text.length; i++) bytes[i] = text.charCodeAt(i);
  return decoder.decode(bytes);
}
