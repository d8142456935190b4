import type { S3Client } from '@aws-sdk/client-s3';

/** Which object store it is; `HEPTAD_S3_*`. Credentials are found by AWS's own rules. */
export interface S3Settings {
  /** URL; that of AWS for the region where not given. */
  readonly endpoint: string | undefined;
  /** By AWS's own rules where not given; with an endpoint of its own `us-east-1`. */
  readonly region: string | undefined;
  /** Whether the bucket stands in the path and not in the host. */
  readonly pathStyle: boolean;
}

const silent = (): void => undefined;

/** A client of the object store, without retries of its own. Whoever opens it destroys it. */
export async function openObjectStore({ endpoint, region, pathStyle }: S3Settings): Promise<S3Client> {
  // Loaded where it is needed: it is large, and most processes never deliver to a bucket.
  const { S3Client } = await import('@aws-sdk/client-s3');
  const where = region ?? (endpoint === undefined ? undefined : 'us-east-1');
  return new S3Client({
    forcePathStyle: pathStyle,
    maxAttempts: 1,
    // It would print to the console; what went wrong is thrown as well.
    logger: { debug: silent, info: silent, warn: silent, error: silent },
    requestHandler: { connectionTimeout: 10_000, socketTimeout: 60_000 },
    ...(endpoint === undefined ? {} : { endpoint }),
    ...(where === undefined ? {} : { region: where }),
  });
}
