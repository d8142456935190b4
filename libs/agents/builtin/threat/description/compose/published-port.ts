import type { Place, PublishedPort } from '../description.js';
import type { ComposeService } from './compose-schema.js';

/** A port as Compose publishes it, from its short or its long form. */
export function publishedPort(port: ComposeService['ports'][number], place: Place): PublishedPort {
  const { host, published, target } = typeof port === 'string' ? shortPort(port) : longPort(port);
  const number = Number.parseInt(published ?? '', 10);
  return {
    shown: `${host || '0.0.0.0'}:${published ?? `any (to ${target})`}`,
    number: Number.isNaN(number) ? null : number,
    loopback: /^(?:127\.|\[?::1\]?$|localhost$)/.test(host),
    place,
  };
}

interface PortParts {
  readonly host: string;
  readonly published: string | undefined;
  readonly target: string;
}

/** `[host:][published:]target[/protocol]`; the host may be an IPv6 address in brackets. */
function shortPort(text: string): PortParts {
  const [bare = text] = text.split('/');
  const match = /^(?:(\[[^\]]*\]|[^:]*):)?(?:([^:]*):)?([^:]*)$/.exec(bare);
  const [, first, second, target = bare] = match ?? [];
  if (second !== undefined) return { host: first ?? '', published: second || undefined, target };
  return { host: '', published: first || undefined, target };
}

const longPort = (port: Exclude<ComposeService['ports'][number], string>): PortParts => ({
  host: port.host_ip ?? '',
  published: port.published,
  target: String(port.target ?? ''),
});
