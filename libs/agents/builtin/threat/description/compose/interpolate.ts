/**
 * A value as Compose sees it when no variable is set: a default takes the place of its variable, `$$` is a dollar
 * sign. A variable without a default stays as it is written.
 */
export const interpolate = (value: string): string =>
  value.replace(
    /\$\$|\$\{([A-Za-z_]\w*)(?::?-([^}]*))?[^}]*\}/g,
    (whole, name: string, byDefault?: string) => {
      if (whole === '$$') return '$';
      return byDefault === undefined || name === undefined ? whole : byDefault;
    },
  );

/** The strings in a value of YAML, interpolated. */
export function interpolated(value: unknown): unknown {
  if (typeof value === 'string') return interpolate(value);
  if (Array.isArray(value)) return value.map(interpolated);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, interpolated(inner)]));
}
