import { checks } from '../checks';
import { catalogue, rolesOf } from '../policy/catalogue';

/** What a report to look at wants to know of catalogue and checks. */
export const reportKnowledge = {
  rolesOf,
  roleTexts: catalogue.roles,
  ruleTitles: new Map(checks.map(({ id, title }): [string, string] => [id, title])),
};
