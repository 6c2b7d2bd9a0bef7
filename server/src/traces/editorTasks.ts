import { parseJson, propertyOf, type JsonNode, type JsonObject } from '../syntax/json';
import type { FoundCommand, TraceReader } from './reader';

// .vscode/tasks.json: a task whose `runOptions.runOn` is `folderOpen` runs when the folder is opened, where the user has once
// allowed automatic tasks. `command` and `args` may stand in `windows`, `osx` and `linux` as well.

export const editorTasks: TraceReader = {
  kind: 'editor-task',
  paths: ['.vscode/tasks.json'],
  looked: 'tasks that run when the folder is opened',
  commands(text) {
    const { root } = parseJson(text);
    if (root?.type !== 'object') return [];
    const tasks = propertyOf(root, 'tasks')?.value;
    return tasks?.type === 'array' ? tasks.items.flatMap((task) => (task.type === 'object' ? taskOf(task) : [])) : [];
  },
};

function taskOf(task: JsonObject): FoundCommand[] {
  const options = propertyOf(task, 'runOptions')?.value;
  const runOn = options?.type === 'object' ? propertyOf(options, 'runOn')?.value : undefined;
  if (runOn?.type !== 'string' || runOn.value !== 'folderOpen') return [];
  const places = [task, ...['windows', 'osx', 'linux'].map((name) => propertyOf(task, name)?.value)];
  const commands = places.flatMap((place) => (place?.type === 'object' ? commandOf(place) : []));
  return commands.length ? commands : [{ command: '', span: runOn.inner, event: 'folderOpen' }];
}

function commandOf(place: JsonObject): FoundCommand[] {
  const command = textOf(propertyOf(place, 'command')?.value);
  const script = textOf(propertyOf(place, 'script')?.value);
  const found = command ?? script;
  if (!found) return [];
  const args = propertyOf(place, 'args')?.value;
  const written = args?.type === 'array' ? args.items.map((item) => textOf(item)?.text ?? '').join(' ') : '';
  return [{ command: `${found.text} ${written}`.trim(), span: found.span, event: 'folderOpen' }];
}

/** A string, or a quoted one: `{ "value": "…", "quoting": "…" }`. */
function textOf(node: JsonNode | undefined) {
  const value = node?.type === 'object' ? propertyOf(node, 'value')?.value : node;
  return value?.type === 'string' ? { text: value.value, span: value.inner } : undefined;
}
