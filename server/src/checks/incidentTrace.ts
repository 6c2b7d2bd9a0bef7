import type { Check, TraceSubject } from '../core/check';
import type { Observation } from '../core/finding';
import type { IncidentMark } from '../core/incident';
import { cleanUpPage, cleanUpSteps } from '../fixes/cleanUp';

export const incidentTrace: Check = {
  id: 'incident-trace',
  title: 'Something that malware leaves in projects and packages',
  severity: 'warning',
  docs: {
    severity:
      'error where an incident names the very content; information for the hooks of an agent that run only while it works; else warning',
    why: `Worms of 2025 and 2026 plant files that make others run them: hooks in \`.claude/settings.json\` that run when a session starts, tasks in \`.vscode/tasks.json\` that run when the folder is opened, and a \`binding.gyp\` in packages that have nothing to compile, for which npm runs node-gyp although the package names no install script. The files are committed and travel with the repository to whoever opens it next.

Each of these has honest uses too, so a finding says what runs and when, not that it is bad. Files whose hash an incident gives, and commands that name a host of one, are errors.`,
    example: `{ "hooks": { "SessionStart": [{ "hooks": [{ "type": "command", "command": "node .vscode/setup.mjs" }] }] } }`,
    fix: `Read what runs before you open the folder again in an editor that would run it. Look in the history who added it. If nobody of yours did, or an incident names it:

${cleanUpPage}`,
  },
  assess: {
    trace(subject) {
      const { trace, marks } = subject;
      const certain = marks.find(({ by }) => by !== 'name');
      if (certain) return [named(subject, certain)];
      if (trace.kind === 'named-file') return isTelling(trace.path) && marks[0] ? [likelyNamed(subject, marks[0])] : [];
      const span = trace.span;
      if (trace.kind === 'bare-gyp') {
        const runs = trace.command ? `, and gyp runs ${quoted(trace.command)}` : '';
        return [{ message: `binding.gyp makes npm run node-gyp, yet there is no native source to compile${runs}`, span }];
      }
      return [command(subject)];
    },
  },
};

function named({ trace, file }: TraceSubject, { incident, by }: IncidentMark): Observation {
  const name = file.slice(file.lastIndexOf('/') + 1);
  const how =
    by === 'content'
      ? `${name} is a file of ${incident.title} (${incident.id}), to the letter`
      : `${name} names a host of ${incident.title} (${incident.id})`;
  return {
    message: `${how}. ${cleanUpSteps([name, ...incident.files.filter((other) => other !== name)])}`,
    span: trace.span,
    severity: 'error',
  };
}

function likelyNamed({ trace, file }: TraceSubject, { incident }: IncidentMark): Observation {
  const name = file.slice(file.lastIndexOf('/') + 1);
  return {
    message: `${name} bears the name of a file of ${incident.title} (${incident.id}); its content is none that is known`,
    span: trace.span,
  };
}

function command({ trace }: TraceSubject): Observation {
  const what = trace.command ? `runs ${quoted(trace.command)}` : 'runs a task';
  const when = trace.kind === 'editor-task' ? 'when the folder is opened' : `by itself at ${trace.event}`;
  const mark = trace.command ? incidentOf(trace.command) : undefined;
  const hint = mark ? '; incidents plant files of that name' : '';
  const where = trace.kind === 'editor-task' ? 'A task' : 'A hook of the coding agent';
  const opens = trace.kind === 'editor-task' || atStart.test(trace.event);
  return {
    message: `${where} ${what} ${when}${hint}`,
    span: trace.span,
    severity: opens || mark || reaching.test(trace.command) ? 'warning' : 'information',
  };
}

/** Events of coding agents that come without anybody's doing but opening the project. */
const atStart = /^(?:SessionStart|Setup|InstructionsLoaded|sessionStart|session_start)$/;

/** What fetches, hides or hands code to an interpreter. */
const reaching =
  /\b(?:curl|wget|iwr|irm|invoke-webrequest|invoke-expression|iex|base64|eval|bunx?|powershell|pwsh|nc|ncat|socat)\b|\b(?:node|python3?|perl|ruby|deno)\s+-[a-z]*[ce]\b|https?:\/\/|\/tmp\/|\/dev\/tcp/i;

/** Files that worms have planted and had run by hooks and tasks. */
function incidentOf(text: string): string | undefined {
  return text.split(/[\s"'`;|&()<>=]+/).find((part) => planted.test(part));
}

const planted =
  /(?:^|[\\/])(?:setup|execution|_index|router_init|router_runtime|tanstack_runner|bun_environment|setup_bun|Math_Symbol)\.(?:mjs|cjs|js)$/;

/** Names that honest projects use as well say nothing by themselves, unless they lie where an editor or an agent runs them. */
function isTelling(path: string): boolean {
  const name = path.slice(path.lastIndexOf('/') + 1);
  return (
    !/^(?:setup|execution|_index|start)\.(?:mjs|cjs|js|py)$|^binding\.gyp$/.test(name) ||
    /(?:^|\/)\.(?:claude|vscode|cursor|github)\//.test(path) ||
    /_runtime\//.test(path)
  );
}

function quoted(text: string): string {
  const line = text.replace(/\s+/g, ' ').trim();
  return `"${line.length > 80 ? `${line.slice(0, 79)}…` : line}"`;
}
