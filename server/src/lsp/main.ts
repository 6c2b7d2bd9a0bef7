import { inWorker, serveJobs } from '../platform/worker';

// A worker thread started from this very file must be there at once, and needs little of it: the parts are set up when they are asked for.
if (inWorker()) void import('../session/jobs').then(({ jobs }) => serveJobs(jobs));
else void import('./program').then(({ program }) => program(__filename));
