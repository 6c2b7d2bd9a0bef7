/** A PATH, or a file that an option names, that cannot be taken at all: exit code 2. */
export class UsageError extends Error {}
