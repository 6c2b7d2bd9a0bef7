import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import zlib from 'node:zlib';
import packageJson from '../../package.json';
import { builtPrograms } from './built';
import { hermetic, scratch } from './cli';
import { startLoopback, type Loopback } from './loopback';

const root = process.env.MERLON_ROOT ?? process.cwd();

export interface PublishedMerlon {
  readonly registry: Loopback;
  /** A home whose npm configuration names the registry, as that of a user behind a mirror does. */
  readonly home: string;
  close(): Promise<void>;
}

/**
 * The built command line as it will be published, in a loopback registry that the real npm installs from. `options` are added to
 * every `check` and `verify`, so that nothing is asked of the world.
 */
export async function publishMerlon(options: readonly string[] = []): Promise<PublishedMerlon> {
  const { cli } = await builtPrograms();
  const built = path.dirname(cli);
  const parts = path.join(built, 'parts');
  const ignored = fs.readFileSync(path.join(root, '.npmignore'), 'utf8');
  const others = [...ignored.matchAll(/^!\/dist\/([\w-]+\.js)$/gm)].map((match) => match[1]!).filter((name) => name !== 'cli.js');
  const { name, version, bin, engines, type } = packageJson as typeof packageJson & { type?: string };
  const manifest = { name, version, bin, engines, ...(type && { type }) };
  const program = `#!/usr/bin/env node
if (['check', 'verify'].includes(process.argv[2])) process.argv.splice(3, 0, ...${JSON.stringify(options)});
require('./program.js');
`;
  const tarball = zlib.gzipSync(
    tar({
      'package/package.json': JSON.stringify(manifest),
      'package/dist/cli.js': program,
      'package/dist/program.js': fs.readFileSync(cli),
      ...Object.fromEntries(others.map((name) => [`package/dist/${name}`, fs.readFileSync(path.join(built, name))])),
      ...Object.fromEntries(fs.readdirSync(parts).map((part) => [`package/dist/parts/${part}`, fs.readFileSync(path.join(parts, part))])),
    }),
  );
  const registry: Loopback = await startLoopback(({ path: asked }) => {
    if (asked.endsWith('.tgz')) return { status: 200, type: 'application/octet-stream', body: tarball };
    if (asked !== `/${name}`) return { status: 404, body: '{}' };
    const dist = {
      tarball: `${registry.url}/${name}/-/${name}-${version}.tgz`,
      integrity: `sha512-${createHash('sha512').update(tarball).digest('base64')}`,
    };
    return {
      status: 200,
      body: JSON.stringify({ name, 'dist-tags': { latest: version }, versions: { [version]: { ...manifest, dist } } }),
    };
  });
  return { registry, home: scratch({ '.npmrc': `registry=${registry.url}/\n` }), close: () => registry.close() };
}

export interface ShellResult {
  readonly code: number | null;
  readonly output: string;
}

/** Runs a script as GitHub's `shell: bash` does. */
export async function bash(
  script: string,
  cwd: string,
  env: Readonly<Record<string, string>>,
  args: readonly string[] = [],
): Promise<ShellResult> {
  const file = path.join(scratch({ 'script.sh': script }), 'script.sh');
  const child = spawn('bash', ['--noprofile', '--norc', '-eo', 'pipefail', file, ...args], {
    cwd,
    env: hermetic(env),
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const said: string[] = [];
  child.stdout.on('data', (data: Buffer) => said.push(String(data)));
  child.stderr.on('data', (data: Buffer) => said.push(String(data)));
  const code = await new Promise<number | null>((resolve, reject) => child.once('error', reject).once('close', resolve));
  return { code, output: said.join('') };
}

/** A tape archive (POSIX ustar) of these files. */
function tar(files: Readonly<Record<string, string | Buffer>>): Buffer {
  const blocks = Object.entries(files).flatMap(([name, content]) => {
    const body = Buffer.from(content as string);
    const header = Buffer.alloc(512);
    const octal = (value: number, size: number) => `${value.toString(8).padStart(size - 1, '0')}\0`;
    header.write(name, 0);
    header.write(octal(0o755, 8) + octal(0, 8) + octal(0, 8) + octal(body.length, 12) + octal(0, 12), 100);
    header.write(' '.repeat(8), 148);
    header.write('0', 156);
    header.write('ustar\x0000', 257);
    header.write(
      `${octal(
        header.reduce((sum, byte) => sum + byte, 0),
        7,
      )} `,
      148,
    );
    return [header, body, Buffer.alloc((512 - (body.length % 512)) % 512)];
  });
  return Buffer.concat([...blocks, Buffer.alloc(1024)]);
}
