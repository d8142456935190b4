import type { Role } from './description.js';

/** Words of image names by role; the first role that has one counts. */
const words: readonly (readonly [Role, RegExp])[] = [
  [
    'admin',
    /adminer|pgadmin|phpmyadmin|pgweb|portainer|mongo-express|redis-?commander|redisinsight|kibana|grafana|prometheus|alertmanager|kubernetes-dashboard|cloudbeaver|dozzle/,
  ],
  [
    'store',
    /postgres|postgis|timescale|mysql|mariadb|mongo|redis|valkey|memcached|elasticsearch|opensearch|cassandra|scylla|minio|couchdb|influxdb|clickhouse|etcd|neo4j|mssql|cockroach|seaweedfs|garage/,
  ],
  ['queue', /rabbitmq|kafka|redpanda|nats|activemq|artemis|mosquitto|pulsar/],
  ['proxy', /nginx|traefik|caddy|haproxy|envoy|kong|httpd|oauth2-proxy|ingress/],
  ['mail', /postfix|exim|mailhog|mailpit|mailcatcher|smtp|mail-?relay/],
];

/** What an image is for, by the words in its name; a service that is built has the name of its own. */
export function roleOf(images: readonly string[], service: string): Role {
  const known = images.map((image) =>
    image
      .replace(/@.*$/, '')
      .replace(/:[^/]*$/, '')
      .toLowerCase(),
  );
  const asked = known.length > 0 ? known : [service.toLowerCase()];
  // The name of the registry or of whoever published it says nothing: `nginx/unit`, `registry.mysql.example/shop`.
  const names = asked.map((image) => image.split('/').at(-1) ?? image);
  return words.find(([, word]) => names.some((name) => word.test(name)))?.[0] ?? 'application';
}
