/**
 * How a name comes near a known one. `letter`: one letter more, less, other, or two exchanged. `spelling`: the same but for
 * separators, and digits or pairs of letters that look like a letter. `confusable`: letters of another script. `order`: the
 * same words in another order. `suffix`: a known AI name with an ending as waves of squats have it. `scope`: an AI
 * package's name without its scope. `brand`: the very name of a maker or model, whose package is called otherwise.
 */
export type Likeness = 'letter' | 'spelling' | 'confusable' | 'order' | 'suffix' | 'scope' | 'brand';

/** The known name that another one looks like. By itself this is noise: many honest names are near to another. */
export interface Similar {
  readonly name: string;
  readonly by: Likeness;
  /** The package that was probably meant; absent where the name is a brand that no package bears. */
  readonly meant?: string;
  /** Of `suffix`: what was added. */
  readonly suffix?: string;
  /** The id of the incident that calls it a lookalike, made for the purpose. */
  readonly incident?: string;
}
