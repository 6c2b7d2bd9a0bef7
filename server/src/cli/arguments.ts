import { parseArgs } from 'node:util';
import { parseDuration } from '../policy/duration';
import { sbomFormats, type SbomFormat } from '../render/sbom/formats';
import type { Switches } from '../session/session';

/** Of `check`; other commands take some of these. */
export type Format = 'text' | 'json' | 'sarif' | 'github' | 'html';

export interface Invocation {
  readonly command: 'check' | 'list' | 'fix' | 'verify' | 'sbom' | 'db' | 'lsp';
  readonly paths: readonly string[];
  readonly format: Format;
  /** `sbom`: the kind of bill that is written. */
  readonly bill?: SbomFormat;
  /** The file that the result goes to; standard output where absent. */
  readonly output?: string;
  readonly failOn: 'error' | 'warning' | 'information' | 'never';
  readonly pin?: 'ai' | 'all';
  readonly rules: readonly string[];
  readonly dryRun: boolean;
  /** `list`: every release that lockfiles hold. */
  readonly locked: boolean;
  /** `check`: verifies where releases come from. */
  readonly provenance?: true;
  /** `db`: what is to be done with the offline index. */
  readonly db?: DbInvocation;
  readonly switches: Switches;
}

export type DbInvocation =
  /** `out`: the file, or the folder, that the index goes to; absent: where it is looked for. */
  | { readonly action: 'build'; readonly from: readonly string[]; readonly out?: string }
  /** `dumpUrl`: where the dump lies, in place of OSV's own. */
  | { readonly action: 'sync'; readonly dumpUrl?: string }
  | { readonly action: 'status'; readonly verify: boolean };

/** `usage` is a mistake of the caller (exit 2); `show` is an answer in itself (exit 0). */
export type Parsed = { readonly run: Invocation } | { readonly usage: string } | { readonly show: 'help' | 'version' };

const common = {
  offline: { type: 'boolean' },
  'no-registries': { type: 'boolean' },
  db: { type: 'string' },
  'max-age': { type: 'string' },
  'osv-url': { type: 'string' },
  'npm-registry': { type: 'string' },
  'pypi-url': { type: 'string' },
  policy: { type: 'string' },
  'no-cache': { type: 'boolean' },
  now: { type: 'string' },
  help: { type: 'boolean', short: 'h' },
  version: { type: 'boolean', short: 'V' },
} as const;

const output = { output: { type: 'string', short: 'o' } } as const;

const own = {
  check: { format: { type: 'string' }, ...output, 'fail-on': { type: 'string' }, provenance: { type: 'boolean' } },
  list: { format: { type: 'string' }, locked: { type: 'boolean' } },
  fix: { pin: { type: 'string' }, rule: { type: 'string', multiple: true }, 'dry-run': { type: 'boolean' } },
  verify: { format: { type: 'string' }, ...output, 'fail-on': { type: 'string' } },
  sbom: { format: { type: 'string' }, ...output },
  db: { out: { type: 'string' }, verify: { type: 'boolean' }, 'dump-url': { type: 'string' } },
  lsp: { stdio: { type: 'boolean' } },
} as const;

const formats: Readonly<Record<keyof typeof own, readonly Format[]>> = {
  check: ['text', 'json', 'sarif', 'github', 'html'],
  list: ['text', 'json'],
  fix: ['text'],
  verify: ['text', 'json', 'sarif'],
  sbom: ['json'],
  db: ['text'],
  lsp: ['text'],
};

