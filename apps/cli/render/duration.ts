/** A time span in milliseconds for people: `0.3 s`, `12.4 s`, `3 min 05 s`, `2 h 07 min`. */
export function duration(milliseconds: number): string {
  const span = Math.max(0, milliseconds);
  if (span < 59_950) return `${(span / 1000).toFixed(1)} s`;
  const seconds = Math.round(span / 1000);
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes} min ${two(seconds % 60)} s`;
  return `${Math.floor(minutes / 60)} h ${two(minutes % 60)} min`;
}

/** From one ISO time to another, in milliseconds; `now` where it has not ended, null where it has not begun. */
export function elapsed(startedAt: string | null, endedAt: string | null, now: number): number | null {
  if (startedAt === null) return null;
  return (endedAt === null ? now : Date.parse(endedAt)) - Date.parse(startedAt);
}

const two = (number: number): string => String(number).padStart(2, '0');
