import type { Registry } from '../../core/ecosystem';
import type { FeedContext } from '../../core/feed';
import { createReleaseStore } from '../releaseCache';
import { normalizeName } from './name';
import { recordInIndex } from './simpleIndex';

/**
 * A client for PyPI or what answers like it, at an address such as `https://pypi.org`. It asks the simple API in its
 * JSON form (PEP 691): `GET {base}/simple/NAME/`, the one place that tells upload times, yanks and quarantine alike.
 */
export function pypiRegistry(baseUrl: string, context: FeedContext): Registry {
  const base = baseUrl.replace(/\/+$/, '');
  const store = createReleaseStore(
    {
      id: 'pypi',
      baseUrl: base,
      urlOf: (name) => `${base}/simple/${encodeURIComponent(name)}/`,
      headers: { accept: 'application/vnd.pypi.simple.v1+json' },
      // The largest projects list some ten thousand files.
      maxBytes: 64 * 1024 * 1024,
      parse: (body) => recordInIndex(JSON.parse(body)),
    },
    context,
  );
  return {
    id: store.id,
    held: (name) => store.held(normalizeName(name)),
    recordOf: (name, signal) => store.recordOf(normalizeName(name), signal),
    expire: () => store.expire?.(),
  };
}
