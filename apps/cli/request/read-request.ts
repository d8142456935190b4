import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { text } from 'node:stream/consumers';
import { z } from 'zod';
import { callerFolder } from '../../../libs/config/caller-folder.js';
import type { StartRun } from '../../../libs/contracts/request.js';
import { parseTarget } from '../../../libs/delivery/parse-target.js';
import { anchorRequest } from '../../../libs/intake/anchor-request.js';
import { HeptadError } from '../../../libs/protocol/errors.js';
import { parseJsonText } from './parse-json-text.js';

export interface RequestOptions {
  readonly input?: string;
  readonly inputFile?: string;
  readonly deliver?: readonly string[];
  readonly encryptTo?: string;
  /** Seconds. */
  readonly waiverWindow?: number;
  readonly stepwise?: true;
}

/**
 * The request that the arguments of `heptad run` tell: one word, or any input, is a template; several words are a
 * sentence. Folders in it are relative to where the command was typed.
 *
 * @throws HeptadError `UsageInvalid` what is given does not go together, or a file cannot be read
 * @throws HeptadError `RequestNotUnderstood` the sentence is none that is understood
 * @throws HeptadError `JsonInvalid` the input is no JSON; the problem has line and column
 */
export async function readRequest(words: readonly string[], options: RequestOptions): Promise<StartRun> {
  const folder = callerFolder();
  return { ...(await readAsked(words, options, folder)), ...readWishes(options, folder) };
}

async function readAsked(
  words: readonly string[],
  options: RequestOptions,
  folder: string,
): Promise<StartRun> {
  const first = words.length === 1 ? words.join('') : words.map(quotedWhereNeeded).join(' ');
  const isSentence = /\s/.test(first.trim());
  if (options.input !== undefined && options.inputFile !== undefined)
    throw usage('--input', 'Give the input once: as --input or as --input-file.');
  const given = options.input ?? options.inputFile;
  if (isSentence) {
    if (given !== undefined)
      throw usage(
        '--input',
        'An input belongs to a template, whose name is one word; a sentence takes none.',
      );
    return anchorRequest({ request: first }, folder);
  }
  if (given === undefined) return { template: first, input: {} };
  const [source, content] =
    options.inputFile === undefined
      ? ['--input', given]
      : [options.inputFile, await readInput(resolve(folder, given), given)];
  const input = z.record(z.string(), z.unknown()).safeParse(await parseJsonText(content, source));
  if (!input.success) throw usage(source, "A template's input is a JSON object.");
  return anchorRequest({ template: first, input: input.data }, folder);
}

/** What is asked for beside template and input. */
function readWishes(
  { deliver = [], encryptTo, waiverWindow, stepwise }: RequestOptions,
  folder: string,
): Pick<StartRun, 'deliver' | 'waiverWindow' | 'stepwise'> {
  if (encryptTo !== undefined && deliver.length === 0)
    throw usage('--encrypt-to', 'Only what is delivered is encrypted: say where to with --deliver.');
  const targets = deliver.map((text) => {
    const target = parseTarget(text, folder, encryptTo);
    if (typeof target === 'string') throw usage('--deliver', target);
    return target;
  });
  return {
    ...(targets.length === 0 ? {} : { deliver: targets }),
    ...(waiverWindow === undefined ? {} : { waiverWindow }),
    ...(stepwise ? { stepwise } : {}),
  };
}

async function readInput(path: string, given: string): Promise<string> {
  if (given === '-') return text(process.stdin);
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    throw usage(
      '--input-file',
      `The file cannot be read: ${error instanceof Error ? error.message : String(error)}.`,
    );
  }
}

/** A word of several that the shell took out of its quotes, in quotes again. */
const quotedWhereNeeded = (word: string): string => (/\s/.test(word) ? JSON.stringify(word) : word);

const usage = (path: string, reason: string): HeptadError =>
  new HeptadError('UsageInvalid', undefined, { problems: [{ path, reason }] });
