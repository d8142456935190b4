import type { Command } from 'commander';
import type { RunView } from '../../../libs/contracts/run.js';
import { type AwaitedWaiver, waiverSchema } from '../../../libs/contracts/waiver.js';
import { openSigner } from '../../../libs/crypto/open-signer.js';
import { personsIn } from '../../../libs/crypto/person-keys.js';
import { signWaiver } from '../../../libs/evidence/waiver.js';
import { HeptadError } from '../../../libs/protocol/errors.js';
import type { PersonIdentity } from '../../../libs/protocol/identities.js';
import { type PhaseName, phaseNames } from '../../../libs/protocol/phases.js';
import type { Cli } from '../cli.js';
import { exitCode } from '../exit-code.js';
import { personPlaces } from '../keys/places.js';
import { parsePerson, usageInvalid } from '../keys/usage.js';

interface WaiveOptions {
  readonly reason: string;
  readonly person?: string;
}

export function addWaive(program: Command, cli: Cli): void {
  program
    .command('waive')
    .description('let a phase go on although a pass failed, signed with your key')
    .argument('<run>', 'id of the run')
    .argument('<phase>', 'the phase that waits for it')
    .requiredOption('--reason <text>', 'why, in 10 to 2000 characters; it shows in the package')
    .option('--person <name>', 'who waives (default: the one person whose key is here)')
    .action(
      cli.action(async (id: string, phase: string, { reason, person }: WaiveOptions) => {
        if (!waiverSchema.shape.reason.safeParse(reason).success)
          throw usageInvalid('--reason', 'Say why in 10 to 2000 characters.');
        const identity = await whoWaives(cli, person);
        const awaited = awaitedOf(await cli.api.run(id), parsePhase(phase));
        const signer = await openSigner(personPlaces(cli.config), identity);
        const waiver = signWaiver(signer, id, awaited, { reason, at: new Date().toISOString() });
        const view = await cli.api.waive(id, waiver);
        cli.answer(view, () => `${identity} waived of ${phase}: ${awaited.says}`);
        return exitCode.done;
      }),
    );
}

function parsePhase(text: string): PhaseName {
  const phase = phaseNames.find((name) => name === text);
  if (phase) return phase;
  throw usageInvalid('<phase>', `One of ${phaseNames.join(', ')}.`);
}

/** Who waives: a key is never made here, because nobody would have registered it. */
async function whoWaives(cli: Cli, name: string | undefined): Promise<PersonIdentity> {
  const { keys } = personPlaces(cli.config);
  const persons = await personsIn(keys);
  const wanted = name === undefined ? undefined : parsePerson(name);
  if (wanted === undefined && persons.length > 1)
    throw usageInvalid('--person', `Say who waives: there are keys of ${persons.join(', ')}.`);
  const found = wanted === undefined ? persons[0] : persons.find((person) => person === wanted);
  if (found) return found;
  throw new HeptadError(
    'KeyUnknown',
    `There is no key of ${wanted ?? 'a person'} in ${keys}. Make one by \`heptad keys new --person ${name ?? 'NAME'}\`, ` +
      'and have the operator register it.',
  );
}

function awaitedOf({ id, state, awaits }: RunView, phase: PhaseName): AwaitedWaiver {
  if (awaits?.phase === phase) return awaits;
  const instead = awaits
    ? `${awaits.phase} does.`
    : state === 'waiting'
      ? 'no worker says what does; start the workers.'
      : `the run is ${state}.`;
  throw new HeptadError('NothingToWaive', `In run ${id}, ${phase} waits for no waiver: ${instead}`);
}
