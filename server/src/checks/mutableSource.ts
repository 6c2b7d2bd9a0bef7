import type { Check } from '../core/check';
import type { Declaration } from '../core/declaration';
import { culprit } from '../fixes/culprit';

export const mutableSource: Check = {
  id: 'mutable-source',
  title: 'A git or URL source that can change under you',
  severity: 'warning',
  docs: {
    why: `A branch moves with every push, and a tag can be moved to other code: in March 2026 attackers moved nearly all tags of a popular action in one evening. A file behind a URL can be replaced at any time. What was reviewed is then not what is installed. Only a full commit id, or a hash of the file, stands for one content.`,
    example: `transformers @ git+https://github.com/huggingface/transformers@main`,
    fix: `Write the full commit id behind the \`@\` (Python) or \`#\` (npm) of a git source. Behind the URL of a Python file write \`#sha256=\` and its hash. npm cannot hold a hash in package.json: depend on a release of the registry, or keep the file in your repository.`,
  },
  assess: {
    declaration({ declaration }) {
      const message = fault(declaration);
      return message === undefined ? [] : [{ message, span: culprit(declaration) }];
    },
  },
};

function fault(declaration: Declaration): string | undefined {
  const { source } = declaration;
  const what = declaration.package.name || 'This entry';
  if (source.kind === 'git') {
    const { revision } = source;
    if (revision === undefined || revision === '')
      return `${what} comes from git without a commit: each install takes the newest code of the default branch`;
    if (fullCommit.test(revision)) return undefined;
    if (/^[0-9a-f]{7,39}$/i.test(revision)) return `${what} comes from git at ${revision}, a shortened commit id: write all of it`;
    return `${what} comes from git at ${revision}, which can be moved to other code: name a full commit id`;
  }
  if (source.kind !== 'url' || source.url.startsWith('file:') || declaration.hashes.some((hash) => strongHash.test(hash))) return undefined;
  const fragment = source.url.split('#')[1] ?? '';
  if (fragment.split('&').some((part) => strongHash.test(part))) return undefined;
  return `${what} comes from a URL without a hash: the file behind it can be replaced`;
}

// SHA-1 and SHA-256 object names of git.
const fullCommit = /^(?:[0-9a-f]{40}|[0-9a-f]{64})$/i;
const strongHash = /^sha(?:224|256|384|512)[=:-]/i;
