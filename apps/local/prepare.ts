import { readConfig } from '../../libs/config/config.js';
import { untilAnswered } from './stack/answers.js';
import { createNamespace, prepareNamespace } from './stack/prepare-namespace.js';

/** Makes an engine ready that is not the local stack's: the namespace and its search attributes, where missing. */
const config = readConfig();
const signal = AbortSignal.timeout(120_000);
await createNamespace(config, signal);
// The parts of a cluster learn of a new namespace one after the other.
await untilAnswered(() => prepareNamespace(config).then(() => true), signal);
