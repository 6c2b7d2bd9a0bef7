// The annotations of pip-compile and `uv pip compile`, behind an entry or on the comment lines below it:
//
//   # via httpx                         one; in line style several, with "," between
//   # via                               a list, of lines that are indented deeper
//   #   -r requirements.in              what a file asks for: also "name (pyproject.toml)", "--override x"
//   #   httpx                           what another entry depends on
//   #   -c constraints.txt              no reason to be here, and passed over

/** Who brings an entry. */
export interface Via {
  /** Whether a file asks for it. */
  readonly asked: boolean;
  /** Names, as written. */
  readonly parents: readonly string[];
}

/** Reads the text from an entry's beginning up to the next one. */
export function readVia(text: string): Via {
  const items: string[] = [];
  let inList = false;
  for (const line of text.split(/\r\n|[\n\r]/)) {
    const comment = /(?:^|\s)#(.*)$/.exec(line)?.[1];
    const opening = comment === undefined ? undefined : /^\s*via(?:\s+(.*))?$/.exec(comment);
    if (opening) {
      inList = true;
      items.push(...(opening[1] ?? '').split(','));
    } else if (inList && comment !== undefined && /^(?:\s\s|\t)/.test(comment)) items.push(comment);
    else inList = false;
  }
  let asked = false;
  const parents = new Set<string>();
  for (const item of items.map((one) => one.trim()).filter((one) => one !== '')) {
    const name = /^([A-Za-z0-9][A-Za-z0-9._-]*)(?:\[[^\]]*\])?$/.exec(item)?.[1];
    if (name !== undefined) parents.add(name);
    else if (!/^(?:-c|--constraints?)\b/.test(item)) asked = true;
  }
  return { asked, parents: [...parents] };
}
