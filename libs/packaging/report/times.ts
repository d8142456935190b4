/** A time as people read it, in UTC; the text itself where it is none. */
export function shortTime(iso: string): string {
  const time = Date.parse(iso);
  return Number.isNaN(time) ? iso : `${new Date(time).toISOString().slice(0, 19).replace('T', ' ')} UTC`;
}

/** How long something took, as people read it; nothing where that is not known. */
export function duration(startedAt: string | null, endedAt: string | null): string {
  const ms = Date.parse(endedAt ?? '') - Date.parse(startedAt ?? '');
  if (!Number.isFinite(ms)) return '';
  if (ms < 60_000) return `${(ms / 1000).toFixed(1)} s`;
  const seconds = Math.round(ms / 1000);
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes} min ${seconds % 60} s`;
  return `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}
