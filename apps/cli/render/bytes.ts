const units = ['bytes', 'KB', 'MB', 'GB', 'TB'];

/** A number of bytes for people, by powers of 1,000: `812 bytes`, `65.3 KB`. */
export function bytes(count: number): string {
  let value = count;
  let unit = 0;
  while (value >= 999.95 && unit < units.length - 1) {
    value /= 1000;
    unit += 1;
  }
  if (unit === 0) return count === 1 ? '1 byte' : `${count} bytes`;
  return `${value.toFixed(1)} ${units[unit]}`;
}
