import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { builtPrograms } from '../support/built';
import { merlon, scratch } from '../support/cli';
import { startFakeOsv, type FakeOsv } from '../support/fakeOsv';
import { startFakeRegistry, type FakeRegistry } from '../support/fakeRegistry';
import { cliPackages, cliRecords } from './world';

// A golden file holds a workspace (`//- path`, then the text) and what a user types in it: `$ merlon …` with the exit code,
// standard output, and what came on standard error behind `--- stderr`. `$ cat FILE` shows what a fix wrote. $OSV and
// $REGISTRY are loopback addresses. UPDATE=1 writes the files anew; read the difference before you commit it.

const folder = path.join(process.env.MERLON_ROOT ?? process.cwd(), 'test', 'cli', 'golden');

describe('merlon, as its user sees it', function () {
  this.timeout(60_000);
  let osv: FakeOsv;
  let registry: FakeRegistry;

  before(async () => {
    await builtPrograms();
    osv = await startFakeOsv(cliRecords);
    registry = await startFakeRegistry(cliPackages);
  });
  after(async () => {
    await osv.close();
    await registry.close();
  });

  for (const name of fs.readdirSync(folder).filter((file) => file.endsWith('.ct'))) {
    it(path.basename(name, '.ct').replaceAll('-', ' '), async () => {
      const golden = fs.readFileSync(path.join(folder, name), 'utf8');
      const actual = await played(golden);
      if (process.env.UPDATE) fs.writeFileSync(path.join(folder, name), actual);
      else assert.equal(actual, golden);
    });
  }

  async function played(golden: string): Promise<string> {
    const start = golden.search(/^\$ /m);
    const head = start < 0 ? golden : golden.slice(0, start);
    // What is not shown is not there: no limit on the age of releases either.
    const cwd = scratch();
    for (const [file, text] of Object.entries(workspaceIn(head))) {
      fs.mkdirSync(path.dirname(path.join(cwd, file)), { recursive: true });
      fs.writeFileSync(path.join(cwd, file), text);
    }
    const env = { MERLON_CACHE_DIR: path.join(scratch(), 'cache') };
    let text = head;
    for (const [command] of golden.slice(head.length).matchAll(/^\$ .*$/gm)) {
      const [program, ...args] = command
        .slice(2)
        .match(/"[^"]*"|\S+/g)!
        .map((word) => word.replace(/^"(.*)"$/, '$1'));
      text += `${command}\n`;
      if (program === 'cat') {
        text += `${fs.readFileSync(path.join(cwd, args[0]!), 'utf8')}\n`;
        continue;
      }
      const words = args.map((word) => word.replace('$OSV', osv.url).replace('$REGISTRY', registry.url));
      const { code, stdout, stderr } = await merlon(words, { cwd, env });
      text += `exit ${code}\n${stdout}${stderr === '' ? '' : `--- stderr\n${stderr}`}\n`;
    }
    return `${text
      .replaceAll(osv.url.slice('http://'.length), '$OSV')
      .replaceAll(registry.url.slice('http://'.length), '$REGISTRY')
      .trimEnd()}\n`;
  }
});

/** `//- path` begins a file; a line break before the next head is no part of it. */
function workspaceIn(head: string): Record<string, string> {
  const files: Record<string, string> = {};
  for (const part of head.split(/^\/\/- /m).slice(1)) {
    const end = part.indexOf('\n');
    files[part.slice(0, end).trim()] = part.slice(end + 1).replace(/\n\n$/, '\n');
  }
  return files;
}
