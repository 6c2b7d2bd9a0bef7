import { CompletionItemKind, CompletionItemTag, type CompletionItem, type Range } from 'vscode-languageserver-types';
import type { VersionChoice } from '../core/outlook';
import { agoText, isTime } from './ages';
import { printable } from './printable';

export interface CompletionAbilities {
  readonly tags: boolean;
  readonly labelDetails: boolean;
}

/** Versions as a list to choose from, in the order given, each with its age and date. */
export function versionCompletions(
  choices: readonly VersionChoice[],
  range: Range,
  now: Date,
  { tags, labelDetails }: CompletionAbilities,
  /** What could not be asked, so that nothing in the list reads as safe. */
  unchecked = '',
): CompletionItem[] {
  return choices.map((choice, index): CompletionItem => {
    const { release, advisories, young, prerelease } = choice;
    const { version, publishedAt, deprecated } = release;
    const age = isTime(publishedAt) ? agoText(publishedAt, now) : 'of unknown age';
    const detail = isTime(publishedAt) ? `${age} · ${publishedAt.toISOString().slice(0, 10)}` : age;
    const marks = [
      ...(young ? ['too young'] : []),
      ...(advisories ? [`${advisories} ${advisories === 1 ? 'advisory' : 'advisories'}`] : []),
      ...(deprecated === undefined ? [] : ['deprecated']),
      ...(prerelease ? ['pre-release'] : []),
    ];
    const said = [detail, ...marks].join(' · ');
    const notes = [
      ...(deprecated ? [`Deprecated: ${printable(deprecated).slice(0, 300)}`] : []),
      ...(unchecked === '' ? [] : [`Not checked: ${unchecked}.`]),
    ];
    return {
      label: version,
      kind: CompletionItemKind.Value,
      detail: said,
      sortText: String(index).padStart(5, '0'),
      filterText: version,
      textEdit: { range, newText: version },
      ...(labelDetails && { labelDetails: { description: [age, ...marks].join(' · ') } }),
      ...(notes.length && { documentation: notes.join('\n') }),
      ...(deprecated !== undefined && (tags ? { tags: [CompletionItemTag.Deprecated] } : { deprecated: true })),
      ...(index === 0 && { preselect: true }),
    };
  });
}
