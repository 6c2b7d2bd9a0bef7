import type { Check } from '../core/check';
import { admitsCompromised } from './admitsCompromised';
import { blockedRelease } from './blockedRelease';
import { compromisedRelease } from './compromisedRelease';
import { deprecatedRelease } from './deprecatedRelease';
import { environmentDrift } from './environmentDrift';
import { freshRelease } from './freshRelease';
import { incidentTrace } from './incidentTrace';
import { insecureSource } from './insecureSource';
import { installScript } from './installScript';
import { invalidRequirement } from './invalidRequirement';
import { lockConflict } from './lockConflict';
import { lockDrift } from './lockDrift';
import { lookalikeName } from './lookalikeName';
import { mutableSource } from './mutableSource';
import { newDependency } from './newDependency';
import { provenanceLost } from './provenanceLost';
import { quarantinedPackage } from './quarantinedPackage';
import { policyProblem } from './policyProblem';
import { releaseAgeSetting } from './releaseAgeSetting';
import { startupHook } from './startupHook';
import { tamperedInstall } from './tamperedInstall';
import { undecidedAdvisory } from './undecidedAdvisory';
import { unknownPackage } from './unknownPackage';
import { unpinned } from './unpinned';
import { vulnerableRelease } from './vulnerableRelease';
import { yankedRelease } from './yankedRelease';

/** THE list of rules, in the order in which they are shown. */
export const checks: readonly Check[] = [
  compromisedRelease,
  admitsCompromised,
  quarantinedPackage,
  unknownPackage,
  lookalikeName,
  blockedRelease,
  vulnerableRelease,
  undecidedAdvisory,
  yankedRelease,
  deprecatedRelease,
  freshRelease,
  provenanceLost,
  newDependency,
  installScript,
  unpinned,
  mutableSource,
  insecureSource,
  invalidRequirement,
  lockDrift,
  lockConflict,
  releaseAgeSetting,
  environmentDrift,
  tamperedInstall,
  startupHook,
  incidentTrace,
  policyProblem,
];
