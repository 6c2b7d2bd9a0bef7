import { repository } from '../../../package.json';

/** The project's address, from package.json, which alone names it. */
export const home = repository.url.replace(/\.git$/, '');

/** The page that explains a rule. */
export function rulePage(id: string): string {
  return `${home}/blob/main/docs/checks/${id}.md`;
}
