import zlib from 'node:zlib';

const changed = '2026-08-30T00:00:00Z';
const records = {
  npm: [{ id: 'MAL-2026-9001', name: 'demo-agent-tools', versions: ['1.0.3'], summary: 'Malicious code in demo-agent-tools' }],
  PyPI: [
    {
      id: 'PYSEC-2026-9002',
      name: 'demo-agent-kit',
      versions: ['0.4.0', '0.4.1'],
      summary: 'demo-agent-kit runs what a model answers as a shell command',
    },
  ],
};

/** What OSV's bucket would serve of an invented dump: `ECOSYSTEM/all.zip`, `ECOSYSTEM/modified_id.csv`, `ECOSYSTEM/ID.json`. */
export function dumpFile(path) {
  const [ecosystem, name] = path.split('/');
  const own = (records[ecosystem] ?? []).map((record) => recordOf(ecosystem, record));
  if (!own.length) return undefined;
  if (name === 'modified_id.csv') return Buffer.from(own.map(({ id, modified }) => `${modified},${id}\n`).join(''));
  if (name === 'all.zip') return zipOf(own.map((record) => [`${record.id}.json`, Buffer.from(JSON.stringify(record))]));
  const record = own.find(({ id }) => `${id}.json` === name);
  return record && Buffer.from(JSON.stringify(record));
}

/** What OSV says of a package by its name. */
export function recordsOf(name) {
  return Object.entries(records).flatMap(([ecosystem, own]) =>
    own.filter((one) => one.name === name).map((one) => recordOf(ecosystem, one)),
  );
}

function recordOf(ecosystem, { id, name, versions, summary }) {
  return {
    schema_version: '1.7.5',
    id,
    modified: changed,
    published: changed,
    summary,
    affected: [{ package: { ecosystem, name }, versions }],
  };
}

/** Files as they are, not packed. */
function zipOf(files) {
  const parts = [];
  const directory = [];
  let at = 0;
  for (const [name, content] of files) {
    const sizes = Buffer.alloc(12);
    sizes.writeUInt32LE(zlib.crc32(content), 0);
    sizes.writeUInt32LE(content.length, 4);
    sizes.writeUInt32LE(content.length, 8);
    const lengths = Buffer.alloc(4);
    lengths.writeUInt16LE(Buffer.byteLength(name), 0);
    const start = Buffer.alloc(4);
    start.writeUInt32LE(at, 0);
    const local = Buffer.concat([Buffer.from('PK\x03\x04\x14\0\0\0\0\0\0\0\0\0', 'latin1'), sizes, lengths, Buffer.from(name), content]);
    directory.push(
      Buffer.from('PK\x01\x02\x14\0\x14\0\0\0\0\0\0\0\0\0', 'latin1'),
      sizes,
      lengths,
      Buffer.alloc(10),
      start,
      Buffer.from(name),
    );
    parts.push(local);
    at += local.length;
  }
  const central = Buffer.concat(directory);
  const end = Buffer.alloc(22);
  end.write('PK\x05\x06', 'latin1');
  end.writeUInt16LE(files.length, 8);
  end.writeUInt16LE(files.length, 10);
  end.writeUInt32LE(central.length, 12);
  end.writeUInt32LE(at, 16);
  return Buffer.concat([...parts, central, end]);
}
