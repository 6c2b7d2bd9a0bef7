/** What a key of a policy file takes, as its JSON schema says it. */
interface KeySchema {
  readonly description: string;
  readonly [keyword: string]: unknown;
}
type Keys = Readonly<Record<string, KeySchema>>;

const texts = { type: 'array', items: { type: 'string', minLength: 1 } };
const oneOrMore = { anyOf: [{ type: 'string', minLength: 1 }, texts] };
const severities = ['error', 'warning', 'information', 'hint', 'off'];
const patterns = '`*` stands for any run of characters; `@scope` for all of a scope; `npm:` or `pypi:` in front for one ecosystem alone';

/** The keys at the top of a `merlon.toml`. */
export const topKeys = {
  rules: { description: 'The severity of each rule, or off.', type: 'object' },
  unpinned: { description: 'What counts as unpinned.', type: 'object' },
  'minimum-release-age': {
    description: 'No release younger than this is proposed: 3d, 12h, 2w.',
    type: 'string',
    pattern: '^\\s*(0|\\d{1,6}\\s*[mhdw])\\s*$',
  },
  'trusted-packages': { description: `Packages that rules of mere suspicion are silent about. ${patterns}.`, ...texts },
  'trusted-publishers': {
    description: 'Publishers whose releases rules of mere suspicion are silent about: an account, or a repository as owner/name.',
    ...texts,
  },
  blocked: { description: 'Packages and releases that must not be used (rule blocked-release).', type: 'array' },
  'blocked-publishers': { description: 'Publishers whose releases must not be used: an account, or a repository as owner/name.', ...texts },
  'private-packages': { description: 'Names that are sent nowhere. `*` stands for any run of characters.', ...texts },
  'allowed-indexes': {
    description: 'The only index addresses that manifests may name (rule insecure-source). `*` stands for any run of characters.',
    ...texts,
  },
  'require-provenance': { description: `Packages whose releases must have an attestation (rule provenance-lost). ${patterns}.`, ...texts },
  exclude: { description: 'Files and folders that are left out, as in .gitignore, from the folder of this file.', ...texts },
  suppress: { description: 'Findings that are not to be counted.', type: 'array' },
} as const satisfies Keys;

export const unpinnedKeys = {
  scope: { description: 'Which packages have to be pinned.', enum: ['ai', 'all', 'off'] },
} as const satisfies Keys;

export const suppressKeys = {
  rule: { description: 'The rule, or rules, of the findings.', ...oneOrMore },
  advisory: { description: 'The advisory, or advisories, that are weighed and accepted: an id or one of its aliases.', ...oneOrMore },
  package: { description: `The package, or packages. ${patterns}.`, ...oneOrMore },
  ecosystem: { description: 'The ecosystem of the package, where its name is one in several.', type: 'string' },
  versions: { description: 'The versions: one, a range, or a list of these. Without, every version.', ...oneOrMore },
  version: { description: 'The same as versions.', ...oneOrMore },
  path: {
    description: 'Of findings that are about no package: the file, from the folder of this file. `*` stands for any run of characters.',
    ...oneOrMore,
  },
  reason: { description: 'Why: for whoever reviews it.', type: 'string', minLength: 1 },
  expires: {
    description: 'From this day on (UTC) the findings count again. Malware cannot be suppressed without, and for 90 days at the most.',
    type: 'string',
  },
  'until-fixed': { description: 'The findings count again when a release without the flaw is known.', type: 'boolean' },
} as const satisfies Keys;

export const blockedKeys = {
  package: { description: `The package. ${patterns}.`, type: 'string', minLength: 1 },
  ecosystem: { description: 'The ecosystem of the package, where its name is one in several.', type: 'string' },
  versions: { description: 'The versions: one, a range, or a list of these. Without, every release is blocked.', ...oneOrMore },
  version: { description: 'The same as versions.', ...oneOrMore },
  reason: { description: 'Why: it stands in the finding.', type: 'string' },
  id: { description: 'The id of the incident.', type: 'string' },
  affected: { description: 'What is blocked, as in an OSV record.', type: 'array' },
  summary: { description: 'Why, in an OSV record.', type: 'string' },
} as const satisfies Keys;

/** What else an OSV record has (schema 1.7); it is passed over. */
export const osvKeys: readonly string[] = [
  'schema_version',
  'modified',
  'published',
  'withdrawn',
  'aliases',
  'upstream',
  'related',
  'details',
  'severity',
  'references',
  'credits',
  'database_specific',
];

/** Of keys that a repository must not set, the setting of the user that decides. */
export const usersOwn: Readonly<Record<string, string>> = {
  feeds: 'merlon.feeds.*',
  feed: 'merlon.feeds.*',
  osv: 'merlon.feeds.osv.url',
  'osv-url': 'merlon.feeds.osv.url',
  registries: 'merlon.registries.*',
  registry: 'merlon.registries.*',
  'npm-registry': 'merlon.registries.npm',
  'pypi-url': 'merlon.registries.pypi',
  http: 'merlon.http.*',
  proxy: 'merlon.http.proxy',
  token: 'your own keeping',
  tokens: 'your own keeping',
  offline: 'merlon.feeds.mode',
  'max-age': 'merlon.feeds.maxAge',
  cache: 'your own keeping',
  trace: 'merlon.trace.server',
};

/** The JSON schema (draft-07) of a `merlon.toml`, for editors that complete TOML by it. */
export function policySchema(rules: readonly string[], ecosystems: readonly string[]): object {
  const ecosystem = { enum: ecosystems };
  const table = (properties: object, more: object = {}) => ({ type: 'object', additionalProperties: false, properties, ...more });
  return {
    $schema: 'http://json-schema.org/draft-07/schema#',
    title: 'merlon.toml',
    description: 'What a team has decided on its dependencies: rules, deny-list, suppressions.',
    ...table({
      ...topKeys,
      rules: { ...topKeys.rules, ...table(Object.fromEntries(rules.map((id) => [id, { enum: severities }]))) },
      unpinned: { ...topKeys.unpinned, ...table(unpinnedKeys) },
      blocked: {
        ...topKeys.blocked,
        items: {
          anyOf: [
            { type: 'string', description: 'A package, or a package and its versions: litellm ==1.82.7' },
            table(
              {
                ...blockedKeys,
                ecosystem: { ...blockedKeys.ecosystem, ...ecosystem },
                ...Object.fromEntries(osvKeys.map((key) => [key, {}])),
              },
              { anyOf: [{ required: ['package'] }, { required: ['affected'] }] },
            ),
          ],
        },
      },
      suppress: {
        ...topKeys.suppress,
        items: table(
          { ...suppressKeys, ecosystem: { ...suppressKeys.ecosystem, ...ecosystem }, rule: { ...suppressKeys.rule, ...ruleNames(rules) } },
          {
            required: ['reason'],
            allOf: [
              { anyOf: [{ required: ['rule'] }, { required: ['advisory'] }] },
              { anyOf: [{ required: ['package'] }, { required: ['path'] }] },
            ],
          },
        ),
      },
    }),
  };
}

function ruleNames(rules: readonly string[]): object {
  return { anyOf: [{ enum: rules }, { type: 'array', items: { enum: rules } }] };
}
