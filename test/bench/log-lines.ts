const levels = ['INFO', 'WARN', 'ERROR', 'DEBUG', 'info', '[error]'];
const says = [
  'GET "/users/%" from 10.0.%.%:443 took % ms',
  'connection 3f2504e0-4f89-11d3-9a0c-0305e82c%%%% closed after % requests',
  'wrote /var/lib/app/part-%/data.bin, % bytes at 0xdeadbeef%',
  'retrying https://example.org/hook/% in % s: temporary failure',
  'cache miss for key user:% in shard %',
];

/** Lines of a log, each another one; those of two segments have no result in common. */
export function logLines(segment: number, count: number): string[] {
  return Array.from({ length: count }, (_, n) => {
    const text = (says[n % says.length] ?? '').replaceAll('%', () => String((n * 7919) % 1000));
    const second = String(n % 60).padStart(2, '0');
    const part = `segment-${segment}.part-${n}`;
    return `2026-01-02T03:04:${second}.${n % 1000}Z ${levels[n % levels.length]} ${part}: ${text}`;
  });
}
