import type { DeclarationSubject, Policy } from '../core/check';
import { compromiseOf } from './exposure';
import { isOutOfReach, speaks } from './registryState';

/** Whether a graver finding says all there is to say of a declaration: it is malware, or no release of it can be had. */
export function isSpokenFor(subject: DeclarationSubject, policy: Policy): boolean {
  return isOutOfReach(subject, policy) || (speaks(policy, 'compromised-release') && compromiseOf(subject) !== undefined);
}
