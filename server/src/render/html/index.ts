export type { ReportFacts } from './facts';
export { reportPage } from './page';
export { numberedPlaces, plainPlace, type LinePlace } from './places';
