import type { z } from 'zod';
import type { templateListSchema } from '../client/listings.js';
import type { Colors } from '../terminal.js';
import { table } from './table.js';

type Listed = z.infer<typeof templateListSchema>['templates'][number];

/** Templates as a list shows them. */
export function templateRows(templates: readonly Listed[], colors: Colors): string {
  const columns = [{ head: 'template' }, { head: 'version' }, { head: 'title' }];
  const rows = templates.map(({ name, version, title, archived }) => [
    name,
    archived === true ? `${version} (archived)` : version,
    title,
  ]);
  return table(columns, rows, colors);
}
