import fs from 'node:fs';
import { toAdvisory } from '../../server/src/advisories/advisory';
import { shown } from '../../server/src/core/lookup';
import { createIndexFeed } from '../../server/src/feeds/offlineIndex';
import { createIndexAccess } from '../../server/src/session/indexAccess';
import { versionsOf } from '../../server/src/session/versionsOf';

/** A release that is looked up by its name, and judged. */
export interface Question {
  readonly ecosystem: string;
  readonly name: string;
  readonly version: string;
}

/** Something that answers questions, and rounds of them; a path where they are handed to another process. */
export interface Way {
  readonly kind: 'merlon' | 'osv-offline-db' | 'map';
  readonly place: string;
  readonly rounds: readonly (readonly Question[])[] | string;
}

export interface Measured {
  readonly openMs: number;
  readonly openMiB: number;
  readonly roundMs: readonly number[];
  /** Of the last round: names with records, records, and those that affect the release. */
  readonly hits: number;
  readonly records: number;
  readonly affecting: number;
}

interface Answers {
  hits: number;
  records: number;
  affecting: number;
}

type Ask = (questions: readonly Question[]) => Answers | Promise<Answers>;

/** Opens it and asks it, in this process, and prints the figures. */
export async function measure(way: Way): Promise<void> {
  const asked = typeof way.rounds === 'string' ? (JSON.parse(fs.readFileSync(way.rounds, 'utf8')) as Way).rounds : way.rounds;
  const rounds = asked as readonly (readonly Question[])[];
  globalThis.gc?.();
  const before = process.memoryUsage.rss();
  const started = performance.now();
  const ask = await openers[way.kind](way.place);
  const openMs = performance.now() - started;
  const openMiB = (process.memoryUsage.rss() - before) / 2 ** 20;
  const roundMs: number[] = [];
  let answers: Answers = { hits: 0, records: 0, affecting: 0 };
  for (const questions of rounds) {
    const start = performance.now();
    answers = await ask(questions);
    roundMs.push(performance.now() - start);
  }
  process.stdout.write(JSON.stringify({ openMs, openMiB, roundMs, ...answers } satisfies Measured));
  // The peer watches the process's end.
  process.exit(0);
}

const openers: Readonly<Record<Way['kind'], (place: string) => Ask | Promise<Ask>>> = {
  merlon(place) {
    const index = createIndexAccess({ place, versionsOf, named: true });
    if (index.current().state !== 'open') throw new Error('it could not be opened');
    return (questions) => {
      // A feed of its own for each round: nothing is remembered.
      const held = createIndexFeed({ index, versionsOf }).held(questions);
      const answers = { hits: 0, records: 0, affecting: 0 };
      for (const [i, { version }] of questions.entries()) {
        const advisories = shown(held[i]!)!;
        if (advisories.length > 0) answers.hits++;
        answers.records += advisories.length;
        for (const advisory of advisories) if (advisory.affects(version)) answers.affecting++;
      }
      return answers;
    };
  },

  async 'osv-offline-db'(place) {
    process.env.OSV_OFFLINE_ROOT_DIR = place;
    const { OsvOfflineDb } = await import('@renovatebot/osv-offline-db');
    const db = OsvOfflineDb.create();
    // It reads an ecosystem when that is first asked for.
    await db.query('npm', 'nothing');
    await db.query('PyPI', 'nothing');
    return async (questions) => {
      const answers = { hits: 0, records: 0, affecting: 0 };
      for (const { ecosystem, name, version } of questions)
        count(await db.query(ecosystem as 'npm', name), { ecosystem, name, version }, answers);
      return answers;
    };
  },

  map(place) {
    const byName = new Map<string, unknown[]>();
    for (const line of fs.readFileSync(place, 'utf8').split('\n')) {
      if (line === '') continue;
      const record = JSON.parse(line) as { affected?: { package?: { ecosystem: string; name: string } }[] };
      for (const key of new Set((record.affected ?? []).flatMap(({ package: pkg }) => (pkg ? [`${pkg.ecosystem} ${pkg.name}`] : [])))) {
        const own = byName.get(key);
        if (own) own.push(record);
        else byName.set(key, [record]);
      }
    }
    return (questions) => {
      const answers = { hits: 0, records: 0, affecting: 0 };
      for (const question of questions) count(byName.get(`${question.ecosystem} ${question.name}`) ?? [], question, answers);
      return answers;
    };
  },
};

/** Judges plain records as everybody must who gets them. */
function count(records: readonly unknown[], { ecosystem, name, version }: Question, answers: Answers): void {
  if (records.length > 0) answers.hits++;
  for (const record of records) {
    const advisory = toAdvisory(record, { ecosystem, name }, versionsOf(ecosystem)!, 'peer');
    if (!advisory) continue;
    answers.records++;
    if (advisory.affects(version)) answers.affecting++;
  }
}
