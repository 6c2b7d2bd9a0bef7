import { spawn } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { builtPrograms } from './built';

export interface CliResult {
  /** `null` where a signal ended it. */
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
  readonly ms: number;
}

export interface CliOptions {
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** Node's own options, such as a bound on its memory. */
  readonly nodeOptions?: readonly string[];
}

/** Runs the built `merlon` as its user would. Nothing but the loopback can be reached, and no cache, proxy or npm setting of this machine is seen. */
export async function merlon(args: readonly string[], options: CliOptions = {}): Promise<CliResult> {
  const { cli } = await builtPrograms();
  const started = Date.now();
  const child = spawn(process.execPath, [...(options.nodeOptions ?? []), cli, ...args], {
    cwd: options.cwd,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: hermetic(options.env),
  });
  const stdout: Buffer[] = [];
  const stderr: Buffer[] = [];
  child.stdout.on('data', (data: Buffer) => stdout.push(data));
  child.stderr.on('data', (data: Buffer) => stderr.push(data));
  const code = await new Promise<number | null>((resolve, reject) => child.once('error', reject).once('close', resolve));
  return { code, stdout: String(Buffer.concat(stdout)), stderr: String(Buffer.concat(stderr)), ms: Date.now() - started };
}

/** The environment of a program under test. */
export function hermetic(more: CliOptions['env'] = {}): NodeJS.ProcessEnv {
  const env = Object.fromEntries(
    Object.entries(process.env).filter(
      ([name]) =>
        !/^(npm_|pip_|uv_|yarn_|bun_|xdg_|netrc$|virtual_env$|.*_proxy$|node_options$|no_color$|force_color$|merlon_)/i.test(name),
    ),
  );
  const home = scratch();
  // Whatever is not on the loopback goes to a proxy that nobody is behind.
  const nobody = 'http://127.0.0.1:9';
  return {
    ...env,
    HOME: home,
    USERPROFILE: home,
    MERLON_CACHE_DIR: path.join(home, 'cache'),
    // pip reads none of this machine's files then, and nor do we.
    PIP_CONFIG_FILE: os.devNull,
    HTTP_PROXY: nobody,
    HTTPS_PROXY: nobody,
    NO_PROXY: '127.0.0.1',
    ...more,
  };
}

const scratches: string[] = [];

/** Hardly any project of a test is about the age of releases, and each would be told that it limits that nowhere. */
export const ageLimit: Readonly<Record<string, string>> = {
  '.github/dependabot.yml': `updates:
  - { package-ecosystem: pip, directory: /, cooldown: { default-days: 3 } }
  - { package-ecosystem: npm, directory: /, cooldown: { default-days: 3 } }
`,
};

/** A new folder outside the checkout, with these files in it, and a limit on the age of releases; gone when the tests end. */
export function scratch(files: Readonly<Record<string, string | Buffer>> = {}): string {
  if (scratches.length === 0) {
    process.once('exit', () => scratches.forEach((folder) => fs.rmSync(folder, { recursive: true, force: true, maxRetries: 3 })));
  }
  const folder = fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), 'merlon-cli-')));
  scratches.push(folder);
  for (const [name, content] of Object.entries({ ...(Object.keys(files).length && ageLimit), ...files })) {
    const place = path.join(folder, name);
    fs.mkdirSync(path.dirname(place), { recursive: true });
    fs.writeFileSync(place, content);
  }
  return folder;
}

/** What `--format json` printed: `merlon.report/1`, as far as tests look at it. */
export interface ReportJson {
  readonly schema: string;
  readonly complete: boolean;
  readonly sources: readonly { readonly id: string; readonly state: string; readonly asOf?: string; readonly reason?: string }[];
  readonly manifests: readonly {
    readonly file: string;
    readonly declarations: number;
    readonly problems: readonly { readonly message: string }[];
  }[];
  readonly findings: readonly FindingJson[];
}

export interface FindingJson {
  readonly rule: string;
  readonly severity: string;
  readonly message: string;
  readonly file: string;
  readonly range: RangeJson;
  readonly ecosystem: string;
  readonly package: string;
  readonly version: string | null;
  readonly resolvedBy: string | null;
  readonly advisories: readonly { readonly id: string; readonly aliases: readonly string[]; readonly kind: string }[];
  readonly fixes: readonly { readonly title: string; readonly kind: string; readonly preferred: boolean }[];
}

export interface RangeJson {
  readonly start: { readonly line: number; readonly character: number };
  readonly end: { readonly line: number; readonly character: number };
}

export function report({ stdout }: CliResult): ReportJson {
  return JSON.parse(stdout) as ReportJson;
}

/** `merlon.declarations/1`, as far as tests look at it. */
export interface ListJson {
  readonly schema: string;
  readonly declarations: readonly DeclarationJson[];
  readonly problems: readonly { readonly file: string; readonly range: RangeJson; readonly message: string }[];
}

export interface DeclarationJson {
  readonly file: string;
  readonly range: RangeJson;
  readonly nameRange: RangeJson | null;
  readonly specifierRange: RangeJson | null;
  readonly ecosystem: string;
  readonly name: string;
  readonly package: string;
  readonly specifier: string;
  readonly source: string;
  readonly group: string;
  readonly section: string;
  readonly extras: readonly string[];
  readonly marker: string | null;
}

/** The text between two positions of the protocol, found without the product's own line index. A byte order mark is no part of the lines. */
export function textAtRange(text: string, { start, end }: RangeJson): string {
  const lines = text.replace(/^\ufeff/, '').split(/(?<=\r\n|\r(?!\n)|\n)/);
  const offset = ({ line, character }: RangeJson['start']) => lines.slice(0, line).join('').length + character;
  return lines.join('').slice(offset(start), offset(end));
}
