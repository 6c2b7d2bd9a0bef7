import type { Check } from '../core/check';
import { admitsCompromised } from './admitsCompromised';
import { compromisedRelease } from './compromisedRelease';
import { environmentDrift } from './environmentDrift';
import { incidentTrace } from './incidentTrace';
import { insecureSource } from './insecureSource';
import { invalidRequirement } from './invalidRequirement';
import { lockConflict } from './lockConflict';
import { lockDrift } from './lockDrift';
import { mutableSource } from './mutableSource';
import { startupHook } from './startupHook';
import { tamperedInstall } from './tamperedInstall';
import { unpinned } from './unpinned';
import { vulnerableRelease } from './vulnerableRelease';

/** THE list of rules, in the order in which they are shown. */
export const checks: readonly Check[] = [
  compromisedRelease,
  admitsCompromised,
  vulnerableRelease,
  unpinned,
  mutableSource,
  insecureSource,
  invalidRequirement,
  lockDrift,
  lockConflict,
  environmentDrift,
  tamperedInstall,
  startupHook,
  incidentTrace,
];
