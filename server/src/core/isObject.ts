/** Whether a value of JSON is an object, and neither a list nor `null`. Its keys are text from outside: `__proto__` may be one. */
export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
