/** How far a sync of the offline index is. */
export interface SyncStep {
  readonly text: string;
  readonly done?: number;
  readonly all?: number;
  readonly unit?: 'bytes' | 'records';
}

const barLength = 20;

/** `downloading npm ████████░░░░░░░░░░░░ 41 %, 49.8 of 120.3 MB`. */
export function progressText({ text, done, all, unit }: SyncStep): string {
  if (done === undefined) return text;
  const amount = (n: number) => (unit === 'bytes' ? (n / 1e6).toFixed(1) : n.toLocaleString('en-US'));
  const noun = unit === 'bytes' ? 'MB' : 'records';
  if (!all) return `${text}: ${amount(done)} ${noun}`;
  const share = Math.min(1, done / all);
  const full = Math.round(share * barLength);
  return `${text} ${'█'.repeat(full)}${'░'.repeat(barLength - full)} ${Math.floor(share * 100)} %, ${amount(done)} of ${amount(all)} ${noun}`;
}
