import type { PackageId } from '../../core/declaration';
import type { Html } from './escape';
import type { LinePlace } from './places';

/** What the page is told beside the report: what programs, catalogue and policy know. */
export interface ReportFacts {
  readonly tool: { readonly name: string; readonly version: string };
  /** Of what was checked: the folder's name. */
  readonly name: string;
  readonly now: Date;
  /** Base64, for the content security policy. */
  readonly sha256: (text: string) => string;
  readonly rolesOf: (pkg: PackageId) => readonly string[];
  /** What each role means. */
  readonly roleTexts: Readonly<Record<string, string>>;
  /** By the policy in force for a file, in milliseconds; 0: any age will do. */
  readonly minimumAgeOf: (file: string) => number;
  /** One line about each rule. */
  readonly ruleTitles: ReadonlyMap<string, string>;
  /** How many manifests and lockfiles the policy leaves out; absent where nobody counts them. */
  readonly leftOut?: number;
  /** How a place in a file is written: text in a file of its own, a button in the editor. */
  readonly place: (place: LinePlace) => Html;
  /** The page is shown by an editor, which can open places, save the page and check again. */
  readonly inEditor: boolean;
}
