/** The name under which an index knows a project (PEP 503): `Lite_LLM` is `lite-llm`. Any string is taken. */
export function normalizeName(written: string): string {
  return written.replace(/[-_.]+/g, '-').toLowerCase();
}
