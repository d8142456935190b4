/** An address that a value names. */
export interface Address {
  readonly host: string;
  /** Whether it is written as a URL, and so surely is one. */
  readonly url: boolean;
  /** Null where nothing is said. */
  readonly encrypted: boolean | null;
  /** Whether it holds the password itself. */
  readonly password: boolean;
  /** Whether it names a user or a password, be it by a variable. */
  readonly credential: boolean;
}

const encryptedSchemes =
  /^(?:https|wss|rediss|valkeys|amqps|smtps|mqtts|ldaps|grpcs|ftps|sftp|ssh|tls|ssl|imaps|mongodb\+srv)$/;
const plainSchemes =
  /^(?:http|ws|redis|valkey|amqp|smtp|mqtt|ldap|grpc|ftp|tcp|imap|postgres|postgresql|mysql|mariadb|mongodb|nats|kafka|memcached)$/;
const encryptedQuery =
  /[?&;](?:sslmode=(?:require|verify-ca|verify-full)|ssl=(?:true|1|require)|tls=(?:true|1|require)|ssl-mode=(?:required|verify_ca|verify_identity))\b/i;

// A variable in an address may hold anything but the end of the address.
const url =
  /([a-z][a-z0-9+.-]{0,30}):\/\/(?:([^\s/?#@"']{1,300})@)?([a-z0-9_.-]{1,253}|\[[0-9a-f:.]+\])(?::\d{1,5})?([^\s"',]{0,1000})/gi;
const hostName = /^[a-z0-9](?:[a-z0-9_.-]{0,252})$/i;
const names = /(?:^|_)(?:HOSTS?|ADDR|ADDRESS(?:ES)?|ENDPOINTS?|SERVERS?|UPSTREAMS?|BROKERS?|URLS?|URI)$/i;

/** A variable that says where the service itself is to be found or listens, which is no connection. */
const ofItself = /(?:^|_)(?:PUBLIC|VIRTUAL|BIND|LISTEN|ALLOWED|SELF|ORIGINS?)(?:_|$)/i;

/**
 * Addresses that a value of the environment or of a command line names: every URL in it, and, where the name of the
 * variable says that it is one, `host` and `host:port`, also several of them behind commas.
 *
 * @param name of the variable; empty for an argument of a command line
 */
export function addressesIn(name: string, value: string): Address[] {
  if (ofItself.test(name)) return [];
  const bounded = value.slice(0, 10_000);
  const found = [...bounded.matchAll(url)].map(([, scheme = '', user, host = '', rest = '']): Address => {
    const password = user?.includes(':') ? user.slice(user.indexOf(':') + 1) : '';
    return {
      host: host.toLowerCase(),
      url: true,
      encrypted:
        encryptedQuery.test(rest) || encryptedSchemes.test(scheme.toLowerCase())
          ? true
          : plainSchemes.test(scheme.toLowerCase())
            ? false
            : null,
      password: password !== '' && !isVariable(password),
      credential: user !== undefined,
    };
  });
  if (found.length > 0 || !names.test(name)) return found;
  return bounded
    .split(',')
    .map((part) => part.trim().replace(/:\d{1,5}$/, ''))
    .filter((host) => hostName.test(host))
    .map((host) => ({
      host: host.toLowerCase(),
      url: false,
      encrypted: null,
      password: false,
      credential: false,
    }));
}

/** A value that says where it comes from instead of what it is. */
export const isVariable = (value: string): boolean =>
  /^(?:\$\{[^}]*\}|\$\w+|\$\([^)]*\))$/.test(value.trim());

/** Whether the name of a variable says that its value should not be known. */
export const isSecretName = (name: string): boolean =>
  /(?:PASS(?:WORD|WD|PHRASE)?|SECRET|TOKEN|API_?KEY|ACCESS_?KEY|PRIVATE_?KEY|CREDENTIALS?)(?:_FILE)?$/i.test(
    name,
  ) && !/(?:PUBLIC_KEY|TOKEN_(?:URL|TTL))$/i.test(name);
