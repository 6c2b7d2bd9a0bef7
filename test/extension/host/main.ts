import { runMocha } from './mocha';

/** What VS Code calls: the suites for a trusted workspace. */
export const run = () =>
  runMocha(async () => {
    await import('./manifests.test');
    await import('./editing.test');
    await import('./commands.test');
    await import('./files.test');
  });
