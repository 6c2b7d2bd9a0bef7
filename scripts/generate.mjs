// node scripts/generate.mjs [--check]: writes what VS Code wants as static data (activation events, languages, one property of
// `merlon.rules` a check) and docs/checks from the server's lists. With --check nothing is written; what is stale is named, exit 1.
import fs from 'node:fs';
import path from 'node:path';
import { root } from './process.mjs';

const severities = ['error', 'warning', 'information', 'hint', 'off'];

/** File by file, what should stand there. `undefined`: nothing, so the file is to go. */
export async function generated() {
  const { checks, ecosystems, policySchema } = await loadLists();
  const patterns = [...new Set(ecosystems.flatMap((ecosystem) => ecosystem.manifests.flatMap((manifest) => manifest.patterns)))];
  const policyFile = 'merlon.toml';
  const packageFile = 'package.json';
  const packageJson = JSON.parse(fs.readFileSync(path.join(root, packageFile), 'utf8'));
  const languages = languagesOf([...patterns, `**/${policyFile}`]);
  packageJson.activationEvents = [
    ...[...languages.map((language) => language.id), 'json'].map((id) => `onLanguage:${id}`),
    ...[...patterns, `**/${policyFile}`].map((pattern) => `workspaceContains:${pattern}`),
  ];
  // Read by extensions that complete TOML by a schema (Even Better TOML, Tombi). They take an address.
  const schemaFile = 'docs/merlon.schema.json';
  packageJson.contributes.tomlValidation = [{ fileMatch: policyFile, url: schemaUrl(packageJson, schemaFile) }];
  packageJson.contributes.languages = languages;
  const rules = packageJson.contributes.configuration
    .flatMap((section) => Object.entries(section.properties))
    .find(([key]) => key === 'merlon.rules');
  rules[1].properties = Object.fromEntries(checks.map((check) => [check.id, ruleSetting(check)]));
  const files = new Map([[packageFile, `${JSON.stringify(packageJson, null, 2)}\n`]]);
  const schema = policySchema(
    checks.map(({ id }) => id),
    ecosystems.map(({ id }) => id),
  );
  files.set(schemaFile, `${JSON.stringify(schema, null, 2)}\n`);
  const docs = 'docs/checks';
  if (fs.existsSync(path.join(root, docs)))
    for (const name of fs.readdirSync(path.join(root, docs))) files.set(`${docs}/${name}`, undefined);
  files.set(`${docs}/README.md`, indexPage(checks));
  for (const check of checks) files.set(`${docs}/${check.id}.md`, checkPage(check));
  return files;
}

/** The lists as the product has them: bundled by the same rules and loaded. */
async function loadLists() {
  const { build } = await import('esbuild');
  const { common } = await import('./esbuild.mjs');
  const folder = path.join(root, 'out', `generate-${process.pid}`);
  const outfile = path.join(folder, 'lists.cjs');
  try {
    await build({
      ...common,
      sourcemap: false,
      stdin: {
        contents: `export { checks } from './server/src/checks/index'; export { ecosystems } from './server/src/ecosystems/index';
          export { policySchema } from './server/src/policy/policySchema';`,
        resolveDir: root,
        loader: 'ts',
      },
      outfile,
    });
    const loaded = (await import(`file://${outfile}`)).default;
    return { checks: loaded.checks, ecosystems: loaded.ecosystems, policySchema: loaded.policySchema };
  } finally {
    fs.rmSync(folder, { recursive: true, force: true });
  }
}

/** VS Code has no language for these files, and without one a single opened file would activate nobody. JSON it has. */
function languagesOf(patterns) {
  const kinds = [
    { id: 'pip-requirements', aliases: ['pip requirements', 'Pip Requirements'], extension: /\.(txt|in|\{txt,in\})$/ },
    { id: 'toml', aliases: ['TOML'], extension: /\.toml$/ },
  ];
  return kinds.map(({ id, aliases, extension }) => {
    const own = patterns.filter((pattern) => extension.test(pattern)).map(withoutFolders);
    const filenames = own.filter((pattern) => !/[*?{[/]/.test(pattern));
    const filenamePatterns = own.filter((pattern) => !filenames.includes(pattern));
    return { id, aliases, ...(filenames.length && { filenames }), ...(filenamePatterns.length && { filenamePatterns }) };
  });
}

function schemaUrl({ repository }, file) {
  return repository.url.replace(/^https:\/\/github\.com\/(.*?)(?:\.git)?$/, `https://raw.githubusercontent.com/$1/main/${file}`);
}

// A pattern with a slash is matched against the whole path, one without against the file's name.
function withoutFolders(pattern) {
  const rest = pattern.replace(/^\*\*\//, '');
  return rest.includes('/') ? pattern : rest;
}

function ruleSetting(check) {
  return {
    type: 'string',
    enum: severities,
    default: check.severity,
    markdownDescription: `${check.title}. Default: ${check.docs.severity ?? check.severity}.`,
  };
}

function checkPage(check) {
  const { why, example, fix, severity = check.severity } = check.docs;
  return `# ${check.id}

${check.title}.

Default severity: ${severity}.

## Why

${why.trim()}

## Example

\`\`\`${fenceLanguage(example)}
${example.replace(/^\n+|\s+$/g, '')}
\`\`\`

## How to fix it

${fix.trim()}

## How to turn it off

\`\`\`json
{ "merlon.rules": { "${check.id}": "off" } }
\`\`\`

In place of \`off\`, one of \`error\`, \`warning\`, \`information\` and \`hint\` changes its severity.
`;
}

function fenceLanguage(example) {
  const text = example.trim();
  if (/^[{"]/.test(text)) return 'json';
  return /^\[/m.test(text) || /^\w[\w-]* = /m.test(text) ? 'toml' : 'text';
}

function indexPage(checks) {
  const rows = checks.map((check) => `| [\`${check.id}\`](${check.id}.md) | ${check.docs.severity ?? check.severity} | ${check.title} |`);
  return `# Rules\n\n| Rule | Default | What it says |\n| --- | --- | --- |\n${rows.join('\n')}\n`;
}

/** Names of the files that are not as they should be. */
export function stale(files) {
  return [...files].filter(([name, text]) => text !== read(name)).map(([name]) => name);
}

function read(name) {
  const file = path.join(root, name);
  return fs.existsSync(file) ? fs.readFileSync(file, 'utf8') : undefined;
}

if (process.argv[1] === import.meta.filename) {
  const files = await generated();
  const names = stale(files);
  if (process.argv.includes('--check')) {
    names.forEach((name) => console.error(`stale: ${name}`));
    if (names.length) console.error('Run `npm run generate` and commit what it writes.');
    process.exitCode = names.length ? 1 : 0;
  } else {
    for (const name of names) {
      const file = path.join(root, name);
      const text = files.get(name);
      fs.mkdirSync(path.dirname(file), { recursive: true });
      if (text === undefined) fs.rmSync(file);
      else fs.writeFileSync(file, text);
      console.log(`${text === undefined ? 'removed' : 'wrote'} ${name}`);
    }
  }
}
