/** Filled when the bundle is built: scripts/trustRoot.mjs. */
declare module 'merlon:trust' {
  const seeds: { readonly trustedRoot: unknown; readonly npmKeys: unknown };
  export default seeds;
}
