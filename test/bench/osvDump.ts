import fs from 'node:fs';
import zlib from 'node:zlib';

// A dump with the shape of OSV's: so many npm records, nine tenths of them malware given by exact versions or as a whole, and PyPI
// records with long lists of versions. Lengths and counts follow quantiles taken from 3,164 real records; words, names and ids
// are invented. The same seed gives the same bytes.

export interface DumpShape {
  readonly npm: number;
  readonly pypi: number;
  readonly seed: number;
}

export const fullScale: DumpShape = { npm: 228_700, pypi: 25_100, seed: 1 };

export interface DumpRecord {
  readonly id: string;
  readonly ecosystem: 'npm' | 'PyPI';
  readonly name: string;
  /** A release that the record affects. */
  readonly affected: string;
  readonly json: string;
}

type Quantiles = readonly number[];
/** The shares that the quantiles below stand for. */
const shares = [0, 0.1, 0.25, 0.5, 0.75, 0.9, 0.99, 1];
const shapes = {
  malwareName: [4, 12, 16, 21, 27, 33, 41, 52],
  malwareVersions: [1, 1, 1, 1, 1, 2, 4, 6],
  npmName: [2, 5, 7, 10, 13, 18, 26, 27],
  npmDetails: [19, 34, 48, 90, 240, 434, 640, 2349],
  npmReferences: [0, 1, 1, 3, 5, 7, 12, 19],
  npmRanges: [1, 1, 1, 1, 1, 2, 8, 16],
  npmRecords: [1, 1, 1, 1, 2, 3, 28, 64],
  pypiName: [2, 5, 6, 8, 12, 18, 28, 37],
  pypiVersions: [1, 5, 14, 35, 76, 136, 376, 1132],
  pypiDetails: [29, 131, 220, 381, 600, 873, 1466, 2344],
  pypiReferences: [1, 2, 2, 3, 5, 7, 14, 21],
  pypiRanges: [1, 1, 1, 1, 2, 5, 6, 15],
  pypiRecords: [1, 1, 1, 1, 2, 5, 66, 297],
} satisfies Record<string, Quantiles>;

/** Every record of a dump. */
export function* dumpRecords({ npm, pypi, seed }: DumpShape): Generator<DumpRecord> {
  const random = randomNumbers(seed);
  const words = vocabulary(random);
  const make = maker(random, words);
  const vulnerable = Math.round(npm / 10);
  for (let n = 0; n < npm - vulnerable; n++) yield make.malware(n);
  yield* inGroups(vulnerable, () => make.draw('npmRecords'), make.npmName, make.npm);
  yield* inGroups(pypi, () => make.draw('pypiRecords'), make.pypiName, make.pypi);
}

/** Records by name: some names have many. */
function* inGroups(
  count: number,
  size: () => number,
  newName: () => string,
  make: (n: number, name: string) => DumpRecord,
): Generator<DumpRecord> {
  for (let n = 0; n < count;) {
    const name = newName();
    for (let left = Math.max(1, size()); left > 0 && n < count; left--) yield make(n++, name);
  }
}

type Random = () => number;

