import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { merlon, report, scratch, type FindingJson, type ReportJson } from './cli';
import type { FakeOsv } from './fakeOsv';
import type { FakeRegistry } from './fakeRegistry';

/** What changes in the world, and in the project, until a moment; and what Merlon says then. */
export interface Moment {
  /** ISO, UTC. */
  readonly at: string;
  readonly what: string;
  readonly happens?: (world: StoryWorld) => void;
  /** Files that are written, or written anew, before Merlon is asked. */
  readonly files?: Readonly<Record<string, string>>;
  /** One line a finding, as {@link Told} has them; `…` stands for any text. */
  readonly says: string;
  /** The exit code. */
  readonly exit: number;
}

export interface StoryWorld {
  readonly osv: FakeOsv;
  readonly registry: FakeRegistry;
}

export interface Told {
  /** `FILE:LINE severity rule: message`, and below it `→ TITLE` of the preferred cure, where there is one. */
  readonly lines: readonly string[];
  readonly code: number | null;
  readonly report: ReportJson;
  /** Of the rule `release-age-setting`, which is silent of releases; these are not among the lines. */
  readonly withoutLimit: readonly FindingJson[];
}

export interface Story extends StoryWorld {
  readonly cwd: string;
  tell(moment: Moment): Promise<Told>;
}

/** One machine at which the same project is looked at again and again: its folder and its cache stay as they are, the clock moves on. */
export function createStory(world: StoryWorld, files: Readonly<Record<string, string>>): Story {
  const cwd = scratch();
  const env = { MERLON_CACHE_DIR: path.join(scratch(), 'cache') };
  write(cwd, files);
  return {
    ...world,
    cwd,
    async tell({ at, happens, files: written }) {
      happens?.(world);
      write(cwd, written ?? {});
      const { osv, registry } = world;
      const result = await merlon(
        ['check', '--format', 'json', '--now', at, '--osv-url', osv.url, '--pypi-url', registry.url, '--npm-registry', registry.url],
        { cwd, env },
      );
      const all = report(result);
      const withoutLimit = all.findings.filter(({ rule }) => rule === 'release-age-setting');
      const rest = all.findings.filter((finding) => !withoutLimit.includes(finding));
      return { lines: rest.flatMap(linesOf), code: result.code, report: all, withoutLimit };
    },
  };
}

/** One test a moment, in their order: what is said, with which exit code, of whatever could all be asked. */
export function itTells(story: () => Story, moments: readonly Moment[], more: (told: Told) => void = () => {}): void {
  for (const moment of moments) {
    it(`${moment.at.slice(0, 16).replace('T', ' ')}, ${moment.what}`, async () => {
      const told = await story().tell(moment);
      assertSaid(told.lines, moment.says);
      assert.equal(told.code, moment.exit);
      assert.equal(told.report.complete, true);
      more(told);
    });
  }
}

/** Asserts that this was said, in this order. */
export function assertSaid(lines: readonly string[], says: string): void {
  const expected = says.split('\n').flatMap((line) => line.trim() || []);
  const isAsExpected = (line: string, pattern = '') => {
    const parts = pattern.split('…').map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
    return new RegExp(`^${parts.join('.*')}$`).test(line);
  };
  assert.deepEqual(
    lines.map((line, i) => (isAsExpected(line, expected[i]) ? expected[i] : line)),
    expected,
  );
}

function linesOf({ file, range, severity, rule, message, fixes }: FindingJson): string[] {
  const preferred = fixes.find((fix) => fix.preferred);
  return [`${file}:${range.start.line + 1} ${severity} ${rule}: ${message}`, ...(preferred ? [`→ ${preferred.title}`] : [])];
}

function write(cwd: string, files: Readonly<Record<string, string>>): void {
  for (const [name, text] of Object.entries(files)) {
    fs.mkdirSync(path.dirname(path.join(cwd, name)), { recursive: true });
    fs.writeFileSync(path.join(cwd, name), text);
  }
}
