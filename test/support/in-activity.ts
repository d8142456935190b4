import type { Info } from '@temporalio/activity';
import { MockActivityEnvironment } from '@temporalio/testing';
import { DefaultLogger } from '@temporalio/worker';

/** Runs something as the attempt of an activity. */
export async function inActivity<T>(body: () => Promise<T>, info: Partial<Info> = {}): Promise<T> {
  const environment = new MockActivityEnvironment(info, { logger: new DefaultLogger('ERROR') });
  return await environment.run<[], T, () => Promise<T>>(body);
}
