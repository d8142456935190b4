import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readConfig } from '../../../libs/config/config.js';
import { freePort } from '../free-port.js';
import { until } from '../until.js';
import { provideS3Server } from './provide-s3-server.js';

/** What the server knows its one user by. */
export const s3Credentials = {
  AWS_ACCESS_KEY_ID: 'heptad-test-identity',
  AWS_SECRET_ACCESS_KEY: 'heptad-test-credential-of-s3',
  AWS_EC2_METADATA_DISABLED: 'true',
} as const;

/** A real S3 server in a process of its own, whose buckets are folders. */
export class S3Server {
  private constructor(
    readonly port: number,
    private readonly folder: string,
    private readonly child: ChildProcess,
  ) {}

  get endpoint(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  static async start(): Promise<S3Server> {
    const jars = await provideS3Server(readConfig());
    const folder = await mkdtemp(join(tmpdir(), 'heptad-s3-'));
    const port = await freePort();
    const settings = [
      `s3proxy.endpoint=http://127.0.0.1:${port}`,
      's3proxy.authorization=aws-v4',
      `s3proxy.identity=${s3Credentials.AWS_ACCESS_KEY_ID}`,
      `s3proxy.credential=${s3Credentials.AWS_SECRET_ACCESS_KEY}`,
      'jclouds.provider=filesystem-nio2',
      `jclouds.filesystem.basedir=${join(folder, 'data')}`,
    ];
    await mkdir(join(folder, 'data'));
    await writeFile(join(folder, 's3proxy.conf'), settings.join('\n'));
    await writeFile(join(folder, 'logback.xml'), '<configuration><root level="OFF"/></configuration>');
    const flags = ['-XX:TieredStopAtLevel=1', '-XX:+UseSerialGC'];
    const log = `-Dlogback.configurationFile=${join(folder, 'logback.xml')}`;
    const program = ['org.gaul.s3proxy.Main', '--properties', join(folder, 's3proxy.conf')];
    const child = spawn('java', [...flags, log, '-cp', `${jars}/*`, ...program], { stdio: 'ignore' });
    const server = new S3Server(port, folder, child);
    await until('the S3 server', async () => {
      const answer = await fetch(server.endpoint).catch(() => undefined);
      await answer?.arrayBuffer();
      return answer !== undefined;
    });
    return server;
  }

  async makeBucket(name: string): Promise<void> {
    await mkdir(join(this.folder, 'data', name));
  }

  async removeBucket(name: string): Promise<void> {
    await rm(join(this.folder, 'data', name), { recursive: true });
  }

  /** Every file that the server has of a bucket, also what it does not show. */
  async filesIn(bucket: string): Promise<string[]> {
    const root = join(this.folder, 'data', bucket);
    const entries = await readdir(root, { recursive: true, withFileTypes: true });
    return entries
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name).slice(root.length + 1))
      .sort();
  }

  pathOf(bucket: string, key: string): string {
    return join(this.folder, 'data', bucket, key);
  }

  async stop(): Promise<void> {
    if (this.child.exitCode === null && this.child.signalCode === null) {
      const ended = once(this.child, 'exit');
      this.child.kill('SIGKILL');
      await ended;
    }
    await rm(this.folder, { recursive: true });
  }
}
