import { printable } from '../artifacts/snapshot/paths.js';
import { HeptadError } from '../protocol/errors.js';

/** HTTP status of what the object store answered; undefined where no answer came. */
export function statusOf(error: unknown): number | undefined {
  if (typeof error !== 'object' || error === null || !('$metadata' in error)) return undefined;
  const { $metadata: metadata } = error;
  if (typeof metadata !== 'object' || metadata === null || !('httpStatusCode' in metadata)) return undefined;
  return typeof metadata.httpStatusCode === 'number' ? metadata.httpStatusCode : undefined;
}

/**
 * The error for a call to an object store that failed. It says what kind of failure it was and nothing that came with
 * it: requests, and what is quoted of them, carry signatures and the ids of credentials.
 */
export function bucketFailure(place: string, error: unknown): unknown {
  if (!(error instanceof Error) || error instanceof HeptadError || error.name === 'AbortError') return error;
  const status = statusOf(error);
  const name = printable(error.name).slice(0, 100);
  const refused = (why: string) =>
    new HeptadError('DeliveryRefused', `Nothing was delivered to ${place}: ${why} (${name}).`);
  if (name === 'CredentialsProviderError')
    return refused('no credentials were found. Give the worker some, as for any program that uses AWS');
  if (status === undefined && /^Region is missing/.test(error.message))
    return refused('no region is known. Set HEPTAD_S3_REGION');
  // Not all is there, or another one is uploaded at this moment: the next attempt sees.
  if (status === undefined || status >= 500 || status === 429 || status === 408 || status === 409)
    return unreachable(place, error, status);
  if (name === 'RequestTimeout' || name === 'RequestTimeTooSkewed') return unreachable(place, error, status);
  if (name === 'NoSuchBucket') return refused('there is no such bucket');
  if (status === 401 || status === 403)
    return refused('the credentials of the worker do not allow it. Check them and the policy of the bucket');
  if (status === 301 || status === 307 || status === 400)
    return refused(`it answered ${status}. Check HEPTAD_S3_ENDPOINT, HEPTAD_S3_REGION and the bucket's name`);
  return refused(`it answered ${status}`);
}

const unreachable = (place: string, error: Error, status: number | undefined): HeptadError => {
  const code = 'code' in error && typeof error.code === 'string' ? error.code : error.name;
  const what = status === undefined ? `did not answer (${printable(code)})` : `answered ${status}`;
  return new HeptadError('DependencyUnreachable', `The object store of ${place} ${what}.`);
};
