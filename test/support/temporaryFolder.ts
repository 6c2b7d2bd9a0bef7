import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';

/** Files by relative path; a value `{ link }` is a symbolic link, a Buffer its bytes. */
export type Tree = Readonly<Record<string, string | Buffer | { readonly link: string }>>;

/** A new folder that holds these files, and how to remove it. */
export function temporaryFolder(tree: Tree = {}): { readonly path: string; remove(): void } {
  const root = fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), 'merlon-')));
  for (const [name, content] of Object.entries(tree)) {
    const place = path.join(root, name);
    fs.mkdirSync(path.dirname(place), { recursive: true });
    if (typeof content === 'string' || Buffer.isBuffer(content)) fs.writeFileSync(place, content);
    else fs.symlinkSync(content.link, place);
  }
  return { path: root, remove: () => fs.rmSync(root, { recursive: true, force: true }) };
}

/** Makes folders for the tests of a `describe`, and removes them behind the last. */
export function temporaryFolders(): (tree: Tree) => string {
  const folders: { remove(): void }[] = [];
  after(() => folders.forEach((folder) => folder.remove()));
  return (tree) => {
    const folder = temporaryFolder(tree);
    folders.push(folder);
    return folder.path;
  };
}

/** Whether this machine lets us make symbolic links (Windows wants a privilege for it). */
export const canLink = process.platform !== 'win32';
