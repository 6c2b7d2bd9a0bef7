import type { TomlScalar } from './toml';

const digits = '[0-9](?:_?[0-9])*';
const decimal = '[+-]?(?:0|[1-9](?:_?[0-9])*)';
const date = '(?<year>[0-9]{4})-(?<month>[0-9]{2})-(?<day>[0-9]{2})';
const time = '(?<hour>[0-9]{2}):(?<minute>[0-9]{2})(?::(?<second>[0-9]{2})(?:\\.[0-9]+)?)?';
const zone = '(?:Z|[+-](?<zoneHour>[0-9]{2}):(?<zoneMinute>[0-9]{2}))';

const forms: readonly (readonly [TomlScalar['type'], RegExp])[] = [
  ['boolean', /^(?:true|false)$/],
  ['integer', new RegExp(`^(?:${decimal}|0x[0-9a-f](?:_?[0-9a-f])*|0o[0-7](?:_?[0-7])*|0b[01](?:_?[01])*)$`, 'i')],
  ['float', new RegExp(`^(?:${decimal}(?:\\.${digits})?(?:[eE][+-]?${digits})?|[+-]?(?:inf|nan))$`)],
  ['offset-datetime', new RegExp(`^${date}[Tt ]${time}${zone}$`, 'i')],
  ['local-datetime', new RegExp(`^${date}[Tt ]${time}$`)],
  ['date', new RegExp(`^${date}$`)],
  ['time', new RegExp(`^${time}$`)],
];
const wrongCase = /^0[XOB]/;

/** What a bare value is (TOML 1.1, from "Integer" to "Local Time"); `invalid` for what is none of them. */
export function scalarType(text: string): TomlScalar['type'] {
  for (const [type, form] of forms) {
    const match = form.exec(text);
    if (match) return !wrongCase.test(text) && (!match.groups || isMoment(match.groups)) ? type : 'invalid';
  }
  return 'invalid';
}

/** Whether a bare value is a slip in a number, a date or a truth value, and not a text that lacks its quotes. */
export function resemblesScalar(text: string): boolean {
  return /^[+-]?[0-9.][0-9a-fA-F_.:+\-TZtzxob ]*$|^(?:true|false|[+-]?(?:inf|nan))$/i.test(text);
}

function isMoment(groups: Record<string, string | undefined>): boolean {
  const number = (name: string): number => Number(groups[name] ?? 0);
  if (groups.month !== undefined && (number('month') < 1 || number('month') > 12)) return false;
  if (groups.day !== undefined && (number('day') < 1 || number('day') > daysOf(number('year'), number('month')))) return false;
  return number('hour') < 24 && number('minute') < 60 && number('second') <= 60 && number('zoneHour') < 24 && number('zoneMinute') < 60;
}

function daysOf(year: number, month: number): number {
  const leap = (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;
  return month === 2 ? (leap ? 29 : 28) : [4, 6, 9, 11].includes(month) ? 30 : 31;
}
