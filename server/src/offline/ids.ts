import type { ByteReader, ByteWriter } from './bytes';

// Ids of advisories in a few bytes. Grammar: a byte that says the form, then
//   0    the id as a string
//   1    GHSA: twelve letters of its alphabet, in groups of four, as a number each
//   2…   PREFIX-YEAR-NUMBER of the prefixes below: the year since 1990, the number, and how many digits it is written with
//        where that is not what the prefix is known for

const prefixes: readonly { readonly name: string; readonly digits: number }[] = [
  { name: 'MAL', digits: 1 },
  { name: 'CVE', digits: 4 },
  { name: 'PYSEC', digits: 1 },
];
const literal = 0;
const ghsa = 1;
const firstPrefix = 2;
/** Added to the form where the number is written otherwise. */
const otherDigits = 64;
const firstYear = 1990;

/** github/advisory-database: ids hold these letters alone. */
const letters = '23456789cfghjmpqrvwx';

export function writeId(writer: ByteWriter, id: string): void {
  if (/^GHSA(?:-[2-9cfghjmpqrvwx]{4}){3}$/.test(id)) {
    writer.byte(ghsa);
    for (const group of id.slice(5).split('-')) {
      let value = 0;
      for (const letter of group) value = value * letters.length + letters.indexOf(letter);
      writer.number(value);
    }
    return;
  }
  const [, prefix, year, number] = /^([A-Z]+)-(\d{4})-(\d{1,14})$/.exec(id) ?? [];
  const form = prefixes.findIndex(({ name }) => name === prefix);
  if (form < 0 || Number(year) < firstYear) {
    writer.byte(literal);
    writer.string(id);
    return;
  }
  const isUsual = number === String(Number(number)).padStart(prefixes[form]!.digits, '0');
  writer.byte(firstPrefix + form + (isUsual ? 0 : otherDigits));
  writer.number(Number(year) - firstYear);
  writer.number(Number(number));
  if (!isUsual) writer.number(number!.length);
}

export function readId(reader: ByteReader): string {
  const form = reader.byte();
  if (form === literal) return reader.string();
  if (form === ghsa) return `GHSA-${group(reader.number())}-${group(reader.number())}-${group(reader.number())}`;
  const prefix = prefixes[(form % otherDigits) - firstPrefix];
  if (!prefix) throw new RangeError('there is no such form of an id');
  const year = reader.number() + firstYear;
  const number = String(reader.number());
  return `${prefix.name}-${year}-${number.padStart(form >= otherDigits ? reader.number() : prefix.digits, '0')}`;
}

function group(value: number): string {
  const base = letters.length;
  let text = '';
  for (let rest = value, i = 0; i < 4; i++, rest = Math.floor(rest / base)) text = letters[rest % base]! + text;
  return text;
}
