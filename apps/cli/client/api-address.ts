import { isIPv6 } from 'node:net';
import type { Config } from '../../../libs/config/config.js';
import { HeptadError } from '../../../libs/protocol/errors.js';

/**
 * Where the service is, without a slash at the end: as given, else as configured. An address that is only listened on,
 * such as 0.0.0.0, is reached by loopback.
 *
 * @throws HeptadError `UsageInvalid` what is given is no http or https URL
 */
export function apiAddress(config: Pick<Config, 'api'>, given?: string): string {
  if (given === undefined) {
    const host = { '0.0.0.0': '127.0.0.1', '::': '::1' }[config.api.host] ?? config.api.host;
    return `http://${isIPv6(host) ? `[${host}]` : host}:${config.api.port}`;
  }
  const url = URL.canParse(given) ? new URL(given) : undefined;
  if (url === undefined || !/^https?:$/.test(url.protocol) || url.username !== '' || url.search !== '')
    throw new HeptadError('UsageInvalid', 'The address of the service cannot be used.', {
      problems: [
        {
          path: '--server',
          reason: 'Expected a URL such as http://127.0.0.1:8080, without credentials or query.',
        },
      ],
    });
  return `${url.origin}${url.pathname}`.replace(/\/+$/, '');
}
