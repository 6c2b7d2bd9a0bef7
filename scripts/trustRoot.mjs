// Whom Merlon believes: sigstore's public trust root, and the keys that the npm registry signs with. Both ship inside
// @sigstore/tuf as the seed of its own store; they are taken out when a bundle is built, and pinned by the lockfile with it.

import { createRequire } from 'node:module';

const require = createRequire(import.meta.url);

/** Gives `merlon:trust` to whoever imports it: `{ trustedRoot, npmKeys }`. @type {import('esbuild').Plugin} */
export const trustRoot = {
  name: 'trust-root',
  setup(build) {
    build.onResolve({ filter: /^merlon:trust$/ }, () => ({ path: 'trust', namespace: 'merlon' }));
    build.onLoad({ filter: /^trust$/, namespace: 'merlon' }, () => ({ contents: JSON.stringify(seeds()), loader: 'json' }));
  },
};

function seeds() {
  const [{ targets }] = Object.values(require('@sigstore/tuf/seeds.json'));
  const read = (end) => {
    const name = Object.keys(targets).find((target) => target.endsWith(end));
    if (name === undefined) throw new Error(`@sigstore/tuf has no ${end}`);
    return JSON.parse(Buffer.from(targets[name], 'base64').toString('utf8'));
  };
  return { trustedRoot: read('trusted_root.json'), npmKeys: read('keys.json').keys };
}
