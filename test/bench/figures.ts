/** `p50 3.1 ms  p95 5.0 ms  p99 7.9 ms  max 9.0 ms` */
export function percentiles(milliseconds: readonly number[]): string {
  const sorted = [...milliseconds].sort((a, b) => a - b);
  const at = (share: number) => sorted[Math.min(sorted.length - 1, Math.ceil(share * sorted.length) - 1)]!.toFixed(1);
  return `p50 ${at(0.5)} ms  p95 ${at(0.95)} ms  p99 ${at(0.99)} ms  max ${sorted.at(-1)!.toFixed(1)} ms`;
}

export function row(name: string, figures: string): void {
  console.log(`  ${name.padEnd(24)} ${figures}`);
}
