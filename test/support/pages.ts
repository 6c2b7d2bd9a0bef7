import assert from 'node:assert/strict';

/** One tag of a page, with the values of its attributes as they are meant. */
export interface Tag {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
}

const empty: ReadonlySet<string> = new Set(['meta', 'input', 'br', 'img', 'link', 'hr']);

/**
 * Reads a page as strictly as no browser does: every attribute in double quotes, every tag closed in its order, no `<` or `>` in text. What
 * passes cannot hold markup that came from outside. → its tags and its text
 */
export function readPage(page: string): { readonly tags: readonly Tag[]; readonly text: string } {
  const tags: Tag[] = [];
  const open: string[] = [];
  let text = '';
  assert.ok(page.startsWith('<!doctype html>'), page.slice(0, 40));
  let at = '<!doctype html>'.length;
  while (at < page.length) {
    const next = page.indexOf('<', at);
    const plain = page.slice(at, next < 0 ? page.length : next);
    assert.ok(!plain.includes('>'), `a bare > in ${JSON.stringify(plain.slice(0, 80))}`);
    text += meant(plain);
    if (next < 0) break;
    at = next;
    const tag = /^<(\/?)([a-z][a-z0-9]*)((?:\s+[a-zA-Z][a-zA-Z0-9-]*(?:="[^"<>]*")?)*)\s*(\/?)>/.exec(page.slice(at, at + 200_000));
    assert.ok(tag, `no tag: ${page.slice(at, at + 120)}`);
    const [whole, closing, name, attributes, closed] = tag;
    at += whole.length;
    if (closing) {
      assert.equal(open.pop(), name, `closed out of its order: ${page.slice(at - 120, at)}`);
      continue;
    }
    const own: Record<string, string> = {};
    for (const [, key, value] of attributes!.matchAll(/\s([a-zA-Z][a-zA-Z0-9-]*)(?:="([^"]*)")?/g)) own[key!] = meant(value ?? '');
    tags.push({ name: name!, attributes: own });
    if (closed || empty.has(name!)) continue;
    if (name === 'style' || name === 'script') {
      const end = page.indexOf(`</${name}>`, at);
      at = end + name.length + 3;
      continue;
    }
    open.push(name!);
  }
  assert.deepEqual(open, []);
  return { tags, text };
}

function meant(text: string): string {
  const names: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', '#39': "'", '#96': '`' };
  return text.replace(/&([^;]{1,8});/g, (_, name: string) => names[name] ?? assert.fail(`&${name};`));
}
