import type { Check } from '../core/check';
import { culprit } from '../fixes/culprit';
import { listed } from '../fixes/wording';

export const lockConflict: Check = {
  id: 'lock-conflict',
  title: 'Two lockfiles side by side hold different releases',
  severity: 'warning',
  docs: {
    why: `Two lockfiles lie beside each other, written by different tools, and they disagree on this dependency. Which release is installed depends on who runs which tool: one of them may hold a compromised or vulnerable release that nobody looks at.`,
    example: `"openai": "^5.0.0"   // package-lock.json holds 5.1.0, yarn.lock holds 5.0.3`,
    fix: `Keep the lockfile of the tool that the project uses and delete the others. Name the tool in \`packageManager\`, so that everybody's machine knows it.`,
  },
  assess: {
    declaration({ declaration, lock }) {
      const held = lock?.releases[0];
      if (!lock || !held || !lock.conflicts.length) return [];
      const others = listed(lock.conflicts.map(({ file, version }) => `${file} ${version}`));
      const message = `${lock.file} holds ${declaration.package.name} ${held.version}, but ${others}: what is installed depends on the tool`;
      return [{ message, span: culprit(declaration) }];
    },
  },
};
