import { defaultUrl } from 'registry-url';

/** The registry that npm uses where nothing else is configured, without a trailing slash. */
export const publicNpmRegistry = defaultUrl.replace(/\/+$/, '');
