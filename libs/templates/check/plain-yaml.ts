import { CORE_SCHEMA, load } from 'js-yaml';

/**
 * What two readers of YAML may take for different things, or what is to be bounded: several documents and directives;
 * anchors, aliases and tags; keys that are more than a text; numbers that are too large for one.
 */
const unclear = /^(?:%|---|\.\.\.)|(?:^|[\s,[{:-])(?:[&*]\S|![^=\s]|\?(?:\s|$))|\de\+?\d{3}/im;

/** A key of no value, which has a name here and none elsewhere. */
const nullKey = '"null":';

/**
 * The value of a YAML text that is a map or list of plain maps, lists and scalars, many times faster than with the place
 * of each of them; undefined where it is no such text, or no YAML.
 */
export function plainYaml(text: string): { value: unknown } | undefined {
  if (unclear.test(text)) return undefined;
  try {
    const value = load(text, { schema: CORE_SCHEMA });
    const isClear = typeof value === 'object' && value !== null && !JSON.stringify(value).includes(nullKey);
    return isClear ? { value } : undefined;
  } catch {
    // Whatever is wrong is told by who knows the places.
    return undefined;
  }
}
