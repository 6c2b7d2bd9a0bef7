import { checkFix, checkNoFix } from '../support/checkFix';

const file = (text: string) => `//- pyproject.toml\n${text}`;

describe('cures in pyproject.toml', () => {
  it('pin in the notation of each table', async () => {
    await checkFix(
      file('[project]\ndependencies = [\n    "steady-llm[proxy] >=1,<2; python_version > \'3.9\'", # client\n    "plain-util",\n]\n'),
      file('[project]\ndependencies = [\n    "steady-llm[proxy] ==1.2.0; python_version > \'3.9\'", # client\n    "plain-util",\n]\n'),
      { rule: 'unpinned' },
    );
    await checkFix(file('[tool.poetry.dependencies]\nsteady-llm = "^1.0"\n'), file('[tool.poetry.dependencies]\nsteady-llm = "1.2.0"\n'), {
      rule: 'unpinned',
    });
    await checkFix(
      file('[tool.poetry.dependencies]\nsteady-llm = { extras = ["x"], version = "~1.1" }\n'),
      file('[tool.poetry.dependencies]\nsteady-llm = { extras = ["x"], version = "1.1.0" }\n'),
      { rule: 'unpinned' },
    );
    await checkFix(file("[dependency-groups]\ndev = ['steady-llm']\n"), file("[dependency-groups]\ndev = ['steady-llm==2.0.0']\n"), {
      rule: 'unpinned',
    });
  });

  it('move off malware and vulnerabilities', async () => {
    await checkFix(file('[project]\ndependencies = ["story-llm==1.82.7"]\n'), file('[project]\ndependencies = ["story-llm==1.84.0"]\n'), {
      rule: 'compromised-release',
    });
    await checkFix(
      file('[tool.poetry.dependencies]\nholey-vector = "1.4.0"\n'),
      file('[tool.poetry.dependencies]\nholey-vector = "1.6.0"\n'),
      { rule: 'vulnerable-release' },
    );
  });

  it('exclude malware from a range', async () => {
    await checkFix(
      file('[project]\ndependencies = ["story-llm>=1.80"]\n'),
      file('[project]\ndependencies = ["story-llm>=1.80,!=1.82.7,!=1.82.8"]\n'),
      {
        rule: 'admits-compromised',
        kind: 'exclude',
        leaves: ['unpinned'],
      },
    );
    await checkFix(
      file('[tool.uv]\nconstraint-dependencies = ["story-llm<2"]\n'),
      file('[tool.uv]\nconstraint-dependencies = ["story-llm<2,!=1.82.7,!=1.82.8"]\n'),
      {
        rule: 'admits-compromised',
        kind: 'exclude',
      },
    );
  });

  it('remove malware, and what separates it from its neighbours', async () => {
    await checkFix(
      file('[project]\ndependencies = ["plain-util==1.0.0", "squat-model", "steady-llm==1.0.0"]\n'),
      file('[project]\ndependencies = ["plain-util==1.0.0", "steady-llm==1.0.0"]\n'),
      { rule: 'compromised-release' },
    );
    await checkFix(
      file('[tool.poetry.dependencies]\npython = "^3.9"\nsquat-model = "^1"\nplain-util = "1.0.0"\n'),
      file('[tool.poetry.dependencies]\npython = "^3.9"\nplain-util = "1.0.0"\n'),
      { rule: 'compromised-release' },
    );
  });

  it('is not offered in a string with escapes', () =>
    checkNoFix(file('[project]\ndependencies = ["story-llm\\u003d=1.82.7"]\n'), { rule: 'compromised-release' }));
});
