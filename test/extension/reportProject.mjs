// The project of the report's pictures: three manifests, two lockfiles, a policy. Names and incidents are real, the rest is invented.
import fs from 'node:fs';
import path from 'node:path';

/** The moment at which the report is written: some hours after the compromised releases came out. */
export const reportNow = '2026-03-24T16:30:00Z';

/** @type {readonly (readonly [name: string, version: string, uploaded: string, needs: readonly string[]])[]} */
const python = [
  ['dspy', '3.0.3', '2025-09-04', ['litellm', 'openai', 'numpy', 'tenacity']],
  ['litellm', '1.82.8', '2026-03-24T10:52:00Z', ['openai', 'tiktoken', 'httpx', 'pydantic', 'jinja2']],
  ['crewai', '1.10.1', '2026-03-02', ['litellm', 'chromadb', 'pydantic']],
  ['openai', '2.29.0', '2026-03-23T18:00:00Z', ['httpx', 'pydantic', 'tqdm']],
  ['langchain', '1.2.12', '2026-03-11', ['langchain-core', 'langgraph']],
  ['langchain-core', '1.2.20', '2026-03-20', ['pydantic', 'tenacity', 'langsmith']],
  ['langgraph', '1.1.3', '2026-03-18', ['langchain-core']],
  ['langsmith', '0.7.22', '2026-03-19', ['httpx']],
  ['chromadb', '1.5.5', '2026-02-10', ['numpy', 'tokenizers']],
  ['sentence-transformers', '5.3.0', '2026-01-12', ['torch', 'transformers']],
  ['transformers', '5.3.0', '2026-02-26', ['tokenizers', 'numpy', 'safetensors']],
  ['tokenizers', '0.22.2', '2025-11-05', []],
  ['safetensors', '0.7.0', '2025-10-19', []],
  ['tiktoken', '0.12.0', '2025-10-06', []],
  ['torch', '2.10.0', '2026-01-21', ['numpy']],
  ['numpy', '2.4.3', '2026-03-09', []],
  ['httpx', '0.28.1', '2024-12-06', ['anyio', 'certifi', 'idna']],
  ['anyio', '4.12.1', '2026-01-06', ['idna']],
  ['certifi', '2026.2.25', '2026-02-25', []],
  ['idna', '3.11', '2025-10-12', []],
  ['jinja2', '3.1.6', '2025-03-05', ['markupsafe']],
  ['markupsafe', '3.0.3', '2025-09-27', []],
  ['pydantic', '2.12.5', '2025-11-26', ['typing-extensions']],
  ['typing-extensions', '4.15.0', '2025-08-25', []],
  ['tenacity', '9.1.4', '2025-12-02', []],
  ['tqdm', '4.67.3', '2024-11-24', []],
];
const asked = ['dspy>=3.0', 'crewai>=1.9', 'langchain>=1.2', 'sentence-transformers==5.3.0', 'httpx==0.28.1'];

/** Writes it into a folder. `broken`: with a manifest of which a part cannot be read. */
export function writeReportProject(folder, { broken = false } = {}) {
  const files = {
    'assistant/requirements.txt': 'litellm==1.82.7   # proxy\nopenai>=1.40\nanthropic==0.86.0\n',
    'agents/pyproject.toml': `[project]\nname = "agents"\nversion = "1.0.0"\nrequires-python = ">=3.11"\ndependencies = [\n${asked.map((one) => `  "${one}",\n`).join('')}]\n`,
    'agents/uv.lock': uvLock(),
    'web/package.json': `${JSON.stringify({ name: 'web', private: true, dependencies: { ai: '^5.0.0', '@acme/client': '2.1.0', 'left-pad': '1.3.0' } }, null, 2)}\n`,
    'web/package-lock.json': `${JSON.stringify(npmLock(), null, 2)}\n`,
    'merlon.toml': `private-packages = ["@acme/*"]

[[suppress]]
rule = "unpinned"
package = "ai"
reason = "follows the vendor until the new gateway is live; asked for by the web team"
expires = 2036-04-30
`,
    ...(broken && { 'batch/pyproject.toml': '[project]\nname = "batch"\ndependencies = ["torch", "vllm\n' }),
  };
  for (const [name, text] of Object.entries(files)) {
    fs.mkdirSync(path.dirname(path.join(folder, name)), { recursive: true });
    fs.writeFileSync(path.join(folder, name), text);
  }
}

function uvLock() {
  const own = asked.map((one) => one.split(/[>=]/, 1)[0]);
  const packages = python.map(
    ([name, version, time, needs]) => `[[package]]
name = "${name}"
version = "${version}"
source = { registry = "https://pypi.org/simple" }
${needs.length ? `dependencies = [\n${needs.map((need) => `    { name = "${need}" },\n`).join('')}]\n` : ''}wheels = [
    { url = "https://files.example/${name}.whl", hash = "sha256:${'0'.repeat(64)}", upload-time = "${time.includes('T') ? time : `${time}T09:00:00Z`}" },
]
`,
  );
  return `version = 1
revision = 3
requires-python = ">=3.11"

[[package]]
name = "agents"
version = "1.0.0"
source = { virtual = "." }
dependencies = [
${own.map((name) => `    { name = "${name}" },\n`).join('')}]

${packages.join('\n')}`;
}

function npmLock() {
  const at = (version, dependencies = {}) => ({ version, dependencies });
  return {
    name: 'web',
    lockfileVersion: 3,
    packages: {
      '': { name: 'web', dependencies: { ai: '^5.0.0', '@acme/client': '2.1.0', 'left-pad': '1.3.0' } },
      'node_modules/ai': at('5.0.51', { '@ai-sdk/provider': '2.0.0' }),
      'node_modules/@ai-sdk/provider': at('2.0.0'),
      'node_modules/@acme/client': at('2.1.0', { axios: '1.14.1' }),
      'node_modules/axios': at('1.14.1', { 'follow-redirects': '1.15.9' }),
      'node_modules/follow-redirects': at('1.15.9'),
      'node_modules/left-pad': at('1.3.0'),
    },
  };
}
