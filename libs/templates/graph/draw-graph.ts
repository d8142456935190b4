import type { Template } from '../../contracts/template.js';
import { HeptadError } from '../../protocol/errors.js';
import { runInThread } from '../../threads/run-in-thread.js';
import { dotOfTemplate } from './dot-of-template.js';
import { renderDot, renderDotModule } from './render-dot.js';

/** Items and edges of a graph that is drawn; who looks at more sees nothing, and Graphviz takes minutes. */
const most = 1000;

/** How long drawing may take, in milliseconds. */
const patience = 30_000;

/**
 * The graph of a template as SVG. The same template always gives the same picture.
 *
 * @throws HeptadError `InputInvalid` the graph is too large to be drawn
 * @throws HeptadError `TimedOut` drawing took too long
 */
export async function drawGraph(template: Template): Promise<string> {
  const parts = template.items.reduce(
    (sum, item) => sum + 1 + item.depends_on.length,
    template.consumers.length,
  );
  if (parts > most)
    throw new HeptadError(
      'InputInvalid',
      `The graph of ${template.name}@${template.version} has ${parts} items and edges; ${most} can be drawn.`,
    );
  const signal = AbortSignal.timeout(patience);
  try {
    return titled(template, await runInThread(renderDot, renderDotModule, dotOfTemplate(template), signal));
  } catch (cause) {
    if (!signal.aborted) throw cause;
    throw new HeptadError('TimedOut', `Drawing ${template.name} took more than ${patience / 1000} s.`, {
      cause,
    });
  }
}

/** Tells who hears a picture what it is of; neither a name nor a version has characters that XML would have escaped. */
const titled = ({ name, version }: Template, svg: string): string =>
  svg.replace(/<svg[^>]*(?=>)/, (head) => `${head} role="img"><title>Graph of ${name}@${version}</title`);
