/** A table of a TOML lockfile or an object of a JSON one. */
export type Values = Readonly<Record<string, unknown>>;

export function tableOf(value: unknown): Values | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Date) ? (value as Values) : undefined;
}

export function textOf(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

export function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

/** What is a table in a list; the rest of it is passed over. */
export function tablesOf(value: unknown): readonly Values[] {
  return listOf(value).filter((element) => tableOf(element) !== undefined) as Values[];
}

export function textsOf(value: unknown): readonly string[] {
  return listOf(value).filter((element) => typeof element === 'string');
}

/** The entries of a table, in its order; none of what is no table. */
export function entriesOf(value: unknown): readonly (readonly [string, unknown])[] {
  const table = tableOf(value);
  return table ? Object.entries(table) : [];
}
