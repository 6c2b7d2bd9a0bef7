import type { Versions } from '../core/versions';
import { ecosystemOf } from '../ecosystems';

/** The order of an ecosystem's versions, by OSV's name of it. */
export function versionsOf(ecosystem: string): Versions | undefined {
  return ecosystemOf(ecosystem)?.versions;
}
