import type { NamedIndex } from '../../core/indexes';
import type { Access } from '../access';
import { userAddress } from './address';
import { userFile } from './files';
import { pipFiles, pipSections } from './pipConfig';
import type { ToolConfiguration, UserPlace } from './types';

// pip's configuration of this user: `[global]`, then `[install]`, of each file, a stronger file's value in place of a weaker's;
// PIP_… of the environment before all. Credentials stand in the addresses.

export function readPip(place: UserPlace): ToolConfiguration {
  const settings = new Map<string, string>();
  for (const section of ['global', 'install']) {
    for (const file of pipFiles(place)) {
      for (const [key, value] of pipSections(userFile(file) ?? '').get(section) ?? []) settings.set(key, value);
    }
  }
  for (const key of ['index-url', 'extra-index-url', 'no-index']) {
    const value = place.env[`PIP_${key.replaceAll('-', '_').toUpperCase()}`]?.trim();
    if (value) settings.set(key, value);
  }
  const ways: Access[] = [];
  const indexes = (key: string): NamedIndex[] =>
    (settings.get(key) ?? '').split(/\s+/).flatMap((written) => {
      const way = userAddress(written);
      if (!way) return [];
      ways.push(way);
      return [{ address: way.shown }];
    });
  const [main] = indexes('index-url');
  const extra = indexes('extra-index-url');
  const noIndex = /^(?:y|yes|t|true|on|1)$/i.test(settings.get('no-index') ?? '');
  return { indexes: { ...(main && { main }), extra, ...(noIndex && { noIndex }) }, ways, credentials: [] };
}
