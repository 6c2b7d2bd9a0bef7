/** The kinds of bills that are written, as people name them. */
export type SbomFormat = 'cyclonedx' | 'spdx';

export const sbomFormats: readonly SbomFormat[] = ['cyclonedx', 'spdx'];
