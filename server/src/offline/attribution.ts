const sources: Readonly<Record<string, string>> = {
  GHSA: 'GitHub Advisory Database, CC-BY-4.0, https://github.com/github/advisory-database',
  PYSEC: 'PyPA Advisory Database, CC-BY-4.0, https://github.com/pypa/advisory-database',
  MAL: 'OpenSSF Malicious Packages, Apache-2.0, https://github.com/ossf/malicious-packages',
};

/** Whose data a record with this id is, and under which licence; `undefined` where that is not known. */
export function attributionOf(id: string): string | undefined {
  const prefix = id.slice(0, Math.max(0, id.indexOf('-')));
  return Object.hasOwn(sources, prefix) ? sources[prefix] : undefined;
}
