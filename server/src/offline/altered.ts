import type { BucketName } from './bucket';
import { ByteWriter } from './bytes';
import { writeName } from './name';

/** Which of these records a bucket holds otherwise than it did: ids of those that are new, changed or gone. */
export function alteredIn(before: readonly BucketName[], after: readonly BucketName[], among: ReadonlySet<string>): ReadonlySet<string> {
  const old = writtenOf(before, among);
  const altered = new Set<string>();
  for (const [key, { id, bytes }] of writtenOf(after, among)) {
    const was = old.get(key);
    if (!was || !isSame(was.bytes, bytes)) altered.add(id);
    old.delete(key);
  }
  for (const { id } of old.values()) altered.add(id);
  return altered;
}

export function isSame(one: Uint8Array, other: Uint8Array): boolean {
  return one.length === other.length && one.every((byte, at) => byte === other[at]);
}

/** Each record as it is written by itself: among others of its name places of versions would stand for those of all. */
function writtenOf(names: readonly BucketName[], among: ReadonlySet<string>) {
  const written = new Map<string, { readonly id: string; readonly bytes: Uint8Array }>();
  const scratch = new ByteWriter();
  for (const { ecosystem, name, records } of names) {
    for (const record of records) {
      if (!among.has(record.id)) continue;
      const writer = new ByteWriter();
      writeName(writer, scratch, name, [record], ecosystem.versions);
      written.set(`${ecosystem.id} ${record.id} ${name}`, { id: record.id, bytes: writer.bytes() });
    }
  }
  return written;
}
