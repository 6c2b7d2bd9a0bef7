import type { Trace } from '../core/environment';
import { parseJson, propertyOf, type JsonNode, type JsonObject } from '../syntax/json';
import type { FoundCommand, TraceReader } from './reader';

// Settings of coding agents by which commands run without being asked for: `hooks` maps an event to groups of commands.
// `{ "hooks": { "SessionStart": [{ "matcher": "…", "hooks": [{ "type": "command", "command": "…" }] }] } }`, and Cursor's
// `{ "hooks": { "beforeShellExecution": [{ "command": "…" }] } }`. Every string under a `command` below an event is one.

export const agentHooks: TraceReader = {
  kind: 'agent-hook' satisfies Trace['kind'],
  paths: ['.claude/settings.json', '.claude/settings.local.json', '.cursor/hooks.json', '.gemini/settings.json'],
  looked: 'hooks of coding agents',
  commands(text) {
    const { root } = parseJson(text);
    if (root?.type !== 'object') return [];
    const hooks = propertyOf(root, 'hooks')?.value;
    if (hooks?.type !== 'object') return [];
    return hooks.properties.flatMap(({ key, value }) => (value ? commandsIn(value, key.value) : []));
  },
};

function commandsIn(node: JsonNode, event: string): FoundCommand[] {
  const found: FoundCommand[] = [];
  const open: JsonNode[] = [node];
  for (let next = open.pop(); next; next = open.pop()) {
    if (next.type === 'array') open.push(...next.items);
    else if (next.type === 'object') {
      const command = commandOf(next);
      if (command) found.push({ ...command, event });
      for (const { value } of next.properties) if (value && value.type !== 'string') open.push(value);
    }
  }
  return found.sort((a, b) => a.span.start - b.span.start);
}

function commandOf(object: JsonObject): Omit<FoundCommand, 'event'> | undefined {
  const value = (propertyOf(object, 'command') ?? propertyOf(object, 'bash') ?? propertyOf(object, 'powershell'))?.value;
  return value?.type === 'string' ? { command: value.value, span: value.inner } : undefined;
}
