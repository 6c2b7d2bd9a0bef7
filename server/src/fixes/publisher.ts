import type { Publisher } from '../core/release';
import { quoted } from './wording';

// Who published a release, in words. All of it is text of others.

/** `by alice`, `by the trusted publisher GitHub (owner/name, release.yml)`; `''` where the registry does not say. */
export function publisherText(publisher: Publisher | undefined): string {
  if (!publisher) return '';
  const { account, trusted, repository, workflow } = publisher;
  if (trusted === undefined) return account === undefined ? '' : `by the account ${named(account)}`;
  const source = [repository, workflow].filter((part) => part !== undefined).map(named);
  return `by the trusted publisher ${named(trusted)}${source.length ? ` (${source.join(', ')})` : ''}`;
}

/** One word of others without quotes. */
export function named(text: string): string {
  return quoted(text, 80).slice(1, -1);
}

/** A repository by which two are compared: hosts and spellings of addresses differ. */
export function repositoryName(written: string): string {
  return written
    .toLowerCase()
    .replace(/^git\+/, '')
    .replace(/^[a-z]+:\/\/(?:[^/@]*@)?/, '')
    .replace(/^github\.com\//, '')
    .replace(/\.git$/, '')
    .replace(/\/+$/, '');
}
