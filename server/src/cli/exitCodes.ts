/** Exit codes of every command. 3 wins over 1: what could not be asked or read may hide anything. */
export const exitCodes = { clean: 0, findings: 1, usage: 2, incomplete: 3 } as const;