/** Reads the arguments after `merlon`. Pure. `knownRules` are the ids that `--rule` takes. */
export function readArguments(argv: readonly string[], knownRules: readonly string[]): Parsed {
  const [command, ...rest] = argv;
  if (command === undefined || command === '--help' || command === '-h' || command === 'help') return { show: 'help' };
  if (command === '--version' || command === '-V') return { show: 'version' };
  if (!isCommand(command)) return { usage: `unknown command ${JSON.stringify(command)}; merlon --help lists the commands` };

  let values: Record<string, unknown>;
  let positionals: string[];
  try {
    ({ values, positionals } = parseArgs({ args: rest, options: { ...common, ...own[command] }, allowPositionals: true }));
  } catch (error) {
    // What Node adds about arguments that begin with a hyphen helps nobody.
    return { usage: (error as Error).message.replace(/\. To specify [^]*$/, '') };
  }
  if (positionals.includes('')) return { usage: 'a PATH is empty' };
  if (values.help) return { show: 'help' };
  if (values.version) return { show: 'version' };

  if (command === 'lsp' && values.stdio !== true) return { usage: 'lsp takes --stdio' };
  if (values.db === '') return { usage: '--db takes the name of a file or folder' };
  const db = command === 'db' ? readDb(positionals, values) : undefined;
  if (db && 'usage' in db) return db;
  const bill = command === 'sbom' ? ((values.format as string | undefined) ?? 'cyclonedx') : 'cyclonedx';
  if (!isBill(bill)) return { usage: `--format takes ${sbomFormats.join(' or ')}, not ${JSON.stringify(bill)}` };
  const format = command === 'sbom' ? 'json' : ((values.format as string | undefined) ?? 'text');
  if (!isFormat(format, formats[command])) {
    const known = formats[command].join(', ').replace(/, (\w+)$/, ' or $1');
    return { usage: `--format takes ${known}, not ${JSON.stringify(format)}` };
  }
  if (command === 'sbom' && positionals.length > 1) return { usage: 'sbom takes one PATH' };
  if (values.policy === '') return { usage: '--policy takes the name of a file' };
  if (values.output === '') return { usage: '--output takes the name of a file' };
  const failOn = (values['fail-on'] as string | undefined) ?? 'error';
  if (failOn !== 'error' && failOn !== 'warning' && failOn !== 'information' && failOn !== 'never') {
    return { usage: '--fail-on takes error, warning, information or never' };
  }
  const pin = values.pin as string | undefined;
  if (pin !== undefined && pin !== 'ai' && pin !== 'all') return { usage: '--pin takes ai or all' };
  const rules = ((values.rule as string[] | undefined) ?? []).flatMap((text) => text.split(',')).filter((id) => id !== '');
  const unknownRule = rules.find((id) => !knownRules.includes(id));
  if (unknownRule !== undefined)
    return { usage: `--rule: there is no rule ${JSON.stringify(unknownRule)}; there are ${knownRules.join(', ')}` };
  if (command === 'fix' && pin === undefined && rules.length === 0) return { usage: 'fix takes --pin ai, --pin all, or --rule ID' };

  for (const option of ['osv-url', 'npm-registry', 'pypi-url', 'dump-url']) {
    const url = values[option] as string | undefined;
    if (url !== undefined && !(/^https?:\/\//i.test(url) && URL.canParse(url)))
      return { usage: `--${option} takes an http or https address` };
  }
  const now = values.now as string | undefined;
  if (now !== undefined && !(isoTime.test(now) && !Number.isNaN(Date.parse(now))))
    return { usage: '--now takes an ISO time such as 2026-03-24T12:00:00Z' };
  const maxAgeMs = parseDuration((values['max-age'] as string | undefined) ?? '');
  if (maxAgeMs === undefined && values['max-age'] !== undefined) return { usage: '--max-age takes an age such as 7d or 12h' };

  return {
    run: {
      command,
      paths: positionals.length ? positionals : ['.'],
      format,
      ...(command === 'sbom' && { bill }),
      ...(values.output !== undefined && { output: values.output as string }),
      failOn,
      ...(pin && { pin }),
      rules,
      dryRun: values['dry-run'] === true,
      locked: values.locked === true,
      ...(values.provenance === true && { provenance: true as const }),
      ...(db && { db }),
      switches: {
        offline: values.offline === true,
        noRegistries: values['no-registries'] === true,
        noCache: values['no-cache'] === true,
        ...(values['osv-url'] !== undefined && { osvUrl: trimmed(values['osv-url']) }),
        ...(values['npm-registry'] !== undefined && { npmRegistry: trimmed(values['npm-registry']) }),
        ...(values['pypi-url'] !== undefined && { pypiUrl: trimmed(values['pypi-url']) }),
        ...(now !== undefined && { now: new Date(now) }),
        ...(values.policy !== undefined && { policy: values.policy as string }),
        ...(values.db !== undefined && { db: values.db as string }),
        ...(maxAgeMs !== undefined && { maxAgeMs }),
      },
    },
  };
}

function readDb([action, ...from]: readonly string[], values: Record<string, unknown>): DbInvocation | { readonly usage: string } {
  const { out, verify, 'dump-url': dumpUrl, offline } = values;
  if (out === '') return { usage: '--out takes the name of a file' };
  if (dumpUrl !== undefined && action !== 'sync') return { usage: `--dump-url is for db sync` };
  switch (action) {
    case 'build':
      if (from.length === 0) return { usage: 'db build takes OSV dumps: zip files, folders of records, .jsonl or .jsonl.gz files' };
      if (verify !== undefined) return { usage: 'db build takes no --verify' };
      return { action, from, ...(out !== undefined && { out: out as string }) };
    case 'status':
      if (from.length > 0) return { usage: 'db status takes no file: --db names the index' };
      if (out !== undefined) return { usage: 'db status takes no --out' };
      return { action, verify: verify === true };
    case 'sync':
      if (from.length > 0) return { usage: 'db sync takes no file: --dump-url names the dump' };
      if (out !== undefined || verify !== undefined) return { usage: `db sync takes no ${out === undefined ? '--verify' : '--out'}` };
      if (offline === true) return { usage: 'db sync asks the network, so it takes no --offline; db build makes an index of files' };
      return { action, ...(dumpUrl !== undefined && { dumpUrl: trimmed(dumpUrl) }) };
    default:
      return { usage: 'db takes build, sync or status' };
  }
}

/** A day, or a moment; without a zone it is the machine's own, as ISO 8601 has it. */
const isoTime = /^\d{4}-\d\d-\d\d(?:T\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:\d\d)?)?$/;

function isBill(text: string): text is SbomFormat {
  return (sbomFormats as readonly string[]).includes(text);
}

function isCommand(text: string): text is keyof typeof own {
  return Object.hasOwn(own, text);
}

function isFormat(text: string, known: readonly Format[]): text is Format {
  return (known as readonly string[]).includes(text);
}

function trimmed(url: unknown): string {
  return (url as string).replace(/\/+$/, '');
}
