import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { onPath } from '../../apps/local/requirements.mjs';
import { run } from '../../apps/local/setup/run.mjs';
import { readConfig } from '../../libs/config/config.js';
import { settingName } from '../../libs/config/environment-schema.js';

const here = fileURLToPath(new URL('.', import.meta.url));
const file = fileURLToPath(new URL('../../docker-compose.yml', import.meta.url));

const projectSchema = z.object({
  services: z.record(
    z.string(),
    z.object({
      image: z.string(),
      command: z.array(z.string()).nullish(),
      user: z.string().optional(),
      environment: z.record(z.string(), z.string().nullable()).default({}),
      ports: z.array(z.object({ host_ip: z.string().optional(), target: z.number() })).default([]),
      volumes: z.array(z.object({ source: z.string(), target: z.string() })).default([]),
      cap_drop: z.array(z.string()).default([]),
      cap_add: z.array(z.string()).default([]),
      privileged: z.boolean().default(false),
      security_opt: z.array(z.string()).default([]),
    }),
  ),
});
type Project = z.infer<typeof projectSchema>;

const secrets = { POSTGRES_PASSWORD: 'from-the-test', HEPTAD_API_TOKEN: 'a-token-of-some-length' };

/** Loads the file by Compose's own loader, which is a Go module. */
const load = (variables: Record<string, string>) => {
  const { POSTGRES_PASSWORD: _, HEPTAD_API_TOKEN: __, ...environment } = process.env;
  return run('go', ['run', '.', file], {
    cwd: here,
    env: { ...environment, GOFLAGS: '-mod=readonly', GOWORK: 'off', ...variables },
    timeout: 240_000,
  });
};

/** Go is needed only where the engine is built. Without it nothing here runs, which `npm test` says and counts. */
const loaderMissing = onPath('go', process.env) === undefined;

describe.skipIf(loaderMissing)(
  'docker-compose.yml, loaded by Compose (needs Go)',
  { timeout: 300_000 },
  () => {
    let project: Project;
    beforeAll(async () => {
      const { code, stdout, stderr } = await load(secrets);
      if (code !== 0) throw new Error(stderr);
      project = projectSchema.parse(JSON.parse(stdout));
    }, 300_000);

    const service = (name: string): Project['services'][string] => {
      const found = project.services[name];
      if (found === undefined) throw new Error(`There is no service ${name}.`);
      return found;
    };
    const verifiers = ['worker-verify-a', 'worker-verify-b', 'worker-verify-c'];
    const own = ['api', 'worker-control', 'worker-agents', ...verifiers];

    it('has the database, the engine, its Web UI, the API and each worker as services of their own', () => {
      expect(Object.keys(project.services)).toEqual(
        expect.arrayContaining(['postgres', 'temporal', 'temporal-ui', ...own]),
      );
    });

    it('runs the API and the workers from one image', () => {
      expect(new Set(own.map((name) => service(name).image))).toEqual(new Set(['heptad']));
      expect(own.map((name) => service(name).command)).toEqual([
        ['dist/apps/api/main.js'],
        ['dist/apps/worker/main.js', 'control'],
        ['dist/apps/worker/main.js', 'agents'],
        ['dist/apps/worker/main.js', 'verify', '--pass', 'a'],
        ['dist/apps/worker/main.js', 'verify', '--pass', 'b'],
        ['dist/apps/worker/main.js', 'verify', '--pass', 'c'],
      ]);
    });

    it('publishes neither the engine nor the database, and the rest to this machine alone', () => {
      for (const name of ['temporal', 'postgres']) expect(service(name).ports).toEqual([]);
      for (const { ports } of Object.values(project.services))
        for (const { host_ip } of ports) expect(host_ip).toBe('127.0.0.1');
    });

    it('shares the artifact store between the API and all workers', () => {
      for (const name of own)
        expect(service(name).volumes).toContainEqual(
          expect.objectContaining({ source: 'artifacts', target: '/data/artifacts' }),
        );
    });

    it('gives each process that signs a volume of keys that no other service has', () => {
      const holders = Object.entries(project.services).flatMap(([name, { volumes }]) =>
        volumes.filter(({ target }) => target === '/data/keys').map(({ source }) => [name, source] as const),
      );
      expect(holders.map(([name]) => name).sort()).toEqual(own.filter((name) => name !== 'api').sort());
      expect(new Set(holders.map(([, source]) => source)).size).toBe(holders.length);
      const mounted = Object.values(project.services).flatMap(({ volumes }) =>
        volumes.map(({ source }) => source),
      );
      for (const [, source] of holders) expect(mounted.filter((volume) => volume === source)).toHaveLength(1);
    });

    it('runs each verifier as a user of its own, of the group that writes the store', () => {
      const users = verifiers.map((name) => service(name).user ?? '');
      expect(new Set(users).size).toBe(3);
      for (const user of users) expect(user).toMatch(/^\d+:1000$/);
    });

    it('gives the right to make sandboxes to those that run programs, and to nobody else', () => {
      const unconfined = Object.entries(project.services).filter(
        ([, { security_opt }]) => security_opt.length > 0,
      );
      expect(unconfined.map(([name]) => name).sort()).toEqual(['worker-agents', ...verifiers]);
      for (const { privileged, cap_add } of Object.values(project.services))
        expect([privileged, cap_add]).toEqual([false, []]);
    });

    it('sets only settings that exist, and valid ones', () => {
      for (const name of own) {
        const entries = Object.entries(service(name).environment).filter(([key]) =>
          key.startsWith(settingName('')),
        );
        const config = readConfig(
          Object.fromEntries(entries.map(([key, value]) => [key, value ?? undefined])),
        );
        expect(config.temporal).toMatchObject({ address: 'temporal:7233', external: true });
      }
    });

    it('has no default for any secret', async () => {
      for (const [name, value] of Object.entries(secrets)) {
        const { code, stderr } = await load({ [name]: value });
        const other = Object.keys(secrets).find((key) => key !== name);
        expect(code).not.toBe(0);
        expect(stderr).toContain(`required variable ${other} is missing a value`);
      }
    });
  },
);
