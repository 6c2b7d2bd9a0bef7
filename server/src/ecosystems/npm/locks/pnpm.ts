import type { Lock, LockfileReading } from '../../../core/lockfile';
import type { Span } from '../../../core/span';
import { locateYamlKey, locateYamlKeys, visitYaml } from '../../../syntax/yamlText';
import { firstLine, lockOf, newer, rejected, type Fault } from './damage';
import { edgeAdder, markDev } from './entry';
import { pnpmGathering } from './pnpmGathering';
import { readPnpmImporters } from './pnpmImporters';
import { withoutPeers } from './pnpmKeys';

// pnpm-lock.yaml: `importers` holds what each project asks for (before version 9, a lone project's stands at the top), `packages` what each
// release is, by dependency path (pnpmKeys.ts). Version 9 keeps the edges apart in `snapshots`, one for each set of peers. Whatever
// anything asks for is there, those for other platforms too: what is missing was cut off.

export const pnpm: LockfileReading = {
  read: readPnpmLock,
  locate,
  locator: (text) => {
    const [packages, snapshots, importers] = ['packages', 'snapshots', 'importers'].map((section) => locateYamlKeys(text, section));
    return ({ key }) =>
      key.startsWith('link:')
        ? importers!.get(key.slice('link:'.length) || '.')
        : (packages!.get(key) ?? packages!.get(withoutPeers(key)) ?? snapshots!.get(key));
  },
};

function readPnpmLock(text: string): Lock {
  const version = /^(?:\uFEFF)?["']?lockfileVersion["']?: *["']?([^"'\s#]{1,40})/m.exec(text)?.[1] ?? '';
  const major = Number(/^(\d+)(?:\.\d+)?(?:-\w+)?$/.exec(version)?.[1] ?? Number.NaN);
  const layout = major >= 9 || Number.isNaN(major) ? 9 : major >= 6 ? 6 : 5;
  const { visitor, fault: broken } = visitYaml(text, () => pnpmGathering(layout));
  let fault: Fault | undefined = broken;
  const faultAt = (path: readonly string[], message: string): Fault => ({ span: locateYamlKey(text, path) ?? firstLine(text), message });
  const complain = (path: readonly string[], message: string) => (fault ??= faultAt(path, message));

  const { entries, asked } = visitor;
  visitor.finish(complain);
  const addEdge = edgeAdder(entries);
  let gap: Fault | undefined;
  for (const { from, pairs } of asked) {
    for (let at = 0; at < pairs.length; at += 2) {
      const [name, value] = [pairs[at]!, pairs[at + 1]!];
      const target = visitor.find(name, value);
      if (target !== undefined) addEdge(from, target);
      else if (!value.startsWith('link:'))
        gap ??= faultAt([layout === 9 ? 'snapshots' : 'packages', entries[from]!.key], missing(name, value));
    }
  }
  const { roots, importers } = readPnpmImporters(visitor, complain);
  if (layout === 9) markDev(entries, roots);

  if (Number.isNaN(major)) fault ??= { span: firstLine(text), message: 'it has no lockfileVersion' };
  // A project that asks for nothing is written as `{}`.
  const asksNothing = visitor.projects.size > 0 && [...visitor.projects.values()].every(({ size }) => size === 0);
  if (entries.length === 0 && roots.length === 0 && !asksNothing)
    fault ??= { span: firstLine(text), message: 'it holds neither importers nor packages' };
  // In version 9 a file that was cut off lacks snapshots, and complaints have said so. What is missing of a whole one was merged away.
  if (layout < 9) fault ??= gap;
  const format = version === '' ? 'pnpm-lock' : `pnpm-lock ${version}`;
  const known = Number.isNaN(major) || (major >= 5 && major <= 9);
  const problem = known
    ? (fault ?? (gap && rejected(text, format, gap)))
    : newer('pnpm-lock.yaml', version, '5 to 9', locateYamlKey(text, ['lockfileVersion']));
  return lockOf(text, format, { packages: entries, roots, importers }, problem);
}

function missing(name: string, value: string): string {
  return `it holds no entry for ${name.slice(0, 214)} ${value.slice(0, 100)}`;
}

/** Of an entry the key in `packages`, where its release and digest stand; of a linked project its own. */
function locate(text: string, { key }: { readonly key: string }): Span | undefined {
  if (key.startsWith('link:')) return locateYamlKey(text, ['importers', key.slice('link:'.length) || '.']);
  return (
    locateYamlKey(text, ['packages', key]) ??
    locateYamlKey(text, ['packages', withoutPeers(key)]) ??
    locateYamlKey(text, ['snapshots', key])
  );
}
