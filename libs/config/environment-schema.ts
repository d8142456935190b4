import { isIP } from 'node:net';
import { z } from 'zod';

/** The environment variable of a setting: `DATA` is `HEPTAD_DATA`. */
export const settingName = (key: string): string => `HEPTAD_${key}`;

const port = z.coerce
  .number('A port is a number.')
  .int('A port is a whole number.')
  .min(1, 'A port is at least 1.')
  .max(65_535, 'A port is at most 65535.');

const folder = z.string().refine((path) => !path.includes('\0'), 'A path has no NUL character.');

/** Whether only this machine can reach an address that is listened on. */
export const isLoopback = (host: string): boolean =>
  host === 'localhost' || host === '::1' || (isIP(host) === 4 && host.startsWith('127.'));

function isPlainUrl(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { protocol, username, password, search, hash } = new URL(text);
  return /^https?:$/.test(protocol) && `${username}${password}${search}${hash}` === '';
}

/** Every setting, by its name without the prefix `HEPTAD_`. `docs/reference/settings.md` has the same list. */
export const environmentSchema = z
  .strictObject({
    DATA: folder.optional(),
    CACHE: folder.optional(),
    CONFIG: folder.optional(),
    TENANT: z
      .string()
      .regex(/^[a-z0-9][a-z0-9-]{0,62}$/, 'A tenant is up to 63 lower-case letters, digits and hyphens.')
      .default('local'),
    LOG_LEVEL: z
      .enum(
        ['trace', 'debug', 'info', 'warn', 'error', 'fatal'],
        'One of trace, debug, info, warn, error, fatal.',
      )
      .default('info'),
    TEMPORAL_ADDRESS: z
      .string()
      .regex(/^(\[[0-9a-fA-F:]+\]|[^\s:/]+):\d{1,5}$/, 'An address is written host:port, without a scheme.')
      .optional(),
    TEMPORAL_NAMESPACE: z.string().default('default'),
    TEMPORAL_PORT: port.default(7233),
    TEMPORAL_UI_PORT: port.default(8233),
    ENGINE_SYNCHRONOUS: z.enum(['FULL', 'NORMAL'], 'FULL or NORMAL.').default('FULL'),
    API_HOST: z.string().default('127.0.0.1'),
    API_PORT: port.default(8080),
    API_TOKEN: z
      .string()
      .regex(/^[\x21-\x7e]{16,}$/, 'A token has at least 16 visible ASCII characters and no spaces.')
      .optional(),
    API_ALLOWED_HOSTS: z
      .string()
      .regex(/^[^\s,/]+(,[^\s,/]+)*$/, 'Hosts are written name or name:port, separated by commas.')
      .optional(),
    RATE_LIMIT: z.coerce
      .number('A number of requests per minute.')
      .int('A whole number of requests per minute.')
      .min(1, 'At least one request per minute.')
      .default(600),
    SUBJECT_ROOTS: z.string().optional(),
    DELIVERY_ROOTS: z.string().optional(),
    S3_ENDPOINT: z
      .string()
      .refine(isPlainUrl, 'An endpoint is an http or https URL without credentials, query and fragment.')
      .optional(),
    S3_REGION: z
      .string()
      .regex(/^[a-z0-9-]{1,50}$/, 'A region is written like eu-central-1.')
      .optional(),
    S3_PATH_STYLE: z.enum(['true', 'false'], 'true or false.').optional(),
    METRICS_PORT: port.optional(),
    RETENTION: z
      .string()
      .regex(/^(forever|[1-9]\d{0,4} days?)$/, 'How long archives are kept: forever, or such as "90 days".')
      .default('forever'),
    BUBBLEWRAP: folder.optional(),
  })
  .superRefine((settings, context) => {
    if (!isLoopback(settings.API_HOST) && settings.API_TOKEN === undefined)
      context.addIssue({
        code: 'custom',
        path: ['API_TOKEN'],
        message: `Set a token: the API listens on ${settings.API_HOST}, which other machines can reach.`,
      });
  });
