import { runMocha } from './mocha';

/** What VS Code calls: the suite for a workspace that nobody trusts. */
export const run = () => runMocha(() => import('./restricted.test'));
