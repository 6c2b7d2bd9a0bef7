import type { Check, StartupSubject } from '../core/check';
import type { Observation } from '../core/finding';
import type { IncidentMark } from '../core/incident';
import { cleanUpPage, cleanUpSteps } from '../fixes/cleanUp';
import { listed } from '../fixes/wording';

export const startupHook: Check = {
  id: 'startup-hook',
  title: 'A file that runs code at every start of Python',
  severity: 'warning',
  docs: {
    severity: 'error where an incident names the file, else warning',
    why: `Python reads every \`.pth\` file in site-packages when it starts, and runs each line that begins with \`import\`; from 3.15 on it runs what \`.start\` files name, and it imports \`sitecustomize\` and \`usercustomize\` where they exist. Nothing has to import the package: a test, a formatter, an editor's language server are enough. litellm 1.82.8 stole secrets that way, and others have since.

RECORD does not help here. The malicious file was a part of the release, and its list named it correctly.

Hooks of setuptools, virtualenv, uv, coverage, pytest-cov, pywin32 and of editable installs are known, by their name and by their content. A known name with other content is a finding.`,
    example: `.venv/lib/python3.12/site-packages/litellm_init.pth`,
    fix: `Read the line. If a tool that you use put it there, turn the rule off for good or leave it as a reminder. If an incident names it, the code has run on this machine:

${cleanUpPage}`,
  },
  assess: {
    startup(subject) {
      const { hook, marks } = subject;
      const [mark] = marks;
      if (hook.knownAs !== undefined && !mark) return [];
      const span = hook.runs[0] ?? { start: 0, end: 0 };
      return [mark ? named(subject, mark, span) : { message: unknown(subject), span }];
    },
  },
};

function named({ file, marks }: StartupSubject, { incident, by }: IncidentMark, span: Observation['span']): Observation {
  const name = baseName(file);
  const how =
    by === 'content'
      ? `${name} is a start-up hook of ${incident.title} (${incident.id}), to the letter`
      : by === 'host'
        ? `${name} runs at every start of Python and names a host of ${incident.title} (${incident.id})`
        : `${name} runs at every start of Python and bears the name of a start-up hook of ${incident.title} (${idsOf(marks)})`;
  const others = incident.files.filter((other) => other !== name);
  return { message: `${how}. ${cleanUpSteps([name, ...others])}`, span, severity: 'error' };
}

function unknown({ hook, file, package: pkg }: StartupSubject): string {
  const whose = pkg.name === '' ? 'no installed package lists it' : `${pkg.name} brings it`;
  const first = hook.runs[0];
  const line = first ? hook.text.slice(first.start, first.end).trim() : '';
  const shown = line.length > 80 ? `${line.slice(0, 79)}…` : line;
  return `${baseName(file)} runs at every start of Python, ${whose}, and no known tool put it there${shown ? `: ${shown}` : ''}`;
}

function idsOf(marks: readonly IncidentMark[]): string {
  return listed(marks.map(({ incident }) => incident.id));
}

function baseName(file: string): string {
  return file.slice(file.lastIndexOf('/') + 1);
}
