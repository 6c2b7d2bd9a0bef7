import type { Trace } from '../core/environment';
import type { Span } from '../core/span';

/** A command that something runs by itself. */
export interface FoundCommand {
  readonly command: string;
  readonly span: Span;
  /** When it runs, in the words of the file. */
  readonly event: string;
}

/** Reads one kind of file that makes an editor or an agent run commands by itself. One new kind = one new file and one line in the list. */
export interface TraceReader {
  readonly kind: Trace['kind'];
  /** Relative to a folder of the workspace. */
  readonly paths: readonly string[];
  /** What is looked at, for people. */
  readonly looked: string;
  /** Pure, tolerant, never throws, on any string. */
  commands(text: string): readonly FoundCommand[];
}