function maker(random: Random, words: (length: number) => string) {
  const draw = (shape: keyof typeof shapes): number => {
    const at = random();
    const next = shares.findIndex((share) => share > at);
    const [from, to] = [shapes[shape][next - 1]!, shapes[shape][next]!];
    const [low, high] = [shares[next - 1]!, shares[next]!];
    return Math.round(from + ((to - from) * (at - low)) / (high - low));
  };
  const below = (limit: number) => Math.floor(random() * limit);
  const hex = (length: number) => Array.from({ length }, () => below(16).toString(16)).join('');
  const date = (from: number) => new Date(Date.UTC(from) + below(450 * 86_400) * 1000).toISOString().replace('.000Z', 'Z');
  const taken = new Set<string>();
  const unique = (make: () => string): string => {
    for (;;) {
      const name = make();
      if (taken.has(name)) continue;
      taken.add(name);
      return name;
    }
  };
  const dashed = (length: number) => {
    const text = words(length).slice(0, length).replaceAll(' ', '-').replace(/-+$/, '');
    return text.length < 5 ? `${text}${below(10_000)}` : text;
  };
  const scopes = Array.from({ length: 4000 }, () => `@${dashed(9)}`);
  const ghsa = () => {
    const letters = '23456789cfghjmpqrvwx';
    return `GHSA-${[0, 0, 0].map(() => Array.from({ length: 4 }, () => letters[below(20)]!).join('')).join('-')}`;
  };
  const cve = () => `CVE-${2016 + below(10)}-${1000 + below(60_000)}`;
  const sentence = (length: number) => {
    const text = words(length).slice(0, Math.max(length, 3));
    return `${text[0]!.toUpperCase()}${text.slice(1).trimEnd()}.`;
  };
  const references = (count: number) =>
    Array.from({ length: count }, () => ({
      type: ['WEB', 'FIX', 'ADVISORY', 'REPORT'][below(4)],
      url: `https://github.com/${dashed(8)}/${dashed(9)}/${below(2) ? `commit/${hex(40)}` : `issues/${below(9000)}`}`,
    }));
  const vector = () =>
    `CVSS:3.1/AV:${'NALP'[below(4)]}/AC:${'LH'[below(2)]}/PR:${'NLH'[below(3)]}/UI:${'NR'[below(2)]}/S:U/C:${'HLN'[below(3)]}/I:H/A:${'HLN'[below(3)]}`;
  const version = () => `${below(4)}.${below(12)}.${below(12)}`;

  return {
    draw,
    npmName: () => unique(() => dashed(draw('npmName'))),
    pypiName: () => unique(() => dashed(draw('pypiName'))),

    malware(n: number): DumpRecord {
      const length = draw('malwareName');
      const name = unique(() => {
        const scope = random() < 0.4 ? `${scopes[below(scopes.length)]!}/` : '';
        return scope + dashed(Math.max(4, length - scope.length));
      });
      const whole = random() < 0.4;
      const versions = [...new Set(Array.from({ length: draw('malwareVersions') }, () => (random() < 0.4 ? '1.0.0' : version())))];
      const modified = date(2023 + below(3));
      const record = {
        modified,
        published: random() < 0.5 ? modified : date(2023),
        schema_version: '1.5.0',
        id: `MAL-${2022 + below(5)}-${n + 1}`,
        aliases: random() < 0.05 ? [ghsa()] : [],
        summary: `Malicious code in ${name} (npm)`,
        details: sentence(70),
        affected: [
          {
            package: { ecosystem: 'npm', name },
            ...(whole ? { ranges: [{ type: 'SEMVER', events: [{ introduced: '0' }] }] } : { versions }),
          },
        ],
        database_specific: { 'malicious-packages-origins': [{ source: 'ghsa-malware', sha256: hex(64) }] },
      };
      return { id: record.id, ecosystem: 'npm', name, affected: versions[0]!, json: JSON.stringify(record) };
    },

    npm(_: number, name: string): DumpRecord {
      let major = 0;
      const ranges = Array.from({ length: draw('npmRanges') }, () => {
        const from = major === 0 ? '0' : `${major}.0.0`;
        const events = [
          { introduced: from },
          random() < 0.9 ? { fixed: `${major}.${1 + below(20)}.${below(20)}` } : { last_affected: `${major}.${1 + below(20)}.0` },
        ];
        major += 1 + below(3);
        return { type: 'SEMVER', events };
      });
      const record = {
        id: ghsa(),
        summary: sentence(37),
        details: sentence(draw('npmDetails')),
        aliases: random() < 0.7 ? [cve()] : [],
        modified: date(2024),
        published: date(2019),
        affected: [{ package: { ecosystem: 'npm', name }, ranges }],
        references: references(draw('npmReferences')),
        severity: random() < 0.5 ? [{ type: 'CVSS_V3', score: vector() }] : [],
        database_specific: {
          severity: ['LOW', 'MODERATE', 'HIGH', 'CRITICAL'][below(4)],
          cwe_ids: [`CWE-${below(900)}`],
          github_reviewed: true,
        },
        schema_version: '1.4.0',
      };
      return { id: record.id, ecosystem: 'npm', name, affected: '0.0.1', json: JSON.stringify(record) };
    },

    pypi(n: number, name: string): DumpRecord {
      const versions = releases(draw('pypiVersions'), below);
      const pieces = Math.min(draw('pypiRanges'), Math.ceil(versions.length / 2));
      const step = Math.ceil(versions.length / pieces);
      const events = Array.from({ length: pieces }, (_, piece) => [
        { introduced: piece === 0 ? '0' : versions[piece * step]! },
        // What follows the last release of a piece is fixed; the last piece ends behind the list.
        {
          fixed:
            versions[(piece + 1) * step] === undefined
              ? `${Number(versions.at(-1)!.split('.')[0]) + 1}.0`
              : `${versions[(piece + 1) * step - 1]!}.post1`,
        },
      ]).flat();
      const git = { type: 'GIT', repo: `https://github.com/${dashed(8)}/${name}`, events: [{ introduced: '0' }, { fixed: hex(40) }] };
      // A few records list what their ranges do not hold, as real ones do.
      const stray = random() < 0.06 ? ['99.0'] : [];
      const record = {
        id: `PYSEC-${2016 + below(10)}-${n + 1}`,
        details: sentence(draw('pypiDetails')),
        aliases: [cve(), ghsa()].slice(0, random() < 0.7 ? 2 : 1),
        affected: [
          {
            package: { name, ecosystem: 'PyPI', purl: `pkg:pypi/${name}` },
            ranges: [...(random() < 0.5 ? [git] : []), { type: 'ECOSYSTEM', events }],
            versions: [...versions, ...stray],
          },
        ],
        references: references(draw('pypiReferences')),
        severity: random() < 0.07 ? [{ type: 'CVSS_V3', score: vector() }] : undefined,
        modified: date(2023),
        published: date(2018),
      };
      return { id: record.id, ecosystem: 'PyPI', name, affected: versions[0]!, json: JSON.stringify(record) };
    },
  };
}

