import { agents, locked } from './agents.mjs';
import { assistant } from './assistant.mjs';
import { machine } from './machine.mjs';
import { offline } from './offline.mjs';
import { policy } from './policy.mjs';
import { report } from './report.mjs';
import { registry } from './registry.mjs';

/** What is seen and done in a fresh VS Code: each story has a folder of its own, out of demo/ or made by itself. */
export const stories = [assistant, agents, locked, machine, registry, report, offline, policy];
