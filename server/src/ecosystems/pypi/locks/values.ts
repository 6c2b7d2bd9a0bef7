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
  const list = listOf(value) as Values[];
  return list.every((element) => tableOf(element)) ? list : list.filter((element) => tableOf(element));
}

export function textsOf(value: unknown): readonly string[] {
  const list = listOf(value) as string[];
  return list.every((element) => typeof element === 'string') ? list : list.filter((element) => typeof element === 'string');
}

/** The entries of a table, in its order; none of what is no table. */
export function entriesOf(value: unknown): readonly (readonly [string, unknown])[] {
  const table = tableOf(value);
  return table ? Object.entries(table) : [];
}
