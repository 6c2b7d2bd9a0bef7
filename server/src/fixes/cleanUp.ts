// What to do on a machine on which malware ran. The order matters: since May 2026 worms wipe a machine when they see that the
// tokens they stole are revoked, so what keeps them alive goes first and secrets are renewed last, from elsewhere.

/** The steps as one sentence for a message. `remove` names what the malware leaves behind, where that is known. */
export function cleanUpSteps(remove: readonly string[] = []): string {
  const left = remove.length ? ` (${remove.slice(0, 4).join(', ')}${remove.length > 4 ? ', …' : ''})` : '';
  return `In this order: take the machine off the network, keep the evidence, remove what starts it again${left}, rebuild the environment or the machine, then renew every secret it could reach, from another machine`;
}

/** The steps as a list for a rule's page. */
export const cleanUpPage = `1. Take the machine off the network, and leave it on: what runs in memory is evidence too.
2. Keep the evidence: copy the file, its times and its hash, and the list of what is installed, to a medium that stays off.
3. Remove what starts the malware again: the start-up hook, services and timers of the user and of the system, scheduled tasks, hooks and tasks in project folders, other environments and package caches that hold the release.
4. Rebuild: a new environment from a lockfile that was written before the attack or after the cure; better the whole machine.
5. Only then renew every secret that the machine could reach, from another machine: tokens of registries and code hosts, cloud keys, SSH keys, API keys, what stands in \`.env\` files. Some worms wipe the machine when they notice that a token is revoked.`;
