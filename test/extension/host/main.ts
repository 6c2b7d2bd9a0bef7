import { runMocha } from './mocha';
import { api, until } from './support';

/** What VS Code calls: the suites for a trusted workspace. */
export const run = () =>
  runMocha(async () => {
    // Without a server every test would wait its whole time for nothing.
    before('the server runs', async () => {
      const { running } = await api();
      await until('the server', running);
    });
    await import('./manifests.test');
    await import('./editing.test');
    await import('./commands.test');
    await import('./dependencies.test');
    await import('./files.test');
    await import('./glances.test');
    await import('./beside.test');
    await import('./provenance.test');
    await import('./report.test');
    await import('./offlineIndex.test');
  });
