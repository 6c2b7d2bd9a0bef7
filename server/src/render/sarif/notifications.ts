import type { Problem } from '../../core/manifest';
import { partsOf, type Report } from '../../core/report';
import { dateText } from '../dates';
import { withheldWords } from '../withheldText';
import { plain } from './messages';
import type { Places } from './places';
import type { SarifLocation, SarifNotification } from './types';

const kinds = {
  'not-read': 'A file, or a part of one, that should have been read and could not be',
  'not-asked': 'A source that should have answered and did not',
  'not-whole': 'A source that answered, and is known not to know all',
  old: 'A source whose answers are older than they should be',
  'switched-off': 'A source that was not asked, since the user switched it off',
  'private-names': 'Names that are sent nowhere, since they are private',
  'nothing-read': 'There was nothing to read',
  'not-looked-at': 'A part of an environment that was not looked at',
  'not-decided': 'An advisory that leaves it open whether a release is affected, since it could not be read',
} as const;

/** What {@link notificationsOf} can say. */
export const notificationKinds = Object.entries(kinds).map(([id, text]) => ({ id, shortDescription: { text } }));

/** Everything that was not read or not asked: errors where the log is incomplete without it, notes where somebody wanted it so. */
export function notificationsOf(report: Report, places: Places): readonly SarifNotification[] {
  const unread = (path: string, problems: readonly Problem[]) =>
    problems
      .filter(({ kind }) => kind === 'unreadable')
      .map(({ span, message }) => notification('not-read', 'error', `Not checked: ${message}`, places.location(path, span)));
  const read = report.files.length + report.locks.length + report.unread.length + (report.coverage?.length ?? 0);
  return [
    ...(read ? [] : [notification('nothing-read', 'warning', 'No manifest found: nothing was checked')]),
    ...report.unread.map(({ path, message }) =>
      notification('not-read', 'error', `${path} is not checked: ${message}`, places.location(path)),
    ),
    ...report.files.flatMap(({ path, manifest }) => unread(path, manifest.problems)),
    ...report.locks.flatMap(({ path, lock }) => unread(path, lock.problems)),
    ...partsOf(report).flatMap(({ path, findings }) =>
      findings
        .filter(({ undecided }) => undecided)
        .map(({ message, span }) => notification('not-decided', 'error', `Not decided: ${message}`, places.location(path, span))),
    ),
    ...report.sources.flatMap(({ id, state, asOf, reason }) => {
      if (state === 'ok') return reason === undefined ? [] : [notification('not-whole', 'note', `${id}: ${reason}`)];
      if (state === 'stale') return [notification('old', 'warning', `${id} is old: ${reason ?? 'it was not renewed'}`)];
      if (state === 'disabled') return [notification('switched-off', 'note', `${id} was not asked: ${reason ?? 'switched off'}`)];
      const last = asOf ? `; what it last said, ${dateText(asOf)}, is still shown` : '';
      return [notification('not-asked', 'error', `Could not ask ${id}: ${reason ?? 'no answer yet'}${last}`)];
    }),
    ...(report.withheld
      ? [
          notification(
            'private-names',
            'note',
            `${report.withheld} private names were not asked about${report.withheldNames?.length ? `: ${withheldWords(report.withheldNames)}` : ''}`,
          ),
        ]
      : []),
    ...(report.coverage ?? []).flatMap(({ path, notLooked }) =>
      notLooked.map(({ what, reason, fault }) =>
        fault
          ? notification('not-read', 'error', `${path}: could not read ${what}: ${reason}`)
          : notification('not-looked-at', 'note', `${path}: ${what} was not looked at: ${reason}`),
      ),
    ),
  ];
}

function notification(
  id: keyof typeof kinds,
  level: SarifNotification['level'],
  text: string,
  location?: SarifLocation,
): SarifNotification {
  const descriptor = { id, index: Object.keys(kinds).indexOf(id) };
  return { descriptor, level, message: plain(text), ...(location && { locations: [location] }) };
}
