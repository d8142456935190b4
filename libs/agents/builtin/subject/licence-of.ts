/**
 * The licence that a `package.json` declares: `license` as a string, the older `{type}`, or the older `licenses`,
 * whose choices are joined by ` OR `. Null where none is declared.
 */
export function licenceOf(declared: { license?: unknown; licenses?: unknown }): string | null {
  const one = typeOf(declared.license);
  if (one !== null) return one;
  const list = Array.isArray(declared.licenses) ? declared.licenses : [];
  const types = list.map(typeOf).filter((type) => type !== null);
  return types.length === 0 ? null : types.length === 1 ? (types[0] ?? null) : `(${types.join(' OR ')})`;
}

function typeOf(value: unknown): string | null {
  if (typeof value === 'string' && value.trim() !== '') return value.trim().slice(0, 200);
  if (typeof value === 'object' && value !== null && 'type' in value) return typeOf(value.type);
  return null;
}
