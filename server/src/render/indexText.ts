/** What an offline index holds of one ecosystem. `covered`: it knows the whole of it, so that a name without records has none. */
export interface Holdings {
  readonly names: number;
  readonly records: number;
  readonly covered: boolean;
}

/** `npm: 228,700 records on 201,311 names, nothing complete on PyPI` */
export function holdingsText(ecosystems: Readonly<Record<string, Holdings>>): string {
  const parts = Object.entries(ecosystems).map(([id, { names, records, covered }]) =>
    covered ? `${id}: ${countedText(records, 'record')} on ${countedText(names, 'name')}` : `nothing complete on ${id}`,
  );
  return parts.join(', ');
}

/** `1 record`, `25,100 records` */
export function countedText(number: number, what: string): string {
  return `${number.toLocaleString('en-US')} ${what}${number === 1 ? '' : 's'}`;
}
