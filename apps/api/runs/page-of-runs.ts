import { createHash } from 'node:crypto';
import { z } from 'zod';
import { type RunSummary, runListSchema } from '../../../libs/contracts/run.js';
import { sealEntryName } from '../../../libs/evidence/seal-entry.js';
import { runStates } from '../../../libs/protocol/states.js';
import { knownRuns, listRuns } from '../../../libs/temporal/list-runs.js';
import { runIdPattern } from '../../../libs/temporal/run-id.js';
import type { Dependencies } from '../dependencies.js';
import { inputInvalid } from '../problems/problem-of.js';
import { sealedRun } from './sealed-run.js';

const nameSchema = z.string().regex(/^[a-z0-9][a-z0-9-]{0,63}$/, 'Lower-case letters, digits and hyphens.');

/** The query of `GET /v1/runs`. */
export const listQuerySchema = z.strictObject({
  state: z.enum(runStates).optional(),
  template: nameSchema.optional(),
  tenant: nameSchema.optional(),
  limit: z.coerce.number().int().min(1).max(200).default(50),
  cursor: z.string().max(2000).optional(),
});
export type ListQuery = z.infer<typeof listQuerySchema>;
type RunList = z.infer<typeof runListSchema>;

/** Where a page begins: at a page of the engine's list, or, after its end, behind a sealed run of the index. */
type Cursor = { readonly engine: Uint8Array | undefined } | { readonly sealedAfter: string };

/**
 * A page of runs: those that the engine knows, then the sealed ones that it has dropped. A page may be shorter than
 * its limit, or empty, and still have a next one.
 *
 * @throws HeptadError `InputInvalid` the cursor is not one of ours
 * @throws HeptadError `EngineUnreachable`
 */
export async function pageOfRuns(dependencies: Dependencies, query: ListQuery): Promise<RunList> {
  const cursor = parseCursor(query.cursor);
  if ('sealedAfter' in cursor) return await droppedRuns(dependencies, query, cursor.sealedAfter);
  const { runs, next } = await listRuns(dependencies.engine, query, query.limit, cursor.engine);
  if (next) return { runs, next: `e${checked(next)}` };
  const some = await dependencies.store.entries.list(sealEntryName(''));
  return { runs, next: some.length > 0 ? 's' : null };
}

async function droppedRuns(dependencies: Dependencies, query: ListQuery, after: string): Promise<RunList> {
  const prefix = sealEntryName('');
  const ids = (await dependencies.store.entries.list(prefix))
    .map((name) => name.slice(prefix.length))
    .filter((id) => runIdPattern.test(id) && id > after);
  const page = ids.slice(0, query.limit);
  const known = await knownRuns(dependencies.engine, page);
  const sealed = await Promise.all(
    page.filter((id) => !known.has(id)).map((id) => sealedRun(dependencies, id)),
  );
  const runs = sealed.flatMap((run) => (run && matches(run.summary, query) ? [run.summary] : []));
  return { runs, next: ids.length > page.length ? `s${page.at(-1)}` : null };
}

const matches = (run: RunSummary, { state, template, tenant }: ListQuery): boolean =>
  (state === undefined || run.state === state) &&
  (template === undefined || run.template === template) &&
  (tenant === undefined || run.tenant === tenant);

function parseCursor(text: string | undefined): Cursor {
  if (text === undefined) return { engine: undefined };
  const kind = text.slice(0, 1);
  const rest = text.slice(1);
  if (kind === 's' && (rest === '' || runIdPattern.test(rest))) return { sealedAfter: rest };
  const token = Buffer.from(rest.slice(checkLength), 'base64url');
  if (kind === 'e' && token.length > 0 && checked(token) === rest) return { engine: token };
  throw inputInvalid([{ path: '/cursor', reason: 'It is not one that a list of runs gave.' }]);
}

const checkLength = 8;

/** The engine's token with a checksum: the engine itself takes seconds to refuse one that is damaged. */
const checked = (token: Uint8Array): string =>
  createHash('sha256').update(token).digest('base64url').slice(0, checkLength) +
  Buffer.from(token).toString('base64url');
