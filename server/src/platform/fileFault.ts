/** Why a file could not be read, as a clause; `undefined` where it is not there. */
export function fileFault(error: unknown): string | undefined {
  const { code } = error as NodeJS.ErrnoException;
  switch (code) {
    case 'ENOENT':
    case 'ENOTDIR':
      return undefined;
    case 'EACCES':
    case 'EPERM':
      return 'no permission to read it';
    case 'ELOOP':
      return 'its links lead in a circle';
    default:
      return `it cannot be read (${code ?? 'unknown fault'})`;
  }
}
