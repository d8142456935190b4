import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import type { AgentTask } from '../../../contracts/agent.js';
import { parametersOf } from '../answer/parameters.js';
import type { Done } from '../answer/serve-task.js';
import { TaskFailure } from '../answer/task-failure.js';
import type { Places } from '../subject/places.js';
import { deconstruct } from './deconstruct.js';
import { deliver } from './deliver.js';
import { develop } from './develop.js';
import { diagnose } from './diagnose.js';
import { deconstructSchema, developSchema, diagnoseSchema, steps } from './outcomes.js';

const parametersSchema = z.object({ step: z.enum(steps) });

/** The file that holds the request, and in the end the specification. */
const file = 'request.md';
/** Bytes of a request: the longest text that is a subject, in UTF-8, and what a specification adds. */
const largest = 256 * 1024;

/**
 * Does one of the four steps on the request in the workspace. `develop` and `deliver` work on the outcomes of the steps
 * before; `deliver` writes the specification in the request's place.
 */
export async function improveRequest(places: Places, task: AgentTask): Promise<Done> {
  const { step } = parametersOf(parametersSchema, task);
  const request = readRequest(places);
  switch (step) {
    case 'deconstruct':
      return done(deconstruct(request));
    case 'diagnose':
      return done(diagnose(request));
    case 'develop':
      return done(
        develop(
          outcomeOf(places, 'deconstruct', deconstructSchema),
          outcomeOf(places, 'diagnose', diagnoseSchema),
        ),
      );
    case 'deliver': {
      const before = {
        deconstruct: outcomeOf(places, 'deconstruct', deconstructSchema),
        diagnose: outcomeOf(places, 'diagnose', diagnoseSchema),
        develop: outcomeOf(places, 'develop', developSchema),
      };
      const outcome = deliver(request, before, file);
      writeFileSync(join(places.workspace, file), before.develop.text);
      return done(outcome);
    }
  }
}

// The parser of Markdown calls itself for each level.
const tooDeep = /^(?:[ \t]*(?:>|[-+*](?=[ \t])|\d{1,9}[.)](?=[ \t]))){51}/m;

const done = (outcome: Record<string, unknown>): Done => ({ outcome, measurements: {} });

function readRequest({ workspace }: Places): string {
  const path = join(workspace, file);
  if (!existsSync(path))
    throw new TaskFailure('SubjectInvalid', `The workspace has no ${file}. Give a text as the subject.`);
  const { size } = statSync(path);
  if (size > largest)
    throw new TaskFailure('SubjectInvalid', `${file} has ${size} bytes; ${largest} are accepted.`);
  const text = readFileSync(path, 'utf8').replaceAll(/\r\n?/g, '\n');
  if (tooDeep.test(text))
    throw new TaskFailure('SubjectInvalid', `Quotes and lists in ${file} are nested deeper than 50 levels.`);
  return text;
}

function outcomeOf<T extends z.ZodType>(places: Places, name: string, schema: T): z.output<T> {
  const path = join(places.inputs, `${name}.json`);
  if (!existsSync(path))
    throw new TaskFailure('InputInvalid', `The outcome of ${name} is missing: this step works on it.`);
  const parsed = schema.safeParse(JSON.parse(readFileSync(path, 'utf8')));
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  throw new TaskFailure(
    'InputInvalid',
    `The outcome of ${name} is not usable: /${issue?.path.join('/')}: ${issue?.message}`,
  );
}
