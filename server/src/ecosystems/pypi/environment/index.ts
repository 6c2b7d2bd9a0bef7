import type { EnvironmentQuestion, EnvironmentReading, InstalledFiles, OnVerified } from '../../../core/environment';
import { readSite, type Gathered } from './site';
import { sitesIn, systemNotes } from './sites';

/**
 * Reads a Python environment: what is installed, whether its files are what RECORD says, what lies there besides, and what
 * runs at every start. Of several shares each takes its part of the distributions, and the first one the rest.
 */
export function readPythonEnvironment(files: InstalledFiles, question: EnvironmentQuestion, onVerified: OnVerified): EnvironmentReading {
  const gathered: Gathered = { releases: [], unowned: [], hooks: [], traces: [], notLooked: [], looked: new Set(), verified: 0 };
  const { sites, notLooked: unlisted } = sitesIn(files, question.folder);
  for (const site of sites) readSite(files, site, question, gathered, (of) => onVerified(++gathered.verified, of));
  if (question.share === 0) gathered.notLooked.push(...unlisted, ...systemNotes(files, question.folder));
  const { releases, unowned, hooks, traces, notLooked, looked, verified } = gathered;
  return {
    ecosystem: 'PyPI',
    releases,
    unowned,
    hooks,
    traces,
    coverage: { looked: [...looked], notLooked, packages: releases.length, files: verified },
  };
}
