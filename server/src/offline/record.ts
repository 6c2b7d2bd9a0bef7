import { osvUrl, type AdvisoryFacts } from '../advisories/advisory';
import type { AdvisoryKind, AdvisorySeverity } from '../core/advisory';
import { isPlaced, judge, readAffected, skipAffected, writeAffected } from './affected';
import type { ByteWriter } from './bytes';
import { readId, writeId } from './ids';
import type { NameContext } from './name';

/** What the index keeps of one OSV record about one package. */
export interface StoredRecord extends AdvisoryFacts {
  /** Days since 2000; absent where the record has no date, or one before. */
  readonly modified: number | undefined;
  readonly published: number | undefined;
  /** The record lists releases one by one; they are left out, since its ranges hold them all. */
  readonly listLeftOut: boolean;
}

// Grammar of a record, in the alphabet of bytes.ts and ids.ts:
//   flags  what is affected (affected.ts)  id  aliases: count, ids  days: modified + 1, published relative to it  [url]  summary
// flags: 2 bits kind, 3 bits severity, then whether the summary holds the package's name (as a NUL), the url is written out,
// and the list of versions is left out.

const kinds: readonly AdvisoryKind[] = ['vulnerability', 'malware', 'unmaintained'];
const severities: readonly (AdvisorySeverity | undefined)[] = [undefined, 'low', 'medium', 'high', 'critical'];
const hasName = 32;
const hasUrl = 64;
const leftOut = 128;

const millisecondsOfDay = 86_400_000;
const firstDay = Date.UTC(2000) / millisecondsOfDay;

/** `context`: the places of the name's versions; without it, what is affected is written out. */
export function writeRecord(writer: ByteWriter, record: StoredRecord, context: Pick<NameContext, 'name' | 'places' | 'versions'>): void {
  const { id, aliases, kind, summary, url, affected, modified, published, listLeftOut } = record;
  const spoken = summary.includes(context.name) && !summary.includes('\0') ? summary.replace(context.name, '\0') : undefined;
  const ownUrl = url !== osvUrl(id);
  writer.byte(
    kinds.indexOf(kind) +
      4 * severities.indexOf(record.severity()) +
      (spoken === undefined ? 0 : hasName) +
      (ownUrl ? hasUrl : 0) +
      (listLeftOut ? leftOut : 0),
  );
  writeAffected(writer, affected, kind === 'malware', context);
  writeId(writer, id);
  writer.number(aliases.length);
  for (const alias of aliases) writeId(writer, alias);
  writer.number(modified === undefined ? 0 : modified + 1);
  writer.number(published === undefined ? 0 : 1 + zigzag(published - (modified ?? 0)));
  if (ownUrl) writer.string(url);
  writer.string(spoken ?? summary);
}

/** The record at this place of the name's bytes. Nothing but its flags is read before it is asked for. */
export function readRecord(context: NameContext, at: number): StoredRecord {
  return new RecordAt(context, at);
}

/** The record as it is kept where its ranges hold all releases that it lists. */
export function withoutList(record: StoredRecord): StoredRecord {
  const { id, aliases, kind, summary, url, modified, published, affected } = record;
  const severity = () => record.severity();
  return { id, aliases, kind, summary, url, modified, published, severity, affected: { ...affected, versions: [] }, listLeftOut: true };
}

/** The day of a date as RFC 3339 writes it, as {@link StoredRecord} counts; `undefined` where it is none, or before 2000. */
export function dayOf(date: string): number | undefined {
  const day = Math.floor(Date.parse(date) / millisecondsOfDay) - firstDay;
  return day >= 0 ? day : undefined;
}

interface Head {
  readonly id: string;
  readonly aliases: readonly string[];
  readonly modified: number | undefined;
  readonly published: number | undefined;
  /** Where what follows begins. */
  readonly end: number;
}

/** A class, since thousands are made of which a few are looked at. */
class RecordAt implements StoredRecord {
  private readonly context: NameContext;
  private readonly at: number;
  private readonly flags: number;
  private readHead: Head | undefined;

  constructor(context: NameContext, at: number) {
    this.context = context;
    this.at = at + 1;
    this.flags = context.text.charCodeAt(at);
  }

  get id() {
    return this.head.id;
  }
  get aliases() {
    return this.head.aliases;
  }
  get modified() {
    return this.head.modified;
  }
  get published() {
    return this.head.published;
  }
  get url() {
    return this.flags & hasUrl ? this.context.reader(this.head.end).string() : osvUrl(this.head.id);
  }
  get kind() {
    return kinds[this.flags & 3] ?? 'vulnerability';
  }
  get listLeftOut() {
    return (this.flags & leftOut) !== 0;
  }
  get summary() {
    const reader = this.context.reader(this.head.end);
    if (this.flags & hasUrl) reader.skipString();
    const written = reader.string();
    return this.flags & hasName ? written.replace('\0', () => this.context.name) : written;
  }
  get affected() {
    return readAffected(this.context.reader(this.at), this.context);
  }
  severity() {
    return severities[(this.flags >> 2) & 7];
  }
  get readable() {
    return isPlaced(this.context.reader(this.at));
  }
  verdictOn(version: string) {
    return judge(this.context.reader(this.at), this.context, version);
  }

  private get head(): Head {
    if (this.readHead) return this.readHead;
    const reader = this.context.reader(this.at);
    skipAffected(reader);
    const id = readId(reader);
    const aliases: string[] = [];
    for (let left = reader.number(); left > 0; left--) aliases.push(readId(reader));
    const modified = reader.number() - 1;
    const since = reader.number();
    return (this.readHead = {
      id,
      aliases,
      modified: modified < 0 ? undefined : modified,
      published: since === 0 ? undefined : unzigzag(since - 1) + Math.max(0, modified),
      end: reader.at,
    });
  }
}

function zigzag(value: number): number {
  return value < 0 ? -2 * value - 1 : 2 * value;
}

function unzigzag(value: number): number {
  return value % 2 === 1 ? -(value + 1) / 2 : value / 2;
}
