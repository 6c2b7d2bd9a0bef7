import { serveJobs } from '../platform/worker';
import { jobs } from './jobs';

// The program of worker threads.
serveJobs(jobs);
