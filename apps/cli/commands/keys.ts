import type { Command } from 'commander';
import type { Cli } from '../cli.js';
import { exportKeys } from '../keys/export-keys.js';
import { newKey } from '../keys/new-key.js';
import { pinKeys } from '../keys/pin-keys.js';
import { revoke } from '../keys/revoke.js';
import { rotate } from '../keys/rotate.js';
import { showKeys } from '../keys/show-keys.js';

/** Keys are files of this machine: none of these commands asks the service. */
export function addKeys(program: Command, cli: Cli): void {
  const keys = program.command('keys').description('public and private keys on this machine');
  keys
    .command('list')
    .description('list the public keys that the service or you trust')
    .action(cli.action(() => showKeys(cli)));
  keys
    .command('export')
    .description("print the public keys of the service's trust folder, for others to pin")
    .option('--person <name>', 'the keys of a person instead')
    .action(cli.action((options: { person?: string }) => exportKeys(cli, options)));
  keys
    .command('new')
    .description('make a key for a person, and print its public half for the operator')
    .requiredOption('--person <name>', 'whose key it is')
    .action(cli.action((options: { person: string }) => newKey(cli, options)));
  keys
    .command('pin')
    .description('trust the public keys in a file')
    .argument('<file>', 'what `keys export` or `keys new` printed')
    .option('--service', 'have the service on this machine trust them: registers a person')
    .action(cli.action((file: string, options: { service?: true }) => pinKeys(cli, file, options)));
  keys
    .command('rotate')
    .description('give an identity a new key, signed by the one before')
    .argument('<identity>', 'such as producer, verifier.a or person:ada')
    .action(cli.action((identity: string) => rotate(cli, identity)));
  keys
    .command('revoke')
    .description('let nothing count any more that a key has signed')
    .argument('<keyid>', 'as `keys list` shows it')
    .requiredOption('--reason <text>', 'why, for whoever meets a signature of it')
    .action(cli.action((keyid: string, options: { reason: string }) => revoke(cli, keyid, options)));
}
