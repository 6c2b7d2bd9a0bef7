import fs from 'node:fs';
import path from 'node:path';
import { checks } from '../checks';
import type { Policy } from '../core/check';
import { ecosystems } from '../ecosystems';
import { readPolicyFile } from '../platform/policyFile';
import { excluder } from '../platform/walk';
import defer * as merlonToml from '../policy/merlonToml';
import type { PolicyFile } from '../policy/policyFile';
import type { Settings } from '../policy/settings';
import type { Rules } from '../scan/engine';
import { createPolicies, knownNames, policyFileName, type Policies, type PolicyBase } from '../scan/policies';
import { UsageError } from './usage';

const known = knownNames(checks, ecosystems);

/** What the policy files of a workspace are laid upon. Who runs a command in a checkout trusts it; `--policy` stands in place of its files. */
export async function policyBase(settings: Settings, policy: string | undefined): Promise<PolicyBase> {
  const { privatePackages } = settings;
  const base = { policy: settings.policy, privatePackages, trusted: true };
  return policy === undefined ? base : { ...base, override: await namedPolicy(policy, process.cwd()) };
}

/** The file of `--policy`. That it cannot be read is the caller's mistake: a check without it would say too little. */
export async function namedPolicy(written: string, cwd: string): Promise<PolicyFile> {
  const file = await readPolicyFile(path.resolve(cwd, written));
  const shown = path.relative(cwd, path.resolve(cwd, written)).split(path.sep).join('/');
  if (file.state === 'absent') throw new UsageError(`--policy ${written}: no such file`);
  if (file.state === 'unreadable') throw new UsageError(`--policy ${written}: ${file.message}`);
  return merlonToml.readPolicy(file.text, shown, known);
}

/** What the policy file of the working directory decides, for what is installed below it. */
export async function rulesHere(settings: Settings, policy: string | undefined): Promise<Rules> {
  const policies = newPolicies(await policyBase(settings, policy));
  policies.set(policyFileName, await readPolicyFile(path.resolve(policyFileName)));
  return policies.rulesOf('');
}

export function newPolicies(base: PolicyBase): Policies {
  return createPolicies({ known, excluder }, base);
}

/** The policy files that lie in a folder and above it, up to `top`. Absolute. */
export function policyFilesAbove(folder: string, top: string): string[] {
  const found: string[] = [];
  for (let at = folder; ; at = path.dirname(at)) {
    const file = path.join(at, policyFileName);
    if (fs.existsSync(file)) found.push(file);
    if (at === top || at === path.dirname(at)) return found;
  }
}

/** The same rules with another policy: one object for one, since caches hold by it. */
export function refined(refine: (policy: Policy) => Policy): (rules: Rules) => Rules {
  const known = new WeakMap<Rules, Rules>();
  return (rules) => {
    let other = known.get(rules);
    if (!other) known.set(rules, (other = { ...rules, policy: refine(rules.policy) }));
    return other;
  };
}
