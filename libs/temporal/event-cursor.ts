import { HeptadError } from '../protocol/errors.js';

/** How far one history was read: the run of the chain, and the event in it. */
export interface Position {
  readonly chain: number;
  readonly id: number;
}

/** How far each history of a run was read, by the history's number: 0 for `run`, 1 to 7 for the phases, 8 for the seal. */
export type Positions = ReadonlyMap<number, Position>;

/** A cursor as text, such as `0.0.12-3.1.40`: history, run of its chain, event; one part per history that was read. */
export const formatCursor = (positions: Positions): string =>
  [...positions]
    .sort(([one], [other]) => one - other)
    .map(([history, { chain, id }]) => `${history}.${chain}.${id}`)
    .join('-');

const form = /^[0-8]\.\d{1,6}\.\d{1,9}(?:-[0-8]\.\d{1,6}\.\d{1,9}){0,8}$/;

/** @throws HeptadError `InputInvalid` where the text is no cursor */
export function parseCursor(text: string): Positions {
  if (!form.test(text))
    throw new HeptadError(
      'InputInvalid',
      `${JSON.stringify(text.slice(0, 100))} is not the id of an event.`,
      {
        problems: [
          {
            path: 'Last-Event-ID',
            reason: 'Send back the id of the last event, or nothing for all of them.',
          },
        ],
      },
    );
  return new Map(
    text.split('-').map((part) => {
      const [history = 0, chain = 0, id = 0] = part.split('.').map(Number);
      return [history, { chain, id }];
    }),
  );
}

/** Whether an event at `position` was read already by who is at `reached`. */
export const isBehind = (position: Position, reached: Position | undefined): boolean =>
  reached !== undefined &&
  (position.chain < reached.chain || (position.chain === reached.chain && position.id <= reached.id));
