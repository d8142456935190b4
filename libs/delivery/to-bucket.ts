import type { HeadObjectCommandOutput, S3Client } from '@aws-sdk/client-s3';
import { HeptadError } from '../protocol/errors.js';
import { bucketFailure, statusOf } from './bucket-failure.js';
import type { BucketTarget, Delivered, Delivery, DeliveryTools } from './delivery.js';
import { openObjectStore, type S3Settings } from './open-object-store.js';
import { type Archive, withArchive } from './with-archive.js';

/** The most that one request can put: 5 GiB. */
const largest = 5 * 1024 ** 3;

/**
 * Delivers a package to a bucket as one object, put by one request with its SHA-256, so that it is there whole or not
 * at all, and only where none is. One that is there already is the same delivery where it has the same bytes.
 *
 * @throws HeptadError `DependencyUnreachable` the object store does not answer
 * @throws HeptadError `DeliveryRefused` no credentials, no such bucket, or it may not be written
 * @throws HeptadError `DeliveryConflict` another object has the name
 */
export async function deliverToBucket(
  tools: DeliveryTools,
  settings: S3Settings,
  delivery: Delivery<BucketTarget>,
): Promise<Delivered> {
  return await withArchive(tools, delivery, async (archive) => {
    const { bucket, prefix } = delivery.target;
    const object = { Bucket: bucket, Key: `${prefix}${archive.name}` };
    const location = `s3://${bucket}/${object.Key}`;
    if (archive.size > largest)
      throw new HeptadError(
        'DeliveryRefused',
        `Nothing was delivered to ${location}: an object has at most 5 GiB.`,
      );
    const client = await openObjectStore(settings);
    try {
      await putOnce(client, object, location, { archive, delivery, signal: tools.signal });
      return { location, written: archive.sha256 };
    } catch (error) {
      tools.signal.throwIfAborted();
      throw bucketFailure(location, error);
    } finally {
      client.destroy();
    }
  });
}

interface Upload {
  readonly archive: Archive;
  readonly delivery: Delivery<BucketTarget>;
  readonly signal: AbortSignal;
}

type ObjectName = Readonly<Record<'Bucket' | 'Key', string>>;

async function putOnce(
  client: S3Client,
  object: ObjectName,
  location: string,
  { archive, delivery, signal }: Upload,
): Promise<void> {
  const { HeadObjectCommand, PutObjectCommand } = await import('@aws-sdk/client-s3');
  const found = () => client.send(new HeadObjectCommand(object), { abortSignal: signal });
  try {
    demandSame(await found(), archive, location);
    return;
  } catch (error) {
    // Who may write but not list is answered 403 for what is not there: the put decides.
    if (![403, 404].includes(statusOf(error) ?? 0)) throw error;
  }
  const bytes = archive.open();
  try {
    const put = new PutObjectCommand({
      ...object,
      Body: bytes,
      ContentLength: archive.size,
      ContentType: delivery.target.encryptTo === undefined ? 'application/x-tar' : 'application/octet-stream',
      ChecksumSHA256: Buffer.from(archive.sha256, 'hex').toString('base64'),
      IfNoneMatch: '*',
      Metadata: { sha256: archive.sha256, run: delivery.run, record: delivery.record.digest },
    });
    await client.send(put, { abortSignal: signal });
  } catch (error) {
    if (statusOf(error) !== 412) throw error;
    // Put by another attempt meanwhile, or by somebody else.
    demandSame(await found(), archive, location);
  } finally {
    bytes.destroy();
  }
}

function demandSame(
  { ContentLength, Metadata }: HeadObjectCommandOutput,
  archive: Archive,
  location: string,
): void {
  if (ContentLength === archive.size && Metadata?.sha256 === archive.sha256) return;
  throw new HeptadError('DeliveryConflict', `Nothing was delivered to ${location}: another object is there.`);
}
