import { checkFix, checkNoFix } from '../support/checkFix';

const file = (text: string) => `//- package.json\n${text}`;

describe('cures in package.json', () => {
  it('pin a range, a tag, an alias', async () => {
    await checkFix(
      file('{\n\t"dependencies": { "steady-llm": "^1.0.0", "plain-util": "^1.0.0" }\n}\n'),
      file('{\n\t"dependencies": { "steady-llm": "1.2.0", "plain-util": "^1.0.0" }\n}\n'),
      {
        rule: 'unpinned',
      },
    );
    await checkFix(file('{ "dependencies": { "steady-llm": "latest" } }'), file('{ "dependencies": { "steady-llm": "2.0.0" } }'), {
      rule: 'unpinned',
    });
    await checkFix(
      file('{ "dependencies": { "x": "npm:steady-llm@^1.0.0" } }'),
      file('{ "dependencies": { "x": "npm:steady-llm@1.2.0" } }'),
      { rule: 'unpinned' },
    );
    await checkFix(file('{ "dependencies": { "steady-llm": "" } }'), file('{ "dependencies": { "steady-llm": "2.0.0" } }'), {
      rule: 'unpinned',
    });
  });

  it('move off malware and vulnerabilities', async () => {
    await checkFix(file('{ "dependencies": { "hijacked-agent": "2.1.1" } }'), file('{ "dependencies": { "hijacked-agent": "2.1.2" } }'), {
      rule: 'compromised-release',
    });
    await checkFix(file('{ "dependencies": { "story-llm": "1.82.6" } }'), file('{ "dependencies": { "story-llm": "1.84.0" } }'), {
      rule: 'vulnerable-release',
    });
    await checkFix(file('{ "overrides": { "story-llm": "1.82.8" } }'), file('{ "overrides": { "story-llm": "1.84.0" } }'), {
      rule: 'compromised-release',
    });
  });

  it('remove malware, and the comma with it', async () => {
    await checkFix(
      file('{\n  "dependencies": {\n    "plain-util": "1.0.0",\n    "squat-model": "1.0.0"\n  }\n}\n'),
      file('{\n  "dependencies": {\n    "plain-util": "1.0.0"\n  }\n}\n'),
      { rule: 'compromised-release' },
    );
    await checkFix(
      file('{\n  "dependencies": {\n    "squat-model": "1.0.0",\n    "plain-util": "1.0.0"\n  }\n}\n'),
      file('{\n  "dependencies": {\n    "plain-util": "1.0.0"\n  }\n}\n'),
      { rule: 'compromised-release' },
    );
  });

  it('is the entry of a catalog, where the range stands', () =>
    checkFix(
      '//- package.json\n{ "dependencies": { "steady-llm": "catalog:" } }\n//- pnpm-workspace.yaml\npackages:\n  - .\ncatalog:\n  steady-llm: ^1.0.0\n',
      '//- package.json\n{ "dependencies": { "steady-llm": "catalog:" } }\n//- pnpm-workspace.yaml\npackages:\n  - .\ncatalog:\n  steady-llm: 1.2.0\n',
      { rule: 'unpinned' },
    ));

  it('excludes malware from a range, and does no more to a peer, whose range speaks for others', async () => {
    const peer = file('{ "peerDependencies": { "hijacked-agent": "^2.0.0" } }');
    await checkNoFix(peer, { rule: 'admits-compromised', kind: 'pin' });
    await checkFix(peer, file('{ "peerDependencies": { "hijacked-agent": "^2.0.0 <2.1.1 || ^2.0.0 >2.1.1" } }'), {
      rule: 'admits-compromised',
      title: 'Exclude hijacked-agent 2.1.1',
    });
  });
});