/** So many releases, ascending. */
function releases(count: number, below: (limit: number) => number): string[] {
  const list: string[] = [];
  let [major, minor, patch] = [below(2), below(3), 0];
  while (list.length < count) {
    const ending = below(12);
    if (ending === 0) list.push(`${major}.${minor}.${patch}rc1`);
    list.push(`${major}.${minor}.${patch}`);
    if (below(40) === 0) [major, minor, patch] = [major + 1, 0, 0];
    else if (below(4) === 0) [minor, patch] = [minor + 1, 0];
    else patch++;
  }
  return list.slice(0, count);
}

/** Three thousand invented words; the commoner ones are likelier, as Zipf's law has it. */
function vocabulary(random: Random): (length: number) => string {
  const syllables = [
    'ta',
    're',
    'in',
    'con',
    'ser',
    'pa',
    'ver',
    'lo',
    'ment',
    'al',
    'ex',
    'mi',
    'que',
    'sti',
    'on',
    'den',
    'ra',
    'up',
    'fo',
    'ge',
    'hy',
    'cu',
    'bla',
    'w',
    'z',
    'n',
  ];
  const words = Array.from({ length: 3000 }, (_, rank) => {
    const count = rank < 60 ? 1 : rank < 600 ? 2 : 3;
    return Array.from({ length: count }, () => syllables[Math.floor(random() * syllables.length)]!).join('');
  });
  return (length) => {
    const text: string[] = [];
    for (let written = 0; written < length;) {
      const word = words[Math.min(words.length - 1, Math.floor(Math.exp(random() * Math.log(words.length))))]!;
      text.push(word);
      written += word.length + 1;
    }
    return text.join(' ');
  };
}

/** Mulberry32. */
function randomNumbers(seed: number): Random {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Writes OSV's dump of one ecosystem: a zip with one deflated file a record. Answers how many bytes of JSON are in it. */
export function writeDump(place: string, records: Iterable<DumpRecord>): { readonly records: number; readonly bytes: number } {
  const file = fs.openSync(place, 'w');
  const directory: Buffer[] = [];
  let pending: Buffer[] = [];
  let [at, waiting, count, bytes] = [0, 0, 0, 0];
  const flush = () => {
    fs.writevSync(file, pending);
    pending = [];
    waiting = 0;
  };
  for (const { id, json } of records) {
    const text = Buffer.from(json);
    const packed = zlib.deflateRawSync(text, { level: 1 });
    const name = Buffer.from(`${id}.json`);
    const fields = Buffer.alloc(26);
    fields.writeUInt16LE(20, 0);
    fields.writeUInt16LE(8, 4);
    fields.writeUInt32LE(zlib.crc32(text), 10);
    fields.writeUInt32LE(packed.length, 14);
    fields.writeUInt32LE(text.length, 18);
    fields.writeUInt16LE(name.length, 22);
    pending.push(Buffer.from('PK\x03\x04', 'latin1'), fields, name, packed);
    const tail = Buffer.alloc(14);
    tail.writeUInt32LE(at, 10);
    directory.push(Buffer.from('PK\x01\x02\x14\x00', 'latin1'), fields, tail, name);
    const length = 30 + name.length + packed.length;
    at += length;
    count++;
    bytes += text.length;
    if ((waiting += length) > 4 << 20) flush();
  }
  const central = Buffer.concat(directory);
  const end = Buffer.alloc(22);
  end.write('PK\x05\x06', 'latin1');
  const manyEntries = count > 0xfffe;
  end.writeUInt16LE(manyEntries ? 0xffff : count, 8);
  end.writeUInt16LE(manyEntries ? 0xffff : count, 10);
  end.writeUInt32LE(central.length, 12);
  end.writeUInt32LE(at, 16);
  // More than 65,534 entries are told by the records of Zip64.
  const wide = Buffer.alloc(manyEntries ? 76 : 0);
  if (manyEntries) {
    wide.write('PK\x06\x06', 'latin1');
    wide.writeBigUInt64LE(44n, 4);
    wide.writeUInt16LE(45, 12);
    wide.writeUInt16LE(45, 14);
    wide.writeBigUInt64LE(BigInt(count), 24);
    wide.writeBigUInt64LE(BigInt(count), 32);
    wide.writeBigUInt64LE(BigInt(central.length), 40);
    wide.writeBigUInt64LE(BigInt(at), 48);
    wide.write('PK\x06\x07', 56, 'latin1');
    wide.writeBigUInt64LE(BigInt(at + central.length), 64);
    wide.writeUInt32LE(1, 72);
  }
  pending.push(central, wide, end);
  flush();
  fs.closeSync(file);
  return { records: count, bytes };
}
