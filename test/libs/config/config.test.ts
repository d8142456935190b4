import { delimiter } from 'node:path';
import { describe, expect, it } from 'vitest';
import { childEnvironment, readConfig, toEnvironment } from '../../../libs/config/config.js';
import { HeptadError } from '../../../libs/protocol/errors.js';

const problemsOf = (environment: Record<string, string>): string[] => {
  try {
    readConfig(environment);
  } catch (error) {
    if (error instanceof HeptadError && error.code === 'ConfigurationInvalid')
      return error.problems.map(({ path }) => path);
    throw error;
  }
  return [];
};

describe('the configuration', () => {
  it('has the documented defaults in an empty environment', () => {
    expect(readConfig({ HOME: '/home/a', INIT_CWD: '/work/here' })).toEqual({
      data: '/home/a/.local/share/heptad',
      cache: '/home/a/.cache/heptad',
      configFolder: '/home/a/.config/heptad',
      tenant: 'local',
      logLevel: 'info',
      temporal: {
        address: '127.0.0.1:7233',
        external: false,
        port: 7233,
        uiPort: 8233,
        namespace: 'default',
        synchronous: 'FULL',
      },
      api: { host: '127.0.0.1', port: 8080, token: undefined, rateLimit: 600, allowedHosts: [] },
      subjectRoots: ['/work/here'],
      deliveryRoots: [],
      s3: { endpoint: undefined, region: undefined, pathStyle: false },
      metricsPort: undefined,
      retentionDays: undefined,
      bubblewrap: undefined,
      path: '',
    });
  });

  it('follows the folders that the desktop standard names', () => {
    const config = readConfig({
      HOME: '/home/a',
      XDG_DATA_HOME: '/data',
      XDG_CACHE_HOME: '/cache',
      XDG_CONFIG_HOME: '/config',
    });
    expect([config.data, config.cache, config.configFolder]).toEqual([
      '/data/heptad',
      '/cache/heptad',
      '/config/heptad',
    ]);
  });

  it('takes an address of an engine as one that it must not start', () => {
    const { temporal } = readConfig({ HEPTAD_TEMPORAL_ADDRESS: 'temporal.internal:7233' });
    expect(temporal).toMatchObject({ address: 'temporal.internal:7233', external: true });
  });

  it('moves the address of its own engine with the port', () => {
    const { temporal } = readConfig({ HEPTAD_TEMPORAL_PORT: '7300' });
    expect(temporal).toMatchObject({ address: '127.0.0.1:7300', external: false });
  });

  it('names every problem at once', () => {
    expect(
      problemsOf({
        HEPTAD_API_PORT: 'eighty',
        HEPTAD_TEMPORAL_UI_PORT: '70000',
        HEPTAD_LOG_LEVEL: 'loud',
        HEPTAD_TEMPORAL_ADDRESS: 'http://127.0.0.1:7233',
        HEPTAD_ENGINE_SYNCHRONOUS: 'OFF',
      }).sort(),
    ).toEqual([
      'HEPTAD_API_PORT',
      'HEPTAD_ENGINE_SYNCHRONOUS',
      'HEPTAD_LOG_LEVEL',
      'HEPTAD_TEMPORAL_ADDRESS',
      'HEPTAD_TEMPORAL_UI_PORT',
    ]);
  });

  it.each([
    ['forever', undefined],
    ['1 day', 1],
    ['90 days', 90],
  ])('keeps archives %s', (text, days) => {
    expect(readConfig({ HEPTAD_RETENTION: text }).retentionDays).toBe(days);
  });

  it.each(['0 days', '90', '-1 days', '1.5 days', '90 days or so', 'never'])(
    'refuses "%s" as the time that archives are kept',
    (text) => {
      expect(problemsOf({ HEPTAD_RETENTION: text })).toEqual(['HEPTAD_RETENTION']);
    },
  );

  it('has the bucket in the path where an endpoint is given, unless it is told otherwise', () => {
    const HEPTAD_S3_ENDPOINT = 'http://127.0.0.1:9000';
    expect(readConfig({ HEPTAD_S3_ENDPOINT }).s3).toMatchObject({ pathStyle: true });
    expect(readConfig({ HEPTAD_S3_ENDPOINT, HEPTAD_S3_PATH_STYLE: 'false' }).s3.pathStyle).toBe(false);
  });

  it.each(['objects.example', 'ftp://objects.example', 'https://me:hidden@objects.example'])(
    'refuses %s for an endpoint, and repeats no credentials',
    (HEPTAD_S3_ENDPOINT) => {
      expect(problemsOf({ HEPTAD_S3_ENDPOINT })).toEqual(['HEPTAD_S3_ENDPOINT']);
      expect(() => readConfig({ HEPTAD_S3_ENDPOINT })).toThrow(
        expect.objectContaining({ message: expect.not.stringContaining('hidden') }),
      );
    },
  );

  it('refuses a setting that does not exist', () => {
    expect(problemsOf({ HEPTAD_API_PROT: '8081' })).toEqual(['HEPTAD_API_PROT']);
  });

  it.each(['0.0.0.0', '::', '192.168.1.5', 'heptad.example'])('demands a token to listen on %s', (host) => {
    expect(problemsOf({ HEPTAD_API_HOST: host })).toEqual(['HEPTAD_API_TOKEN']);
    expect(problemsOf({ HEPTAD_API_HOST: host, HEPTAD_API_TOKEN: 'a-token-of-some-length' })).toEqual([]);
  });

  it.each(['127.0.0.1', '127.0.0.2', '::1', 'localhost'])('demands no token to listen on %s', (host) => {
    expect(problemsOf({ HEPTAD_API_HOST: host })).toEqual([]);
  });

  it('never repeats a token that it refuses', () => {
    expect(() => readConfig({ HEPTAD_API_TOKEN: 'short secret' })).toThrow(
      expect.objectContaining({ message: expect.not.stringContaining('short secret') }),
    );
  });

  it('reads the same again from the environment that a child is given', () => {
    const config = readConfig({
      HOME: '/home/a',
      HEPTAD_DATA: '/d',
      HEPTAD_CONFIG: '/c',
      HEPTAD_API_TOKEN: 'a-token-of-some-length',
      HEPTAD_TEMPORAL_ADDRESS: 'engine:1234',
      HEPTAD_SUBJECT_ROOTS: ['/one', '/two'].join(delimiter),
      HEPTAD_DELIVERY_ROOTS: ['/three', '/four'].join(delimiter),
      HEPTAD_S3_ENDPOINT: 'https://objects.example:9000/',
      HEPTAD_S3_REGION: 'eu-central-1',
      HEPTAD_S3_PATH_STYLE: 'false',
      HEPTAD_METRICS_PORT: '9100',
      HEPTAD_RETENTION: '90 days',
      HEPTAD_BUBBLEWRAP: '/opt/bwrap',
    });
    expect(readConfig(toEnvironment(config))).toEqual(config);
  });

  it('gives a child the rest of the environment, and no setting of its own that the configuration does not have', () => {
    const config = readConfig({ HOME: '/home/a' });
    const given = childEnvironment(config, { PATH: '/bin', HEPTAD_API_TOKEN: 'a-token-of-some-length' });
    expect(given.PATH).toBe('/bin');
    expect(given).not.toHaveProperty('HEPTAD_API_TOKEN');
  });
});
