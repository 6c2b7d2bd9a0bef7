import fs from 'node:fs';
import path from 'node:path';
import zlib from 'node:zlib';

// Real manifests, advisories and conformance cases, kept outside the repository. Where they are absent the tests that
// use them skip, and say so.

const root = process.env.MERLON_ROOT ?? process.cwd();
const folder = process.env.MERLON_CORPUS ?? path.resolve(root, '..', 'shared', 'corpus');

export const corpusPresent = fs.existsSync(path.join(folder, 'manifests', 'oracle.json'));

/** Absolute path of a corpus file. */
export function corpusPath(relative: string): string {
  return path.join(folder, relative);
}

export function corpusText(relative: string): string {
  return fs.readFileSync(corpusPath(relative), 'utf8');
}

export function corpusJson<T>(relative: string): T {
  return JSON.parse(corpusText(relative)) as T;
}

/** The records of a `.jsonl.gz` file. */
export function corpusRecords<T>(relative: string): T[] {
  const text = zlib.gunzipSync(fs.readFileSync(corpusPath(relative))).toString('utf8');
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as T);
}

/** `describe` for tests on the corpus. Where it is absent the body is not run at all, since it may read the corpus at once. */
export function describeCorpus(title: string, body: (this: Mocha.Suite) => void): void {
  if (corpusPresent) describe(`${title} (corpus)`, body);
  else describe(title, () => it.skip('skipped: no corpus beside this checkout (MERLON_CORPUS names its folder)'));
}
