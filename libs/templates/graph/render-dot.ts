import { instance } from '@viz-js/viz';

/** For {@link runInThread}. */
export const renderDotModule = import.meta.url;

/** A graph in the language DOT as SVG, by Graphviz. The same text always gives the same picture. */
export async function renderDot(dot: string): Promise<string> {
  return (await instance()).renderString(dot, { format: 'svg', engine: 'dot' });
}
