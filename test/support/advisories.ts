import type { Advisory } from '../../server/src/core/advisory';

/** An advisory that was made by hand: as another says, but for these changes. */
export function changedAdvisory(like: Advisory, changes: Partial<Advisory>): Advisory {
  const { id, aliases, kind, severity, summary, url, sources, wholePackage, listedVersions, fixedIn, overBroad } = like;
  const affects = (version: string) => like.affects(version);
  return {
    ...{
      id,
      aliases,
      kind,
      ...(severity && { severity }),
      summary,
      url,
      sources,
      affects,
      wholePackage,
      listedVersions,
      fixedIn,
      overBroad,
    },
    ...changes,
  };
}
