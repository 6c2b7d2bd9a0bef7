import type { AgeLimit } from '../core/feed';
import { isIndexFile } from '../platform/indexFolder';
import { durationText } from '../policy/duration';

export interface AgeLimitOptions {
  /** What the command line says, if it does. */
  readonly maxAgeMs: number | undefined;
  /** What counts where it does not, and what people know that by; absent: the age itself. */
  readonly setting: { readonly ms: number; readonly text?: string | undefined };
  /** Where the index lies. */
  readonly place: string;
}

/** Up to what age the offline index is told as young. Only an index in a folder is kept in step with a dump. */
export function ageLimitOf({ maxAgeMs, setting, place }: AgeLimitOptions): AgeLimit {
  const renewal = isIndexFile(place) ? 'merlon db build renews it' : 'merlon db sync renews it';
  if (maxAgeMs !== undefined) return { ms: maxAgeMs, text: `the ${durationText(maxAgeMs)} of --max-age`, renewal };
  return { ms: setting.ms, text: setting.text ?? durationText(setting.ms), renewal };
}
