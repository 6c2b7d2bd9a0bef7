import type { Check } from '../core/check';

export const invalidRequirement: Check = {
  id: 'invalid-requirement',
  title: 'An entry that the package manager would reject',
  severity: 'warning',
  docs: {
    why: `The install stops at this entry, or the entry does not mean what it seems to. Merlon judges the rest of the file, yet cannot say anything about what this entry was meant to be.`,
    example: `litellm=1.83.0`,
    fix: `Correct the entry as the message says. In Python a version is compared by \`==\`, \`>=\`, \`<=\`, \`<\`, \`>\`, \`!=\`, \`~=\` or \`===\`.`,
  },
  assess: {
    manifest({ manifest }) {
      return manifest.problems.filter(({ kind }) => kind === 'invalid').map(({ message, span }) => ({ message, span }));
    },
  },
};
