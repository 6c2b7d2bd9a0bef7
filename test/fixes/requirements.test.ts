import { checkFix, checkNoFix } from '../support/checkFix';

describe('cures in a requirements file', () => {
  it('pin, leaving extras, marker and comment as they are', () =>
    checkFix(
      'plain-util==1.0.0\nSteady_LLM[proxy] >=1,<2 ; python_version > "3.9"  # the client\nsteady-llm==1.0.0\n',
      'plain-util==1.0.0\nSteady_LLM[proxy] ==1.2.0 ; python_version > "3.9"  # the client\nsteady-llm==1.0.0\n',
      { rule: 'unpinned', title: 'Pin steady-llm to 1.2.0' },
    ));

  it('pin a bare name, with the line ends of the file', async () => {
    await checkFix('steady-llm\r\nplain-util\r\n', 'steady-llm==2.0.0\r\nplain-util\r\n', { rule: 'unpinned' });
    await checkFix('steady-llm', 'steady-llm==2.0.0', { rule: 'unpinned' });
    await checkFix('steady-llm[proxy]; python_version > "3.9"', 'steady-llm[proxy]==2.0.0; python_version > "3.9"', { rule: 'unpinned' });
  });

  it('pin to what is neither too young nor yanked nor a preview', async () => {
    await checkFix('fresh-agent\n', 'fresh-agent==1.0.0\n', {
      rule: 'unpinned',
      title: 'Pin fresh-agent to 1.0.0 (passes over 1.1.0, only 20 hours old)',
    });
    await checkFix('fresh-agent\n', 'fresh-agent==1.1.0\n', { rule: 'unpinned', policy: { minimumReleaseAgeMs: 0 } });
    await checkFix('yanked-embed\n', 'yanked-embed==1.0.0\n', { rule: 'unpinned' });
    await checkFix('beta-rag\n', 'beta-rag==1.0.0\n', { rule: 'unpinned' });
    await checkFix('beta-rag>=2.0rc1\n', 'beta-rag==2.0.0rc1\n', { rule: 'unpinned' });
  });

  it('move off malware to the lowest release that is free of all advisories', () =>
    checkFix('story-llm==1.82.7  # why\n', 'story-llm==1.84.0  # why\n', {
      rule: 'compromised-release',
      title: 'Upgrade story-llm to 1.84.0',
    }));

  it('move off malware with no registry', () =>
    checkFix('story-llm==1.82.7\n', 'story-llm==1.84.0\n', {
      rule: 'compromised-release',
      registries: 'off',
      title: 'Upgrade story-llm to 1.84.0 (not checked against the registry)',
    }));

  it('go back to the last clean release', () =>
    checkFix('hijacked-agent==2.1.1\n', 'hijacked-agent==2.1.0\n', {
      rule: 'compromised-release',
      kind: 'pin',
      title: 'Go back to hijacked-agent 2.1.0',
    }));

  it('take a young release where it is the only cure, and say so', () =>
    checkFix('rushed-fix==1.1.0\n', 'rushed-fix==1.1.1\n', {
      rule: 'compromised-release',
      title: 'Upgrade rushed-fix to 1.1.1 (only 1 hour old, younger than 3 days: there is no older cure)',
      leaves: ['fresh-release'],
    }));

  it('remove a package that is malware as a whole', () =>
    checkFix(
      'plain-util==1.0.0\nsquat-model>=1 \\\n  ; python_version > "3.9"\nsteady-llm==1.0.0\n',
      'plain-util==1.0.0\nsteady-llm==1.0.0\n',
      {
        rule: 'compromised-release',
        title: 'Remove squat-model',
      },
    ));

  it('pin or exclude where a range admits malware', async () => {
    await checkFix('story-llm>=1.80,<2\n', 'story-llm==1.85.0\n', { rule: 'admits-compromised', title: 'Pin story-llm to 1.85.0' });
    await checkFix('story-llm>=1.80,<2\n', 'story-llm>=1.80,<2,!=1.82.7,!=1.82.8\n', {
      rule: 'admits-compromised',
      kind: 'exclude',
      title: 'Exclude story-llm 1.82.7 and 1.82.8',
      leaves: ['unpinned'],
    });
    await checkFix('story-llm\n', 'story-llm!=1.82.7,!=1.82.8\n', { rule: 'admits-compromised', kind: 'exclude', leaves: ['unpinned'] });
    await checkFix('story-llm\n', 'story-llm==1.84.0\n', { rule: 'admits-compromised', registries: 'off' });
  });

  it('move off vulnerabilities, up or back', async () => {
    await checkFix('holey-vector==1.4.0\nsteady-llm==1.0.0\n', 'holey-vector==1.6.0\nsteady-llm==1.0.0\n', { rule: 'vulnerable-release' });
    await checkFix('sinking-db==1.1.0\n', 'sinking-db==0.9.0\n', { rule: 'vulnerable-release', title: 'Go back to sinking-db 0.9.0' });
  });

  it('is not offered where it would lie', async () => {
    const hash = `--hash=sha256:${'a'.repeat(64)}`;
    await checkNoFix(`story-llm==1.82.7 ${hash}\n`, { rule: 'compromised-release' });
    await checkNoFix(`story-llm==1.82.7 \\\n    ${hash}\n`, { rule: 'compromised-release' });
    await checkNoFix('steady-llm\n', { rule: 'unpinned', registries: 'off' });
    await checkNoFix('steady-llm>=3\n', { rule: 'unpinned' });
    await checkNoFix('steady-llm @ git+https://git.example/steady-llm@main\n', { rule: 'mutable-source' });
  });
});
