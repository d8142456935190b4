import type { Environment } from './config.js';

/** The folder that the person was in: npm changes into the package's folder before it runs a script. */
export const callerFolder = (environment: Environment = process.env): string =>
  environment.INIT_CWD || process.cwd();
