import { checkFixture } from '../support/caretFixture';

// What an override or a constraint decides on is judged as decided, and said.

describe('a line that another one decides on', () => {
  it('stands for what a constraint pins it to, and is mended there', () =>
    checkFixture(`
//- requirements.txt
-c constraints.txt
story-llm>=1.80
         ^^^^^^ compromised-release [error]: story-llm 1.82.7, as constraints.txt has it, is malware (MAL-2026-9001)
//- constraints.txt
story-llm==1.82.7
         ^^^^^^^^ 💡 compromised-release [error]: story-llm 1.82.7 is malware (MAL-2026-9001)
`));

  it('admits what its constraint leaves of it', () =>
    checkFixture(`
//- requirements.txt
-c constraints.txt
story-llm>=1.80
         ^^^^^^ unpinned: story-llm is not pinned: the next install may take any release that >=1.80,<1.82.7 admits
//- constraints.txt
story-llm<1.82.7
`));

  it('stands for its override, whatever it asks for', () =>
    checkFixture(`
//- pyproject.toml
[project]
dependencies = ["story-llm>=1.80"]
[tool.uv]
override-dependencies = ["story-llm==1.84.0"]
`));
});
