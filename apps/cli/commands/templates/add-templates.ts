import type { Command } from 'commander';
import type { Cli } from '../../cli.js';
import { addAnalyze } from './analyze.js';
import { addArchive } from './archive.js';
import { addGraph } from './graph.js';
import { addList } from './list.js';
import { addRegister } from './register.js';
import { addSchema } from './schema.js';
import { addSeed } from './seed.js';
import { addShow } from './show.js';
import { addValidate } from './validate.js';

export function addTemplates(program: Command, cli: Cli): void {
  const templates = program
    .command('templates')
    .description('list the templates that a run can be started from; check, register and draw them');
  for (const add of [
    addList,
    addShow,
    addValidate,
    addSchema,
    addRegister,
    addArchive,
    addSeed,
    addAnalyze,
    addGraph,
  ])
    add(templates, cli);
}
