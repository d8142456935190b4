import type { GraphItem } from '../contracts/graph.js';

/** Into how many parts the work of an item that failed is divided. */
const parts = 2;

/** The id of a part, counted from 1. */
export const partId = (id: string, part: number): string => `${id}-part-${part}`;

/**
 * The parts of an item that failed: each does its share of the work on what the part before it handed back, and the
 * last one's result stands for the item's.
 */
export function partsOf(item: GraphItem): GraphItem[] {
  const {
    condition: _,
    standby: __,
    fallback: ___,
    recovery: ____,
    review: _____,
    ...rules
  } = item.rules ?? {};
  return Array.from({ length: parts }, (_unused, index): GraphItem => {
    const before = index === 0 ? null : partId(item.id, index);
    return {
      ...item,
      id: partId(item.id, index + 1),
      title: `${item.title}, part ${index + 1} of ${parts}`,
      after: before === null ? item.after : [...item.after, before],
      workspace: before ?? item.workspace,
      rules: {
        ...rules,
        onFailure: ['backup'],
        standby: { for: item.id, as: 'part' },
      },
    };
  });
}

/** Which part of how many an item is; undefined where it is none. */
export function partOf({
  id,
  rules,
}: GraphItem): { readonly number: number; readonly of: number } | undefined {
  if (rules?.standby?.as !== 'part') return undefined;
  return { number: Number(/-part-(\d+)$/.exec(id)?.[1] ?? 1), of: parts };
}
