import { type ControlFile, controlFilesId } from '../../contracts/control-files.js';
import type { GraphItem } from '../../contracts/graph.js';
import type { Assignment } from '../../contracts/phase.js';
import { changing, type Forgery, inventing, withFirst } from './forgery.js';

type Told = ControlFile['items'][number];

/** Replaces what is told of the first control file that `change` has an occasion to change. */
function withFile(assignment: Assignment, change: (file: ControlFile) => unknown): unknown {
  const { controlFiles = [] } = assignment;
  for (const [at, file] of controlFiles.entries()) {
    const changed = change(file);
    if (changed !== undefined)
      return {
        ...assignment,
        controlFiles: controlFiles.map((one, index) => (index === at ? changed : one)),
      };
  }
  return undefined;
}

/** Replaces what is told of the first step or item that `find` takes. */
const withTold = (
  assignment: Assignment,
  change: (told: Told) => unknown,
  find: (told: Told) => boolean = () => true,
): unknown =>
  withFile(assignment, (file) => {
    const items = withFirst(file.items, change, find);
    return items && { ...file, items };
  });

/** The first step or item of which work is made. */
const workOf = ({ controlFiles = [] }: Assignment): Told | undefined =>
  controlFiles.flatMap(({ items }) => items).find(({ fate }) => fate === 'admitted');

const isWorkOf =
  (told: Told | undefined) =>
  ({ id }: GraphItem) =>
    told?.items.includes(id) ?? false;

/** The assignment with other items of the graph, and what is told of the first work. */
function withWork(
  assignment: Assignment,
  change: (items: GraphItem[], told: Told) => unknown[],
  told: (told: Told) => Told | undefined,
): unknown {
  const work = workOf(assignment);
  if (!work) return undefined;
  return {
    ...assignment,
    graph: { ...assignment.graph, items: change(assignment.graph.items, work) },
    controlFiles: assignment.controlFiles?.map((file) => ({
      ...file,
      items: file.items.flatMap((one) => (one === work ? (told(one) ?? []) : one)),
    })),
  };
}

const without = (items: GraphItem[], told: Told): GraphItem[] =>
  items
    .filter((item) => !isWorkOf(told)(item))
    .map((item) => ({
      ...item,
      after: item.after.filter((id) => !told.items.includes(id)),
      workspace: item.workspace !== null && told.items.includes(item.workspace) ? null : item.workspace,
    }));

/** Forgeries of what the procedure and the backlog of the subject ask for. */
export const controlFileForgeries: readonly Forgery<Assignment>[] = [
  changing('control-files-hidden', ({ controlFiles, ...assignment }) => controlFiles && assignment),
  changing('control-file-hidden', ({ controlFiles, ...assignment }) =>
    controlFiles === undefined ? undefined : { ...assignment, controlFiles: controlFiles.slice(1) },
  ),
  changing('control-file-of-another-subject', (assignment, { judged }) =>
    withFile(assignment, (file) => ({ ...file, digest: judged.output.digest })),
  ),
  changing('problem-of-a-control-file-hidden', (assignment) =>
    withFile(assignment, (file) => (file.problems.length > 0 ? { ...file, problems: [] } : undefined)),
  ),
  changing('step-left-out', (assignment) => withWork(assignment, without, () => undefined)),
  // As if the backlog had it ticked off: nothing is told of it, and nothing is done.
  changing('open-item-called-done', (assignment) =>
    withFile(assignment, (file) => {
      const items = file.items.filter(({ fate }) => fate !== 'admitted');
      return file.file === '.todo' && items.length < file.items.length ? { ...file, items } : undefined;
    }),
  ),
  changing('steps-reordered', (assignment) =>
    withFile(assignment, (file) =>
      file.items.length > 1 ? { ...file, items: file.items.toReversed() } : undefined,
    ),
  ),
  changing('step-of-another-number', (assignment) =>
    withTold(assignment, (told) => ({ ...told, number: told.number + 1 })),
  ),
  changing('step-that-says-something-else', (assignment) =>
    withTold(assignment, (told) => ({ ...told, text: 'Do something else.' })),
  ),
  changing('step-without-its-work', (assignment) => withWork(assignment, without, (told) => told)),
  changing('work-without-its-step', (assignment) =>
    withTold(
      assignment,
      (told) => ({ ...told, fate: 'refused', reason: 'It is not wanted.', items: [] }),
      ({ fate }) => fate === 'admitted',
    ),
  ),
  changing('work-of-another-step', (assignment) => {
    const works = (assignment.controlFiles ?? []).flatMap(({ items }) => items);
    const [first, second] = works.filter(({ fate }) => fate === 'admitted');
    return (
      first &&
      second &&
      withTold(
        assignment,
        (told) => ({ ...told, items: second.items }),
        (told) => told === first,
      )
    );
  }),
  // It hangs together, and is still not what becomes of it.
  inventing('step-refused', (assignment) =>
    withWork(assignment, without, (told) => ({
      ...told,
      fate: 'refused',
      reason: 'It is not wanted.',
      items: [],
    })),
  ),
  inventing('step-with-another-command', (assignment) =>
    withTold(
      assignment,
      ({ discovery, ...told }) => ({
        ...told,
        discovery: discovery && {
          ...discovery,
          parameters: { ...discovery.parameters, command: 'true' },
        },
      }),
      ({ discovery }) => discovery !== null,
    ),
  ),
  inventing('steps-at-once', (assignment) => {
    const items = withFirst(
      assignment.graph.items,
      (item) => ({ ...item, after: [], workspace: null }),
      ({ rules, after }) => rules?.discovered?.by === controlFilesId && after.length > 0,
    );
    return items && { ...assignment, graph: { ...assignment.graph, items } };
  }),
];
