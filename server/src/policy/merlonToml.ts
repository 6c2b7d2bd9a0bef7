import type { Severity } from '../core/finding';
import { parseToml, type TomlEntry, type TomlTable } from '../syntax/toml';
import { readBlocked } from './blockedEntries';
import { closest } from './closest';
import { parseDuration } from './duration';
import { packagePatterns } from './packagePattern';
import type { KnownNames, Placed, PolicyFile } from './policyFile';
import { topKeys, unpinnedKeys } from './policySchema';
import { policyValues, type PolicyValues } from './policyValues';
import { readSuppressions } from './suppressEntries';

// merlon.toml: TOML, with the keys of policySchema.ts. Each key is read by itself: one that is wrong is told, and the others hold.

/** No team writes so much; reading it would hold up the editor. */
export const longestPolicy = 1024 * 1024;

const severities = ['error', 'warning', 'information', 'hint', 'off'] as const satisfies readonly (Severity | 'off')[];

/** Reads a policy file. Pure, linear, never throws; what it cannot understand is a fault and changes nothing. */
export function readPolicy(text: string, path: string, known: KnownNames): PolicyFile {
  const values = policyValues(path);
  if (text.length > longestPolicy) {
    values.fault({ start: 0, end: 0 }, 'It is larger than 1 MB: it was not read, and nothing of it is in force');
    return { path, text: '', ...nothing, faults: values.faults };
  }
  const { root, problems } = parseToml(text);
  const idle = keysWithoutEffect(root);
  for (const { kind, span, message } of problems) {
    const effect = kind === 'unreadable' || idle.has(span.start) ? ', and has no effect' : '';
    values.fault(span, `This is no TOML${effect}: ${message}`);
  }
  values.checkKeys(root, Object.keys(topKeys), '');
  const at = (key: keyof typeof topKeys) => root.byName.get(key);
  const ecosystems = [...known.ecosystems.keys()];
  const packages = (key: keyof typeof topKeys) => packagePatterns(values.strings(at(key)) ?? [], ecosystems, values);
  const unpinned = values.table(at('unpinned'));
  if (unpinned) values.checkKeys(unpinned, Object.keys(unpinnedKeys), '[unpinned]');
  const scope = values.oneOf(unpinned?.byName.get('scope'), ['ai', 'all', 'off']);
  const age = ageOf(values.string(at('minimum-release-age')), values);
  const indexes = values.strings(at('allowed-indexes'));
  const file: Omit<PolicyFile, 'faults'> = {
    path,
    text,
    rules: readRules(values.table(at('rules')), known.rules, values),
    ...(scope && { unpinnedScope: scope }),
    ...(age && { minimumReleaseAgeMs: age }),
    trustedPackages: packages('trusted-packages'),
    trustedPublishers: values.strings(at('trusted-publishers')) ?? [],
    blocked: readBlocked(values.items(at('blocked')), known, values),
    blockedPublishers: values.strings(at('blocked-publishers')) ?? [],
    privatePackages: values.strings(at('private-packages')) ?? [],
    ...(indexes && { allowedIndexes: { span: at('allowed-indexes')!.key.span, patterns: indexes.map(({ value }) => value) } }),
    requireProvenance: packages('require-provenance'),
    exclude: readExclude(at('exclude'), values),
    suppressions: readSuppressions(values.items(at('suppress')), known, values),
  };
  return { ...file, faults: values.faults.toSorted((a, b) => a.span.start - b.span.start) };
}

/** Where keys stand that are there already: the first of a name counts. What goes on with a table is part of it, although TOML forbids it. */
function keysWithoutEffect(root: TomlTable): ReadonlySet<number> {
  const starts = new Set<number>();
  const tables = [root];
  for (let table = tables.pop(); table; table = tables.pop()) {
    for (const entry of table.entries) {
      if (table.byName.get(entry.key.name) !== entry) starts.add(entry.key.span.start);
      else if (entry.value.kind === 'table') tables.push(entry.value);
      else if (entry.value.kind === 'tables') for (const one of entry.value.tables) tables.push(one);
    }
  }
  return starts;
}

const nothing = {
  rules: new Map<string, Placed<Severity | 'off'>>(),
  trustedPackages: [],
  trustedPublishers: [],
  blocked: [],
  blockedPublishers: [],
  privatePackages: [],
  requireProvenance: [],
  exclude: [],
  suppressions: [],
} as const;

/** A policy file that is there and could not be read: nothing of it is in force, and that is told. */
export function unreadPolicy(path: string, message: string): PolicyFile {
  const fault = { span: { start: 0, end: 0 }, message: `It could not be read, and nothing of it is in force: ${message}` };
  return { path, text: '', ...nothing, faults: [fault] };
}

function readRules(table: TomlTable | undefined, known: readonly string[], values: PolicyValues): Map<string, Placed<Severity | 'off'>> {
  const rules = new Map<string, Placed<Severity | 'off'>>();
  for (const entry of table?.entries ?? []) {
    const { name, span } = entry.key;
    if (known.includes(name)) {
      const severity = values.oneOf(entry, severities);
      if (severity && !rules.has(name)) rules.set(name, severity);
      continue;
    }
    const meant = closest(name, known);
    values.fault(span, `There is no rule ${name.slice(0, 60)}, so this has no effect${meant === undefined ? '' : `; ${meant} is one`}`);
  }
  return rules;
}

function ageOf(written: Placed<string> | undefined, values: PolicyValues): Placed<number> | undefined {
  if (!written) return undefined;
  const age = parseDuration(written.value);
  if (age === undefined) values.fault(written.span, 'An age is written such as 3d, 12h or 2w; this one has no effect');
  return age === undefined ? undefined : { value: age, span: written.span };
}

/** Below the file's own folder: what leads out of it, or comes from a machine's root, is none of its business. */
function readExclude(entry: TomlEntry | undefined, values: PolicyValues): Placed<string>[] {
  return (values.strings(entry) ?? []).filter(({ value, span }) => {
    const fault = value.startsWith('!')
      ? 'what another pattern leaves out is not taken back'
      : /(?:^|[\\/])\.\.(?:[\\/]|$)|^~|^[a-z]:|\\|^\/\//i.test(value)
        ? 'it has to be a path below the folder of this file, with forward slashes'
        : undefined;
    if (fault !== undefined) values.fault(span, `This pattern leaves out nothing: ${fault}`);
    return fault === undefined;
  });
}
