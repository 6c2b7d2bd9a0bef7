import type { CancellationToken } from 'vscode-languageserver';
import { countedText, holdingsText } from '../../render/indexText';
import { printable } from '../../render/printable';
import type { BuildIndexParams, BuildIndexResult } from '../messages';
import { placeOf } from '../places';
import { asItWas, indexAge, withIndexWork, type IndexWorkParts } from './indexWork';

/** So many records that could not be read are named. */
const namedFaults = 3;

/** Builds the offline index from files, as `merlon db build` does, and puts it in the place of the one that is there. */
export async function buildIndex(
  { from, workDoneToken }: BuildIndexParams,
  token: CancellationToken,
  parts: IndexWorkParts,
): Promise<BuildIndexResult> {
  const { session, mode } = parts;
  const failed = (why: string) => ({ ok: false, text: `The offline index was not built: ${why}`, complete: false });
  const sources = from.map(placeOf).filter((place) => place !== undefined);
  if (sources.length < from.length) return failed('only what lies on this machine can be read.');
  if (sources.length === 0) return failed('no file was chosen.');
  const begin = 'building the offline index';
  const outcome = await withIndexWork({ workDoneToken, begin }, token, parts, (how) => session.index.build({ ...how, sources }));
  if (outcome.state !== 'built') return failed(`${printable(outcome.message)}.${asItWas(parts, outcome)}`);
  const { meta, unreadable, faults } = outcome;
  const asOf = new Date(meta.asOf);
  const left = `${countedText(unreadable, 'record')} could not be read, and ${unreadable === 1 ? 'is' : 'are'} not in it: `;
  const sentences = [
    `The offline index was built from files: ${holdingsText(meta.ecosystems)} (${indexAge(asOf, session)}).`,
    ...(unreadable ? [`${left}${faults.slice(0, namedFaults).map(printable).join('; ')}${unreadable > namedFaults ? '; …' : '.'}`] : []),
    ...(mode() === 'off' ? ['Advisories are switched off.'] : []),
  ];
  const complete = unreadable === 0 && Object.values(meta.ecosystems).every(({ covered }) => covered);
  return { ok: true, text: sentences.join(' '), asOf: meta.asOf, complete };
}
